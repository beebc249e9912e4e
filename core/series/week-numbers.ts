import { Temporal } from 'temporal-polyfill';
import { weekdayNumber } from './recurrence.ts';

/** So many years ahead are looked at: a 53rd week comes every six years at the latest. */
const mostYears = 200;

/**
 * The days of a YEARLY rule with BYWEEKNO, by time; undefined for every other rule. A week belongs to the year that has most
 * of its days, and so does its start: from January 2, 2010, a Saturday in week 53 of 2009, "every six years" are 2015 and
 * 2021. The library counts from 2010.
 */
export function datesByWeekNumber(
  parts: ReadonlyMap<string, string>,
  start: Temporal.PlainDateTime,
): Generator<Temporal.PlainDateTime> | undefined {
  const weeks = parts.get('BYWEEKNO')?.split(',').map(Number);
  const isPlain = ![...parts.keys()].some(name => !understood.has(name));
  if (!weeks || parts.get('FREQ') !== 'YEARLY' || !isPlain) return undefined;
  return bounded(daysOf(parts, start, weeks), parts);
}

const understood = new Set(['FREQ', 'INTERVAL', 'BYWEEKNO', 'BYDAY', 'BYMONTH', 'WKST', 'COUNT', 'UNTIL']);

function* bounded(times: Iterable<Temporal.PlainDateTime>, parts: ReadonlyMap<string, string>) {
  const until = parts.get('UNTIL')?.replace('Z', '');
  let left = Number(parts.get('COUNT') ?? Number.POSITIVE_INFINITY);
  for (const time of times) {
    if (left-- <= 0) return;
    if (until !== undefined && Temporal.PlainDateTime.compare(time, until) > 0) return;
    yield time;
  }
}

function* daysOf(
  parts: ReadonlyMap<string, string>,
  start: Temporal.PlainDateTime,
  weeks: readonly number[],
): Generator<Temporal.PlainDateTime> {
  const firstDay = weekdayNumber(parts.get('WKST') ?? 'MO');
  const days = parts.get('BYDAY')?.split(',').map(weekdayNumber) ?? [start.dayOfWeek];
  const months = parts.get('BYMONTH')?.split(',').map(Number);
  const step = Number(parts.get('INTERVAL') ?? 1);
  const inYear = (year: number) =>
    weeks
      .flatMap(week => datesInWeek({ year, week, firstDay, days }))
      .filter(date => months?.includes(date.month) ?? true)
      .map(date => date.toPlainDateTime(start.toPlainTime()))
      .filter(time => Temporal.PlainDateTime.compare(time, start) >= 0)
      .sort(Temporal.PlainDateTime.compare);
  const own = weekYearOf(start.toPlainDate(), firstDay);
  // Where nothing is left of that year, the years are counted from the one on the calendar.
  const first = inYear(own).length > 0 ? own : start.year;
  for (let year = first; year < first + mostYears; year += step) yield* inYear(year);
}

function datesInWeek({
  year,
  week,
  firstDay,
  days,
}: {
  year: number;
  week: number;
  firstDay: number;
  days: readonly number[];
}): Temporal.PlainDate[] {
  const opens = startOfYear(year, firstDay);
  const inYear = opens.until(startOfYear(year + 1, firstDay)).days / 7;
  const number = week < 0 ? inYear + 1 + week : week;
  if (number < 1 || number > inYear) return [];
  const monday = opens.add({ weeks: number - 1 });
  return days.map(day => monday.add({ days: (day - firstDay + 7) % 7 }));
}

/** The first day of the first week that has at least four days in the year. */
function startOfYear(year: number, firstDay: number): Temporal.PlainDate {
  const fourth = Temporal.PlainDate.from({ year, month: 1, day: 4 });
  return fourth.subtract({ days: (fourth.dayOfWeek - firstDay + 7) % 7 });
}

function weekYearOf(date: Temporal.PlainDate, firstDay: number): number {
  const years = [date.year + 1, date.year, date.year - 1];
  const found = years.find(year => Temporal.PlainDate.compare(date, startOfYear(year, firstDay)) >= 0);
  return found ?? date.year;
}
