import { Temporal } from 'temporal-polyfill';
import type { Context } from '../kernel/pipeline/context.ts';
import { atLocal, dayBounds, readDayAlone, readMoment } from '../kernel/words/time.ts';
import { openSpans } from '../scheduling/business-hours.ts';
import { requireToCome } from '../scheduling/to-come.ts';

/** When somebody is reminded on a day on which the business is closed. */
const onClosedDays = '09:00';

/**
 * When a task is due. A day without a time means when the business opens that day, nine o'clock where it does not; today,
 * once it has opened, when it closes, and after that the end of the day. Throws VALIDATION_ERROR for what is past.
 */
export function readDue(context: Context, text: string, field: string): Temporal.Instant {
  const { time_zone, business_hours } = context.organization;
  const date = readDayAlone(text, field);
  if (date === undefined) return requireToCome(context, readMoment(text, time_zone, field), field);
  const open = openSpans(business_hours, time_zone, date, date);
  const start = open[0]?.from ?? nineOn(date, time_zone);
  const end = open.at(-1)?.to ?? start;
  const last = dayBounds(date, time_zone).to.subtract({ minutes: 1 });
  const toCome = [start, end].find(time => time > context.now.epochMilliseconds);
  const due = toCome === undefined ? last : Temporal.Instant.fromEpochMilliseconds(toCome);
  return requireToCome(context, due, field);
}

const nineOn = (date: Temporal.PlainDate, timeZone: string): number =>
  atLocal(date.toPlainDateTime(onClosedDays), timeZone).epochMilliseconds;
