import { beforeAll, expect, test } from 'vitest';
import type { Session } from '../support/call-action.ts';
import { asTableOwner } from '../support/raw-sql.ts';
import { openSessions } from '../support/sessions.ts';
import { useTwoServers } from '../support/two-servers.ts';
import { callAsPerson, cancelAsAgent, readOutcomes, type Said, whatStateSays } from './decision-race.ts';

// One request, twenty buttons pressed at the same moment in front of two servers.

const rounds = Number(process.env.DECISION_ROUNDS ?? 40);
const pressed = 20;
const two = useTwoServers();
let sessions: Session[] = [];
let customer = '';
let calls = 0;

/** What is pressed in a round, taking turns. */
const mixes = [
  ['allow_once'],
  ['deny'],
  ['allow_once', 'deny'],
  ['allow_always', 'allow_once', 'deny'],
  ['cancel_request', 'allow_once', 'deny'],
] as const;

beforeAll(async () => {
  const { office } = two();
  const { bright, done, database } = office;
  const data = { full_name: 'Jane Smith', email: 'jane@example.com' };
  customer = String((await done(bright.owner, 'contact.create', data)).id);
  await done(bright.owner, 'authorization.set_level', {
    action: 'ticket.create',
    level: 'requires_authorization',
  });
  // No session comes near its calls per minute, however fast this machine is.
  const count = Math.max(4, Math.ceil((rounds * pressed) / 500));
  sessions = await openSessions(database.owner, bright.id, bright.people.Olivia?.id ?? '', count);
});

/** Lets an agent ask for a visit of its own. */
async function ask(round: number): Promise<{ request: string; digest: string; key: string }> {
  const { office, keys } = two();
  const key = keys[round % keys.length] ?? '';
  const outcome = await office.act({ via: 'key', key }, 'ticket.create', {
    contact_id: customer,
    scheduled_at: new Date(Date.now() + (30 + (round % 300)) * 86_400_000).toISOString(),
    notes: `round ${round}`,
    notify_customer: true,
  });
  expect(outcome.status).toBe('pending_authorization');
  const request = String(outcome.data.request);
  const [row] = await office.read(office.bright.owner, 'authorization_requests', { id: request });
  return { request, digest: String(row?.digest), key };
}

/** Presses twenty buttons at once, ten in front of each server; which comes first takes turns. */
function pressAll(round: number, asked: { request: string; digest: string; key: string }): Promise<Said[]> {
  const { request, digest, key } = asked;
  const mix = mixes[round % mixes.length] ?? mixes[0];
  return Promise.all(
    Array.from({ length: pressed }, (_, n) => {
      const { baseUrl } = two().servers[(n + round) % 2 === 0 ? 0 : 1];
      const button = mix[(Math.floor(n / 2) + Math.floor(round / mixes.length)) % mix.length] ?? mix[0];
      if (button === 'cancel_request') return cancelAsAgent(baseUrl, key, request);
      const session = sessions[calls++ % sessions.length];
      if (!session) throw new Error('nobody is signed in');
      return callAsPerson(baseUrl, session, {
        action: `authorization.${button}`,
        data: { request, digest },
      });
    }),
  );
}

test(`${rounds} times, twenty decisions at once over two servers: one of them counts, and is done once or not at all`, async () => {
  const said = new Map<string, Said[]>();
  for (let round = 0; round < rounds; round += 1) {
    const asked = await ask(round);
    const answers = await pressAll(round, asked);
    said.set(asked.request, answers);
    // What was allowed always would not wait the next time.
    if (answers.some(({ grant }) => typeof grant === 'string')) {
      await asTableOwner(
        two().office,
        'update permission_overrides set revoked_at = now() where request_id is not null and revoked_at is null',
      );
    }
  }

  const outcomes = await readOutcomes(two().office.database.owner, [...said.keys()]);
  expect(outcomes).toHaveLength(rounds);
  const seen = new Set<string>();
  for (const outcome of outcomes) {
    const { reference, status, visits, mails, entries, grants } = outcome;
    const answers = said.get(reference) ?? [];
    const won = answers.filter(answer => answer.status === 200);
    const late = answers.filter(answer => answer.status !== 200);
    expect({ reference, won: won.map(({ ended }) => ended) }).toEqual({ reference, won: [status] });
    expect(new Set(late.map(({ code, state }) => `${code} ${state}`))).toEqual(
      new Set([`INVALID_STATE ${status}`]),
    );
    expect({ reference, visits, mails, entries, grants }).toEqual({ reference, ...whatStateSays(outcome) });
    seen.add(status);
  }
  // Had one kind of button always won, nothing would have been raced.
  expect([...seen].sort()).toEqual(expect.arrayContaining(['denied', 'succeeded']));
}, 600_000);
