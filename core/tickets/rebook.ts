import { z } from 'zod';
import { addressesOf } from '../addresses/addresses-of.ts';
import { newId } from '../kernel/database/ids.ts';
import type { Context, ReadContext } from '../kernel/pipeline/context.ts';
import { getRow, insertRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import { localTime, moment } from '../kernel/words/time.ts';
import { moveTasksOfVisit } from '../tasks/follow.ts';
import { moveWishToVisit } from '../waitlist/follow.ts';
import { endFollowUpsOf } from './answer.ts';
import { reserveTechnicians } from './assignment.ts';
import { settleMails, toldColumns } from './cycle.ts';
import { warnNobodyYet } from './nobody-yet.ts';
import {
  insertLine,
  insertTechnician,
  listLines,
  listReplacements,
  listTechnicians,
  refreshTotal,
} from './queries.ts';
import { requireCustomer } from './requirements.ts';
import { tellOfVisit } from './tell-customer.ts';
import { type Ticket, ticketRecord } from './ticket.ts';
import { answerTicket, bookedAnswer } from './ticket-answer.ts';
import { readFutureTime } from './visit-time.ts';

const input = z.strictObject({
  ticket_id: ref('ticket'),
  scheduled_at: moment,
  duration_minutes: z.int().min(5).max(1440).optional(),
  technician_ids: z.array(ref('member')).max(20).optional(),
  notify_customer: z.boolean().optional(),
});

/**
 * Books a cancelled visit once more: same customer, address, notes and technicians, the same services with the prices
 * they had, also those that left the catalog since. The link to the old visit comes from nowhere else, so nobody can
 * forge one (CFL-36). A visit is followed by one other at most.
 */
export const rebookTicket = defineAction({
  domain: 'ticket',
  name: 'rebook',
  summary: 'Book a cancelled visit again at another time: same customer, services, prices and technicians.',
  input,
  output: bookedAnswer,
  permission: { level: 'unrestricted' },
  effect: 'create',
  undo: 'ticket.cancel',
  example: { ticket_id: 'T-2001', scheduled_at: '2026-12-16T09:00', technician_ids: ['Tess'] },
  touches: ['email'],
  keywords: ['book again', 'new date', 'reinstate'],
  async run(context, given) {
    const old = await getRow(context, ticketRecord, given.ticket_id, { lock: true });
    await requireRebookable(context, old);
    const customer = await requireCustomer(context, old.contact_id);
    const starts = readFutureTime(context, given.scheduled_at);
    const minutes = given.duration_minutes ?? old.duration_minutes;
    const period = { from: starts.toString(), to: starts.add({ minutes }).toString() };
    const technicians =
      given.technician_ids ?? (await listTechnicians(context, [old.id])).map(({ id }) => id);
    const place = await findPlace(context, old);
    await reserveTechnicians(context, technicians, { ...period, postal_code: place?.postal_code });
    const id = newId();
    const visit = await insertRow(context, ticketRecord, {
      id,
      contact_id: old.contact_id,
      address_id: place?.id ?? null,
      scheduled_at: period.from,
      duration_minutes: minutes,
      ends_at: period.to,
      is_price_estimated: old.is_price_estimated,
      currency: old.currency,
      ...toldColumns(context, { notify: given.notify_customer, email: customer.email }),
      notes: old.notes,
      custom_fields: old.custom_fields,
      rescheduled_from_id: old.id,
      // Of a series it is the same date, changed by hand.
      series_id: old.series_id,
      occurrence_on: old.occurrence_on,
      as_planned: old.as_planned,
    });
    await copyLines(context, old.id, id);
    await moveTasksOfVisit(context, old.id, { id, reference: visit.reference });
    await moveWishToVisit(context, old.id, id);
    await endFollowUpsOf(context, old.id, 'completed');
    for (const technician of new Set(technicians)) await insertTechnician(context, id, technician);
    if (technicians.length === 0) await warnNobodyYet(context, id, period);
    const customer_told = given.notify_customer
      ? await tellOfVisit(context, {
          ticketId: id,
          contactId: customer.id,
          movedFrom: old.scheduled_at,
        })
      : undefined;
    await settleMails(context, visit);
    return { ...(await answerTicket(context, id)), customer_told };
  },
});

/** Throws INVALID_STATE for a visit that has been moved already, with the one to use instead. */
export async function requireNotReplaced(context: ReadContext, old: Ticket): Promise<void> {
  const [next] = await listReplacements(context, [old.id], undefined);
  if (!next) return;
  const when = localTime(next.scheduled_at, context.organization.time_zone);
  throw new DeskhandError(
    'INVALID_STATE',
    `${old.reference} was moved already: ${next.reference} on ${when}.`,
    {
      rescheduled_to: next.reference,
      hint: `Use ${next.reference}.`,
    },
  );
}

async function requireRebookable(context: ReadContext, old: Ticket): Promise<void> {
  if (old.status !== 'cancelled') {
    throw new DeskhandError('INVALID_STATE', `${old.reference} is not cancelled.`, {
      hint: 'Use handle_reschedule_request to move a visit, or ticket.create to book another one.',
    });
  }
  await requireNotReplaced(context, old);
}

/** The address of the old visit; none with a warning when it was removed since. */
async function findPlace(context: Context, old: Ticket) {
  if (old.address_id === null) return undefined;
  const place = (await addressesOf(context, [old.contact_id])).find(({ id }) => id === old.address_id);
  if (!place) context.warn('The address of the visit was removed; set another one with ticket.update.');
  return place;
}

async function copyLines(context: Context, fromId: string, toId: string): Promise<void> {
  for (const { id: _id, position: _position, ...line } of await listLines(context, [fromId])) {
    await insertLine(context, { ...line, ticket_id: toId });
  }
  await refreshTotal(context, toId);
}
