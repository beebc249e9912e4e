import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { newId } from '../../core/kernel/database/ids.ts';
import { sql } from '../../core/kernel/database/sql.ts';
import { authenticate } from '../../core/kernel/pipeline/authenticate.ts';
import type { Caller } from '../../core/kernel/pipeline/context.ts';
import { type Business, useOffice } from '../support/office.ts';
import { answerOf } from './answers.ts';
import { exampleParams } from './example-input.ts';
import { views } from './registered.ts';
import { pickFrom, type Story, tellStory } from './story.ts';
import { everyPointer, neighbourWord } from './strangers.ts';

const office = useOffice();
const database = () => office().database.owner;
const facts = () => ({ request_id: newId() });
let own: Story;
let theirs: Story;

beforeAll(async () => {
  own = await tellStory(office(), office().bright, 'Brightly');
  theirs = await tellStory(office(), office().clear, neighbourWord);
});

/** A view whose answers have no row of a business in them, with the reason. */
// They list the registrations; settings are numbers and yes or no, the inbox counts, and there is no
// news to who has not said since when.
const nothingOfABusiness = [
  'export_beside', // tells of those it is asked for by their ids
  'permissions',
  'workflows',
  'timers',
  'settings',
  'inbox',
  'news',
  'template_kinds',
  // Figures, by which nobody is named, and the ids of links.
  'analytics_yoy',
  'analytics_trends',
  'analytics_service_types',
  'analytics_neighborhoods',
  'analytics_technicians',
  'analytics_customers',
  'analytics_received',
  'analytics_open',
  'aggregate',
  'pay_link',
  // Nobody has asked for one.
  'business_deletion',
  // Of a file of Square only the numbers of the rows are kept.
  'import_not_taken',
];

describe('no list shows anything of another business', () => {
  const readAll = async (caller: Caller, story: Story, view: (typeof views)[number]) =>
    JSON.stringify(
      await office().app.read(
        caller,
        view.spec.type,
        {
          limit: 100,
          params: exampleParams(view, record => pickFrom(story, record)),
          include: Object.keys(view.spec.includes ?? {}),
          fields: Object.keys(view.spec.row.shape),
          // It shows nothing unless it is asked for something.
          ...(view.spec.type === 'search' ? { search: neighbourWord } : {}),
        },
        facts(),
      ),
    ).toLowerCase();

  const traces = async (business: Business) => [
    ...(await everyPointer(office(), business)).filter(pointer => pointer.length > 8),
    neighbourWord.toLowerCase(),
    'clear view',
    'clearview',
    'carla',
  ];

  for (const view of views) {
    test(view.spec.type, async () => {
      const { bright, clear } = office();
      const telling = await traces(clear);
      for (const caller of [
        bright.owner,
        ...(view.spec.roles?.includes('member') === false || view.spec.human_only ? [] : [bright.agent]),
      ]) {
        const text = await readAll(caller, own, view);
        expect(telling.filter(trace => text.includes(trace))).toEqual([]);
      }
      if (nothingOfABusiness.includes(view.spec.type)) return;
      const text = await readAll(clear.owner, theirs, view);
      expect(telling.filter(trace => text.includes(trace))).not.toEqual([]);
    });
  }
});

describe('a search', () => {
  const words = [
    `${neighbourWord} Customer`,
    `${neighbourWord.toLowerCase()}@customers.example`,
    `12 ${neighbourWord} Lane`,
    `${neighbourWord} Holdings`,
  ];

  for (const { spec } of views.filter(view => view.spec.searchable)) {
    test(`in ${spec.type} finds nothing of another business`, async () => {
      const { bright, clear, read } = office();
      // A list has one kind of records, the search over everything all of them.
      const records = [...office().app.registry.records.values()];
      const kind = records.find(({ plural }) => plural === spec.type)?.name ?? spec.domain;
      const isTheirs = (row: Record<string, unknown>) =>
        typeof row.id === 'string' &&
        (spec.type === 'search' ? Object.values(theirs).includes(row.id) : row.id === theirs[kind]);
      const query = spec.type === 'search' ? { fields: ['id'] } : {};
      let found = 0;
      for (const search of words) {
        expect((await read(bright.owner, spec.type, { ...query, search })).filter(isTheirs)).toEqual([]);
        found += (await read(clear.owner, spec.type, { ...query, search })).filter(isTheirs).length;
      }
      expect(found).toBeGreaterThan(0);
    });
  }

  test('by the phone that customers of both businesses have finds our own only', async () => {
    const { bright, done, clear } = office();
    const find = async (caller: Caller) =>
      JSON.stringify(await done(caller, 'find_customer', { query: '256-555-0171' })).toLowerCase();
    expect(await find(bright.agent)).toContain('brightly customer');
    expect(await find(bright.agent)).not.toContain(neighbourWord.toLowerCase());
    expect(await find(clear.agent)).toContain(neighbourWord.toLowerCase());
  });
});

