import pg from 'pg';
import { beforeEach, expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';

const panes = useBrightPanes();

/** The action of the timer, as the worker calls it. */
function makeVisits(most?: number) {
  const { bright, act } = panes();
  const worker = { via: 'system' as const, organization_id: bright.id, name: 'worker' };
  return act(worker, 'series.make_visits', most === undefined ? {} : { most });
}

/** Every date of every series with how many living visits it has. */
async function countDates(): Promise<Record<string, number>> {
  const { rows } = await panes().database.owner.query<{ key: string; count: string }>(
    `select concat(s.reference, ' ', t.occurrence_on) as key, count(*) as count
     from tickets as t join series as s on s.id = t.series_id
     where t.status <> 'cancelled' group by 1 order by 1`,
  );
  return Object.fromEntries(rows.map(({ key, count }) => [key, Number(count)]));
}

const allOnce = (dates: Record<string, number>) => [...new Set(Object.values(dates))];

beforeEach(async () => {
  const { dana, done, setClock, read } = panes();
  setClock('2026-11-18T15:00:00Z');
  if ((await read(dana, 'series')).length > 0) return;
  for (const [start_time, technician] of [
    ['08:00', 'Theo'],
    ['10:00', 'Theo'],
    ['13:00', 'Tess'],
  ])
    await done(dana, 'series.create', {
      contact_id: 'C-1001',
      rule: 'weekly',
      starts_on: '2026-11-23',
      start_time,
      duration_minutes: 60,
      technician_ids: [technician],
    });
});

test('a server that was off for a week makes up for the week, each date once', async () => {
  panes().setClock('2026-12-02T10:30:00Z');
  for (let left = true; left; ) left = Object(await makeVisits(2)).data.left;
  const dates = await countDates();
  expect(allOnce(dates)).toEqual([1]);
  expect(Object.keys(dates)).toHaveLength(3 * 14);
});

test('two workers at once make each date once', async () => {
  panes().setClock('2026-12-16T10:30:00Z');
  await Promise.all([makeVisits(), makeVisits(), makeVisits()]);
  const dates = await countDates();
  expect(allOnce(dates)).toEqual([1]);
  expect(Object.keys(dates)).toHaveLength(3 * 16);
});

test('a worker that is killed in the middle of making them leaves nothing half done, and the next one makes them', async () => {
  const { database } = panes();
  const before = await countDates();
  panes().setClock('2026-12-30T10:30:00Z');
  const admin = new pg.Pool({ ...database.admin, ssl: false });
  const holder = await admin.connect();
  try {
    await holder.query('begin');
    await holder.query(`select id from members where name = 'Tess' for update`);
    const dying = makeVisits().then(
      () => 'done',
      () => 'died',
    );
    const waiting = `select pid from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock' and pid <> pg_backend_pid()`;
    let pids: number[] = [];
    await expect
      .poll(async () => {
        pids = (await admin.query<{ pid: number }>(waiting)).rows.map(({ pid }) => pid);
        return pids.length;
      })
      .toBeGreaterThan(0);
    expect(await countDates()).toEqual(before);
    await holder.query('select pg_terminate_backend(pid) from unnest($1::int[]) as pid', [pids]);
    await holder.query('rollback');
    expect(['died', 'done']).toContain(await dying);
  } finally {
    holder.release();
    await admin.end();
  }
  await makeVisits();
  const dates = await countDates();
  expect(allOnce(dates)).toEqual([1]);
  expect(Object.keys(dates)).toHaveLength(3 * 18);
});
