import { beforeEach, describe, expect, test } from 'vitest';
import { extendHistory, sweep, sweepInTurn, sweepWords } from '../../core/jobs/queries.ts';
import { tidyUp } from '../../core/jobs/tidy.ts';
import { useOffice } from '../support/office.ts';

// What a worker throws away every hour, and what it must not.

const office = useOffice();
const query = async (text: string, values: unknown[] = []) =>
  (await office().database.owner.query(text, values)).rows;
const tidy = () => tidyUp(office().db, () => false);
const wordsOf = async (id = office().bright.id) =>
  (await query('select word from search_words where organization_id = $1 order by word', [id])).map(
    ({ word }) => String(word),
  );

beforeEach(() => query(`update paces set served = null, place = ''`));

describe('words of names', () => {
  test('that no customer has any more are forgotten, all others are kept', async () => {
    const { bright, clear, done } = office();
    const jane = await done(bright.owner, 'contact.create', { full_name: 'Jane Quillfeather' });
    await done(bright.owner, 'contact.create', { full_name: 'Jane Núñez-O’Brien' });
    await done(clear.owner, 'contact.create', { full_name: 'Carl Zimtstern' });
    await done(bright.owner, 'contact.update', { contact_id: jane.id, full_name: 'Jane Featherquill' });
    expect(await wordsOf()).toContain('quillfeather');
    const theirs = await wordsOf(clear.id);
    await tidy();
    expect(await wordsOf()).toEqual(
      expect.arrayContaining(['brien', 'featherquill', 'jane', 'nunez', 'obrien']),
    );
    expect(await wordsOf()).not.toContain('quillfeather');
    expect(await wordsOf(clear.id)).toEqual(theirs);
    expect(theirs).toContain('zimtstern');
  });

  test('are looked at in bites that go on where the last one ended, business by business, and then from the beginning', async () => {
    for (const { id } of [office().bright, office().clear])
      await query(
        `insert into search_words (organization_id, word) select $1, 'gone' || chr(97 + n / 26) || chr(97 + n % 26) from generate_series(0, 39) as n`,
        [id],
      );
    const left = async () =>
      Number((await query(`select count(*) from search_words where word like 'gone%'`))[0].count);
    const bites = [];
    for (let looked = 1; looked > 0; bites.push(looked)) looked = await sweepWords(office().db, 25);
    expect(Math.max(...bites)).toBe(25);
    expect(bites.length).toBeGreaterThan(4);
    expect(await left()).toBe(0);
    await query(`insert into search_words (organization_id, word) values ($1, 'goneagain')`, [
      office().bright.id,
    ]);
    for (let looked = 1; looked > 0; ) looked = await sweepWords(office().db, 25);
    expect(await left()).toBe(0);
  });

  test('are not forgotten while somebody is writing one of them, who has found it there and says no more', async () => {
    const { bright, db, done } = office();
    const once = await done(bright.owner, 'contact.create', { full_name: 'Wanda Everbright' });
    await done(bright.owner, 'contact.update', { contact_id: once.id, full_name: 'Wanda Evenbright' });
    expect(await wordsOf()).toContain('everbright');
    // A call that has written the word again and is not done yet.
    const writer = await office().database.owner.connect();
    await writer.query('begin');
    await writer.query(
      `insert into search_words (organization_id, word)
       select $1::uuid, word
       from pg_advisory_xact_lock_shared(hashtext('search_words'), hashtext($1::uuid::text)), unnest('{everbright}'::text[]) as word
       on conflict do nothing`,
      [bright.id],
    );
    await writer.query(
      `insert into search_documents (organization_id, kind, record_id, title, names, lexemes)
       values ($1::uuid, 'contact', $2, 'Una Everbright', 'una everbright', search_lexemes($1::uuid, 'contact', 'una everbright', 'una everbright', '', ''))`,
      [bright.id, bright.id],
    );
    for (let looked = 1; looked > 0; ) looked = await sweepWords(db, 1_000);
    await writer.query('commit');
    writer.release();
    expect(await wordsOf()).toContain('everbright');
    await query('delete from search_documents where record_id = $1', [bright.id]);
    await tidy();
    expect(await wordsOf()).not.toContain('everbright');
  });

  test('of a call that is under way are held by the call itself', async () => {
    const { bright, db } = office();
    const held = `select count(*)::int as locks from pg_locks where locktype = 'advisory' and objsubid = 2 and mode = 'ShareLock'
      and database = (select oid from pg_database where datname = current_database())
      and classid = (hashtext('search_words')::bigint & 4294967295)::oid`;
    await query(`create table seen (locks integer)`);
    await query(`grant insert on seen to deskhand_app`);
    await query(
      `create function see() returns trigger language plpgsql as $$ begin insert into seen ${held}; return null; end $$`,
    );
    await query(`create trigger see after insert on search_documents for each row execute function see()`);
    await office().done(bright.owner, 'contact.create', { full_name: 'Held Words' });
    expect(await query('select locks from seen')).toEqual([{ locks: 1 }]);
    await query('drop trigger see on search_documents; drop function see; drop table seen');
    expect(await sweepWords(db, 1)).toBe(1);
  });
});

