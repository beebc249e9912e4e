import { setTimeout as wait } from 'node:timers/promises';
import type pg from 'pg';
import { expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';

// Somebody agrees on a price with the customer while the office gives all visits the new one of the catalog.

const panes = useBrightPanes();
const gutters = 'Gutter Cleaning';

const totalOf = async (id: unknown) =>
  (await panes().read(panes().dana, 'tickets', { id: String(id) }))[0]?.total_cents;

/** Two visits at the price that was, and a hold on the first of them that others wait for. */
async function twoAtTheOldPrice(days: readonly [string, string]) {
  const { book, dana, database, done } = panes();
  await done(dana, 'service.update', { service_id: gutters, price_cents: 15_000 });
  const first = await book(`${days[0]}T09:00`, { lines: [gutters] });
  const second = await book(`${days[1]}T09:00`, { lines: [gutters] });
  await done(dana, 'service.update', { service_id: gutters, price_cents: 17_500 });
  const holder = await database.owner.connect();
  await holder.query('begin');
  await holder.query('select 1 from tickets where id = $1 for update', [first.id]);
  return { first, second, holder };
}

/** Until so many calls wait for the row that is held. */
async function untilWaiting(holder: pg.PoolClient, calls: number): Promise<void> {
  for (let tries = 0; tries < 1000; tries += 1) {
    // A transaction sees others as they were at its first look unless it says so.
    await holder.query('select pg_stat_clear_snapshot()');
    const { rows } = await holder.query<{ count: number }>(
      `select count(*)::int as count from pg_stat_activity
       where datname = current_database() and cardinality(pg_blocking_pids(pid)) > 0`,
    );
    if ((rows[0]?.count ?? 0) >= calls) return;
    await wait(20);
  }
  await holder.query('rollback');
  throw new Error(`${calls} calls were expected to wait`);
}

const reprice = () =>
  panes().act(panes().dana, 'service.update', { service_id: gutters, reprice_open_visits: true });

test('a price that was agreed on while the new one was on its way stays, and the office reads so', async () => {
  const { first, second, holder } = await twoAtTheOldPrice(['2027-03-01', '2027-03-02']);
  const agreed = panes().done(panes().olivia, 'ticket.update_line', {
    ticket_id: first.id,
    line_id: '1',
    unit_price_cents: 12_000,
  });
  await untilWaiting(holder, 1);
  const repriced = reprice();
  await untilWaiting(holder, 2);
  await holder.query('commit');
  holder.release();
  await agreed;
  const { data, warnings } = await repriced;
  expect(await Promise.all([first, second].map(visit => totalOf(visit.id)))).toEqual([12_000, 17_500]);
  expect(data.repriced).toMatchObject([{ reference: second.reference }]);
  expect(warnings).toEqual([`Changed by somebody else meanwhile, and left so: ${first.reference}.`]);
});

test('a visit that was only held meanwhile gets the new price', async () => {
  const { first, second, holder } = await twoAtTheOldPrice(['2027-03-03', '2027-03-04']);
  const repriced = reprice();
  await untilWaiting(holder, 1);
  await holder.query('commit');
  holder.release();
  const { data, warnings } = await repriced;
  expect(await Promise.all([first, second].map(visit => totalOf(visit.id)))).toEqual([17_500, 17_500]);
  expect(data.repriced).toHaveLength(2);
  expect(warnings).toEqual([]);
});
