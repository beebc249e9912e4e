import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { type Database, openDatabase, RolledBack, type Tx } from '../../core/kernel/database/db.ts';
import { sql } from '../../core/kernel/database/sql.ts';
import { sqlState } from '../../core/kernel/words/errors.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

let database: TestDatabase;
let db: Database;

beforeAll(async () => {
  database = await testDatabase();
  await database.owner.query('create table marks (mark text primary key)');
  await database.owner.query('grant select, insert on marks to deskhand_app');
  // One connection: whatever a transaction leaves behind on it, the next one meets.
  db = openDatabase({ address: database.address, connections: 1 });
});
afterAll(async () => {
  await db.close();
  await database.close();
});

const mark = (name: string) => sql`insert into marks (mark) values (${name})`;
const divideByZero = sql`select 1 / ${0}::integer`;
const marks = async () =>
  (await database.owner.query('select mark from marks order by mark')).rows.map(row => row.mark);
const stateOf = (call: Promise<unknown>) => call.then(() => 'done', sqlState);

test('what is sent without waiting is there after the transaction', async () => {
  await db.transaction('read write', async tx => {
    tx.send(mark('sent'));
    tx.send(mark('and another'));
  });
  expect(await marks()).toEqual(['and another', 'sent']);
});

test('what is sent and fails, fails the transaction with its own error, whatever came after it', async () => {
  const after: ((tx: Tx) => Promise<unknown>)[] = [
    async () => 'nothing',
    tx => tx.run(mark('after it')),
    async tx => tx.send(mark('sent after it')),
    async tx => Promise.all([tx.run(mark('one')), tx.run(mark('two'))]),
  ];
  for (const go of after) {
    const call = db.transaction('read write', async tx => {
      tx.send(mark('before it'));
      tx.send(divideByZero);
      return go(tx);
    });
    expect(await stateOf(call)).toBe('22012');
  }
  expect(await marks()).toEqual(['and another', 'sent']);
});

test('an error of the work itself is told, and nothing stays', async () => {
  const call = db.transaction('read write', async tx => {
    tx.send(mark('gone'));
    throw new Error('not today');
  });
  await expect(call).rejects.toThrow('not today');
  expect(await marks()).toEqual(['and another', 'sent']);
});

test('what had not left yet when the work failed is not kept by the next transaction of the connection', async () => {
  const fails = db.transaction('read write', async tx => {
    tx.send(mark('had not left'));
    throw new Error('at once');
  });
  await expect(fails).rejects.toThrow('at once');
  await db.transaction('read write', tx => tx.run(mark('one more')));
  expect(await marks()).toEqual(['and another', 'one more', 'sent']);
  await database.owner.query(`delete from marks where mark = 'one more'`);
});

test('a failed statement that the work swallows is not taken for a success', async () => {
  const call = db.transaction('read write', async tx => {
    await tx.run(mark('half'));
    await tx.run(divideByZero).catch(() => undefined);
  });
  await expect(call).rejects.toThrow('nothing was kept');
  expect(await marks()).toEqual(['and another', 'sent']);
});

test('a transaction that is rolled back on purpose answers and leaves nothing', async () => {
  const answer = await db.transaction('read write', async tx => {
    tx.send(mark('seen only inside'));
    const { n } = await tx.one(z.object({ n: z.number() }), sql`select count(*)::integer as n from marks`);
    throw new RolledBack(n);
  });
  expect([answer, await marks()]).toEqual([3, ['and another', 'sent']]);
});

test('a read cannot write, and answers at once after another on the same connection', async () => {
  expect(await stateOf(db.transaction('read only', tx => tx.run(mark('written in a read'))))).toBe('25006');
  const reads = Array.from({ length: 50 }, (_, n) =>
    db.transaction('read only', tx => tx.one(z.object({ n: z.number() }), sql`select ${n}::integer as n`)),
  );
  expect((await Promise.all(reads)).map(({ n }) => n)).toEqual([...Array(50).keys()]);
});
