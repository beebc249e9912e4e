import { Temporal } from 'temporal-polyfill';
import { type BusinessHours, businessHours } from '../kernel/pipeline/context.ts';
import { atLocal, weekdays } from '../kernel/words/time.ts';

/** A stretch of time in epoch milliseconds. */
export interface Span {
  from: number;
  to: number;
}

/** The opening times of some days as instants; correct on the days the clocks change. */
export function openSpans(
  hours: BusinessHours,
  timeZone: string,
  fromDay: Temporal.PlainDate,
  toDay: Temporal.PlainDate,
): Span[] {
  const spans: Span[] = [];
  for (let date = fromDay; Temporal.PlainDate.compare(date, toDay) <= 0; date = date.add({ days: 1 })) {
    for (const [from, to] of hours[weekdayOf(date)]) {
      spans.push({ from: clockOn(date, from, timeZone), to: clockOn(date, to, timeZone) });
    }
  }
  return spans;
}

/**
 * The moment so many minutes of opening time after another one (OPQ-16): "one business hour" asked for at half past four
 * on a Friday is half past eight on Monday. A business that is never open has plain hours.
 */
export function addBusinessTime(
  instant: Temporal.Instant,
  minutes: number,
  hours: BusinessHours,
  timeZone: string,
): Temporal.Instant {
  const from = instant.epochMilliseconds;
  const end = (milliseconds: number) => Temporal.Instant.fromEpochMilliseconds(milliseconds);
  const plain = end(from + minutes * 60_000);
  if (Object.values(hours).every(spans => spans.length === 0)) return plain;
  let left = minutes * 60_000;
  const firstDay = instant.toZonedDateTimeISO(timeZone).toPlainDate();
  for (let days = 0; days < longestWait_days; days += 1) {
    const date = firstDay.add({ days });
    for (const span of openSpans(hours, timeZone, date, date)) {
      const start = Math.max(span.from, from);
      // An hour that the clocks skip is no time at all.
      if (span.to <= start) continue;
      if (start + left <= span.to) return end(start + left);
      left -= span.to - start;
    }
  }
  return plain;
}

/** Ten years: enough for a hundred hours of a business that opens for a quarter of an hour a week. */
const longestWait_days = 3660;

/** How the hours of a business call the day of a date: `mon`. */
export const weekdayOf = (date: Temporal.PlainDate) =>
  businessHours.keyof().parse(weekdays[date.dayOfWeek - 1]?.toLowerCase());

/** Looked up rather than computed again: whoever is refused a time is shown others, and each look goes over the same weeks. */
const known = new Map<string, number>();
const mostKnown = 5_000;

function clockOn(date: Temporal.PlainDate, clock: string, timeZone: string): number {
  const key = `${date.toString()} ${clock} ${timeZone}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const instant = computeClock(date, clock, timeZone);
  if (known.size >= mostKnown) known.clear();
  known.set(key, instant);
  return instant;
}

function computeClock(date: Temporal.PlainDate, clock: string, timeZone: string): number {
  const day = clock === '24:00' ? date.add({ days: 1 }) : date;
  const time = Temporal.PlainTime.from(clock === '24:00' ? '00:00' : clock);
  return atLocal(day.toPlainDateTime(time), timeZone).epochMilliseconds;
}
