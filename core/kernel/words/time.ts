import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { invalid } from './errors.ts';
import { quoteStart } from './quote.ts';

/**
 * A moment as people and agents write it: `2026-11-23 09:00` and `2026-11-23T09:00` are read in the business time
 * zone, `…Z` and `…-06:00` as they stand. Kept as text in the input; `readMoment` turns it into an instant.
 */
export const moment = z
  .string()
  .regex(
    /^((Mon|Tue|Wed|Thu|Fri|Sat|Sun) )?\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?( ?(Z|[+-]\d{2}:?\d{2}))?$/,
    'write it as 2026-11-23T09:00 (business time zone) or with an offset',
  )
  .meta({ description: 'local time, 2026-11-23T09:00' });

/** A calendar day, `2026-11-23`. */
export const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'write it as 2026-11-23');

/** A moment, or a day alone: what that means, whoever reads it says. */
export const momentOrDay = z
  .string()
  .regex(
    /^((Mon|Tue|Wed|Thu|Fri|Sat|Sun) )?\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?( ?(Z|[+-]\d{2}:?\d{2}))?)?$/,
    'write it as 2026-11-23T09:00 (business time zone), or as 2026-11-23 for the whole day',
  )
  .meta({ description: 'local time, 2026-11-23T09:00, or a day, 2026-11-23' });

const shift = /^([+-]) ?(\d{1,4}) ?(minute|hour|day|week|month)s?$/;

/** Where something is moved to: a moment, a day alone for the same time of that day, or so much later: `+1 day`. */
export const newMoment = z
  .string()
  .max(60)
  .refine(text => shift.test(text) || momentOrDay.safeParse(text).success, {
    message: 'write it as 2026-11-23T09:00, as 2026-11-23 for the same time, or as +1 day',
  })
  .meta({ description: 'local time, 2026-11-23T09:00; a day alone keeps the time; or +1 day, -2 hours' });

/**
 * A new moment as `readMoment` reads it, of what began at `from`. On the wall clock: a day later is at the same time, however
 * long that day is (decision 16). Throws VALIDATION_ERROR for a day that does not exist.
 */
export function movedFrom(from: string, text: string, timeZone: string, field: string): string {
  const began = Temporal.Instant.from(from).toZonedDateTimeISO(timeZone);
  const [, sign, amount, unit] = shift.exec(text) ?? [];
  if (unit !== undefined) {
    const way = { [`${unit}s`]: sign === '-' ? -Number(amount) : Number(amount) };
    return began.add(way).toInstant().toString();
  }
  const alone = readDayAlone(text, field);
  return alone === undefined
    ? text
    : atLocal(alone.toPlainDateTime(began.toPlainTime()), timeZone).toString();
}

/** The day a text names without a time; undefined for a moment. Throws VALIDATION_ERROR as `readMoment` does. */
export function readDayAlone(text: string, field: string): Temporal.PlainDate | undefined {
  const written = text.replace(/^[A-Z][a-z]{2} /, '');
  if (written.length > 10) return undefined;
  const date = readDay(written, field);
  requireWeekday(text, written, field);
  return date;
}

/** The instant of a moment. A local time the clocks skip becomes the first instant after the gap; one that occurs
 * twice means the first (decision 16). Throws VALIDATION_ERROR for a day that does not exist, or is another weekday. */
export function readMoment(text: string, timeZone: string, field: string): Temporal.Instant {
  // Our own answers ("Mon 2026-11-23 09:00 -06:00") can be handed back as they are.
  const written = text
    .replace(/^[A-Z][a-z]{2} /, '')
    .replace(/^([\d-]+) /, '$1T')
    .replace(' ', '');
  const instant = parseMoment(written, timeZone);
  if (!instant || !isKeepable(instant)) {
    throw invalid(field, `${quoteStart(text, 80)} is not a moment that exists.`, {
      got: text,
      hint: `Write it as 2026-11-23T09:00; it is read in ${timeZone}.`,
    });
  }
  requireWeekday(text, written.slice(0, 10), field);
  return instant;
}

