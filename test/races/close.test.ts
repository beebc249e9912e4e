import { beforeAll, describe, expect, test } from 'vitest';
import { type ActionCall, callAction, inFlight, type Session } from '../support/call-action.ts';
import { openSessions } from '../support/sessions.ts';
import { useTwoServers } from '../support/two-servers.ts';
import { bookVisit, closing, completing, leftOf, type RacedVisit, whole } from './close-race.ts';
import { callAsPerson } from './decision-race.ts';
import { expectOneEffect } from './idempotency-race.ts';

const two = useTwoServers();
const clients = [...Array(20).keys()];
const rounds = [...Array(20).keys()];
/** Browsers in which people are signed in, by their names. */
const sessions = new Map<string, Session[]>();

beforeAll(async () => {
  const { bright, database } = two().office;
  for (const name of ['Theo', 'Dana', 'Olivia']) {
    const id = bright.people[name]?.id ?? '';
    sessions.set(name, await openSessions(database.owner, bright.id, id, clients.length));
  }
});

const server = (client: number) => two().servers[client % 2 === 0 ? 0 : 1].baseUrl;
const browser = (name: string, client: number): Session => {
  const session = sessions.get(name)?.[client];
  if (!session) throw new Error(`${name} has no browser ${client}`);
  return session;
};

/** How often each outcome occurs. */
function count(outcomes: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const outcome of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}

/** So many browsers of one person send at once, every other one to the second server; answers what they got. */
const sendAs = (name: string, plan: (client: number) => ActionCall) =>
  inFlight(clients.length, clients, async client => {
    const { status, code } = await callAsPerson(server(client), browser(name, client), plan(client));
    return code ? `${status} ${code}` : String(status);
  });

const oneWon = { '200': 1, '409 TICKET_CLOSED': clients.length - 1 };

describe(`${clients.length} at once over two servers, ${rounds.length} times`, () => {
  test('a visit is closed by one of them, and everything that belongs to it is there once', async () => {
    for (const round of rounds) {
      const visit = await bookVisit(two().office);
      const outcomes = await sendAs('Dana', () => closing(visit, round));
      expect({ round, ...count(outcomes) }).toEqual({ round, ...oneWon });
      expect({ round, ...(await leftOf(two().office, visit)) }).toEqual({ round, ...whole(round) });
    }
  });

  test('a close-out is completed by one press of many, each with a key of its own', async () => {
    for (const round of rounds) {
      const visit = await bookVisit(two().office);
      const call = await completing(two().office, visit, round);
      const outcomes = await sendAs('Theo', client => ({
        ...call,
        idempotency_key: `${visit.id} ${client}`,
      }));
      expect({ round, ...count(outcomes) }).toEqual({ round, ...oneWon });
      expect({ round, ...(await leftOf(two().office, visit)) }).toEqual({ round, ...whole(round) });
    }
  });

  test('the same press with the same key is one, and all are answered as if they had been the one', async () => {
    for (const round of rounds.slice(0, 5)) {
      const visit = await bookVisit(two().office);
      const call = { ...closing(visit, round), idempotency_key: `close ${visit.id}` };
      const answers = await inFlight(clients.length, clients, client =>
        callAction(server(client), browser('Dana', client), call),
      );
      expectOneEffect(answers);
      expect(await leftOf(two().office, visit)).toEqual(whole(round));
    }
  });

  test('closing meets cancelling, moving, pricing and clocking: each comes before the end or is refused', async () => {
    for (const round of rounds) {
      const visit = await bookVisit(two().office);
      const outcomes = await sendAs(
        'Olivia',
        client => rivals(visit, round)[client % 5] ?? closing(visit, round),
      );
      expect(
        outcomes.filter(outcome => !/^(200|409 (TICKET_CLOSED|INVALID_STATE|CONFLICT))$/.test(outcome)),
      ).toEqual([]);
      const end = { endings: 1, after: 0, differs: 0, is_whole: true };
      expect({ round, ...(await endOf(visit)) }).toEqual({ round, ...end });
    }
  });
});

/** Five things that somebody may want with the same visit at the same moment. */
function rivals(visit: RacedVisit, n: number): ActionCall[] {
  const ticket_id = visit.id;
  return [
    closing(visit, n),
    { action: 'ticket.cancel', data: { ticket_id } },
    { action: 'ticket.reschedule', data: { ticket_id, duration_minutes: 30 } },
    { action: 'ticket.update_line', data: { ticket_id, line_id: '1', description: 'Gutters, all around' } },
    { action: 'ticket.update', data: { ticket_id, notes: 'Ring twice' } },
  ];
}

/**
 * How a visit ended: once, closed or cancelled; how many changes of it came after that; whether its total is not the sum
 * of its lines; and whether there is a note exactly when it was closed.
 */
async function endOf({ id }: RacedVisit) {
  const { rows } = await two().office.database.owner.query(
    `
    with entries as (
      select id, changes #>> '{status,new}' in ('closed', 'cancelled') as is_end
      from audit_log
      where subject_type = 'ticket' and subject_id = $1 and entity_type in ('ticket', 'ticket_line', 'time_entry')
    )
    select
      (select count(*)::int from entries where is_end) as endings,
      (select count(*)::int from entries where id > (select id from entries where is_end limit 1)) as after,
      (
        select count(*)::int
        from tickets as t
        where t.id = $1
          and t.total_cents <> (select sum(total_cents) from ticket_lines where ticket_id = t.id and deleted_at is null)
      ) as differs,
      (
        select (select count(*) from notes where ticket_id = t.id) = (t.status = 'closed')::int
        from tickets as t
        where t.id = $1
      ) as is_whole`,
    [id],
  );
  return rows[0];
}
