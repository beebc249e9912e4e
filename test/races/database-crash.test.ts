import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { embeddedStatus, startEmbedded, stopEmbedded } from '../../core/kernel/database/postgres/launcher.ts';
import { type ActionAnswer, callAction, type Session } from '../support/call-action.ts';
import { fastProgram, startFastServer } from '../support/one-file.ts';
import { soon } from '../support/patience.ts';
import { type RunningServer, runCommand, temporaryFolder } from '../support/process.ts';
import { openSessions } from '../support/sessions.ts';

// The database of a server is killed with -9 while eight people write: to them it is a pause.

const writers = 8;
/** Calls that are answered before the kill, and by each writer after it. */
const [before, after] = [24, 3];

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let env: Record<string, string>;
let server: RunningServer;
let session: Session;

beforeAll(async () => {
  folder = await temporaryFolder();
  // A busy machine takes its time to start a database again.
  env = { DESKHAND_DATA: folder.path, DESKHAND_DEMO: 'small', DATABASE_PATIENCE: '120' };
  server = await startFastServer(env);
  session = await signInOwner();
});

afterAll(async () => {
  await server?.stop();
  await runCommand(['db', 'stop'], env, await fastProgram());
  await folder?.remove();
});

describe.each([
  { what: 'one of its processes', kill: killOneProcess },
  { what: 'its first process', kill: killFirstProcess },
])('kill -9 of $what under eight writers', ({ kill }) => {
  test('is a pause: every call is answered, nothing acknowledged is lost, nothing is done twice', async () => {
    const { names, answers } = await writeThrough(kill);
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
    expect(await countOf(names)).toEqual({ contacts: names.length, twice: 0 });
  });
});

test('what was lost or done twice would be noticed', async () => {
  const [once, twice, never] = [randomUUID(), randomUUID(), randomUUID()];
  for (const name of [once, twice, twice])
    expect(await create(name, randomUUID())).toMatchObject({ status: 200 });
  expect(await countOf([once, twice, never])).toEqual({ contacts: 2, twice: 1 });
});

test('a server whose database was stopped says that it is not ready, does not start it, and goes on with what waited', async () => {
  expect(await readiness()).toBe(200);
  await stopEmbedded(folder.path);
  const name = randomUUID();
  const waiting = create(name, name);
  await vi.waitFor(async () => expect(await readiness()).toBe(503), soon);
  expect(await embeddedStatus(folder.path)).toMatchObject({ running: false });
  await startEmbedded({ dataDir: folder.path });
  expect(await waiting).toMatchObject({ status: 200 });
  expect(await countOf([name])).toEqual({ contacts: 1, twice: 0 });
  await vi.waitFor(async () => expect(await readiness()).toBe(200), soon);
});

const readiness = async () => (await fetch(`${server.baseUrl}/readyz`)).status;

const create = (name: string, idempotency_key: string): Promise<ActionAnswer> =>
  callAction(server.baseUrl, session, {
    action: 'contact.create',
    data: { first_name: name },
    idempotency_key,
  });

/** All write; when enough was answered the database is killed, and each goes on until it has some more answers after that. */
async function writeThrough(kill: () => Promise<void>) {
  const names: string[] = [];
  const answers: ActionAnswer[] = [];
  let killed: Promise<void> | undefined;
  let isOver = false;
  const write = async () => {
    for (let left = after; left > 0; left -= isOver ? 1 : 0) {
      const name = randomUUID();
      names.push(name);
      answers.push(await create(name, name));
      if (answers.length >= before)
        killed ??= kill().then(() => {
          isOver = true;
        });
    }
  };
  await Promise.all(Array.from({ length: writers }, write));
  await killed;
  return { names, answers };
}

/** The one that writes for somebody now, as a system that is short of memory does. */
async function killOneProcess(): Promise<void> {
  const pid = await asSuperuser(async client => {
    const { rows } = await client.query(
      "select pid from pg_stat_activity where usename = 'deskhand_app' order by state = 'active' desc, query_start desc limit 1",
    );
    return z.object({ pid: z.number() }).parse(rows[0]).pid;
  });
  process.kill(pid, 'SIGKILL');
}

async function killFirstProcess(): Promise<void> {
  const { pid } = await embeddedStatus(folder.path);
  if (pid === undefined) throw new Error('the database was not running');
  process.kill(pid, 'SIGKILL');
}

const counted = z.object({ contacts: z.number(), twice: z.number() });

/** How many of these customers there are, and how many of them more than once. */
const countOf = (names: readonly string[]) =>
  asSuperuser(async client => {
    const { rows } = await client.query(
      `select count(*)::integer as contacts, (count(*) filter (where rows > 1))::integer as twice
       from (select count(*) as rows from contacts where first_name = any ($1) group by first_name) as of_each`,
      [names],
    );
    return counted.parse(rows[0]);
  });

async function signInOwner(): Promise<Session> {
  return asSuperuser(async client => {
    const { rows } = await client.query(
      "select id, organization_id from members where role = 'owner' order by id limit 1",
    );
    const owner = z.object({ id: z.string(), organization_id: z.string() }).parse(rows[0]);
    const [opened] = await openSessions(client, owner.organization_id, owner.id, 1);
    if (!opened) throw new Error('one session was asked for');
    return opened;
  });
}

/** The server must have started it. */
async function asSuperuser<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const { host, port, superuser, password, started } = await startEmbedded({ dataDir: folder.path });
  expect(started).toBe(false);
  const address = { host, port, user: superuser, database: 'deskhand', ...(password ? { password } : {}) };
  const client = new pg.Client(address);
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}
