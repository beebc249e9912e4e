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

/** What was asked for, whatever the customer likes. */
export interface Order {
  preference?: 'morning' | 'afternoon' | 'any' | undefined;
  /** Days on which somebody is near. */
  near?: boolean | undefined;
}

/**
 * How much of what is liked a start misses. The half of the day that was asked for counts more than all that is written
 * down of the customer, and stands in for the half they like; that somebody is near, where it was asked for, as much as two
 * of the things they like.
 */
export function missesOf(
  liking: Liking | undefined,
  { preference: asked, near: isNear }: Order,
  timeZone: string,
): (entry: OpenStart) => number {
  const half = asked === undefined ? liking?.time_of_day : asked;
  const weight = asked === undefined ? 1 : mostMissed;
  const dayOf = localDays(timeZone);
  return ({ start, free, near }) => {
    const { noon, weekday } = dayOf(start);
    const isOtherHalf = half !== undefined && half !== 'any' && start < noon !== (half === 'morning');
    const isOtherDay = liking !== undefined && liking.days.length > 0 && !liking.days.includes(weekday);
    const wanted = liking?.technician?.id;
    const isWithout = wanted !== undefined && !free.some(({ id }) => id === wanted);
    const isFar = isNear === true && near === undefined;
    return (isOtherHalf ? weight : 0) + (isFar ? farMissed : 0) + Number(isOtherDay) + Number(isWithout);
  };
}

/** More than days, technician and neighbourhood together. */
const mostMissed = 5;
const farMissed = 2;

/** How a customer’s preferences ordered some starts, as an answer says it: `Ordered by what … likes: mornings, with Tess.` */
export function sayOrder(name: string, { words }: Liking, { preference, near }: Order): string | undefined {
  const asked = [
    preference !== undefined && preference !== 'any' && `${preference}s, as you asked`,
    near === true && 'days when somebody is near',
  ].filter(Boolean);
  if (words === undefined && near !== true) return undefined;
  const likes = words === undefined ? [] : [`what ${name} likes (${words})`];
  return `Ordered by ${[...asked, ...likes].join(', then ')}; what fits less comes after what fits.`;
}
