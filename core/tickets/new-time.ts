import { Temporal } from 'temporal-polyfill';
import { contactRecord } from '../contacts/contact.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { findRow, updateRow } from '../kernel/records/record-queries.ts';
import { endCalls } from '../tasks/call.ts';
import { endFollowUpsOf } from './answer.ts';
import type { Period } from './assignment.ts';
import { settleMails, toldColumns } from './cycle.ts';
import { aboutTheTime } from './mail-plan.ts';
import { warnOffHours } from './off-hours.ts';
import { tellOfVisit } from './tell-customer.ts';
import { type Ticket, ticketRecord } from './ticket.ts';
import { readVisitTime } from './visit-time.ts';

/** When a visit is to be, and for how long. */
export type NewPeriod = Period & { minutes: number };

/** Whether the customer is told of a new time, and whether it is the one they asked for or took. */
export interface Told {
  notify?: boolean | undefined;
  is_agreed?: boolean;
}

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

/**
 * Writes down when a visit is now. At another time everything the customer was to hear of the old one is left out and planned
 * anew, what they have asked for is settled, and they are to answer again; `is_agreed`: it is the time they asked for.
 */
export async function writeNewPeriod(
  context: Context,
  ticket: Ticket,
  { from, to, minutes }: NewPeriod,
  { notify, is_agreed = false }: Told = {},
): Promise<void> {
  const moved = Date.parse(from) !== Date.parse(ticket.scheduled_at);
  const customer = await findRow(context, contactRecord, ticket.contact_id);
  const visit = await updateRow(context, ticketRecord, ticket.id, {
    scheduled_at: from,
    duration_minutes: minutes,
    ends_at: to,
    to_place_why: null,
    // What the customer agreed to was the old time.
    ...(moved
      ? {
          ...toldColumns(context, { notify, email: customer?.email ?? null }),
          is_reminded: ticket.is_reminded || notify === true,
          answered_at: is_agreed ? ticket.answered_at : null,
          asked_for_at: null,
          ...(is_agreed ? { confirmation_status: 'accepted' as const } : {}),
        }
      : {}),
  });
  if (moved) await warnOffHours(context, { from, to });
  if (moved) {
    await endFollowUpsOf(context, ticket.id, 'completed');
    await endCalls(context, ticket.id, kind => aboutTheTime.some(about => about === kind));
  }
  await settleMails(context, visit, { is_new_time: moved });
}

/** Tells the customer by mail that a visit was moved, and from when. Answers how they were told. */
export const tellOfNewTime = (context: Context, ticket: Ticket, is_agreed = false): Promise<string> =>
  tellOfVisit(context, {
    is_agreed,
    ticketId: ticket.id,
    contactId: ticket.contact_id,
    movedFrom: ticket.scheduled_at,
  });
