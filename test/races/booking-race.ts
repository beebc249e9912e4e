import { expect } from 'vitest';
import { z } from 'zod';
import { type ActionAnswer, callAction, inFlight } from '../support/call-action.ts';
import type { TwoServers } from '../support/two-servers.ts';

/** A stretch of one technician's time for which many attempts compete: each of them contains the moment `core`. */
export interface Slot {
  technician: string;
  core: Date;
}

export interface Attempt {
  slot: Slot;
  scheduled_at: string;
  duration_minutes: number;
}

const minute = 60_000;
const day = 1440 * minute;
/** How long before the slot's moment an attempt starts, in minutes, and how long it takes. */
const offsets = [0, 10, 25, 40, 55];
const durations = [60, 75, 90];

/** Adds people who take visits to Bright Panes; answers their ids. */
export function addTechnicians({ office }: TwoServers, names: readonly string[]): Promise<string[]> {
  return inFlight(1, names, async name => {
    const email = `${name.toLowerCase()}@brightpanes.example`;
    return String(
      (await office.done(office.bright.owner, 'member.create', { name, email, role: 'technician' })).id,
    );
  });
}

/** One slot on each of so many days from next month on, for each technician. Slots never touch each other. */
export function planSlots(technicians: readonly string[], days: number): Slot[] {
  const first = Math.ceil(Date.now() / day) * day + 30 * day + 16 * 60 * minute;
  return Array.from({ length: days }, (_, n) =>
    technicians.map(technician => ({ technician, core: new Date(first + n * day) })),
  ).flat();
}

/**
 * So many attempts at each slot, in waves of one day: all attempts at the slots of a day are in flight together, so
 * that each is fought for while it is still free. Their periods begin and end at different times and all overlap.
 */
export function planAttempts(slots: readonly Slot[], wave: number, perSlot: number): Attempt[] {
  const waves = Array.from({ length: slots.length / wave }, (_, n) => slots.slice(n * wave, (n + 1) * wave));
  return waves.flatMap(together =>
    Array.from({ length: perSlot }, (_, n) => together.map(slot => planAttempt(slot, n))).flat(),
  );
}

function planAttempt(slot: Slot, n: number): Attempt {
  const before = offsets[n % offsets.length] ?? 0;
  return {
    slot,
    scheduled_at: new Date(slot.core.getTime() - before * minute).toISOString(),
    duration_minutes: durations[n % durations.length] ?? 60,
  };
}

/** Makes all attempts over both servers, 64 at a time. Answers what each attempt got. */
export function raceForSlots(
  { servers, keys }: TwoServers,
  contactId: string,
  attempts: readonly Attempt[],
): Promise<{ attempt: Attempt; answer: ActionAnswer }[]> {
  return inFlight(64, attempts, async (attempt, n) => {
    const server = servers[n % 2 === 0 ? 0 : 1];
    const answer = await callAction(server.baseUrl, keys[n % keys.length] ?? '', {
      action: 'ticket.create',
      data: {
        contact_id: contactId,
        scheduled_at: attempt.scheduled_at,
        duration_minutes: attempt.duration_minutes,
        technician_ids: [attempt.slot.technician],
      },
    });
    return { attempt, answer };
  });
}

const lost = z.object({
  status: z.literal(409),
  error: z.object({
    code: z.literal('CONFLICT'),
    conflicting_ticket: z.string(),
    next_free: z.array(z.object({ technician: z.string(), starts_at: z.iso.datetime() })).length(3),
  }),
});

/** One winner for each slot; everybody else was told which ticket is in the way and three free times. */
export function expectOneWinnerEach(
  slots: readonly Slot[],
  results: readonly { attempt: Attempt; answer: ActionAnswer }[],
): void {
  const winners = new Map<Slot, unknown>();
  const losers: { slot: Slot; answer: ActionAnswer }[] = [];
  for (const { attempt, answer } of results) {
    if (answer.status !== 200) losers.push({ slot: attempt.slot, answer });
    else if (!winners.has(attempt.slot)) winners.set(attempt.slot, answer.data?.reference);
    else expect.fail(`a second ticket for one slot: ${JSON.stringify(answer.data)}`);
  }
  for (const { slot, answer } of losers) {
    const { data } = lost.safeParse(answer);
    if (data?.error.conflicting_ticket !== winners.get(slot)) {
      expect.fail(
        `who came too late for ${winners.get(slot)} got ${answer.status} ${JSON.stringify(answer)}`,
      );
    }
  }
  expect(new Set(winners.values()).size).toBe(slots.length);
  expect(losers).toHaveLength(results.length - slots.length);
}

const counted = z.object({ visits: z.number(), gaps: z.number(), doubled: z.number(), at_once: z.number() });

/**
 * What the database holds: the visits of some technicians, the gaps in the numbers of all visits, pairs of visits at the
 * same time by the same technician, and by any of them (which there must be, or nothing was raced).
 */
export async function countBooked({ office }: TwoServers, technicians: readonly string[]) {
  const { rows } = await office.database.owner.query(
    `
    with theirs as (
      select id, ticket_id, technician_id, period
      from ticket_technicians
      where organization_id = $1
        and technician_id = any ($2::uuid[])
        and is_active
    ), numbers as (
      select substring(reference from 3)::int as number
      from tickets
      where organization_id = $1
    )
    select
      (select count(distinct ticket_id)::int from theirs) as visits,
      (select (max(number) - min(number) + 1 - count(*))::int from numbers) as gaps,
      count(*) filter (where a.technician_id = b.technician_id)::int as doubled,
      count(*)::int as at_once
    from theirs as a
    join theirs as b on b.id > a.id and b.period && a.period`,
    [office.bright.id, technicians],
  );
  return counted.parse(rows[0]);
}
