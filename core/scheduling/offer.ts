import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { DeskhandError, invalid } from '../kernel/words/errors.ts';
import { day, dayBounds, readDay } from '../kernel/words/time.ts';
import { findSlots, nextFreeTimes, type Slot } from './slots.ts';

/** When a customer would like to have a visit, as a caller says it. */
export const wishInput = {
  from: day.optional(),
  to: day.optional(),
  preference: z.enum(['morning', 'afternoon', 'any']).optional(),
  duration_minutes: z.int().min(5).max(1440).optional(),
} as const;

export interface TimeWish {
  from?: string | undefined;
  to?: string | undefined;
  preference?: 'morning' | 'afternoon' | 'any' | undefined;
}

/** Who has to be free, for how long. */
export interface Crew {
  minutes: number;
  /** One of these, or all of them when they go `together`; anybody bookable when left out. */
  technicianIds?: readonly string[];
  together?: boolean;
  /** The visit that is to be moved: it is not in its own way. */
  exceptTicket?: string;
}

export const offeredSlot = z.object({ technician: z.string(), starts_at: z.string() });
type OfferedSlot = z.infer<typeof offeredSlot>;

const mostSlots = 5;

/** The best free starts within the wished days, seven when no end is given (SCH-03). At most two months are looked at. */
export async function offerSlots(context: ReadContext, wish: TimeWish, crew: Crew): Promise<OfferedSlot[]> {
  const today = context.now.toZonedDateTimeISO(context.organization.time_zone).toPlainDate();
  const fromDay = wish.from === undefined ? today : readDay(wish.from, 'from');
  const toDay = wish.to === undefined ? fromDay.add({ days: 6 }) : readDay(wish.to, 'to');
  if (Temporal.PlainDate.compare(toDay, fromDay) < 0)
    throw invalid('to', '"to" comes before "from".', { got: wish.to });
  if (fromDay.until(toDay).days > 61) throw invalid('to', 'Look at two months at most.', { got: wish.to });
  return findOffers(context, wish, crew, { fromDay, toDay });
}

/** The next free starts when a time is taken. Throws CONFLICT when there are none within two weeks. */
export async function offerInstead(
  context: ReadContext,
  wish: TimeWish,
  crew: Crew,
  starts: Temporal.Instant,
): Promise<OfferedSlot[]> {
  const fromDay = starts.toZonedDateTimeISO(context.organization.time_zone).toPlainDate();
  const slots = await findOffers(context, wish, crew, { fromDay, toDay: fromDay.add({ days: 13 }) });
  if (slots.length > 0) return slots;
  throw new DeskhandError('CONFLICT', 'Nobody is free then, nor in the two weeks after.', {
    field: 'scheduled_at',
    hint: 'Ask availability for later days, or check business hours and bookable members.',
  });
}

/** What to do with offered starts; nothing is booked by them. */
export const offerHint = (slots: readonly OfferedSlot[]): string =>
  slots.length > 0
    ? 'Nothing is booked yet: call again with scheduled_at set to one of the slots.'
    : 'No free time there: ask for other days or a shorter duration.';

async function findOffers(
  context: ReadContext,
  wish: TimeWish,
  { minutes, technicianIds, together, exceptTicket }: Crew,
  { fromDay, toDay }: { fromDay: Temporal.PlainDate; toDay: Temporal.PlainDate },
): Promise<OfferedSlot[]> {
  const except = exceptTicket === undefined ? {} : { exceptTicket };
  if (together && technicianIds && technicianIds.length > 1) {
    const { time_zone } = context.organization;
    const from = dayBounds(fromDay, time_zone).from.toString();
    const until = dayBounds(toDay, time_zone).to.epochMilliseconds;
    const crew = { technicianIds, from, durationMinutes: minutes, most: mostSlots, ...except };
    return (await nextFreeTimes(context, crew))
      .filter(({ starts_at }) => Date.parse(starts_at) < until)
      .map(({ technician, starts_at }) => ({ technician, starts_at }));
  }
  const slots = await findSlots(context, {
    fromDay,
    toDay,
    durationMinutes: minutes,
    most: 200,
    preference: wish.preference ?? 'any',
    ...(technicianIds ? { technicianIds } : {}),
    ...except,
  });
  return distinct(slots);
}

/** The best starts, each once: a customer chooses a time, not a technician. */
function distinct(slots: readonly Slot[]): OfferedSlot[] {
  const byStart = new Map<string, string>();
  for (const { technician, starts_at } of slots)
    if (!byStart.has(starts_at)) byStart.set(starts_at, technician);
  return [...byStart].slice(0, mostSlots).map(([starts_at, technician]) => ({ technician, starts_at }));
}
