import { Temporal } from 'temporal-polyfill';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import type { App } from '../../core/app.ts';
import { openDatabase, type PooledDatabase } from '../../core/kernel/database/db.ts';
import { newId } from '../../core/kernel/database/ids.ts';
import { sql } from '../../core/kernel/database/sql.ts';
import { describeError, sqlState } from '../../core/kernel/words/errors.ts';
import { openApp } from '../support/business.ts';
import { type HangingUp, openHangingUp } from '../support/hanging-up.ts';
import { useOffice } from '../support/office.ts';

// The connection to the database breaks at a moment that each test chooses.

const office = useOffice();
let between: HangingUp;
let patient: PooledDatabase;
let impatient: PooledDatabase;
let app: App;

beforeAll(async () => {
  between = await openHangingUp(office().database.address);
  const { address } = between;
  patient = openDatabase({ address, connections: 3, patience_ms: 20_000 });
  impatient = openDatabase({ address, connections: 1 });
  app = openApp(patient, () => Temporal.Now.instant());
});
afterAll(async () => {
  await patient.close();
  await impatient.close();
  await between.close();
});
beforeEach(() => Promise.all([ask(patient), ask(impatient)]));

const one = z.object({ one: z.number() });
const ask = (db: PooledDatabase) => db.transaction('read only', tx => tx.one(one, sql`select 1 as one`));
const create = (first_name: string, idempotency_key?: string) =>
  app.execute(
    office().bright.owner,
    {
      action: 'contact.create',
      data: { first_name },
      ...(idempotency_key === undefined ? {} : { idempotency_key }),
    },
    { request_id: newId() },
  );
const called = async (first_name: string) =>
  (await office().database.owner.query('select id from contacts where first_name = $1', [first_name])).rows;

/** Lets something begin while the database is away, and end after it is back. */
async function whileAway<T>(work: () => Promise<T>): Promise<T> {
  let begun: Promise<T> | undefined;
  await between.away(async () => {
    begun = work();
    begun.catch(() => undefined);
    // It has found out that nobody answers: so does whoever does not wait.
    await ask(impatient).catch(() => undefined);
  });
  if (!begun) throw new Error('it was begun');
  return begun;
}

test('a read that meets no database waits until it is back', async () => {
  expect(await whileAway(() => ask(patient))).toEqual({ one: 1 });
});

test('who has no patience is told at once', async () => {
  const refusal = await whileAway(() => ask(impatient)).catch(describeError);
  expect(refusal).toMatchObject({ code: 'UNAVAILABLE', retryable: true });
});

test('a readiness check does not wait with the others', async () => {
  const looking = whileAway(() => patient.ping());
  await expect(looking).rejects.toThrow(/ECONNRESET|terminated/);
});

test('a write that meets no database waits and is done once', async () => {
  const { status } = await whileAway(() => create('Waited'));
  expect(status).toBe('done');
  expect(await called('Waited')).toHaveLength(1);
});

test('a write that is lost before its COMMIT arrives, with a key, is done again and once', async () => {
  between.atCommit('before it');
  const { status, data } = await create('Lost', 'lost-1');
  expect({ status, there: await called('Lost') }).toEqual({ status: 'done', there: [{ id: data.id }] });
});

test('a write that was kept and whose answer is lost is answered by its key, and not done twice', async () => {
  between.atCommit('after it');
  const { status, data, replayed } = await create('Kept', 'kept-1');
  expect({ status, replayed, there: await called('Kept') }).toEqual({
    status: 'done',
    replayed: true,
    there: [{ id: data.id }],
  });
});

test('without a key it is said that it may have been done, and not to repeat it unseen', async () => {
  between.atCommit('after it');
  const refusal = await create('Unknown').then(() => 'done', describeError);
  expect(refusal).toMatchObject({
    code: 'UNAVAILABLE',
    retryable: false,
    may_be_done: true,
    message: expect.stringContaining('it may have been done, or not'),
    hint: expect.stringContaining('Look whether it was done'),
  });
  expect(await called('Unknown')).toHaveLength(1);
});

test('a write whose own statement failed is refused with that, although the answer to its COMMIT is lost', async () => {
  const write = patient.transaction('read write', async tx => {
    tx.send(sql`select 1 / ${0}::integer`);
    await tx.one(one, sql`select 1 as one`).catch(() => undefined);
    between.atCommit('before it');
  });
  expect(await write.then(() => 'done', sqlState)).toBe('22012');
});

test('the one connection that was ended is replaced, and what was under way on it is run again', async () => {
  let tries = 0;
  const answer = await patient.transaction('read write', async tx => {
    tries += 1;
    if (tries === 1) await tx.run(sql`select pg_terminate_backend(pg_backend_pid())`);
    return tx.one(one, sql`select ${tries}::integer as one`);
  });
  expect(answer).toEqual({ one: 2 });
});

test('a database that never answered is not waited for', async () => {
  const nowhere = openDatabase({
    address: { ...between.address, port: 1 },
    patience_ms: 600_000,
  });
  await expect(ask(nowhere)).rejects.toThrow('ECONNREFUSED');
  await nowhere.close();
});

test('patience ends', async () => {
  const short = openDatabase({ address: between.address, connections: 1, patience_ms: 50 });
  await ask(short);
  let refused: unknown;
  await between.away(async () => {
    refused = await ask(short).catch(error => error);
  });
  expect(refused).toBeInstanceOf(Error);
  await short.close();
});

test('who still waits when it closes is let go', async () => {
  const closing = openDatabase({ address: between.address, connections: 1, patience_ms: 600_000 });
  await ask(closing);
  await between.away(async () => {
    const waiting = ask(closing);
    waiting.catch(() => undefined);
    await ask(impatient).catch(() => undefined);
    await closing.close();
    await expect(waiting).rejects.toThrow();
  });
});
