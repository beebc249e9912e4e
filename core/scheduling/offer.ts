import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { invalid } from '../kernel/words/errors.ts';
import { day, readDay } from '../kernel/words/time.ts';
import type { PostalCode } from './drive-pairs.ts';
import { type Liking, missesOf } from './liking.ts';
import { listStarts, type OpenStart } from './slots.ts';
import { spread } from './spread.ts';

/** When a customer would like to have a visit, as a caller says it. */
export const wishInput = {
  from: day.optional(),
  to: day.optional(),
  preference: z.enum(['morning', 'afternoon', 'any']).optional(),
  duration_minutes: z.int().min(5).max(1440).optional(),
  near: z.boolean().optional().meta({ description: 'rather when somebody is near' }),
} as const;

export interface TimeWish {
  from?: string | undefined;
  to?: string | undefined;
  preference?: 'morning' | 'afternoon' | 'any' | undefined;
  near?: boolean | undefined;
  /** Only on these days of the week, 1 is Monday. */
  weekdays?: readonly number[];
}

/** Who has to be free, for how long. */
export interface Crew {
  minutes: number;
  /** One of these, or all of them when they go `together`; anybody bookable when left out. */
  technicianIds?: readonly string[];
  together?: boolean;
  /** The visit that is to be moved: it is not in its own way. */
  exceptTicket?: string;
  /** What the customer likes: it orders the offer. */
  liking?: Liking;
  /** Where the visit is to be. */
  postal_code?: PostalCode;
}

/** A time that is offered, and all who are free then, whoever the customer likes best first; `near` says who is near, and where. */
export const offeredSlot = z.object({
  starts_at: z.string(),
  free: z.array(z.string()),
  near: z.string().optional(),
});
type OfferedSlot = z.infer<typeof offeredSlot>;

const mostSlots = 6;
const mostInstead = 4;

/** The best free starts over the wished days, seven when no end is given, three weeks when only some days of the week are wished (SCH-03). At most two months are looked at. */
export async function offerSlots(context: ReadContext, wish: TimeWish, crew: Crew): Promise<OfferedSlot[]> {
  const { time_zone } = context.organization;
  const today = context.now.toZonedDateTimeISO(time_zone).toPlainDate();
  const fromDay = wish.from === undefined ? today : readDay(wish.from, 'from');
  const { weekdays } = wish;
  const toDay = wish.to === undefined ? fromDay.add({ days: weekdays ? 20 : 6 }) : readDay(wish.to, 'to');
  if (Temporal.PlainDate.compare(toDay, fromDay) < 0)
    throw invalid('to', '"to" comes before "from".', { got: wish.to });
  if (fromDay.until(toDay).days > 61) throw invalid('to', 'Look at two months at most.', { got: wish.to });
  const misses = missesOf(crew.liking, wish, time_zone);
  const open = await listOpen(context, crew, { fromDay, toDay, ...(wish.near ? { near: true } : {}) });
  const starts = weekdays ? open.filter(({ start }) => weekdays.includes(weekdayAt(start, time_zone))) : open;
  return spread(starts, { most: mostSlots, misses, timeZone: time_zone }).map(start => describe(start, crew));
}

const weekdayAt = (start: number, timeZone: string): number =>
  Temporal.Instant.fromEpochMilliseconds(start).toZonedDateTimeISO(timeZone).dayOfWeek;

/** The free starts nearest to a time that is taken, of its day and the two weeks after. */
export async function offerInstead(
  context: ReadContext,
  crew: Crew,
  starts: Temporal.Instant,
): Promise<OfferedSlot[]> {
  const fromDay = starts.toZonedDateTimeISO(context.organization.time_zone).toPlainDate();
  const open = await listOpen(context, crew, { fromDay, toDay: fromDay.add({ days: 13 }) });
  const wanted = starts.epochMilliseconds;
  const nearest = [...open].sort((a, b) => Math.abs(a.start - wanted) - Math.abs(b.start - wanted));
  return nearest
    .slice(0, mostInstead)
    .sort((a, b) => a.start - b.start)
    .map(start => describe(start, crew));
}

/** What to do with offered starts; nothing is booked by them. */
export const offerHint = (slots: readonly OfferedSlot[]): string =>
  slots.length > 0
    ? 'Nothing is booked yet: call again with scheduled_at set to one of the slots.'
    : 'No free time there: ask for other days or a shorter duration, or put them on the waitlist with waitlist.create.';

const listOpen = (
  context: ReadContext,
  { minutes, technicianIds, together, exceptTicket, postal_code }: Crew,
  days: { fromDay: Temporal.PlainDate; toDay: Temporal.PlainDate; near?: boolean },
): Promise<OpenStart[]> =>
  listStarts(context, {
    ...days,
    durationMinutes: minutes,
    ...(technicianIds ? { technicianIds } : {}),
    ...(together ? { together } : {}),
    ...(exceptTicket === undefined ? {} : { exceptTicket }),
    ...(postal_code === undefined ? {} : { postal_code }),
  });

function describe({ start, free, near }: OpenStart, { liking }: Crew): OfferedSlot {
  const isLiked = ({ id }: { id: string }) =>
    2 * Number(id === liking?.technician?.id) + Number(id === near?.member_id);
  return {
    ...(near === undefined ? {} : { near: near.words }),
    starts_at: Temporal.Instant.fromEpochMilliseconds(start).toString(),
    free: [...free].sort((a, b) => isLiked(b) - isLiked(a)).map(({ name }) => name),
  };
}
