import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Session } from '../support/call-action.ts';
import { type Office, openOfficeOfToday } from '../support/office.ts';
import { startFastServer } from '../support/one-file.ts';
import { soon } from '../support/patience.ts';
import { letStatementsWait } from '../support/patient-statements.ts';
import { type RunningServer, temporaryFolder } from '../support/process.ts';
import { asTableOwner } from '../support/raw-sql.ts';
import { openSessions } from '../support/sessions.ts';
import { databaseUrl } from '../support/two-servers.ts';
import { callAsPerson, readOutcomes, type Said, whatStateSays } from './decision-race.ts';

// A server that is killed between the button and the answer. Its database lives on, as databases do.

// Starting a server is most of a round: rather many in flight than many rounds.
const rounds = Number(process.env.CRASH_ROUNDS ?? 10);
const together = 12;
const buttons = ['allow_once', 'allow_always', 'deny'] as const;
type Button = (typeof buttons)[number];

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let office: Office;
let env: Record<string, string>;
let server: RunningServer;
let session: Session;
let customer: string;
let asks = 0;

beforeAll(async () => {
  folder = await temporaryFolder();
  office = await openOfficeOfToday();
  await letStatementsWait(office.database.admin);
  const { bright, done, database } = office;
  env = {
    DATABASE_URL: databaseUrl(database.address),
    DATABASE_OWNER_URL: databaseUrl(database.admin),
    DESKHAND_DATA: folder.path,
    DESKHAND_DEMO: '0',
    // Nobody else waits for the locks below.
    DESKHAND_WORKER: '0',
  };
  server = await startFastServer(env);
  const data = { full_name: 'Jane Smith', email: 'jane@example.com' };
  customer = String((await done(bright.owner, 'contact.create', data)).id);
  await done(bright.owner, 'authorization.set_level', {
    action: 'ticket.create',
    level: 'requires_authorization',
  });
  [session = { token: '', csrf: '' }] = await openSessions(
    database.owner,
    bright.id,
    bright.people.Olivia?.id ?? '',
    1,
  );
});

afterAll(async () => {
  await server?.stop();
  await office?.db.close();
  await office?.database.close();
  await folder?.remove();
});

interface Pressed {
  request: string;
  digest: string;
  button: Button;
  /** What the server said before it was gone. */
  said?: Said;
}

/** Lets the agent ask for a visit of its own, which the owner will decide in this way. */
async function ask(button: Button): Promise<Pressed> {
  const n = ++asks;
  const outcome = await office.act(office.bright.agent, 'ticket.create', {
    contact_id: customer,
    scheduled_at: new Date(Date.now() + (30 + (n % 300)) * 86_400_000).toISOString(),
    notes: `request ${n}`,
    notify_customer: true,
  });
  const request = String(outcome.data.request);
  const [row] = await office.read(office.bright.owner, 'authorization_requests', { id: request });
  expect(row).toMatchObject({ status: 'pending' });
  return { request, digest: String(row?.digest), button };
}

/** Presses a button; rejects when the server is gone before it has answered. */
const press = ({ request, digest, button }: Pressed): Promise<Said> =>
  callAsPerson(server.baseUrl, session, { action: `authorization.${button}`, data: { request, digest } });

async function killServer(): Promise<void> {
  const ended = once(server.process, 'close');
  server.process.kill('SIGKILL');
  await ended;
}

/** State and effect fit in every moment, and what was answered is so. */
async function expectAllFits(all: readonly Pressed[]): Promise<Map<string, string>> {
  const outcomes = await readOutcomes(
    office.database.owner,
    all.map(({ request }) => request),
  );
  expect(outcomes).toHaveLength(all.length);
  for (const outcome of outcomes) {
    const { reference, status, visits, mails, entries, grants } = outcome;
    expect({ reference, visits, mails, entries, grants }).toEqual({ reference, ...whatStateSays(outcome) });
    // Nothing is left in the middle.
    expect(['pending', 'succeeded', 'denied']).toContain(status);
    const answered = all.find(({ request }) => request === reference)?.said?.ended;
    if (answered !== undefined) expect({ reference, status }).toEqual({ reference, status: answered });
  }
  return new Map(outcomes.map(({ reference, status }) => [reference, status]));
}