// The database reads the years 1 to 9999 only, whatever zone a moment is written in.
const isKeepable = ({ epochMilliseconds }: Temporal.Instant) =>
  epochMilliseconds > Date.parse('0001-01-02T00:00:00Z') &&
  epochMilliseconds < Date.parse('9999-12-31T00:00:00Z');

function parseMoment(written: string, timeZone: string): Temporal.Instant | undefined {
  try {
    if (/(Z|[+-]\d{2}:?\d{2})$/.test(written)) return Temporal.Instant.from(written);
    return atLocal(Temporal.PlainDateTime.from(written), timeZone);
  } catch {
    return undefined;
  }
}

// "Mon 2026-11-24" means one day or the other; guessing would send somebody on the wrong one.
function requireWeekday(text: string, date: string, field: string): void {
  const said = weekdays.find(name => text.startsWith(name));
  if (said === undefined) return;
  const is = weekdays[Temporal.PlainDate.from(date).dayOfWeek - 1];
  if (is !== said) throw invalid(field, `${date} is a ${is}, not a ${said}.`, { got: text });
}

/** The instant at which the clock on the wall shows a local time. */
export function atLocal(local: Temporal.PlainDateTime, timeZone: string): Temporal.Instant {
  const zoned = local.toZonedDateTime(timeZone, { disambiguation: 'compatible' });
  if (zoned.toPlainDateTime().equals(local)) return zoned.toInstant();
  const before = local.toZonedDateTime(timeZone, { disambiguation: 'earlier' });
  return (before.getTimeZoneTransition('next') ?? zoned).toInstant();
}

/** Throws VALIDATION_ERROR for a day that does not exist, such as 2026-02-30. */
export function readDay(text: string, field: string): Temporal.PlainDate {
  const date = parseDay(text);
  // The next day must be one the database reads, too.
  if (date && date.year >= 1 && date.year <= 9998) return date;
  throw invalid(field, `${quoteStart(text, 80)} is not a day that exists.`, {
    got: text,
    hint: 'Write it as 2026-11-23.',
  });
}

function parseDay(text: string): Temporal.PlainDate | undefined {
  try {
    return Temporal.PlainDate.from(text);
  } catch {
    return undefined;
  }
}

/** Start and end of a business day as instants: 23, 24 or 25 hours apart. */
export function dayBounds(
  date: Temporal.PlainDate,
  timeZone: string,
): { from: Temporal.Instant; to: Temporal.Instant } {
  return {
    from: date.toZonedDateTime(timeZone).toInstant(),
    to: date.add({ days: 1 }).toZonedDateTime(timeZone).toInstant(),
  };
}

/** `Mon 2026-11-23 09:00 -06:00`: what an agent or a person reads (PLT-33). */
export function localTime(instant: string | Temporal.Instant, timeZone: string): string {
  const zoned = toInstant(instant).toZonedDateTimeISO(timeZone);
  const weekday = weekdays[zoned.dayOfWeek - 1] ?? '';
  const clock = zoned.toPlainTime().toString({ smallestUnit: 'minute' });
  return `${weekday} ${zoned.toPlainDate().toString()} ${clock} ${zoned.offset}`;
}

export const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;

export function toInstant(value: string | Temporal.Instant): Temporal.Instant {
  return typeof value === 'string' ? Temporal.Instant.from(value) : value;
}

export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

const local = new WeakMap<Temporal.Instant, Map<string, Temporal.ZonedDateTime>>();

/** A moment in a time zone. Remembered as long as the moment is: a call asks for its own again and again. */
export function inZone(moment: Temporal.Instant, timeZone: string): Temporal.ZonedDateTime {
  const known = local.get(moment) ?? new Map<string, Temporal.ZonedDateTime>();
  const there = known.get(timeZone) ?? moment.toZonedDateTimeISO(timeZone);
  local.set(moment, known.set(timeZone, there));
  return there;
}

/** The day it is for a business. */
export const todayOf = ({
  now,
  organization,
}: {
  now: Temporal.Instant;
  organization: { time_zone: string };
}): Temporal.PlainDate => inZone(now, organization.time_zone).toPlainDate();