describe('what has served its purpose', () => {
  const at = (days: number) => `now() - interval '${days} days'`;
  const old = (days: number) =>
    `(left(uuid7_floor(${at(days)})::text, 15) || right(gen_random_uuid()::text, 21))::uuid`;

  test('is thrown away of every business, and nothing that still waits or is young', async () => {
    for (const { id } of [office().bright, office().clear]) {
      for (const [kind, days, ends] of [
        ['old', 91, `done_at = ${at(91)}`],
        ['kept', 91, `done_at = ${at(89)}`],
        ['kept', 500, `done_at = null`],
        ['kept', 300, `dead_at = ${at(300)}`],
        ['old', 500, `dead_at = ${at(450)}`],
      ] as const) {
        const [{ id: job }] = await query(
          `insert into jobs (organization_id, id, kind, payload, run_at) values ($1, ${old(days)}, $2, '{}', now() + interval '1 hour') returning id`,
          [id, kind],
        );
        await query(`update jobs set ${ends} where id = $1`, [job]);
      }
      await query(
        `insert into events (organization_id, id, name, payload, occurrence, actor_kind, request_id)
         values ($1, ${old(500)}, 'old', '{}', null, 'system', 'r'), ($1, ${old(500)}, 'kept', '{}', 'once', 'system', 'r'),
           ($1, ${old(300)}, 'kept', '{}', null, 'system', 'r')`,
        [id],
      );
      await query(
        `insert into security_events (organization_id, id, kind, actor_kind, actor_name)
         values ($1, ${old(500)}, 'old', 'system', 'x'), ($1, ${old(300)}, 'kept', 'system', 'x')`,
        [id],
      );
    }
    // One business in a call, as if there were many.
    for (let looked = 1; looked > 0; ) looked = await sweepInTurn(office().db, 1);
    const kinds = async (table: string, column: string) =>
      query(
        `select ${column} as what, count(*)::int as rows from ${table} where ${column} in ('old', 'kept') group by 1 order by 1`,
      );
    expect(await kinds('jobs', 'kind')).toEqual([{ what: 'kept', rows: 6 }]);
    expect(await kinds('events', 'name')).toEqual([{ what: 'kept', rows: 4 }]);
    expect(await kinds('security_events', 'kind')).toEqual([{ what: 'kept', rows: 2 }]);
  });

  test('is left to the one who is at it when two workers tidy up at once', async () => {
    const other = await office().database.owner.connect();
    await other.query('begin');
    await other.query(`select from paces where name in ('sweep', 'search_words') for update`);
    expect(await sweepInTurn(office().db, 100)).toBe(0);
    expect(await sweepWords(office().db, 100)).toBe(0);
    await other.query('rollback');
    other.release();
    expect(await sweepInTurn(office().db, 100)).toBe(2);
    await extendHistory(office().db);
    await sweep(office().db);
  });
});
