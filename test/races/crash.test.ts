import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { embeddedStatus, startEmbedded } from '../../core/kernel/database/postgres/launcher.ts';
import type { Session } from '../support/call-action.ts';
import { fastProgram, startFastServer } from '../support/one-file.ts';
import { soon } from '../support/patience.ts';
import { type RunningServer, runCommand, temporaryFolder } from '../support/process.ts';
import { openSessions } from '../support/sessions.ts';
import { WriteLoop } from './write-loop.ts';

// An installation as it comes, on its embedded database, that is killed again and again while somebody writes.

const rounds = Number(process.env.CRASH_ROUNDS ?? 10);

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let env: Record<string, string>;
let server: RunningServer;
let loop: WriteLoop;

beforeAll(async () => {
  folder = await temporaryFolder();
  env = { DESKHAND_DATA: folder.path };
  server = await startFastServer(env);
  loop = new WriteLoop(await signInOwner());
});

afterAll(async () => {
  await server?.stop();
  await runCommand(['db', 'stop'], env, await fastProgram());
  await folder?.remove();
});

test('what is missing or was never asked for is noticed', async () => {
  const [missing, stray] = [randomUUID(), randomUUID()];
  const file = path.join(folder.path, 'outbox', `${stray}.eml`);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, 'never queued');
  expect(await compare([missing])).toMatchObject({ lost: [missing], files_without_job: [stray] });
  await rm(file);
  expect(await compare()).toMatchObject({ lost: [], files_without_job: [] });
});

describe.each<{ what: string; kill(round: number): Promise<void> }>([
  { what: 'the server', kill: killServer },
  {
    what: 'the server and its database',
    async kill(round) {
      // One of them lives on for a moment; which one takes turns.
      if (round % 2 === 0) await killDatabase();
      await Promise.all([killServer(), round % 2 === 0 ? undefined : killDatabase()]);
    },
  },
])('kill -9 of $what in the middle of writing', ({ kill }) => {
  test(
    `${rounds} times in a row: it starts again by itself and has all it ever said it had`,
    async () => {
      for (let round = 0; round < rounds; round++) {
        let killed: Promise<void> | undefined;
        await loop.writeUntilGone(server.baseUrl, 8 + ((round * 7) % 13), () => {
          killed = kill(round);
        });
        await killed;
        server = await startFastServer(env);
        const { lost, files_without_job } = await compare();
        expect({ round, lost, files_without_job }).toEqual({ round, lost: [], files_without_job: [] });
      }
    },
    rounds * 30_000,
  );

  test('what was not answered can be sent again, and nothing was done twice', async () => {
    await loop.finish(server.baseUrl);
    const { contacts, tickets } = await compare();
    expect({ contacts, tickets }).toEqual({
      contacts: loop.count('contact.create'),
      tickets: loop.count('ticket.create'),
    });
    expect(tickets).toBeGreaterThan(rounds);
  });

  test('every visit has its one mail, delivered and recorded', async () => {
    await endLeases();
    await allDelivered();
    const { jobs, files, ...found } = await compare();
    expect(found).toMatchObject({ lost: [], files_without_job: [], tickets_without_job: 0, dead: 0 });
    expect(jobs).toHaveLength(found.tickets);
    expect(files).toEqual(jobs.map(id => `${id}.eml`).sort());
  });
});

test('a mail that went out just before the crash, unrecorded, is delivered again as the same mail', async () => {
  const before = await compare();
  const [id] = before.jobs;
  const forgotten = await forget(id);
  expect(forgotten).toEqual([{ id }]);
  await wakeWorker();
  await allDelivered();
  const [job] = await query(
    z.object({ attempts: z.number(), result: z.unknown() }),
    'select attempts, result from jobs where id = $1',
    [id],
  );
  expect(job?.result).toEqual({ file: `${id}.eml` });
  expect(job?.attempts).toBeGreaterThan(1);
  expect(await compare()).toEqual(before);
});

