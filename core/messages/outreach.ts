import { Temporal } from 'temporal-polyfill';
import type { Context, Organization } from '../kernel/pipeline/context.ts';
import { atLocal } from '../kernel/words/time.ts';
import { openSpans } from '../scheduling/business-hours.ts';
import { type Planned, planMessage } from './plan.ts';

/** Whom to write to again, and after which visit. */
export interface Outreach {
  contact_id: string;
  ticket_id: string;
  /** Counted from today, in the business's calendar. */
  months: number;
}

/** Plans the mail that asks a customer, in some months, for the next visit (CLO-06, CLO-17). */
export function scheduleOutreach(
  context: Context,
  { contact_id, ticket_id, months }: Outreach,
): Promise<Planned> {
  return planMessage(context, {
    kind: 'outreach',
    contact_id,
    ticket_id,
    facts: { months: periodOf(months) },
    send_at: outreachAt(context, months).toString(),
  });
}

/** In so many months: the same day and hour whether a customer is written to or called. */
export function outreachAt({ organization, now }: Context, months: number): Temporal.Instant {
  const today = now.toZonedDateTimeISO(organization.time_zone).toPlainDate();
  return openMorning(organization, today.add({ months }));
}

function periodOf(months: number): string {
  const [count, unit] = months % 12 === 0 ? [months / 12, 'year'] : [months, 'month'];
  return count === 1 ? `a ${unit}` : `${count} ${unit}s`;
}

/**
 * Nine o'clock on the wall, on this day or the next one the business is open: nobody could answer a reply on a day off.
 * Where it opens later than nine, when it opens; where it has closed by then, as well.
 */
export function openMorning(
  { business_hours, time_zone }: Organization,
  from: Temporal.PlainDate,
): Temporal.Instant {
  for (let days = 0; days < 7; days += 1) {
    const date = from.add({ days });
    const spans = openSpans(business_hours, time_zone, date, date);
    const nine = nineOn(date, time_zone);
    const open = spans.find(({ to }) => to > nine.epochMilliseconds);
    if (open) return Temporal.Instant.fromEpochMilliseconds(Math.max(open.from, nine.epochMilliseconds));
    if (spans[0]) return Temporal.Instant.fromEpochMilliseconds(spans[0].from);
  }
  return nineOn(from, time_zone);
}

const nineOn = (date: Temporal.PlainDate, timeZone: string): Temporal.Instant =>
  atLocal(date.toPlainDateTime({ hour: 9 }), timeZone);
