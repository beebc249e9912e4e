import { beforeAll, describe, expect, test } from 'vitest';
import { startWorker } from '../../core/jobs/worker.ts';
import { tellStory } from '../contracts/story.ts';
import { as, type Business, useOffice } from '../support/office.ts';
import { examples, fc } from '../support/properties.ts';
import { rebuildSearch } from '../support/rebuild.ts';
import { refusal } from '../support/refusal.ts';

const office = useOffice();

beforeAll(async () => {
  await tellStory(office(), office().bright, 'Brightly');
  await tellStory(office(), office().clear, 'Quorl');
});

/** The search documents of a business, row by row. */
async function documents({ id }: Business = office().bright): Promise<Record<string, unknown>[]> {
  const { rows } = await office().database.owner.query<Record<string, unknown>>(
    `select kind, record_id, reference, title, detail, contact_id, names, lexemes::text as lexemes
     from search_documents
     where organization_id = $1
     order by kind, record_id`,
    [id],
  );
  return rows;
}

const wordsOf = async ({ id }: Business = office().bright): Promise<string[]> => {
  const { rows } = await office().database.owner.query<{ word: string }>(
    'select word from search_words where organization_id = $1 order by word',
    [id],
  );
  return rows.map(({ word }) => word);
};

/** Throws everything away, as if nothing had ever been written. */
const forget = async () => {
  await office().database.owner.query('delete from search_documents');
  await office().database.owner.query('delete from search_words');
};

/** Expects that what was kept along the way is what is made of the records now. */
async function expectKeptEqualsRebuilt(): Promise<void> {
  const [kept, keptWords] = [await documents(), await wordsOf()];
  await forget();
  const { rebuilt } = await rebuildSearch(office(), office().bright);
  const made = await documents();
  expect(kept).toEqual(made);
  expect(made).toHaveLength(rebuilt);
  // A word nobody carries any more stays: it costs a comparison, and counting who carries it would cost every change.
  expect(keptWords).toEqual(expect.arrayContaining(await wordsOf()));
}

describe('the search documents that were kept', () => {
  test('are those that are made of the records anew, after the story of everything there is', async () => {
    const kinds = new Set((await documents()).map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual([...office().app.registry.indexed.keys()].sort());
    await expectKeptEqualsRebuilt();
  });

  test('are so after one change of each sort', async () => {
    for (const action of Object.keys(changes)) await tryOut([action, 0, 'Amber']);
    await expectKeptEqualsRebuilt();
    expect([...refused]).toEqual([]);
  });

  test('are so after any changes in any order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyChange(), { minLength: 10, maxLength: 25 }), async changes => {
        for (const change of changes) await tryOut(change);
        await expectKeptEqualsRebuilt();
      }),
      { numRuns: examples(6) },
    );
  });
});

/** One change of the office, by number of the record it is about. */
type Change = readonly [action: string, which: number, word: string];

const word = fc.constantFrom(
  'Amber',
  'Basil',
  'Cedar',
  'Dahlia',
  'O’Hara',
  'Zoë',
  'elderly woman',
  'Biscuit',
);

const changes: Readonly<
  Record<string, (pick: (type: string) => string, word: string) => Record<string, unknown>>
