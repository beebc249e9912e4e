import type { Temporal } from 'temporal-polyfill';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { invalid } from '../kernel/words/errors.ts';
import { dayBounds, readDay, weekdays } from '../kernel/words/time.ts';

/** The days a briefing is over: mostly one. */
export interface DaySpan {
  first: Temporal.PlainDate;
  last: Temporal.PlainDate;
  /** Both as they are written. */
  day: string;
  until: string;
  time_zone: string;
}

/** Today when no day is given, and that day alone when no last one is. Throws VALIDATION_ERROR. */
export function spanOf(
  { now, organization }: ReadContext,
  { date, to }: { date?: string | undefined; to?: string | undefined },
): DaySpan {
  const { time_zone } = organization;
  const today = now.toZonedDateTimeISO(time_zone).toPlainDate();
  const first = date === undefined ? today : readDay(date, 'date');
  const last = lastDay(first, to);
  return { first, last, day: first.toString(), until: last.toString(), time_zone };
}

/** More days than these are read in the lists. */
const mostDays = 31;

/** The last day of a briefing over several. Throws VALIDATION_ERROR for one before the first, or too far away. */
function lastDay(first: Temporal.PlainDate, to: string | undefined): Temporal.PlainDate {
  const last = to === undefined ? first : readDay(to, 'to');
  const { days } = first.until(last, { largestUnit: 'days' });
  if (days >= 0 && days < mostDays) return last;
  throw invalid('to', `A briefing is over 1 to ${mostDays} days.`, {
    got: to,
    hint: 'Give the first day as date, and the last one as to.',
  });
}

/** `Wed 2026-11-18`, or the first of several and the last. */
export const saySpan = ({ first, last, day, until }: DaySpan): string =>
  [first, ...(day === until ? [] : [last])].map(date => sayDay(date)).join(' to ');

const sayDay = (date: Temporal.PlainDate): string => `${weekdays[date.dayOfWeek - 1] ?? ''} ${date}`;

/** Where a day begins and ends. */
export function boundsOf(date: Temporal.PlainDate, timeZone: string) {
  const { from, to } = dayBounds(date, timeZone);
  return { from: from.toString(), to: to.toString() };
}
