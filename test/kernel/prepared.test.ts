import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { type Database, isTransient, openDatabase } from '../../core/kernel/database/db.ts';
import { StatementNames } from '../../core/kernel/database/prepared.ts';
import { sql } from '../../core/kernel/database/sql.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

let database: TestDatabase;
let db: Database;

beforeAll(async () => {
  database = await testDatabase();
  await database.owner.query('create table panes (pane text primary key)');
  await database.owner.query("insert into panes values ('kitchen')");
  await database.owner.query('grant select, insert, update on panes to deskhand_app');
});
afterAll(() => database.close());

beforeEach(async () => {
  // One connection: what is prepared on it is there for the next transaction.
  db = openDatabase({ address: database.address, connections: 1 });
  return () => db.close();
});

const row = z.looseObject({});
const read = (statement = sql`select * from panes`) =>
  db.transaction('read only', tx => tx.many(row, statement));
const names = z.object({ statement: z.string() });
const prepared = async () =>
  (
    await db.transaction('read only', tx => tx.many(names, sql`select statement from pg_prepared_statements`))
  ).map(({ statement }) => statement);

test('a statement that comes again and again is prepared, one that came once is not', async () => {
  const often = sql`select pane from panes where pane = ${'kitchen'}`;
  for (let n = 0; n < 4; n++) await read(often);
  await read(sql`select pane from panes where pane <> ${'kitchen'}`);
  expect((await prepared()).sort()).toEqual(['begin read only', 'commit', often.text]);
});

test('nothing is prepared when the settings say so', async () => {
  const plain = openDatabase({ address: database.address, connections: 1, prepares: false });
  for (let n = 0; n < 5; n++) {
    const there = await plain.transaction('read only', tx =>
      tx.many(names, sql`select statement from pg_prepared_statements`),
    );
    expect(there).toEqual([]);
  }
  await plain.close();
});

test('a column that is added while the server runs is read at once, and a write is known to be worth another try', async () => {
  const write = () =>
    db.transaction('read write', tx =>
      tx.many(row, sql`select * from panes where pane = ${'kitchen'} for update`),
    );
  for (let n = 0; n < 4; n++) {
    expect(await read()).toEqual([{ pane: 'kitchen' }]);
    await write();
  }
  await database.owner.query('alter table panes add column width_cm integer');
  const problem = await write().catch((error: unknown) => error);
  expect(isTransient(problem)).toBe(true);
  const widened = [{ pane: 'kitchen', width_cm: null }];
  expect([await write(), await read()]).toEqual([widened, widened]);
  for (let n = 0; n < 4; n++) await read();
  await database.owner.query('alter table panes add column height_cm integer');
  expect(await read()).toEqual([{ pane: 'kitchen', width_cm: null, height_cm: null }]);
});

test('a server that loses what was prepared is not trusted with it again', () => {
  const known = new StatementNames();
  const nameOf = () => [1, 2, 3].map(() => known.nameOf('select 1')).at(-1);
  expect(nameOf()).toBe('deskhand_1');
  known.giveUp(Object.assign(new Error('cached plan must not change result type'), { code: '0A000' }));
  expect(nameOf()).toBe('deskhand_2');
  known.giveUp(Object.assign(new Error('prepared statement "deskhand_2" does not exist'), { code: '26000' }));
  expect(nameOf()).toBeUndefined();
});

test('a refused statement does not spoil its name for the next transaction', async () => {
  const insert = (pane: string) =>
    db.transaction('read write', tx => tx.run(sql`insert into panes (pane) values (${pane}) -- again`));
  for (const pane of ['bath', 'attic', 'cellar', 'porch']) await insert(pane);
  await expect(insert('bath')).rejects.toThrow('duplicate key');
  expect(await insert('garage')).toBe(1);
});

test('statements in a transaction that has failed already are not prepared by mistake', async () => {
  const after = sql`select ${'after'}::text as said`;
  for (let n = 0; n < 4; n++) {
    const call = db.transaction('read only', async tx => {
      tx.send(sql`select 1 / ${0}::integer`);
      return tx.one(row, after);
    });
    await expect(call).rejects.toThrow('division by zero');
  }
  expect(await read(after)).toEqual([{ said: 'after' }]);
});

test('statements are named up to a number, and long ones never', () => {
  const known = new StatementNames();
  const nameOf = (text: string) => [1, 2, 3].map(() => known.nameOf(text)).at(-1);
  const given = Array.from({ length: 1_000 }, (_, n) => nameOf(`select ${n}`));
  expect(given[0]).toBe('deskhand_1');
  expect(new Set(given.filter(name => name !== undefined)).size).toBe(400);
  expect(given.at(-1)).toBeUndefined();
  const few = new StatementNames(2);
  const named = ['select 1', 'select 2', 'select 3'].map(text =>
    [1, 2, 3].map(() => few.nameOf(text)).at(-1),
  );
  expect(named).toEqual(['deskhand_1', 'deskhand_2', undefined]);
  const long = new StatementNames();
  expect([1, 2, 3].map(() => long.nameOf('x'.repeat(10_000)))).toEqual([undefined, undefined, undefined]);
});
