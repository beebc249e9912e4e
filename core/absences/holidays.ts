import { Temporal } from 'temporal-polyfill';

/** A day on which offices are closed. */
export interface Holiday {
  date: Temporal.PlainDate;
  name: string;
}

/** 1 is Monday. */
const [monday, thursday, saturday, sunday] = [1, 4, 6, 7];

/**
 * The federal holidays of the United States in a year (5 U.S.C. 6103), by date. One that falls on a Saturday is kept on the
 * Friday before, one on a Sunday on the Monday after; the day itself stands there, too, for who works at weekends.
 */
export function federalHolidays(year: number): Holiday[] {
  const on = (month: number, day: number) => new Temporal.PlainDate(year, month, day);
  const days: Holiday[] = [
    { date: on(1, 1), name: 'New Year’s Day' },
    { date: nth(year, 1, monday, 3), name: 'Martin Luther King Jr. Day' },
    { date: nth(year, 2, monday, 3), name: 'Presidents’ Day' },
    { date: last(year, 5, monday), name: 'Memorial Day' },
    { date: on(6, 19), name: 'Juneteenth' },
    { date: on(7, 4), name: 'Independence Day' },
    { date: nth(year, 9, monday, 1), name: 'Labor Day' },
    { date: nth(year, 10, monday, 2), name: 'Columbus Day' },
    { date: on(11, 11), name: 'Veterans Day' },
    { date: nth(year, 11, thursday, 4), name: 'Thanksgiving Day' },
    { date: on(12, 25), name: 'Christmas Day' },
  ];
  return days
    .flatMap(holiday => [holiday, ...keptOn(holiday)])
    .sort((a, b) => Temporal.PlainDate.compare(a.date, b.date));
}

function keptOn({ date, name }: Holiday): Holiday[] {
  const days = date.dayOfWeek === saturday ? -1 : date.dayOfWeek === sunday ? 1 : 0;
  return days === 0 ? [] : [{ date: date.add({ days }), name: `${name} (observed)` }];
}

function nth(year: number, month: number, weekday: number, count: number): Temporal.PlainDate {
  const first = new Temporal.PlainDate(year, month, 1);
  return first.add({ days: ((weekday - first.dayOfWeek + 7) % 7) + 7 * (count - 1) });
}

function last(year: number, month: number, weekday: number): Temporal.PlainDate {
  const end = new Temporal.PlainDate(year, month, 1).add({ months: 1 }).subtract({ days: 1 });
  return end.subtract({ days: (end.dayOfWeek - weekday + 7) % 7 });
}
