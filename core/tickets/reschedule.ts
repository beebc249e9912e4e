import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { addressesOf } from '../addresses/addresses-of.ts';
import { formatAddress } from '../addresses/format.ts';
import { contactRecord } from '../contacts/contact.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { getRow, updateRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { requireChange } from '../kernel/words/errors.ts';
import { moment } from '../kernel/words/time.ts';
import { reserveTechnicians } from './assignment.ts';
import { enqueueConfirmation } from './confirmation-mail.ts';
import { listTechnicians } from './queries.ts';
import {
  answerTicket,
  bookedAnswer,
  lockOpenTicket,
  readVisitTime,
  type Ticket,
  ticketRecord,
} from './ticket.ts';

/** Moves a visit in place (CFL-36); the technicians come along if they are free, or the call is refused. */
export const rescheduleTicket = defineAction({
  domain: 'ticket',
  name: 'reschedule',
  summary: 'Move an open visit to another time or give it another duration.',
  input: z.strictObject({
    ticket_id: ref('ticket'),
    scheduled_at: moment.optional(),
    duration_minutes: z.int().min(5).max(1440).optional(),
    notify_customer: z.boolean().optional(),
  }),
  output: bookedAnswer,
  permission: { level: 'unrestricted' },
  effect: 'update',
  several: { as: 'tickets', word: 'ticket_id', apart_by: ['ticket_id'] },
  example: { ticket_id: 'T-2001', scheduled_at: '2026-12-02T10:00' },
  keywords: ['move', 'postpone', 'change time', 'new date'],
  touches: ['email'],
  async run(context, { ticket_id, notify_customer, ...input }) {
    requireChange(input, 'ticket_id', ['scheduled_at', 'duration_minutes']);
    const ticket = await lockOpenTicket(context, ticket_id);
    const starts =
      input.scheduled_at === undefined
        ? Temporal.Instant.from(ticket.scheduled_at)
        : readVisitTime(context, input.scheduled_at);
    const minutes = input.duration_minutes ?? ticket.duration_minutes;
    const period = { from: starts.toString(), to: starts.add({ minutes }).toString() };
    const technicians = await listTechnicians(context, [ticket.id]);
    await reserveTechnicians(
      context,
      technicians.map(({ id }) => id),
      period,
      ticket.id,
    );
    const moved = starts.epochMilliseconds !== Date.parse(ticket.scheduled_at);
    await updateRow(context, ticketRecord, ticket.id, {
      scheduled_at: period.from,
      duration_minutes: minutes,
      ends_at: period.to,
      to_place_why: null,
      // What the customer agreed to was the old time.
      ...(moved ? { confirmation_status: 'not_sent' as const } : {}),
    });
    const customer_told = notify_customer ? await tellCustomer(context, ticket) : undefined;
    return { ...(await answerTicket(context, ticket.id)), customer_told };
  },
});

async function tellCustomer(context: Context, ticket: Ticket): Promise<string> {
  const places = await addressesOf(context, [ticket.contact_id]);
  const place = places.find(({ id }) => id === ticket.address_id);
  return enqueueConfirmation(context, {
    ticketId: ticket.id,
    customer: await getRow(context, contactRecord, ticket.contact_id),
    address: place && formatAddress(place),
    movedFrom: ticket.scheduled_at,
  });
}
