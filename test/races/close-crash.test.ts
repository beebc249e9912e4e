import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type ActionCall, callAction, type Session } from '../support/call-action.ts';
import { type Office, openOffice } from '../support/office.ts';
import { startFastServer } from '../support/one-file.ts';
import { soon } from '../support/patience.ts';
import { type RunningServer, temporaryFolder } from '../support/process.ts';
import { openSessions } from '../support/sessions.ts';
import { databaseUrl } from '../support/two-servers.ts';
import { bookVisit, closing, completing, leftOf, type RacedVisit, untouched, whole } from './close-race.ts';

// A server that is killed between "Complete" and the answer. The phone sends the same again, with the same key.

// Starting a server is most of a round: rather many in flight than many rounds.
const rounds = Number(process.env.CRASH_ROUNDS ?? 10);
const together = 12;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let office: Office;
let env: Record<string, string>;
let server: RunningServer;
let technician: Session;
let desk: Session;

beforeAll(async () => {
  folder = await temporaryFolder();
  office = await openOffice();
  const { database } = office;
  env = {
    DATABASE_URL: databaseUrl(database.address),
    DATABASE_OWNER_URL: databaseUrl(database.admin),
    DESKHAND_DATA: folder.path,
    DESKHAND_DEMO: '0',
    // Nobody else waits for the locks below.
    DESKHAND_WORKER: '0',
  };
  server = await startFastServer(env);
  technician = await sessionOf('Theo');
  desk = await sessionOf('Dana');
});

async function sessionOf(name: string): Promise<Session> {
  const { bright, database } = office;
  const [session] = await openSessions(database.owner, bright.id, bright.people[name]?.id ?? '', 1);
  if (!session) throw new Error('one session was asked for');
  return session;
}

afterAll(async () => {
  await server?.stop();
  await office?.db.close();
  await office?.database.close();
  await folder?.remove();
});

/** A press that is to close a visit, by a technician step by step or by the office in one call. */
interface Press {
  visit: RacedVisit;
  n: number;
  call: ActionCall;
  who: Session;
  answered: boolean;
}

let pressed = 0;

async function prepare(): Promise<Press> {
  const n = ++pressed;
  const visit = await bookVisit(office);
  const isTechnician = n % 3 !== 0;
  const call = isTechnician ? await completing(office, visit, n) : closing(visit, n);
  return {
    visit,
    n,
    who: isTechnician ? technician : desk,
    call: { ...call, idempotency_key: `close ${visit.id}` },
    answered: false,
  };
}

/** Presses; rejects when the server is gone before it has answered. */
async function press({ call, who }: Press): Promise<number> {
  return (await callAction(server.baseUrl, who, call)).status;
}

async function killServer(): Promise<void> {
  const ended = once(server.process, 'close');
  server.process.kill('SIGKILL');
  await ended;
}

/** All of it or nothing of it, and all of it where it was answered. Answers how many are done. */
async function expectWholeOrNothing(all: readonly Press[]): Promise<number> {
  let done = 0;
  for (const { visit, n, answered } of all) {
    const left = await leftOf(office, visit);
    if (left.status === 'closed') done += 1;
    expect({ n, answered, ...left }).toEqual({
      n,
      answered,
      ...(answered || left.status === 'closed' ? whole(n) : untouched),
    });
  }
  return done;
}

async function pressAgain(all: readonly Press[]): Promise<void> {
  for (const one of all) expect({ n: one.n, status: await press(one) }).toEqual({ n: one.n, status: 200 });
  expect(await expectWholeOrNothing(all.map(one => ({ ...one, answered: true })))).toBe(all.length);
}

