import { Temporal } from 'temporal-polyfill';
import type { WallTime } from '../kernel/registry/timer.ts';
import { atLocal } from '../kernel/words/time.ts';

/** A timer of one business, as the worker finds it. */
export interface Due {
  at: WallTime;
  time_zone: string;
  /** False for one whose time nobody has computed yet: it has missed nothing. */
  is_planned: boolean;
  /** The last local date it ran for. */
  last_run_on: string | null;
}

/** What becomes of it: the date it runs for now, if it does, and when it is looked at again. */
export interface Planned {
  run_on: string | undefined;
  next_at: Temporal.Instant;
}

/** The 13th is a Friday every fourteen months at the latest. */
const longestWait_days = 2 * 366;

/**
 * Whether a timer runs now, for which local date, and when it comes next. Of days that were missed the last one is made
 * up for; a date it has run for never comes again, although its hour does when the clocks go back or the time zone
 * changes.
 */
export function planTimer(timer: Due, now: Temporal.Instant): Planned {
  const { at, time_zone, is_planned } = timer;
  const last = timer.last_run_on === null ? undefined : Temporal.PlainDate.from(timer.last_run_on);
  const latest = latestDate(at, time_zone, now);
  const isNew = last === undefined || Temporal.PlainDate.compare(latest, last) > 0;
  const runs = isNew && (is_planned || last !== undefined);
  const since = last !== undefined && !isNew ? last : latest;
  const next = findDate(at, since.add({ days: 1 }), 1);
  return { run_on: runs ? latest.toString() : undefined, next_at: instantOf(next, at, time_zone) };
}

/** The last date on which it was time. */
function latestDate(at: WallTime, timeZone: string, now: Temporal.Instant): Temporal.PlainDate {
  const today = now.toZonedDateTimeISO(timeZone).toPlainDate();
  const found = findDate(at, today, -1);
  const isOver = Temporal.Instant.compare(instantOf(found, at, timeZone), now) <= 0;
  return isOver ? found : findDate(at, found.subtract({ days: 1 }), -1);
}

/** The first date the timer is set to, from a date on, forwards or backwards. */
function findDate(at: WallTime, from: Temporal.PlainDate, step: 1 | -1): Temporal.PlainDate {
  let date = from;
  for (let day = 0; day < longestWait_days; day++) {
    if (isSetTo(at, date)) return date;
    date = date.add({ days: step });
  }
  throw new Error('a timer is set to a day that never comes');
}

function isSetTo({ weekday, day_of_month }: WallTime, date: Temporal.PlainDate): boolean {
  const isWeekday = weekday === undefined || weekday === date.dayOfWeek;
  const isDay = day_of_month === undefined || Math.min(day_of_month, date.daysInMonth) === date.day;
  return isWeekday && isDay;
}

const instantOf = (date: Temporal.PlainDate, { hour, minute }: WallTime, timeZone: string) =>
  atLocal(date.toPlainDateTime({ hour, minute }), timeZone);
