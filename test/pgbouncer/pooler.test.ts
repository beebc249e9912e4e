import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { z } from 'zod';
import { openDatabase, type Tx } from '../../core/kernel/database/db.ts';
import { sql } from '../../core/kernel/database/sql.ts';
import { addCustomer, bookAndTell, countEffects, sendAtOnce } from '../races/idempotency-race.ts';
import { callAction, inFlight } from '../support/call-action.ts';
import { soon } from '../support/patience.ts';
import { poolSize } from '../support/pgbouncer.ts';
import { useTwoServers } from '../support/two-servers.ts';

const two = useTwoServers();

test('thirty connections of ours share the few that PgBouncer has, transaction by transaction', async () => {
  const pool = openDatabase({ address: two().office.database.address, connections: 30 });
  const backend = z.object({ pid: z.number() });
  const ask = async (tx: Tx) => (await tx.one(backend, sql`select pg_backend_pid() as pid`)).pid;
  const seen = await inFlight(30, [...Array(300).keys()], () => pool.transaction('read only', ask));
  await pool.close();
  const { size } = new Set(seen);
  expect(size).toBeGreaterThan(1);
  expect(size).toBeLessThanOrEqual(poolSize);
});

test('two businesses never see each other in 200 rounds of writes, refusals and previews on shared connections', async () => {
  const { office, keys, servers } = two();
  const businesses = [
    { name: 'Bright', keyOf: (round: number) => keys[round % keys.length] ?? '' },
    { name: 'Clear', keyOf: () => office.clear.agent.key },
  ];
  const seen = { Bright: 0, Clear: 0, stranger: 0 };
  await inFlight(8, [...Array(200).keys()], async round => {
    const both = businesses.map(async ({ name, keyOf }, n) => {
      const { baseUrl } = servers[(round + n) % 2 === 0 ? 0 : 1];
      const key = keyOf(round);
      const create = (data: Record<string, unknown>, preview = false) =>
        callAction(baseUrl, key, { action: 'contact.create', data, preview });
      const customer = { full_name: `${name} ${round}` };
      const [written, refused, previewed, names] = await Promise.all([
        create(customer),
        create({ ...customer, company_id: 'No Such Company' }),
        create(customer, true),
        listNames(baseUrl, key),
      ]);
      expect([written.status, refused.status, previewed.status]).toEqual([200, 404, 200]);
      for (const found of names) {
        if (found.startsWith(name)) seen[name === 'Bright' ? 'Bright' : 'Clear'] += 1;
        else seen.stranger += 1;
      }
    });
    await Promise.all(both);
  });
  expect(seen.stranger).toBe(0);
  expect(seen.Bright).toBeGreaterThan(1000);
  expect(seen.Clear).toBeGreaterThan(1000);
});

test('mails go out although PgBouncer does not wake the worker', async () => {
  const customer = await addCustomer(two(), 'Jane Smith');
  await sendAtOnce(two(), 20, n => bookAndTell(customer, `book Jane ${n}`));
  expect(await countEffects(two(), customer)).toMatchObject({ visits: 20, mails: 20 });
  await vi.waitFor(
    async () => expect(await readdir(path.join(two().dataDir, 'outbox'))).toHaveLength(20),
    soon,
  );
});

const list = z.object({ data: z.object({ rows: z.array(z.object({ full_name: z.string() })) }) });

/** The customers an agent sees first. */
async function listNames(baseUrl: string, key: string): Promise<string[]> {
  const answer = await fetch(`${baseUrl}/api/contacts?sort=-created_at&limit=20&fields=full_name`, {
    headers: { authorization: `Bearer ${key}` },
  });
  return list.parse(await answer.json()).data.rows.map(({ full_name }) => full_name);
}

test('nothing is prepared by name where the next transaction may meet another server process', async () => {
  const pool = openDatabase({ address: two().office.database.address, connections: 4 });
  const names = z.object({ statement: z.string() });
  const ask = (tx: Tx) =>
    tx.many(names, sql`select statement from pg_prepared_statements where name like 'deskhand%'`);
  for (let n = 0; n < 10; n++) expect(await pool.transaction('read only', ask)).toEqual([]);
  await pool.close();
});
