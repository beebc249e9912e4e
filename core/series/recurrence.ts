import { RRuleTemporal } from 'rrule-temporal';
import { Temporal } from 'temporal-polyfill';
import { atLocal } from '../kernel/words/time.ts';
import { datesByWeekNumber } from './week-numbers.ts';

/** When something that comes again comes, on the wall clock: nothing here knows a time zone but `UNTIL=…Z`. */
export interface Recurrence {
  /** An RFC 5545 rule without its `RRULE:`, such as `FREQ=WEEKLY;INTERVAL=6`. */
  rule: string;
  /** The first moment that can be one, as the clock on the wall shows it. */
  start: Temporal.PlainDateTime;
  /** An UNTIL in UTC is read on the clocks of this zone; as it stands when left out. */
  time_zone?: string;
  /** It comes on days, at no time of theirs: what the rule says of hours and minutes means nothing. */
  is_day?: true;
}

interface Window {
  from?: Temporal.PlainDateTime;
  /** The last moment that still counts. */
  to?: Temporal.PlainDateTime;
  most: number;
}

/**
 * The wall-clock times of a recurrence, by time, at most so many (SCH-04). The library counts them in a zone without clock
 * changes, so that 09:00 stays 09:00 and no visit is left out in the night of a change (decision 16; RFC 5545 would); the
 * caller makes instants of them. Throws an Error for what is no rule. Four things the library reads otherwise than the
 * reference cases are put right on the way (`test/series/recurrence.test.ts`):
 *
 * - an UNTIL without `Z`, which RFC 5545 asks for where the start is a local time, is refused by it;
 * - of BYYEARDAY with BYDAY it takes every day of the weeks; both have to hold;
 * - a week whose Thursday lies in another year it counts with the wrong year (`week-numbers.ts`);
 * - a YEARLY rule with BYMONTHDAY and no month comes every month; who says "yearly, on the 29th" means once a year.
 */
export function wallTimesOf(recurrence: Recurrence, { from, to, most }: Window): Temporal.PlainDateTime[] {
  const parts = rulePartsOf(recurrence.rule);
  readUntil(parts, recurrence);
  if (recurrence.is_day) for (const name of clockParts) parts.delete(name);
  if (isYearlyByDay(parts)) parts.set('BYMONTH', String(recurrence.start.month));
  const days = weekdaysBeside(parts);
  const isIn = (time: Temporal.PlainDateTime) =>
    (days === undefined || days.includes(time.dayOfWeek)) &&
    (from === undefined || Temporal.PlainDateTime.compare(time, from) >= 0);
  const found: Temporal.PlainDateTime[] = [];
  const take: Taker = time => {
    if (to !== undefined && Temporal.PlainDateTime.compare(time, to) > 0) return false;
    if (isIn(time)) found.push(time);
    return found.length < most;
  };
  const byWeek = datesByWeekNumber(parts, recurrence.start);
  if (byWeek) {
    for (const time of byWeek) if (!take(time)) break;
  } else fromLibrary(parts, recurrence.start, days === undefined ? from : undefined, take);
  return found;
}

/** Gets one time after the other; false when no more are wanted. */
type Taker = (time: Temporal.PlainDateTime) => boolean;

/** What a rule says of the time of day. */
export const clockParts = ['BYHOUR', 'BYMINUTE', 'BYSECOND'] as const;

/** The first moment at which a clock of the zone shows each wall-clock time; after a gap when it never does. */
export const instantsOf = (times: readonly Temporal.PlainDateTime[], timeZone: string): Temporal.Instant[] =>
  times.map(time => atLocal(time, timeZone));

/** The parts of a rule by name, upper-cased. Throws an Error for what is no list of `NAME=value`. */
export function rulePartsOf(rule: string): Map<string, string> {
  const text = rule
    .trim()
    .toUpperCase()
    .replace(/^RRULE:/, '')
    .replace(/;$/, '');
  const parts = new Map<string, string>();
  for (const part of text.split(';')) {
    const [name = '', value = '', ...more] = part.split('=');
    if (!/^[A-Z]+$/.test(name) || value === '' || more.length > 0 || parts.has(name))
      throw new Error(`${part} is no part of a rule`);
    parts.set(name, value);
  }
  return parts;
}