test(
  `kill -9 while ${together} visits are being closed, ${rounds} times at different moments`,
  async () => {
    const ended = { answered: 0, done: 0, waiting: 0 };
    for (let round = 0; round < rounds; round += 1) {
      const all: Press[] = [];
      for (let n = 0; n < together; n += 1) all.push(await prepare());
      let answers = 0;
      let killed: Promise<void> | undefined;
      // After so many answers; the others are somewhere between the press and theirs.
      const last = round % together;
      const pressing = all.map(async one => {
        const status = await press(one).catch(() => undefined);
        if (status === undefined) return;
        expect(status).toBe(200);
        one.answered = true;
        answers += 1;
        if (answers >= last) killed ??= killServer();
      });
      if (last === 0) killed ??= killServer();
      await Promise.all(pressing);
      await killed;

      server = await startFastServer(env);
      const done = await expectWholeOrNothing(all);
      const answered = all.filter(one => one.answered).length;
      ended.answered += answered;
      ended.done += done - answered;
      ended.waiting += all.length - done;
      await pressAgain(all);
    }
    // Had everything been answered before, nothing would have been interrupted.
    expect(ended.waiting + ended.done).toBeGreaterThan(rounds);
  },
  rounds * 60_000,
);

describe('kill -9 in the middle of closing', () => {
  const lock = (table: string) => `lock table ${table} in share row exclusive mode`;

  // Where it is stopped, so that the server dies exactly there.
  beforeAll(async () => {
    await office.database.owner.query(`
      create function stop_when_closed() returns trigger language plpgsql as $$
      begin
        if new.status = 'closed' then perform pg_advisory_xact_lock(tg_argv[0]::bigint); end if;
        return new;
      end
      $$;
      create trigger stop_at_close after update on tickets for each row execute function stop_when_closed(1);
      create constraint trigger stop_at_commit after update on tickets
        deferrable initially deferred for each row execute function stop_when_closed(2)`);
  });

  test.each([
    { step: 'before the first price is written', stop: lock('ticket_lines') },
    { step: 'just after the visit is closed', stop: 'select pg_advisory_xact_lock(1)' },
    { step: 'before its note', stop: lock('notes') },
    { step: 'before its facts', stop: lock('attributes') },
    { step: 'before anything that goes out', stop: lock('jobs') },
  ])('$step: nothing has happened, and the same press does it once', async ({ stop }) => {
    const all = [await prepare(), await prepare(), await prepare()];
    await killWhileStopped(all, stop);
    for (const { visit } of all) expect(await leftOf(office, visit)).toEqual(untouched);
    await pressAgain(all);
  });

  test('when all is written and only the answer is missing: it has happened, and the same press says so', async () => {
    for (const one of [await prepare(), await prepare(), await prepare()]) {
      await killWhileStopped([one], 'select pg_advisory_xact_lock(2)');
      expect(await leftOf(office, one.visit)).toEqual(whole(one.n));
      await pressAgain([one]);
    }
  });
});

/** Presses while `stop` keeps each closing from going on, kills the server there, and starts another one. */
async function killWhileStopped(all: readonly Press[], stop: string): Promise<void> {
  const holder = await office.database.owner.connect();
  try {
    await holder.query(`begin; ${stop}`);
    const answers = all.map(one => press(one).catch(() => undefined));
    await vi.waitFor(async () => expect(await countStopped()).toBe(all.length), soon);
    await killServer();
    expect(await Promise.all(answers)).toEqual(all.map(() => undefined));
  } finally {
    await holder.query('rollback');
    holder.release();
  }
  server = await startFastServer(env);
  await vi.waitFor(async () => expect(await countOpen()).toBe(0), soon);
}

async function count(text: string): Promise<number> {
  const { rows } = await office.database.owner.query<{ count: number }>(text);
  return rows[0]?.count ?? 0;
}

const ourLocks = `
  from pg_locks
  where database = (select oid from pg_database where datname = current_database())
    and pid <> pg_backend_pid()`;

/** How many transactions wait for a lock. */
const countStopped = () => count(`select count(distinct pid)::int as count ${ourLocks} and not granted`);

/** How many transactions go on: those of a dead server are ended by the database. */
const countOpen = () => count(`select count(distinct pid)::int as count ${ourLocks}`);
