import { describe, expect, test } from 'vitest';
import { fingerprint } from '../contracts/fingerprint.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { useCloseOuts } from './desk.ts';

// A visit is closed with everything that belongs to it, or with nothing (CLO-18): each part is made to fail in turn.

const panes = useBrightPanes();
const desk = useCloseOuts(panes);
let made = 0;

const notes = 'Elderly woman, very nice. Dog named Biscuit.';
const lines = [
  { line_id: '1', unit_price_cents: 16_000 },
  { line_id: '2', is_done: false },
  { service_id: 'S-3', quantity: 2 },
];
const comeAgain = (): Record<string, unknown> => ({
  next_service: 'yes',
  appointment: { scheduled_at: `${desk.day}T15:00`, notify_customer: true },
});
const reachOut = (): Record<string, unknown> => ({ next_service: 'reach_out', reach_out_months: 6 });

/** What is written, where, and what must follow the visit for that. */
const parts: readonly [string, string, string, () => Record<string, unknown>][] = [
  ['a price', 'update', 'ticket_lines', reachOut],
  ['a service done besides', 'insert', 'ticket_lines', reachOut],
  ['a clock that still runs', 'update', 'time_entries', reachOut],
  ['the visit itself', 'update', 'tickets', reachOut],
  ['the time of its technician', 'update', 'ticket_technicians', reachOut],
  ['the note', 'insert', 'notes', reachOut],
  ['that they are a customer now', 'update', 'contacts', reachOut],
  ['a new kind of fact', 'insert', 'attribute_keys', reachOut],
  ['a fact', 'insert', 'attributes', reachOut],
  ['the message to come', 'insert', 'scheduled_messages', reachOut],
  ['the timer of the message', 'insert', 'jobs', reachOut],
  ['the next visit', 'insert', 'tickets', comeAgain],
  ['a service of the next visit', 'insert', 'ticket_lines', comeAgain],
  ['who goes to the next visit', 'insert', 'ticket_technicians', comeAgain],
  ['the mail about the next visit', 'insert', 'jobs', comeAgain],
  ['the history', 'insert', 'audit_log', reachOut],
  ['what search finds', 'insert', 'search_documents', reachOut],
  ['the answer that is kept for the same call again', 'update', 'idempotency_keys', reachOut],
];

/** Breaks one kind of write in the database while something is tried. */
async function whileBroken(event: string, table: string, attempt: () => Promise<unknown>): Promise<void> {
  const { owner } = panes().database;
  await owner.query(`
    create function break_on_purpose() returns trigger language plpgsql as $$
    begin
      raise exception 'broken on purpose';
    end
    $$;
    create trigger broken before ${event} on ${table} for each row execute function break_on_purpose()`);
  try {
    await expect(attempt()).rejects.toThrow('broken on purpose');
  } finally {
    await owner.query(`drop trigger broken on ${table}; drop function break_on_purpose()`);
  }
}

/** A visit to somebody who is no customer yet, with a clock that runs. */
async function visitUnderWay(): Promise<string> {
  const contact_id = await desk.customer({ lifecycle_stage: 'prospect' });
  const ticket_id = await desk.visit({ contact_id, lines: ['S-1', { service_id: 'S-3', quantity: 9 }] });
  await panes().done(panes().theo, 'ticket.clock_in', { ticket_id });
  return ticket_id;
}

/** The two ways to close a visit; each answers a call that can be made again. */
const ways: readonly [
  string,
  (next: () => Record<string, unknown>) => Promise<[string, () => Promise<unknown>]>,
][] = [
  [
    'closing it step by step',
    async next => {
      const ticket_id = await visitUnderWay();
      const { review } = await desk.toReview(ticket_id, { notes, work: { lines }, next: next() });
      return [ticket_id, callOf('closeout.complete', { ticket_id, review, attributes: someFacts() })];
    },
  ],
  [
    'closing it in one call',
    async next => {
      const ticket_id = await visitUnderWay();
      const said = { duration_minutes: 75, notes, lines, attributes: someFacts() };
      return [ticket_id, callOf('ticket.close', { ticket_id, ...said, ...next() })];
    },
  ],
];

const someFacts = () => [
  { key: 'pet', value: 'dog', details: { name: 'Biscuit' } },
  { key: `seen_${++made}`, value: true },
];

const callOf = (action: string, data: Record<string, unknown>) => {
  const key = { idempotency_key: `close ${made}` };
  return () => panes().act(panes().theo, action, data, key);
};

describe.each(ways)('%s', (way, prepare) => {
  const all = way === 'closing it step by step' ? [...parts, theMark()] : parts;

  test.each(all)('does not happen at all without %s (%s %s)', async (_, event, table, next) => {
    const [ticket, close] = await prepare(next);
    const { owner } = panes().database;
    const before = await fingerprint(owner);
    await whileBroken(event, table, close);
    expect(await fingerprint(owner)).toEqual(before);
    expect(await desk.effects(ticket)).toMatchObject({ status: 'in_progress', notes: 0, facts: 0 });

    // The very same call works once nothing is broken any more.
    expect(await close()).toMatchObject({ status: 'done', replayed: false });
    const follows = next === reachOut ? { messages: 1, visits: 1 } : { messages: 0, visits: 2 };
    expect(await desk.effects(ticket)).toEqual({ status: 'closed', notes: 1, facts: 2, ...follows });
    expect(await close()).toMatchObject({ replayed: true });
  });
});

function theMark(): (typeof parts)[number] {
  return ['the mark that it is completed', 'update', 'closeout_sessions', reachOut];
}
