import { type Contact, preferences as known } from '../contacts/record.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { quote } from '../kernel/words/quote.ts';
import { weekdays } from '../kernel/words/time.ts';
import { bookableMembers } from '../members/bookable.ts';
import { localDays } from './local-day.ts';
import type { OpenStart } from './slots.ts';

/** What a customer likes, as it was written down (CON-04), and who that is. */
export interface Liking {
  time_of_day?: 'morning' | 'afternoon' | undefined;
  /** 1 is Monday. */
  days: readonly number[];
  technician?: { id: string; name: string };
  /** `mornings, Tue or Thu, with Tess`; undefined when nothing is known. */
  words?: string;
}

/** The preferences of a customer as an offer needs them. A technician who takes no visits any more is liked in vain. */
export async function likingOf(context: ReadContext, { preferences }: Contact): Promise<Liking> {
  const { time_of_day, days = [], technician_id, note } = known.safeParse(preferences).data ?? {};
  const technician =
    technician_id === undefined
      ? undefined
      : (await bookableMembers(context)).find(({ id }) => id === technician_id);
  const wanted = weekdays.filter(name => days.some(written => written === name.toLowerCase()));
  const half = time_of_day === 'any' ? undefined : time_of_day;
  const words = [
    half && `${half}s`,
    wanted.join(' or '),
    technician && `with ${technician.name}`,
    note && quote(note),
  ].filter(Boolean);
  return {
    time_of_day: half,
    days: wanted.map(name => weekdays.indexOf(name) + 1),
    ...(technician ? { technician: { id: technician.id, name: technician.name } } : {}),
    ...(words.length > 0 ? { words: words.join(', ') } : {}),
  };
}

/**
 * How much of what is liked a start misses. The half of the day that was asked for counts more than all that is written
 * down of the customer, and stands in for the half they like.
 */
export function missesOf(
  liking: Liking | undefined,
  asked: 'morning' | 'afternoon' | 'any' | undefined,
  timeZone: string,
): (entry: OpenStart) => number {
  const half = asked === undefined ? liking?.time_of_day : asked;
  const weight = asked === undefined ? 1 : mostMissed;
  const dayOf = localDays(timeZone);
  return ({ start, free }) => {
    const { noon, weekday } = dayOf(start);
    const isOtherHalf = half !== undefined && half !== 'any' && start < noon !== (half === 'morning');
    const isOtherDay = liking !== undefined && liking.days.length > 0 && !liking.days.includes(weekday);
    const wanted = liking?.technician?.id;
    const isWithout = wanted !== undefined && !free.some(({ id }) => id === wanted);
    return (isOtherHalf ? weight : 0) + Number(isOtherDay) + Number(isWithout);
  };
}

/** More than days and technician together. */
const mostMissed = 3;
