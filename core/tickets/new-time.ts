import { Temporal } from 'temporal-polyfill';
import type { Context } from '../kernel/pipeline/context.ts';
import { updateRow } from '../kernel/records/record-queries.ts';
import type { Period } from './assignment.ts';
import { tellOfVisit } from './tell-customer.ts';
import { readVisitTime, type Ticket, ticketRecord } from './ticket.ts';

/** When a visit is to be, and for how long. */
export type NewPeriod = Period & { minutes: number };

/** When a visit is to be, what is not said staying as it is. Throws VALIDATION_ERROR for a time that is long past. */
export function readNewPeriod(
  context: Context,
  ticket: Ticket,
  {
    scheduled_at,
    duration_minutes,
  }: { scheduled_at?: string | undefined; duration_minutes?: number | undefined },
): NewPeriod {
  const starts =
    scheduled_at === undefined
      ? Temporal.Instant.from(ticket.scheduled_at)
      : readVisitTime(context, scheduled_at);
  const minutes = duration_minutes ?? ticket.duration_minutes;
  return { from: starts.toString(), to: starts.add({ minutes }).toString(), minutes };
}

/** Writes down when a visit is now. */
export async function writeNewPeriod(
  context: Context,
  ticket: Ticket,
  { from, to, minutes }: NewPeriod,
): Promise<void> {
  const moved = Date.parse(from) !== Date.parse(ticket.scheduled_at);
  await updateRow(context, ticketRecord, ticket.id, {
    scheduled_at: from,
    duration_minutes: minutes,
    ends_at: to,
    to_place_why: null,
    // What the customer agreed to was the old time.
    ...(moved ? { confirmation_status: 'not_sent' as const } : {}),
  });
}

/** Tells the customer by mail that a visit was moved, and from when. Answers how they were told. */
export const tellOfNewTime = (context: Context, ticket: Ticket): Promise<string> =>
  tellOfVisit(context, {
    ticketId: ticket.id,
    contactId: ticket.contact_id,
    movedFrom: ticket.scheduled_at,
  });