/** The rule its parts make, FREQ first. */
export const ruleOf = (parts: ReadonlyMap<string, string>): string =>
  [...parts]
    .sort(([a], [b]) => Number(b === 'FREQ') - Number(a === 'FREQ'))
    .map(([name, value]) => `${name}=${value}`)
    .join(';');

/** From the first time there is, or from `from` on where the rule does not count them. */
function fromLibrary(
  parts: ReadonlyMap<string, string>,
  start: Temporal.PlainDateTime,
  from: Temporal.PlainDateTime | undefined,
  take: Taker,
): void {
  const rule = new RRuleTemporal({
    rruleString: `RRULE:${ruleOf(parts)}`,
    dtstart: start.toZonedDateTime('UTC'),
    tzid: 'UTC',
    temporal: { ZonedDateTime: Temporal.ZonedDateTime },
  });
  if (parts.has('COUNT') || from === undefined) {
    // It goes through all the times of a rule, so it is told to stop where nobody wants more.
    rule.all((time, index) => take(time.toPlainDateTime()) && index < mostLooked);
    return;
  }
  // One nanosecond earlier: what comes at that moment belongs to it.
  let next = rule.next(from.subtract({ nanoseconds: 1 }).toZonedDateTime('UTC'));
  while (next && take(next.toPlainDateTime())) next = rule.next(next);
}

/** More times than a rule of a business has in its life; one without an end is looked at so far. */
const mostLooked = 5000;

/** `20270321T125959Z` becomes the time a clock of the zone shows then; the library wants a Z in any case. */
function readUntil(parts: Map<string, string>, { time_zone, start }: Recurrence): void {
  const until = parts.get('UNTIL');
  if (until === undefined) return;
  const local = localUntil(until, time_zone, start);
  parts.set('UNTIL', `${local.toString({ smallestUnit: 'second' }).replace(/[-:]/g, '')}Z`);
}

function localUntil(until: string, timeZone: string | undefined, start: Temporal.PlainDateTime) {
  const written = /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z?))?$/.exec(until);
  if (!written) throw new Error(`${until} is no end`);
  const [, year, month, day, hour, minute, second, zulu] = written;
  const date = `${year}-${month}-${day}`;
  // A day alone is the whole of it.
  if (hour === undefined) return Temporal.PlainDate.from(date).toPlainDateTime(start.toPlainTime());
  const time = `${date}T${hour}:${minute}:${second}`;
  if (zulu === '' || timeZone === undefined) return Temporal.PlainDateTime.from(time);
  return Temporal.Instant.from(`${time}Z`).toZonedDateTimeISO(timeZone).toPlainDateTime();
}

const isYearlyByDay = (parts: ReadonlyMap<string, string>): boolean =>
  parts.get('FREQ') === 'YEARLY' &&
  parts.has('BYMONTHDAY') &&
  !['BYMONTH', 'BYDAY', 'BYYEARDAY', 'BYWEEKNO'].some(name => parts.has(name));

/** The plain weekdays of a rule that also counts the days of the year. */
function weekdaysBeside(parts: ReadonlyMap<string, string>): number[] | undefined {
  const days = parts.get('BYDAY')?.split(',');
  if (!days || !parts.has('BYYEARDAY')) return undefined;
  return days.every(day => day in weekdayNumbers) ? days.map(weekdayNumber) : undefined;
}

/** By the two letters of RFC 5545; 1 is Monday. */
export const weekdayNumbers: Readonly<Record<string, number>> = {
  MO: 1,
  TU: 2,
  WE: 3,
  TH: 4,
  FR: 5,
  SA: 6,
  SU: 7,
};

export function weekdayNumber(letters: string): number {
  const number = weekdayNumbers[letters];
  if (number === undefined) throw new Error(`${letters} is no day of the week`);
  return number;
}
