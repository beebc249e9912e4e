import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { startEmbedded } from '../../core/kernel/database/postgres/launcher.ts';
import { callAction, type Session } from '../support/call-action.ts';
import { fastProgram, startFastServer } from '../support/one-file.ts';
import { type RunningServer, runCommand, temporaryFolder } from '../support/process.ts';
import { openSessions } from '../support/sessions.ts';

// The visits of many series are made ahead, and the process that makes them is killed again and again.

const series = 8;
const kills = Number(process.env.CRASH_KILLS ?? 3);

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let env: Record<string, string>;
let server: RunningServer;

beforeAll(async () => {
  folder = await temporaryFolder();
  env = { DESKHAND_DATA: folder.path };
  server = await startFastServer(env);
}, 120_000);

afterAll(async () => {
  await server?.stop();
  await runCommand(['db', 'stop'], env, await fastProgram());
  await folder?.remove();
});

test(`kill -9 of the worker ${kills} times while visits are made ahead: each date of each series stands once`, async () => {
  const who = await signInOwner();
  for (let at = 0; at < series; at++) await makeSeries(who, at);
  const before = await dates();
  expect(before).toHaveLength(series);
  // What was made for twelve weeks is to be made for forty.
  await asAdministrator(`update organizations set settings = settings || '{"series_horizon_weeks": 40}'`);
  await asAdministrator(`
    insert into jobs (organization_id, id, kind, payload)
    select organization_id, gen_random_uuid(), 'timer:series.make_visits', '{"date": "2099-01-01"}'
    from series
    limit 1`);
  for (let kill = 1; kill <= kills; kill++) {
    await asAdministrator('notify deskhand_jobs');
    await pause(kill * 60);
    const ended = once(server.process, 'close');
    server.process.kill('SIGKILL');
    await ended;
    // A worker that died keeps its jobs for a minute: lets that minute be over.
    await asAdministrator('update jobs set locked_until = now() where locked_until is not null');
    server = await startFastServer(env);
  }
  await vi.waitFor(
    async () => {
      const [made] = await query(z.object({ left: z.number() }), waiting);
      expect(made?.left).toBe(0);
    },
    { timeout: 120_000, interval: 100 },
  );
  const after = await dates();
  expect(after.map(({ id }) => id)).toEqual(before.map(({ id }) => id));
  for (const [at, { count, distinct, first, last }] of after.entries()) {
    expect({ count, first }).toEqual({ count: distinct, first: before[at]?.first });
    // Every second week from the first date to the last one.
    expect(count).toBe(weeksBetween(first, last) / 2 + 1);
    expect(count).toBeGreaterThan(before[at]?.count ?? 0);
  }
}, 400_000);

const waiting = `
  select count(*)::integer as left
  from jobs
  where kind = 'timer:series.make_visits' and done_at is null`;

const weeksBetween = (from: string, to: string): number =>
  Math.round((Date.parse(to) - Date.parse(from)) / (7 * 86_400_000));

/** A visit every second week, of nobody in particular so that none is in another's way. */
async function makeSeries(who: Session, at: number): Promise<void> {
  const { error } = await callAction(server.baseUrl, who, {
    action: 'series.create',
    data: {
      contact_id: 'C-1001',
      rule: 'every 2 weeks',
      starts_on: new Date(Date.now() + (2 + (at % 10)) * 86_400_000).toISOString().slice(0, 10),
      start_time: '10:00',
      lines: [{ service_id: 'S-1' }],
    },
  });
  expect(error).toBeNull();
}

const standing = z.object({
  id: z.string(),
  count: z.number(),
  distinct: z.number(),
  first: z.string(),
  last: z.string(),
});

/** How many visits each series has, on how many dates. */
const dates = () =>
  query(
    standing,
    `
    select series_id as id, count(*)::integer as count, count(distinct occurrence_on)::integer as distinct,
      min(occurrence_on)::text as first, max(occurrence_on)::text as last
    from tickets
    where series_id is not null and status <> 'cancelled'
    group by series_id
    having min(created_at) is not null
    order by series_id`,
  );

async function signInOwner(): Promise<Session> {
  const [owner] = await query(
    z.object({ id: z.string(), organization_id: z.string() }),
    "select id, organization_id from members where role = 'owner' order by id limit 1",
  );
  if (!owner) throw new Error('the demo business has an owner');
  const [session] = await asSuperuser(client => openSessions(client, owner.organization_id, owner.id, 1));
  if (!session) throw new Error('one session was asked for');
  return session;
}

const asAdministrator = (words: string) =>
  asSuperuser(async client => {
    await client.query('begin');
    await client.query(
      `select set_config('app.actor', '{"kind": "system", "name": "test"}', true),
        set_config('app.current_organization_id', (select id::text from organizations limit 1), true)`,
    );
    await client.query(words);
    await client.query('commit');
  });

const query = <Row>(row: z.ZodType<Row>, words: string): Promise<Row[]> =>
  asSuperuser(async client => (await client.query(words)).rows.map(value => row.parse(value)));

async function asSuperuser<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const { host, port, superuser, password } = await startEmbedded({ dataDir: folder.path });
  const address = { host, port, user: superuser, database: 'deskhand', ...(password ? { password } : {}) };
  const client = new pg.Client(address);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