/** What the worker writes down of a mail after it has gone out is not written: neither with its message nor with its job. */
const forget = (id: string | undefined) =>
  asSuperuser(async client => {
    const somebody = JSON.stringify({ kind: 'system', name: 'somebody with SQL' });
    await client.query(
      `select set_config('app.actor', $2, false),
         set_config('app.current_organization_id', organization_id::text, false)
       from jobs where id = $1`,
      [id, somebody],
    );
    const { rows } = await client.query(
      `
      with unsent as (
        update scheduled_messages
        set status = 'sending', sent_at = null, provider_message_id = null
        where id = (select (payload ->> 'message_id')::uuid from jobs where id = $1)
        returning id
      )
      update jobs
      set done_at = null, result = null, locked_by = 'a worker that died', locked_until = now()
      where id = $1
        and (payload ->> 'message_id')::uuid in (select id from unsent)
      returning id`,
      [id],
    );
    return rows;
  });

/** A person: what an agent may send within some minutes is bounded. */
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

async function killServer(): Promise<void> {
  const ended = once(server.process, 'close');
  server.process.kill('SIGKILL');
  await ended;
}

async function killDatabase(): Promise<void> {
  const { pid } = await embeddedStatus(folder.path);
  if (pid === undefined) throw new Error('the database was not running');
  process.kill(pid, 'SIGKILL');
}

const found = z.object({
  lost: z.array(z.string()),
  contacts: z.number(),
  tickets: z.number(),
  tickets_without_job: z.number(),
  jobs: z.array(z.string()),
  dead: z.number(),
});

/** What the database holds, beside what was acknowledged and what lies in the folder of mails. */
async function compare(
  acknowledged = [...loop.acknowledged('contact.create'), ...loop.acknowledged('ticket.create')],
) {
  const [row] = await query(
    found,
    `
    with mine as (
      select id from contacts where email like 'customer-%@example.com'
    ), visits as (
      select id from tickets where contact_id in (select id from mine)
    ), mails as (
      select id, (payload ->> 'ticket_id')::uuid as ticket_id, dead_at from jobs where kind = 'email'
    )
    select
      array(
        select id from unnest($1::uuid[]) as id
        except (select id from contacts union select id from tickets)
      ) as lost,
      (select count(*)::int from mine) as contacts,
      (select count(*)::int from visits) as tickets,
      (
        select count(*)::int
        from visits as v
        where not exists (select 1 from mails as m where m.ticket_id = v.id)
      ) as tickets_without_job,
      array(select id from mails order by id) as jobs,
      (select count(*)::int from mails where dead_at is not null) as dead`,
    [acknowledged],
  );
  if (!row) throw new Error('an aggregate is always one row');
  const files = (await readdir(path.join(folder.path, 'outbox')).catch(() => [])).sort();
  const whole = files.filter(name => name.endsWith('.eml')).map(name => name.slice(0, -4));
  return { ...row, files, files_without_job: whole.filter(id => !row.jobs.includes(id)) };
}

/** A worker that died keeps its jobs for a minute: lets that minute be over, and wakes the one that lives. */
async function endLeases(): Promise<void> {
  await query(z.object({}), 'update jobs set locked_until = now() where locked_until is not null');
  await wakeWorker();
}

/** As a new mail would: it found nothing to do before, and would come by again in some seconds. */
const wakeWorker = () => query(z.object({}), "select pg_notify('deskhand_jobs', '')");

const allDelivered = () =>
  vi.waitFor(async () => {
    const waiting = await query(
      z.object({ id: z.string() }),
      'select id from jobs where done_at is null and run_at <= now()',
    );
    expect(waiting).toEqual([]);
  }, soon);

/** Asks the embedded database as its superuser. */
const query = <Row>(row: z.ZodType<Row>, text: string, values: readonly unknown[] = []): Promise<Row[]> =>
  asSuperuser(async client => (await client.query(text, [...values])).rows.map(value => row.parse(value)));

/** The server must have started it. */
async function asSuperuser<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const { host, port, superuser, password, started } = await startEmbedded({ dataDir: folder.path });
  expect(started).toBe(false);
  const address = { host, port, user: superuser, database: 'deskhand', ...(password ? { password } : {}) };
  const client = new pg.Client(address);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
