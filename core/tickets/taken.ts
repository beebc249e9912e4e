import type { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import { quoteStart } from '../kernel/words/quote.ts';
import { localTime } from '../kernel/words/time.ts';
import { bookableMembers } from '../members/bookable.ts';
import { type Crew, offerInstead } from '../scheduling/offer.ts';
import { whyNotThere } from '../scheduling/presence.ts';
import type { Period } from './assignment.ts';
import { listOverlaps } from './booking-queries.ts';
import { notTold } from './tell-customer.ts';

/** Why a time is taken, and for whom it is not, as an answer says it. */
export const takenAnswer = {
  /** `Theo is on T-2001 «Jane Smith» from 09:00 to 13:00`, one for each who is busy. */
  busy: z.array(z.string()).optional(),
  /** The names of those who are free then. */
  free_then: z.array(z.string()).optional(),
} as const;

/** Who goes to a visit that was booked or moved, and how the customer was told of it, as an answer says it. */
export const settledAnswer = {
  /** `Tess, Theo`, or `nobody yet`. */
  who_goes: z.string().optional(),
  /** `mailed to jane@example.com`, or why not and what to do. */
  customer_told: z.string().optional(),
} as const;

/** Says it of what booking answered. */
export function sayWhoGoes(visit: Record<string, unknown>) {
  const { technicians, customer_told } = settled.parse(visit);
  return {
    who_goes: technicians.map(({ name }) => name).join(', ') || 'nobody yet',
    customer_told: customer_told ?? notTold,
  };
}

const settled = z.object({
  technicians: z.array(z.object({ name: z.string() })),
  customer_told: z.string().optional(),
});

interface Taken {
  busy: string[];
  free_then: string[];
}

/** More than an answer needs of a large crew. */
const mostNamed = 8;

/** Who is busy in a period with which visit, those that were wanted alone when some were; and who is free. */
async function explainTaken(
  context: ReadContext,
  {
    period,
    wanted,
    exceptTicket,
  }: { period: Period; wanted?: readonly string[] | undefined; exceptTicket?: string | undefined },
): Promise<Taken> {
  const everybody = await bookableMembers(context);
  const ids = everybody.map(({ id }) => id);
  const [overlaps, hindrances] = await Promise.all([
    listOverlaps(context, ids, period, exceptTicket),
    whyNotThere(context, { members: everybody, stay: period, exceptTicket }),
  ]);
  const isAsked = (id: string | null) => id === null || (wanted?.includes(id) ?? true);
  const busy = [
    ...hindrances.filter(({ member_id }) => isAsked(member_id)).map(({ words }) => words),
    ...overlaps
      .filter(({ technician_id }) => isAsked(technician_id))
      .map(other => sayBusy(context, other, period)),
  ];
  return {
    busy: [
      ...busy.slice(0, mostNamed),
      ...(busy.length > mostNamed ? [`and ${busy.length - mostNamed} more`] : []),
    ],
    free_then: everybody
      .filter(({ id }) => !overlaps.some(({ technician_id }) => technician_id === id))
      .filter(({ id }) => !hindrances.some(({ member_id }) => member_id === null || member_id === id))
      .slice(0, mostNamed)
      .map(({ name }) => name),
  };
}

/** With the day only where it is another one than that of the period. */
function sayBusy(
  context: ReadContext,
  other: { technician: string; reference: string; customer: string; scheduled_at: string; ends_at: string },
  period: Period,
): string {
  const { time_zone } = context.organization;
  const day = localTime(period.from, time_zone).slice(0, 14);
  const say = (moment: string) => localTime(moment, time_zone).slice(0, 20).replace(`${day} `, '');
  return `${other.technician} is on ${other.reference} ${quoteStart(other.customer, 60)} from ${say(other.scheduled_at)} to ${say(other.ends_at)}`;
}

/**
 * What a caller is told instead of a booking: who is busy with what, who is not, and the nearest free times of those who
 * were wanted. Throws CONFLICT, saying the same, when there are none in the two weeks after.
 */
export async function answerTaken(
  context: ReadContext,
  { crew, starts, wanted }: { crew: Crew; starts: Temporal.Instant; wanted: readonly string[] | undefined },
) {
  const ends = starts.add({ minutes: crew.minutes });
  const period = { from: starts.toString(), to: ends.toString(), postal_code: crew.postal_code };
  const [slots, taken] = await Promise.all([
    offerInstead(context, crew, starts),
    explainTaken(context, { period, wanted, exceptTicket: crew.exceptTicket }),
  ]);
  const who = wanted === undefined ? undefined : await namesOf(context, wanted);
  const others = taken.free_then.length > 0 ? `; ${taken.free_then.join(', ')} could go then` : '';
  if (slots.length > 0) return { ...taken, slots, hint: takenHint(taken, who) };
  throw new DeskhandError(
    'CONFLICT',
    `${who ?? 'Nobody'} is ${who === undefined ? 'free' : 'busy'} then, and there is no free time in the two weeks after${others}.`,
    {
      field: 'scheduled_at',
      ...taken,
      hint: 'Ask availability for later days, or check business hours and bookable members.',
    },
  );
}

const namesOf = async (context: ReadContext, ids: readonly string[]): Promise<string> =>
  (await bookableMembers(context))
    .filter(({ id }) => ids.includes(id))
    .map(({ name }) => name)
    .join(', ');

/** What to do about a time that is taken; nothing is booked then. */
function takenHint({ free_then }: Taken, wanted: string | undefined): string {
  if (wanted === undefined)
    return 'Nothing is booked: nobody is free then. The slots are the nearest free times.';
  const others =
    free_then.length > 0
      ? 'free_then says who else could go at that time (set technician_id)'
      : 'nobody else is free then either';
  return `Nothing is booked: ${wanted} is busy then. The slots are the nearest times ${wanted} is free; ${others}.`;
}

/** What a booking at a taken time is when it is only previewed; undefined for what books, or only asks for times. */
export const refusalOfTaken = (answer: Record<string, unknown>) =>
  answer.busy === undefined
    ? undefined
    : ({ code: 'CONFLICT', message: 'This would book nothing: the time is taken.' } as const);
