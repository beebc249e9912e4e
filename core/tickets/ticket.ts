import type { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { historyInclude } from '../audit/history.ts';
import { sql } from '../kernel/database/sql.ts';
import type { Context, ReadContext } from '../kernel/pipeline/context.ts';
import { defineRecord, type Include, type Row } from '../kernel/records/record.ts';
import { getRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { DeskhandError, invalid, notFound } from '../kernel/words/errors.ts';
import { customFields, freeText } from '../kernel/words/text-schemas.ts';
import { day, dayBounds, localTime, readDay, readMoment } from '../kernel/words/time.ts';
import { listCustomers, listPlaces, type Place } from './booking-queries.ts';
import { ticketDocuments } from './document.ts';
import {
  isAssigned,
  listLines,
  listReplacements,
  listTechnicians,
  listTimeEntries,
  withoutTechnician,
} from './queries.ts';
import {
  confirmationStatuses,
  type Ticket,
  type ticketAnswer,
  ticketColumns,
  ticketRow,
  ticketStatuses,
} from './record.ts';
import { searchTickets } from './search.ts';

/** Visits: scheduled and performed work (TKT-01). Technicians see their own only. */
export const ticketRecord = defineRecord({
  name: 'ticket',
  plural: 'tickets',
  table: 'tickets',
  summary: 'Visits (appointments): when, whom, where, status, price. Filter by day with from and to.',
  keywords: ['appointment', 'visit', 'job', 'booking', 'work order'],
  reference: { prefix: 'T', start: 2001 },
  columns: ticketColumns,
  row: ticketRow,
  label: row => String(row.reference),
  writable: z.strictObject({
    address_id: ref('address').optional(),
    is_price_estimated: z.boolean().optional(),
    notes: freeText.optional(),
    custom_fields: customFields.optional(),
  }),
  clearable: ['address_id', 'notes'],
  default_fields: [
    'id',
    'reference',
    'contact_id',
    'address_id',
    'status',
    'confirmation_status',
    'scheduled_at',
    'duration_minutes',
    'total_cents',
    'is_price_estimated',
  ],
  sorts: ['scheduled_at', 'created_at'],
  params: z.strictObject({
    contact_id: ref('contact').optional(),
    address_id: ref('address').optional(),
    technician_id: ref('member').optional(),
    status: z.enum(ticketStatuses).optional(),
    confirmation_status: z.enum(confirmationStatuses).optional(),
    from: day.optional(),
    to: day.optional(),
  }),
  where: (params, context) => [
    ...(params.contact_id ? [sql`contact_id = ${params.contact_id}::uuid`] : []),
    ...(params.address_id ? [sql`address_id = ${params.address_id}::uuid`] : []),
    ...(params.technician_id ? [assignedTo(params.technician_id)] : []),
    ...(params.status ? [sql`status = ${params.status}`] : []),
    ...(params.confirmation_status ? [sql`confirmation_status = ${params.confirmation_status}`] : []),
    ...(params.from
      ? [sql`scheduled_at >= ${boundsOf(context, params.from, 'from').from.toString()}::timestamptz`]
      : []),
    ...(params.to
      ? [sql`scheduled_at < ${boundsOf(context, params.to, 'to').to.toString()}::timestamptz`]
      : []),
  ],
  filters: {
    open: { summary: 'not yet closed or cancelled', where: sql`status in ('scheduled', 'in_progress')` },
    unassigned: {
      summary: 'open and without a technician',
      where: sql`status in ('scheduled', 'in_progress') and ${withoutTechnician}`,
    },
    unconfirmed: {
      summary: 'to come and not confirmed by the customer',
      where: sql`status = 'scheduled' and confirmation_status <> 'accepted' and scheduled_at > now()`,
    },
  },
  includes: {
    line_items: include('services with prices', listLines),
    technicians: include('who goes', listTechnicians),
    time_entries: include('clocked times', listTimeEntries),
    rescheduled_to: {
      summary: 'the visit that took its place',
      load: async (context, ids) =>
        new Map(
          (await listReplacements(context, ids)).map(({ rescheduled_from_id, ...visit }) => [
            rescheduled_from_id,
            visit,
          ]),
        ),
    },
    audit_trail: historyInclude('ticket'),
  },
  readers: ['owner', 'admin', 'member', 'technician'],
  restrict: ({ actor }) =>
    actor.role === 'technician' && actor.id !== null ? assignedTo(actor.id) : undefined,
  actions: {
    update: {
      summary: 'Change address, notes or the estimate flag of an open visit.',
      permission: { level: 'unrestricted' },
      roles: ['owner', 'admin', 'member', 'technician'],
      keywords: ['notes', 'address', 'estimate'],
    },
  },
  async toColumns(context, input, before) {
    if (!before) return input;
    const ticket = ticketRow.parse(before);
    requireOpen(ticket);
    if (typeof input.address_id === 'string')
      await requirePlace(context, ticket.contact_id, input.address_id);
    return input;
  },
  documents: ticketDocuments,
  search: searchTickets,
  // Customers are found by the services they had.
  alsoIndexed: row => [{ kind: 'contact', id: row.contact_id }],
});

const assignedTo = (technicianId: string) => sql`exists (
  select 1
  from ticket_technicians as p
  where p.organization_id = r.organization_id
    and p.ticket_id = r.id
    and p.technician_id = ${technicianId}::uuid
)`;

const boundsOf = (context: ReadContext, text: string, field: string) =>
  dayBounds(readDay(text, field), context.organization.time_zone);

function include(
  summary: string,
  list: (context: ReadContext, ids: readonly string[]) => Promise<({ ticket_id: string } & Row)[]>,
): Include {
  return {
    summary,
    async load(context, ids) {
      const byTicket = new Map<string, unknown[]>();
      for (const { ticket_id, ...row } of await list(context, ids)) {
        byTicket.set(ticket_id, [...(byTicket.get(ticket_id) ?? []), row]);
      }
      return byTicket;
    },
  };
}

/** The locked row of a visit that may still change. Throws TICKET_CLOSED, INVALID_STATE or NOT_FOUND. */
export async function lockOpenTicket(context: Context, id: string): Promise<Ticket> {
  const ticket = ticketRow.parse(await getRow(context, ticketRecord, id, { lock: true }));
  requireOpen(ticket);
  return ticket;
}

/** Closed and cancelled visits are final (GAP-02). */
export function requireOpen(ticket: Ticket): void {
  if (ticket.status === 'closed') {
    throw new DeskhandError(
      'TICKET_CLOSED',
      `${ticket.reference} is closed; nothing on it can change any more.`,
      {
        hint: 'Write a note about it with note.create, or book a new visit.',
      },
    );
  }
  if (ticket.status === 'cancelled') {
    throw new DeskhandError('INVALID_STATE', `${ticket.reference} is cancelled, which is final.`, {
      hint: 'Book it once more with ticket.rebook, or another visit with ticket.create.',
    });
  }
}

/** The start of a visit to come. Yesterday's is still taken: work is often written down the day after. */
export const readVisitTime = (context: ReadContext, text: string): Temporal.Instant =>
  readTimeAfter(context, text, context.now.subtract({ hours: 24 }));

/** The start of a visit that is still to be agreed on. Throws VALIDATION_ERROR for a time that is past. */
export const readFutureTime = (context: ReadContext, text: string): Temporal.Instant =>
  readTimeAfter(context, text, context.now);

function readTimeAfter(context: ReadContext, text: string, earliest: Temporal.Instant): Temporal.Instant {
  const starts = readMoment(text, context.organization.time_zone, 'scheduled_at');
  if (starts.epochMilliseconds >= earliest.epochMilliseconds) return starts;
  throw invalid('scheduled_at', 'This time is past.', { got: text, hint: 'Choose a time to come.' });
}

/** What every ticket action answers: the visit with local time, lines and technicians. */
export async function answerTicket(context: ReadContext, id: string): Promise<z.input<typeof ticketAnswer>> {
  const ticket = ticketRow.parse(await getRow(context, ticketRecord, id));
  const [lines, technicians] = await Promise.all([listLines(context, [id]), listTechnicians(context, [id])]);
  return {
    ...ticket,
    scheduled_local: localTime(ticket.scheduled_at, context.organization.time_zone),
    lines: lines.map(({ ticket_id: _, ...line }) => line),
    technicians: technicians.map(({ ticket_id: _, ...technician }) => technician),
  };
}

/** An address of this customer. Throws NOT_FOUND for everybody else's. */
export async function requirePlace(context: ReadContext, contactId: string, id: string): Promise<Place> {
  const place = (await listPlaces(context, contactId)).find(candidate => candidate.id === id);
  if (place) return place;
  throw notFound('address of this customer', id, { field: 'address_id' });
}

/** The customer of a booking, if living. Throws NOT_FOUND. */
export async function requireCustomer(context: ReadContext, id: string) {
  const [customer] = await listCustomers(context, [id]);
  if (!customer) throw notFound('contact', id, { field: 'contact_id' });
  return customer;
}

/** Throws unless the acting technician is on the visit; everybody else may. */
export async function requireOwnVisit(context: ReadContext, ticketId: string): Promise<void> {
  const { role, id } = context.actor;
  if (role !== 'technician' || id === null) return;
  if (!(await isAssigned(context, ticketId, id))) throw notFound('ticket', ticketId, { field: 'ticket_id' });
}
