import { beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../core/kernel/database/ids.ts';
import type { Caller } from '../../core/kernel/pipeline/context.ts';
import type { RecordSpec } from '../../core/kernel/records/record.ts';
import type { ReadQuery } from '../../core/kernel/registry/define.ts';
import { answerOf } from '../contracts/answers.ts';
import { exampleInput, exampleParams, withValue } from '../contracts/example-input.ts';
import { calls, registry, views } from '../contracts/registered.ts';
import { pickFrom, type Story, tellStory } from '../contracts/story.ts';
import { neighbourWord, type Pair, pairsFor } from '../contracts/strangers.ts';
import { useOffice } from '../support/office.ts';
import { asTableOwner } from '../support/raw-sql.ts';

// A technician knows the customers they visit. Whatever a call can point with, a customer of somebody else answers like one
// whom nobody has: the same code, the same sentence, the same suggestions.

const office = useOffice();
/** The technician of one of the two customers. */
const theo = (): Caller => ({
  via: 'member',
  organization_id: office().bright.id,
  user_id: pickFrom(mine, 'member'),
});
let mine: Story;
let others: Story;

beforeAll(async () => {
  const { bright } = office();
  others = await tellStory(office(), bright, neighbourWord);
  mine = await tellStory(office(), bright, 'Brightly');
  // The story gives everybody the same telephone number.
  await office().done(bright.owner, 'contact.update', {
    contact_id: pickFrom(others, 'contact'),
    phone: '(256) 555-0188',
  });
  const walker = [bright.id, pickFrom(mine, 'contact'), pickFrom(mine, 'member')];
  // Every visit of one customer is this technician's, with what was closed out of it; the other customer is somebody else's.
  await asTableOwner(
    office(),
    `insert into ticket_technicians (organization_id, id, ticket_id, technician_id, period, is_active)
    select $1, gen_random_uuid(), id, $3, 'empty', false
    from tickets
    where organization_id = $1 and contact_id = $2 and status in ('scheduled', 'in_progress')
    on conflict (organization_id, ticket_id, technician_id) do nothing`,
    walker,
  );
  await asTableOwner(
    office(),
    `update closeout_sessions set member_id = $3
    where organization_id = $1 and ticket_id in (select id from tickets where organization_id = $1 and contact_id = $2)`,
    walker,
  );
});

const isForTechnicians = ({ roles }: { roles?: readonly string[] }) => roles?.includes('technician') === true;
const openCalls = calls.filter(({ spec }) => isForTechnicians(spec));
const openViews = views.filter(({ spec }) => isForTechnicians(spec));

/** What every technician may read all of: services and colleagues. */
const isOpenToAll = ({ plural, restrict }: RecordSpec) =>
  !restrict && isForTechnicians(registry.view(plural).spec);

const recordOf = (name: string): RecordSpec => {
  const record = registry.records.get(name);
  if (!record) throw new Error(`there is no record ${name}`);
  return record;
};

/** How people call a customer or a place, besides by id, reference and name. */
const spoken: Readonly<Record<string, readonly Pair[]>> = {
  contact: [
    { theirs: neighbourWord, nobodys: 'Xqvorn' },
    { theirs: `${neighbourWord.toLowerCase()}@customers.example`, nobodys: 'xqvorn@customers.example' },
    { theirs: `12 ${neighbourWord} Lane`, nobodys: '12 Xqvorn Lane' },
    { theirs: `${neighbourWord.slice(0, -1)}n Customer`, nobodys: 'Xqvorm Customer' },
    { theirs: '(256) 555-0188', nobodys: '(256) 555-9188' },
  ],
  address: [{ theirs: `12 ${neighbourWord} Lane`, nobodys: '12 Xqvorn Lane' }],
};

const pairs = async (record: string): Promise<Pair[]> => [
  ...(await pairsFor(office(), office().bright, others, record)),
  ...(spoken[record] ?? []),
];

/** A closed visit takes no technician any more, so one to close out stands for the one to be paid: it answers otherwise. */
const pick = (record: string) =>
  pickFrom(mine, record === 'visit to be paid' ? 'visit to close out' : record);

const act = (caller: Caller, action: string, data: unknown) =>
  office().app.execute(caller, { action, data, preview: true }, { request_id: newId() });
const read = (caller: Caller, type: string, query: ReadQuery) =>
  office().app.read(caller, type, { limit: 100, ...query }, { request_id: newId() });

async function expectAlike(pair: Pair, ask: (value: string) => Promise<unknown>) {
  const about = await answerOf(() => ask(pair.theirs), [pair.theirs]);
  const nobody = await answerOf(() => ask(pair.nobodys), [pair.nobodys]);
  expect({ asked: pair.theirs, ...about }).toEqual({ asked: pair.theirs, ...nobody });
  expect(about.text).not.toContain(neighbourWord);
  return about;
}

describe('an action open to technicians answers about somebody else’s customer as about nobody', () => {
  for (const call of openCalls.filter(({ refs }) => refs.length > 0)) {
    const { id, refs } = call;
    test(id, async () => {
      for (const { path, record } of refs.filter(ref => !isOpenToAll(recordOf(ref.record)))) {
        const input = exampleInput(call, pick);
        for (const pair of await pairs(record)) {
          const ask = (value: string) => act(theo(), id, withValue(input, path, value));
          expect(await expectAlike(pair, ask)).toMatchObject({ code: 'NOT_FOUND' });
        }
        // With what is theirs the same call is understood. Nobody of the field sees leads.
        if (record === 'lead') continue;
        const found = await answerOf(() => act(theo(), id, input), []);
        expect({ [path.join('.')]: found.code }).not.toEqual({ [path.join('.')]: 'NOT_FOUND' });
      }
    });
  }
});

describe('a view open to technicians answers about somebody else’s customer as about nobody', () => {
  for (const view of openViews.filter(({ refs }) => refs.length > 0)) {
    const { spec, refs } = view;
    test(`${spec.type}, by its filters`, async () => {
      for (const { path, record } of refs.filter(ref => !isOpenToAll(recordOf(ref.record)))) {
        const params = exampleParams(view, pick);
        const ask = (value: string) =>
          read(theo(), spec.type, { params: Object(withValue(params, path, value)) });
        for (const pair of await pairs(record))
          expect(await expectAlike(pair, ask)).toMatchObject({ code: 'NOT_FOUND' });
        const ours = mine[`${record} of ${spec.type}`] ?? pick(record);
        const found = await answerOf(() => ask(ours), []);
        expect({ [path.join('.')]: found.code }).toEqual({ [path.join('.')]: 'done' });
      }
    });
  }

  for (const { spec } of openViews.filter(view => view.spec.by_id)) {
    const record = [...registry.records.values()].find(({ plural }) => plural === spec.type);
    if (!record || isOpenToAll(record)) continue;
    test(`${spec.type}, by id, reference and name, with everything that can be included`, async () => {
      for (const include of [[], ...Object.keys(spec.includes ?? {}).map(name => [name])]) {
        const ask = (id: string) => read(theo(), spec.type, { id, include });
        for (const pair of await pairs(record.name))
          expect(await expectAlike(pair, ask)).toMatchObject({ code: 'NOT_FOUND' });
      }
      const own = mine[`${record.name} of ${spec.type}`] ?? pick(record.name);
      expect(await answerOf(() => read(theo(), spec.type, { id: own }), [])).toMatchObject({ code: 'done' });
    });
  }

  /** What tells of the other customer: services and colleagues, who are called alike, are for everybody. */
  const tellsOfOthers = (answer: unknown) => {
    const text = JSON.stringify(answer);
    const ids = ['ticket', 'contact', 'address', 'closeout session'].map(name => String(others[name]));
    const words = [`${neighbourWord} Customer`, `12 ${neighbourWord} Lane`, `${neighbourWord} likes`];
    return [...ids, ...words].filter(told => text.includes(told));
  };
  for (const { spec } of openViews) {
    // These ask for one visit, and for words.
    if (spec.type === 'closeout' || spec.type === 'search') continue;
    const record = [...registry.records.values()].find(({ plural }) => plural === spec.type);
    const parts = record ? (registry.relations.get(record.name) ?? []) : [];
    // A list that technicians may not read is not read by way of another one either.
    const closed = parts
      .filter(({ child }) => !isForTechnicians(registry.view(child.plural).spec))
      .flatMap(({ to }) => to.as ?? []);
    const includes = Object.keys(spec.includes ?? {}).filter(name => !closed.includes(name));
    for (const name of closed)
      test(`${spec.type}, without ${name}, which technicians do not read`, async () => {
        const ask = (caller: Caller) => answerOf(() => read(caller, spec.type, { include: [name] }), []);
        expect(await ask(theo())).toMatchObject({ code: 'FORBIDDEN' });
        expect(await ask(office().bright.owner)).toMatchObject({ code: 'done' });
      });
    test(`${spec.type}, in its lists, whatever is filtered and included`, async () => {
      for (const filter of [undefined, ...Object.keys(spec.filters ?? {})]) {
        const query = { include: includes, ...(filter === undefined ? {} : { filter }) };
        expect({ filter, told: tellsOfOthers(await read(theo(), spec.type, query)) }).toEqual({
          filter,
          told: [],
        });
      }
      // Whoever may read all of them finds them.
      if (spec.type !== 'tickets') return;
      expect(tellsOfOthers(await read(office().bright.owner, spec.type, { include: includes }))).toContain(
        others.ticket,
      );
    });
  }

  const hidden = [...registry.records.values()].filter(record => !isOpenToAll(record));
  for (const { spec } of openViews.filter(view => view.spec.searchable)) {
    if (spec.type !== 'search' && !hidden.some(({ plural }) => plural === spec.type)) continue;
    test(`${spec.type}, by words`, async () => {
      const kinds = [...registry.indexed.keys()].filter(kind => hidden.some(({ name }) => name === kind));
      const params = spec.type === 'search' ? { kinds } : {};
      const ask = (search: string) => read(theo(), spec.type, { search, params });
      for (const pair of spoken.contact ?? []) await expectAlike(pair, ask);
      // Half a word, one with a typing error, and one more that only they have.
      for (const theirs of ['Zyph', 'Zyphin', `${neighbourWord} Brightly`])
        await expectAlike({ theirs, nobodys: theirs.replace('Zyph', 'Xqvo') }, ask);
    });
  }

  test('and a technician’s own visits are found by the words of their customer', async () => {
    const found = await office().read(theo(), 'tickets', { search: 'Brightly' });
    expect(found.length).toBeGreaterThan(0);
    expect((await office().read(theo(), 'search', { search: 'Brightly' })).map(row => row.kind)).toContain(
      'ticket',
    );
  });
});

describe('one’s own customer is found', () => {
  const contactOf = async (contact_id: string) =>
    (await office().read(theo(), 'tickets', { params: { contact_id } })).length;

  test('by name, e-mail address and street, although others are called alike', async () => {
    const { done, bright } = office();
    for (let namesake = 0; namesake < 8; namesake++)
      await done(bright.owner, 'contact.create', { full_name: `Brightly Customer ${namesake}` });
    expect(await contactOf('Brightly Customer')).toBeGreaterThan(0);
    expect(await contactOf('brightly@customers.example')).toBeGreaterThan(0);
    expect(await contactOf('12 Brightly Lane')).toBeGreaterThan(0);
  });

  test('and no longer once they are taken off the visit', async () => {
    const { done, bright } = office();
    const contact = await done(bright.owner, 'contact.create', { full_name: 'Quillon Once' });
    const theoId = pickFrom(mine, 'member');
    const visit = await done(bright.owner, 'ticket.create', {
      contact_id: contact.id,
      scheduled_at: '2026-12-30T09:00',
      technician_ids: [theoId],
    });
    expect(await contactOf('Quillon Once')).toBe(1);
    await done(bright.owner, 'ticket.unassign_technician', { ticket_id: visit.id, technician_id: theoId });
    await expectAlike({ theirs: 'Quillon Once', nobodys: 'Quarnox Once' }, value =>
      read(theo(), 'tickets', { params: { contact_id: value } }),
    );
  });
});

test('what pages read by id and reference is what their reader may see, of everything there is', async () => {
  const { app, bright } = office();
  const names = [...registry.records.values()].filter(record => !isOpenToAll(record)).map(({ name }) => name);
  const rowsFor = async (caller: Caller, story: Story) => {
    const wanted = new Map(names.map(name => [name, story[name] === undefined ? [] : [story[name]]]));
    const found = await app.readRows(caller, wanted, { request_id: newId() });
    return [...found].flatMap(([name, rows]) => (rows.length > 0 ? [name] : []));
  };
  expect(await rowsFor(theo(), others)).toEqual([]);
  expect(await rowsFor(theo(), mine)).toContain('ticket');
  expect(await rowsFor(theo(), mine)).not.toContain('contact');
  expect(await rowsFor(bright.owner, others)).toEqual(expect.arrayContaining(['contact', 'ticket', 'note']));
});

test('a visit that went to a colleague is not seen through the one it took the place of', async () => {
  const { done, bright } = office();
  const old = await done(bright.owner, 'ticket.create', {
    contact_id: pickFrom(mine, 'contact'),
    scheduled_at: '2027-02-01T09:00',
    technician_ids: [pickFrom(mine, 'member')],
  });
  await done(bright.owner, 'ticket.cancel', { ticket_id: old.id });
  const again = await done(bright.owner, 'ticket.rebook', {
    ticket_id: old.id,
    scheduled_at: '2027-02-02T09:00',
    technician_ids: [bright.people.Tess?.id],
  });
  const look = async (caller: Caller) => {
    const query = { id: String(old.id), include: ['rescheduled_to'] };
    return (await office().read(caller, 'tickets', query))[0]?.rescheduled_to;
  };
  expect(await look(theo())).toEqual([]);
  expect(await look(bright.owner)).toMatchObject({ reference: again.reference });
  // It is theirs once they go there too.
  await done(bright.owner, 'ticket.assign_technician', {
    ticket_id: again.id,
    technician_id: pickFrom(mine, 'member'),
  });
  expect(await look(theo())).toMatchObject({ reference: again.reference });
});

test('a colleague who is busy is busy, and with whom stays unsaid', async () => {
  const { done, bright } = office();
  const contact_id = pickFrom(mine, 'contact');
  const tess = bright.people.Tess?.id;
  const theoId = pickFrom(mine, 'member');
  const busy = await done(bright.owner, 'ticket.create', {
    contact_id: pickFrom(others, 'contact'),
    scheduled_at: '2027-01-11T09:00',
    technician_ids: [tess],
  });
  const visit = await done(bright.owner, 'ticket.create', {
    contact_id,
    scheduled_at: '2027-01-04T09:00',
    technician_ids: [theoId],
    lines: [{ service_id: pickFrom(mine, 'service') }],
  });
  const close = (caller: Caller) =>
    answerOf(
      () =>
        act(caller, 'ticket.close', {
          ticket_id: visit.id,
          duration_minutes: 60,
          notes: '',
          next_service: 'yes',
          appointment: { scheduled_at: '2027-01-11T09:00', technician_ids: [tess] },
        }),
      [],
    );
  const told = await close(theo());
  expect(told.code).toBe('CONFLICT');
  expect(told.text).not.toContain(String(busy.reference));
  expect((await close(bright.owner)).text).toContain(String(busy.reference));
  // To whoever is on that visit themselves it is named.
  await done(bright.owner, 'ticket.assign_technician', { ticket_id: visit.id, technician_id: tess });
  const tessHerself: Caller = { via: 'member', organization_id: bright.id, user_id: String(tess) };
  expect((await close(tessHerself)).text).toContain(String(busy.reference));
});