> = {
  'contact.create': (_pick, word) => ({ full_name: `${word} Newcomer`, tags: [word] }),
  'contact.update': (pick, word) => ({
    contact_id: pick('contacts'),
    full_name: `${word} Renamed`,
    notes: word,
  }),
  'contact.set_preferences': (pick, word) => ({ contact_id: pick('contacts'), note: word }),
  'company.create': (_pick, word) => ({ name: `${word} Inc` }),
  'company.update': (pick, word) => ({
    company_id: pick('companies'),
    name: `${word} LLC`,
    main_phone: '256 555 0123',
  }),
  'address.create': (pick, word) => ({ contact_id: pick('contacts'), line1: `7 ${word} Ct`, city: word }),
  'address.update': (pick, word) => ({ address_id: pick('addresses'), line1: `8 ${word} Ct`, label: word }),
  'address.delete': pick => ({ address_id: pick('addresses') }),
  'note.create': (pick, word) => ({ contact_id: pick('contacts'), content: `${word} said so` }),
  'note.update': (pick, word) => ({ note_id: pick('notes'), content: `${word} thought again` }),
  'note.delete': pick => ({ note_id: pick('notes') }),
  'attribute.set': (pick, word) => ({
    contact_id: pick('contacts'),
    key: 'pet',
    value: word,
    details: { name: word },
  }),
  'attribute.delete': pick => ({ attribute_id: pick('attributes') }),
  'attribute.update_key': (_pick, word) => ({ key: 'pet', description: word }),
  'service.update': (pick, word) => ({
    service_id: pick('services'),
    name: `${word} cleaning`,
    is_active: true,
  }),
  'ticket.create': (pick, word) => ({
    contact_id: pick('contacts'),
    scheduled_at: '2026-12-20T09:00',
    lines: [{ service_id: pick('services') }],
    notes: word,
  }),
  'ticket.add_line': (pick, word) => ({
    ticket_id: pick('tickets'),
    service_id: pick('services'),
    description: word,
  }),
  'ticket.update_line': (pick, word) => ({ ticket_id: pick('tickets'), line_id: '1', description: word }),
  'ticket.remove_line': pick => ({ ticket_id: pick('tickets'), line_id: '1' }),
  'ticket.update': (pick, word) => ({ ticket_id: pick('tickets'), notes: word }),
  'ticket.reschedule': pick => ({ ticket_id: pick('tickets'), scheduled_at: '2026-12-21T10:00' }),
  'ticket.confirm': pick => ({ ticket_id: pick('tickets') }),
  'ticket.cancel': (pick, word) => ({ ticket_id: pick('tickets'), cancel_reason: word }),
  'ticket.rebook': pick => ({ ticket_id: pick('tickets'), scheduled_at: '2026-12-22T10:00' }),
  'lead.create': (_pick, word) => ({ raw_notes: `${word} called`, full_name: word }),
  'lead.update': (pick, word) => ({ lead_id: pick('leads'), full_name: word, city: word }),
  'lead.set_status': pick => ({ lead_id: pick('leads'), status: 'qualified' }),
  'lead.disqualify': pick => ({ lead_id: pick('leads'), reason: 'budget' }),
  'lead.reopen': pick => ({ lead_id: pick('leads') }),
  'lead.convert': pick => ({ lead_id: pick('leads') }),
  'interaction.create': (pick, word) => ({
    lead_id: pick('leads'),
    type: 'phone_call',
    direction: 'outbound',
    outcome: 'spoke',
    body: word,
  }),
  'interaction.set_follow_up': pick => ({ interaction_id: pick('interactions'), in_business_hours: 2 }),
  'member.update': (pick, word) => ({ member_id: pick('members'), name: word }),
  'agent.create': (_pick, word) => ({ name: `${word} helper` }),
};

function anyChange(): fc.Arbitrary<Change> {
  return fc.tuple(fc.constantFrom(...Object.keys(changes)), fc.nat(1000), word);
}

/** Changes that never went through would prove nothing. */
const refused = new Set(Object.keys(changes));

/** Makes a change with records that are there; one that cannot be made now is no matter. */
async function tryOut([action, which, said]: Change): Promise<void> {
  const { act, read, bright } = office();
  const lists = new Map<string, string[]>();
  for (const type of ['contacts', 'companies', 'addresses', 'notes', 'attributes', 'services', 'tickets']) {
    lists.set(type, await listed(type));
  }
  for (const type of ['leads', 'interactions', 'members']) lists.set(type, await listed(type));
  const pick = (type: string) => {
    const ids = lists.get(type) ?? [];
    return ids[which % ids.length] ?? '';
  };
  try {
    await act(bright.owner, action, changes[action]?.(pick, said));
    refused.delete(action);
  } catch (error) {
    if (!isRefusal(error)) throw error;
  }

  async function listed(type: string): Promise<string[]> {
    return (await read(bright.owner, type, { limit: 100, fields: ['id'] })).map(row => String(row.id));
  }
}

const isRefusal = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code !== 'INTERNAL_ERROR';

