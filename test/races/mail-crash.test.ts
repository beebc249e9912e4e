import { once } from 'node:events';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { startEmbedded } from '../../core/kernel/database/postgres/launcher.ts';
import { fastProgram, startFastServer } from '../support/one-file.ts';
import { type RunningServer, runCommand, temporaryFolder } from '../support/process.ts';
import { openResendOffice, openSmtpOffice, type PostOffice } from './mail-server.ts';

// Many messages are due at once, and the process that sends them is killed again and again.

const messages = Number(process.env.CRASH_MESSAGES ?? 60);
const kills = Number(process.env.CRASH_KILLS ?? 3);

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let server: RunningServer;
let office: PostOffice;

beforeEach(async () => {
  folder = await temporaryFolder();
});

afterEach(async () => {
  await server?.stop();
  await runCommand(['db', 'stop'], { DESKHAND_DATA: folder.path }, await fastProgram());
  await office?.close();
  await folder?.remove();
});

describe.each<{ way: string; open(): Promise<PostOffice>; mayDouble: boolean }>([
  { way: 'Resend', open: openResendOffice, mayDouble: false },
  { way: 'a mail server', open: openSmtpOffice, mayDouble: true },
])(`${messages} messages through $way, and kill -9 of the worker ${kills} times`, ({ open, mayDouble }) => {
  test('none is lost, and each arrives once', async () => {
    office = await open();
    const env = { DESKHAND_DATA: folder.path, LOG_LEVEL: 'warn', ...office.env };
    server = await startFastServer(env);
    await dueAtOnce();
    for (let kill = 1; kill <= kills; kill++) {
      // Somewhere in the middle, a different place each time.
      await takenAtLeast(Math.floor((kill * messages) / (kills + 1)) - (kill % 3));
      await killServer();
      await endLeases();
      server = await startFastServer(env);
    }
    await allSent();
    const delivered = office.delivered();
    expect([...delivered.keys()].sort()).toEqual(subjects());
    const doubles = [...delivered.values()].reduce((sum, count) => sum + count - 1, 0);
    expect(doubles).toBeLessThanOrEqual(mayDouble ? kills : 0);
    // Whoever looks for a double finds it: more attempts than one, without a reason.
    expect(await attemptsWithoutWord()).toBeGreaterThanOrEqual(doubles);
    expect(await inOrder()).toBe(true);
  }, 600_000);
});

const subjects = () => Array.from({ length: messages }, (_, at) => `Message ${at + 1} of many`).sort();

/** Messages to ten customers, all of them due now, with their timers. */
async function dueAtOnce(): Promise<void> {
  await asSuperuser(async client => {
    await client.query('begin');
    await client.query(`select set_config('app.actor', '{"kind": "system", "name": "test"}', true)`);
    await client.query(
      `select set_config('app.current_organization_id', (select organization_id::text from members where role = 'owner' limit 1), true)`,
    );
    await client.query(
      `
      with own as (
        select organization_id, id, (row_number() over (order by id))::integer - 1 as place
        from contacts
        where deleted_at is null and email is not null
          and organization_id = current_setting('app.current_organization_id')::uuid
        limit 10
      ), planned as (
        insert into scheduled_messages (organization_id, id, reference, kind, contact_id, subject, body, send_at)
        select o.organization_id, gen_random_uuid(), 'M-' || (50000 + n), 'invoice', o.id,
          'Message ' || n || ' of many', 'Hello.', date_trunc('second', now()) + n * interval '1 millisecond'
        from generate_series(1, $1::integer) as n
        join own as o on o.place = n % (select count(*) from own)
        returning organization_id, id, contact_id, send_at
      )
      insert into jobs (organization_id, id, kind, payload, run_at)
      select organization_id, gen_random_uuid(), 'scheduled_message',
        jsonb_build_object(
          'message_id', id, 'contact_id', contact_id,
          'send_at', to_char(send_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
        ),
        now()
      from planned`,
      [messages],
    );
    await client.query('commit');
    await client.query(`notify deskhand_jobs`);
  });
}

const patient = { timeout: 300_000, interval: 20 };

const takenAtLeast = (count: number) =>
  vi.waitFor(() => expect(office.taken()).toBeGreaterThanOrEqual(count), patient);

async function killServer(): Promise<void> {
  const ended = once(server.process, 'close');
  server.process.kill('SIGKILL');
  await ended;
}

/** A worker that died keeps its jobs for a minute: lets that minute be over. */
const endLeases = () =>
  query(z.object({}), 'update jobs set locked_until = now() where locked_until is not null');

const allSent = () =>
  vi.waitFor(async () => {
    const waiting = await query(
      z.object({ status: z.string() }),
      `select status from scheduled_messages where subject like 'Message % of many' and status <> 'sent'`,
    );
    expect(waiting).toEqual([]);
  }, patient);

const attemptsWithoutWord = async () => {
  const [row] = await query(
    z.object({ count: z.number() }),
    `select coalesce(sum(attempts - 1), 0)::integer as count from jobs where kind = 'email'`,
  );
  return row?.count ?? 0;
};

/** Whether each customer's mails were handed over in the order in which they were due. */
const inOrder = async () => {
  const [row] = await query(
    z.object({ is_in_order: z.boolean() }),
    `
    select bool_and(due = queued) as is_in_order
    from (
      select row_number() over (partition by m.contact_id order by m.send_at) as due,
        row_number() over (partition by m.contact_id order by j.id) as queued
      from scheduled_messages as m
      join jobs as j on j.kind = 'email' and j.payload ->> 'message_id' = m.id::text
      where m.subject like 'Message % of many'
    ) as places`,
  );
  return row?.is_in_order;
};

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