test('the search function of the database, which sees everything, answers our own rows only', async () => {
  const { bright, clear, db } = office();
  const search = (caller: Caller, query: string) =>
    db.transaction('read only', async tx => {
      await authenticate(tx, caller, facts());
      return tx.many(
        z.object({ record_id: z.string() }),
        sql`
        select record_id
        from search_documents_like(
          ${['contact', 'company']}::text[], ${query.split(' ')}::text[], 100
        )`,
      );
    });
  const word = neighbourWord.toLowerCase();
  // Exactly, as a beginning, with a typing error, and as a whole that resembles.
  const queries = [
    word,
    word.slice(0, 4),
    `${word.slice(0, -1)}n`,
    `${word} custmer`,
    `customer ${word.slice(1)}`,
  ];
  const ours = new Set(
    (
      await database().query<{ id: string }>(
        'select record_id as id from search_documents where organization_id = $1',
        [bright.id],
      )
    ).rows.map(row => row.id),
  );
  for (const query of queries) {
    const here = (await search(bright.owner, query)).filter(row => !ours.has(row.record_id));
    expect({ [query]: here }).toEqual({ [query]: [] });
    expect({ [query]: (await search(clear.owner, query)).length }).not.toEqual({ [query]: 0 });
  }
});

describe('an e-mail address or telephone number', () => {
  test('that a customer elsewhere has raises no eyebrow here', async () => {
    const { bright, act } = office();
    const same = await act(bright.agent, 'contact.create', {
      full_name: 'Somebody New',
      email: `${neighbourWord.toLowerCase()}@customers.example`,
    });
    expect(same.warnings).toEqual([]);
    const again = await act(bright.agent, 'contact.create', {
      full_name: 'Somebody Newer',
      email: `${neighbourWord.toLowerCase()}@customers.example`,
    });
    expect(again.warnings).toEqual([expect.stringContaining('«Somebody New» has the same email')]);
  });

  test('that a customer elsewhere has makes an import take nobody for known', async () => {
    const { bright, done } = office();
    const content = [
      'First Name,Last Name,Email Address,Phone Number,Square Customer ID',
      `${neighbourWord},Customer,${neighbourWord.toLowerCase()}-2@customers.example,,SQ-${neighbourWord}`,
    ].join('\n');
    const first = await done(bright.owner, 'import.square', { content });
    expect(first).toMatchObject({ created: 1, already_known: 0 });
    const second = await done(bright.owner, 'import.square', { content });
    expect(second).toMatchObject({ created: 0, already_known: 1 });
  });

  test('that a person signs in with elsewhere is added like a new one', async () => {
    const { bright, clear, app } = office();
    const add = (email: string) =>
      answerOf(
        () =>
          app.execute(
            bright.owner,
            { action: 'member.create', data: { email, name: 'New Person', role: 'member' } },
            facts(),
          ),
        [email],
      );
    const known = await add('cody@clearview.example');
    expect(known).toEqual(await add('nobody@elsewhere.example'));
    expect(known.code).toBe('done');
    expect(clear.people.Cody).toBeDefined();
  });

  test('of a person gives nothing away by the age of their id', async () => {
    const { bright, done } = office();
    const person = { name: 'New Person', role: 'member' };
    const known = await done(bright.owner, 'member.create', { email: 'carla@clearview.example', ...person });
    const fresh = await done(bright.owner, 'member.create', { email: 'fresh@elsewhere.example', ...person });
    // Version 4 has no time in it; every other id here is version 7.
    expect([String(known.id)[14], String(fresh.id)[14]]).toEqual(['4', '4']);
  });
});

test('a level that another business has set binds nobody here', async () => {
  const { bright, clear, act, read } = office();
  await database().query(`
    begin;
    set local app.actor = '{"kind": "system", "name": "story"}';
    insert into permission_overrides (organization_id, id, action, rule, level, set_by)
    select organization_id, gen_random_uuid(), 'contact.create', '*', 'forbidden', id
    from members
    where organization_id = '${clear.id}' and role = 'owner'
    limit 1;
    commit`);
  const level = async (caller: Caller) =>
    (await read(caller, 'permissions', { params: { action: 'contact.create' } })).map(row => row.level);
  expect(await level(bright.agent)).toEqual(['unrestricted']);
  expect(await level(clear.agent)).toEqual(['forbidden']);
  const person = { full_name: 'Levelled Customer' };
  expect(await act(bright.agent, 'contact.create', person)).toMatchObject({ status: 'done' });
  await expect(act(clear.agent, 'contact.create', person)).rejects.toMatchObject({ code: 'FORBIDDEN' });
});

test('an idempotency key that another business has used is free here', async () => {
  const { bright, clear, act } = office();
  const once = { idempotency_key: 'the same key' };
  const theirAnswer = await act(clear.agent, 'company.create', { name: 'Keyed Neighbour' }, once);
  const ours = await act(bright.agent, 'company.create', { name: 'Keyed Company' }, once);
  expect([theirAnswer.replayed, ours.replayed]).toEqual([false, false]);
  expect(ours.data.name).toBe('Keyed Company');
  const again = await act(bright.agent, 'company.create', { name: 'Keyed Company' }, once);
  expect(again).toMatchObject({ replayed: true, data: { id: ours.data.id } });
});