describe('search.rebuild', () => {
  test('mends what is missing, wrong or left over, in steps, and touches nobody else', async () => {
    const { database, bright, clear } = office();
    const [before, others] = [await documents(), await documents(clear)];
    await database.owner.query(
      `delete from search_documents where organization_id = $1 and kind = 'contact'`,
      [bright.id],
    );
    await database.owner.query(
      `update search_documents set names = 'nonsense', title = 'nonsense' where organization_id = $1 and kind = 'ticket'`,
      [bright.id],
    );
    await database.owner.query(
      `insert into search_documents (organization_id, kind, record_id, title, names, lexemes)
       values ($1, 'contact', gen_random_uuid(), 'ghost', 'ghost', ''), ($1, 'spaceship', gen_random_uuid(), 'x', 'x', '')`,
      [bright.id],
    );
    const { removed, calls } = await rebuildSearch(office(), bright);
    expect(await documents()).toEqual(before);
    expect(await documents(clear)).toEqual(others);
    expect(removed).toBe(2);
    expect(calls).toBe(office().app.registry.indexed.size);
  });

  test('leaves the words of what is made while it is at work', async () => {
    const { database, bright, done, read } = office();
    const kinds = [...office().app.registry.indexed.keys()].sort();
    const cursor = kinds[kinds.indexOf('contact')];
    const client = await database.owner.connect();
    try {
      // Holds a document that it must wait for, when it has listed the contacts already.
      await client.query('begin');
      await client.query(
        `select 1 from search_documents where organization_id = $1 and kind = 'contact' for update`,
        [bright.id],
      );
      const rebuilding = done(bright.owner, 'search.rebuild', { cursor });
      const waiting = `select 1 from pg_stat_activity
        where datname = current_database() and cardinality(pg_blocking_pids(pid)) > 0`;
      await expect.poll(async () => (await database.owner.query(waiting)).rowCount).toBe(1);
      await done(bright.owner, 'contact.create', { full_name: 'Late Lydia' });
      await client.query('commit');
      expect(await rebuilding).toMatchObject({ removed: 0 });
    } finally {
      client.release();
    }
    const found = await read(bright.owner, 'contacts', { search: 'late lydia' });
    expect(found).toMatchObject([{ full_name: 'Late Lydia' }]);
  });

  test('goes through more records than fit into one call', async () => {
    const { done, bright } = office();
    const rows = Array.from({ length: 1_100 }, (_, index) => `Ada,Counted${index},,,SQ-C${index}`);
    await done(bright.owner, 'import.square', {
      content: `First Name,Last Name,Email Address,Phone Number,Square Customer ID\n${rows.join('\n')}\n`,
    });
    const before = await documents();
    await forget();
    const { calls } = await rebuildSearch(office(), bright);
    expect(await documents()).toEqual(before);
    expect(calls).toBeGreaterThanOrEqual(office().app.registry.indexed.size + 2);
  });

  test('goes on in the background until it is done', async () => {
    const { done, bright, db, app } = office();
    const before = await documents();
    await forget();
    await done(bright.owner, 'search.rebuild', { in_background: true });
    const problems: string[] = [];
    const worker = startWorker({
      db,
      registry: app.registry,
      tools: {
        read: () => Promise.reject(new Error('not needed')),
        execute: (organization_id, call) =>
          app.execute({ via: 'system', organization_id, name: 'worker' }, call, {
            request_id: crypto.randomUUID(),
          }),
        executeEvent: () => Promise.reject(new Error('no event is carried out here')),
        linkAddress: () => '',
        connectors: {
          archives: undefined,
          mail: { send: () => Promise.reject(new Error('not needed')) },
          payments: undefined,
        },
        base_url: '',
      },
      onProblem: message => problems.push(message),
    });
    await expect.poll(documents).toEqual(before);
    await worker.stop();
  });

  test('is for the owner, and for no agent', async () => {
    const { bright, act } = office();
    expect(await refusal(act(bright.agent, 'search.rebuild'))).toMatchObject({ code: 'HUMAN_ONLY' });
    expect(await refusal(act(as(bright, 'Dana'), 'search.rebuild'))).toMatchObject({ code: 'FORBIDDEN' });
    expect(await refusal(act(bright.owner, 'search.rebuild', { cursor: 'contact:nothing' }))).toMatchObject({
      code: 'VALIDATION_ERROR',
      field: 'cursor',
    });
    expect(await act(bright.owner, 'search.rebuild')).toMatchObject({ status: 'done' });
  });
});
