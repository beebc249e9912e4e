import { Temporal } from 'temporal-polyfill';
import type { Context, Organization } from '../kernel/pipeline/context.ts';
import { atLocal } from '../kernel/words/time.ts';
import { openSpans } from '../scheduling/business-hours.ts';
import { scheduleMessage } from './schedule.ts';
import type { ScheduledMessage } from './scheduled-message.ts';

/** Whom to write to again, and what was done there. */
export interface Outreach {
  contact_id: string;
  customer_name: string;
  ticket_id: string;
  /** What was done, in the words of the visit. */
  services: readonly string[];
  /** On one line; undefined when nobody knows where. */
  address: string | undefined;
  /** Counted from today, in the business's calendar. */
  months: number;
}

/** Plans the mail that asks a customer, in some months, for the next visit (CLO-06, CLO-17). */
export function scheduleOutreach(context: Context, outreach: Outreach): Promise<ScheduledMessage> {
  const { organization } = context;
  return scheduleMessage(context, {
    contact_id: outreach.contact_id,
    ticket_id: outreach.ticket_id,
    kind: 'outreach',
    subject: `${organization.name}: would you like us to come again?`,
    body: textOf(organization.name, outreach),
    send_at: outreachAt(context, outreach.months).toString(),
  });
}

/** In so many months: the same day and hour whether a customer is written to or called. */
export function outreachAt({ organization, now }: Context, months: number): Temporal.Instant {
  const today = now.toZonedDateTimeISO(organization.time_zone).toPlainDate();
  return openMorning(organization, today.add({ months }));
}

function textOf(business: string, { customer_name, services, address, months }: Outreach): string {
  const done = services.length === 0 ? 'our last visit' : `we did ${listed([...new Set(services)])}`;
  const where = address === undefined ? '' : ` at ${address}`;
  return [
    `Hello ${customer_name},`,
    `it has been ${periodOf(months)} since ${done}${where}.`,
    'Would you like to book the next visit? Just reply to this mail.',
    business,
  ].join('\n\n');
}

/** `a`, `a and b`, `a, b and c` */
const listed = (items: readonly string[]): string =>
  [items.slice(0, -1).join(', '), items.at(-1)].filter(Boolean).join(' and ');

function periodOf(months: number): string {
  const [count, unit] = months % 12 === 0 ? [months / 12, 'year'] : [months, 'month'];
  return count === 1 ? `a ${unit}` : `${count} ${unit}s`;
}

/**
 * Nine o'clock on the wall, on this day or the next one the business is open: nobody could answer a reply on a day off.
 * Where it opens later than nine, when it opens; where it has closed by then, as well.
 */
function openMorning(
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