/** Presses again what was not answered, as the owner would; afterwards all of it has happened once. */
async function pressAgain(all: readonly Pressed[]): Promise<void> {
  for (const pressed of all) {
    if (pressed.said) continue;
    pressed.said = await press(pressed);
    const wanted = pressed.button === 'deny' ? 'denied' : 'succeeded';
    expect(pressed.said.ended ?? pressed.said.state).toBe(wanted);
  }
  const states = await expectAllFits(all.map(({ said: _said, ...pressed }) => pressed));
  for (const { request, button } of all) {
    expect(states.get(request)).toBe(button === 'deny' ? 'denied' : 'succeeded');
  }
  // What was allowed always would not wait the next time.
  await asTableOwner(
    office,
    'update permission_overrides set revoked_at = now() where request_id is not null and revoked_at is null',
  );
}

test(
  `kill -9 while ${together} decisions are on their way, ${rounds} times at different moments`,
  async () => {
    const ended = { answered: 0, done: 0, waiting: 0 };
    for (let round = 0; round < rounds; round += 1) {
      const all: Pressed[] = [];
      for (let n = 0; n < together; n += 1)
        all.push(await ask(buttons[(n + round) % buttons.length] ?? 'deny'));
      let answers = 0;
      let killed: Promise<void> | undefined;
      // After so many answers; the others are somewhere between the button and theirs.
      const last = round % together;
      const pressing = all.map(async pressed => {
        const said = await press(pressed).catch(() => undefined);
        if (!said) return;
        pressed.said = said;
        answers += 1;
        if (answers >= last) killed ??= killServer();
      });
      if (last === 0) killed ??= killServer();
      await Promise.all(pressing);
      await killed;

      server = await startFastServer(env);
      const states = await expectAllFits(all);
      for (const { request, said } of all) {
        if (said) ended.answered += 1;
        else if (states.get(request) === 'pending') ended.waiting += 1;
        else ended.done += 1;
      }
      await pressAgain(all);
    }
    // Had everything been answered before, nothing would have been interrupted.
    expect(ended.waiting + ended.done).toBeGreaterThan(rounds);
  },
  rounds * 60_000,
);

describe('kill -9 in the middle of a decision', () => {
  // Where a decision is stopped, so that the server dies exactly there.
  beforeAll(async () => {
    await office.database.owner.query(`
      create function stop_when_done() returns trigger language plpgsql as $$
      begin
        if new.status = 'succeeded' then perform pg_advisory_xact_lock(tg_argv[0]::bigint); end if;
        return new;
      end
      $$;
      create trigger stop_at_mark before update on authorization_requests
        for each row execute function stop_when_done(1);
      create constraint trigger stop_at_commit after update on authorization_requests
        deferrable initially deferred for each row execute function stop_when_done(2)`);
  });
  const lock = (table: string) => `lock table ${table} in share row exclusive mode`;

  test.each<{ step: string; stop: string; button: Button }>([
    { step: 'before the visit has a number', stop: lock('counters'), button: 'allow_once' },
    { step: 'before the visit is written', stop: lock('tickets'), button: 'allow_once' },
    { step: 'after the visit, before its mail', stop: lock('jobs'), button: 'allow_once' },
    {
      step: 'after the mail, before the mark',
      stop: 'select pg_advisory_xact_lock(1)',
      button: 'allow_once',
    },
    { step: 'after the mark, before the grant', stop: lock('permission_overrides'), button: 'allow_always' },
  ])('$step: nothing has happened, and pressing again does it once', async ({ stop, button }) => {
    const pressed = await ask(button);
    const [before] = await readOutcomes(office.database.owner, [pressed.request]);
    expect(before).toMatchObject({ status: 'pending', decision: null, visits: 0, mails: 0, grants: 0 });
    await killWhileStopped(pressed, stop);
    expect(await readOutcomes(office.database.owner, [pressed.request])).toEqual([before]);
    await pressAgain([pressed]);
  });

  test('when all is written and only the answer is missing: it has happened, and pressing again says so', async () => {
    const pressed = await ask('allow_once');
    await killWhileStopped(pressed, 'select pg_advisory_xact_lock(2)');
    const done = { status: 'succeeded', visits: 1, mails: 1, entries: 1 };
    expect(await readOutcomes(office.database.owner, [pressed.request])).toMatchObject([done]);
    expect(await press(pressed)).toMatchObject({ code: 'INVALID_STATE', state: 'succeeded' });
    await pressAgain([pressed]);
  });
});

/** Presses a button while `stop` keeps the decision from going on, kills the server there, and starts another one. */
async function killWhileStopped(pressed: Pressed, stop: string): Promise<void> {
  const holder = await office.database.owner.connect();
  try {
    await holder.query(`begin; ${stop}`);
    const answer = press(pressed).catch(() => undefined);
    await vi.waitFor(async () => expect(await countStopped()).toBe(1), soon);
    await killServer();
    expect(await answer).toBeUndefined();
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
