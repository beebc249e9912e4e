import { z } from 'zod';
import { type Sql, sql } from '../kernel/database/sql.ts';
import type { Context, ReadContext } from '../kernel/pipeline/context.ts';
import {
  boolean,
  choice,
  currency,
  currencyCode,
  customFields,
  date,
  longText,
  moment,
  money,
  number,
  ref,
  text,
} from '../kernel/records/field.ts';
import { namedAfter } from '../kernel/records/named-after.ts';
import { defineRecord, filterBy, type Include, type Row, type RowIn } from '../kernel/records/record.ts';
import { getRow } from '../kernel/records/record-queries.ts';
import { ref as refInput } from '../kernel/records/references.ts';
import { day } from '../kernel/words/time.ts';
import { seriesOfVisits } from '../reading/series-of-visits.ts';
import { ticketDocuments } from '../reading/ticket-document.ts';
import {
  inNeighborhood,
  nobodyGoesTo,
  notBilled,
  nowhereKnown,
  withService,
  withUnlisted,
} from '../reading/visit-parts.ts';
import { cancelledSince, cancelledUntil, tellOfCancelled } from './cancelled.ts';
import { goingBy, visitInTimeline } from './list-queries.ts';
import { movedStory } from './moved-story.ts';
import { listLines, listReplacements, listTechnicians, listTimeEntries } from './queries.ts';
import { cannotCome, confirmationStatuses, type Line, ticketStatuses } from './record.ts';
import { requireOpen, requirePlace } from './requirements.ts';
import { searchTickets } from './search.ts';

/** Visits: scheduled and performed work (TKT-01, TKT-02, GAP-01). Technicians see their own only. */
export const ticketRecord = defineRecord({
  name: 'ticket',
  plural: 'tickets',
  summary: 'Visits (appointments): when, whom, where, status, price. Filter by day with from and to.',
  also_called: ['appointment', 'job'],
  keywords: ['appointment', 'visit', 'job', 'booking', 'work order'],
  often: { rank: 1, members: ['contact_id', 'from', 'to', 'status', 'technician_id'] },
  totals: {
    without: { where: sql`status = 'cancelled'`, why: 'cancelled' },
    groups: { technician: goingBy },
  },
  reference: { prefix: 'T', start: 2001 },
  noun: 'visit',
  fields: {
    contact_id: ref('contact', {
      filled: true,
      writable: false,
      list: true,
      filter: true,
      as: 'tickets',
      order: '-scheduled_at',
      on_delete: 'history',
      holds: {
        where: sql`status in ('scheduled', 'in_progress')`,
        message: 'This customer still has visits to come.',
        hint: 'Cancel or finish them first.',
      },
      reindex: ['full_name'],
      // Customers are found by the services they had.
      in_parent_document: true,
      timeline: visitInTimeline,
    }),
    address_id: ref('address', {
      list: true,
      filter: true,
      as: 'tickets',
      order: '-scheduled_at',
      on_delete: 'history',
      reindex: true,
      // It has to be one of this customer's, which says more.
      living: false,
    }),
    status: choice(ticketStatuses, {
      default: 'scheduled',
      ends: ['closed', 'cancelled'],
      writable: false,
      list: true,
      filter: true,
    }),
    confirmation_status: choice(confirmationStatuses, {
      default: 'not_sent',
      writable: false,
      list: true,
      filter: true,
    }),
    /** When its customer answered, the other time they asked for, and what they wrote, in their words. */
    answered_at: moment({ writable: false, told: false }),
    asked_for_at: moment({ writable: false, title: 'Asked for' }),
    customer_words: longText({ writable: false, title: 'The customer wrote' }),
    /** When they were last told by mail of the time it has, and whether they are reminded of it: what still goes out follows from it. */
    told_at: moment({ writable: false, internal: true, told: false }),
    is_reminded: boolean({ default: false, writable: false, internal: true, told: false }),
    scheduled_at: moment({ filled: true, writable: false, list: true, sort: true, filter: 'range' }),
    duration_minutes: number({ filled: true, writable: false, list: true }),
    ends_at: moment({ filled: true, writable: false, told: false }),
    actual_minutes: number({ writable: false }),
    is_price_estimated: boolean({ default: false, list: true }),
    total_cents: money({ default: 0, writable: false, list: true }),
    currency: currency(),
    notes: longText(),
    cancelled_at: moment({ writable: false }),
    cancel_reason: longText({ writable: false }),
    closed_at: moment({ writable: false }),
    closed_by: text({ writable: false }),
    rescheduled_from_id: ref('ticket', { writable: false }),
    series_id: ref('series', {
      writable: false,
      filter: true,
      as: 'tickets',
      summary: 'its visits by date',
      noun: 'visit',
      order: 'scheduled_at',
      shows: ['reference', 'scheduled_at', 'status', 'occurrence_on', 'to_place_why'],
      living: false,
    }),
    occurrence_on: date({ writable: false, told: false }),
    as_planned: text({ writable: false, internal: true, told: false, whose: 'ours' }),
    to_place_why: text({ writable: false, title: 'To be placed', whose: 'ours' }),
    /** Of the years before: it came with a file, and was billed by the program used then. */
    is_imported: boolean({ default: false, writable: false, internal: true, told: false }),
    custom_fields: customFields(),
  },
  // A price of nothing on a line waits for the first one.
  parts: {
    ticket_line: {
      description: text(),
      unit_price_cents: money({ default: 0 }),
      total_cents: money({ default: 0 }),
    },
  },
  params: {
    technician_id: filterBy(refInput('member'), (_, id) => assignedTo(id)),
    service_id: filterBy(refInput('service'), (_, id) => withService(id)),
    neighborhood: filterBy(z.string().min(1).max(200), (_, name) => inNeighborhood(name)),
    currency: filterBy(currencyCode, (_, code) => sql`currency = ${code}`),
    cancelled_from: filterBy(day, cancelledSince),
    cancelled_to: filterBy(day, cancelledUntil),
  },
  tellMore: tellOfCancelled,
  filters: {
    open: { summary: 'not yet closed or cancelled', where: sql`status in ('scheduled', 'in_progress')` },
    should_be_over: {
      summary: 'its time has passed and nobody has closed it',
      where: ({ now }) =>
        sql`status in ('scheduled', 'in_progress') and ends_at <= ${now.toString()}::timestamptz`,
    },
    unassigned: {
      summary: 'open and without a technician',
      where: sql`status in ('scheduled', 'in_progress') and ${nobodyGoesTo('r')}`,
    },
    to_be_placed: {
      summary: 'nobody could be sent at its time, or who goes is away then',
      where: sql`status = 'scheduled' and to_place_why is not null`,
    },
    unconfirmed: {
      summary: 'to come and not confirmed by the customer',
      where: ({ now }) => sql`
        status = 'scheduled' and confirmation_status <> 'accepted' and scheduled_at > ${now.toString()}::timestamptz`,
    },
    answered: {
      summary: 'to come, and its customer cannot come then: declined, or asks for another time',
      where: cannotCome,
    },
    nowhere: { summary: 'without a known postal code or town', where: nowhereKnown },
    off_list: { summary: 'with work that is on no price list', where: withUnlisted },
    to_bill: {
      summary: 'closed, and no bill is made out yet',
      where: sql`status = 'closed' and ${notBilled('r')}`,
    },
  },
  includes: {
    lines: include('services with prices', listLines),
    technicians: include('who goes', listTechnicians),
    time_entries: include('clocked times', listTimeEntries),
    history: movedStory(ownVisits),
    series: { summary: 'how often it comes again, and when next', load: seriesOfVisits },
    rescheduled_to: {
      summary: 'the visit that took its place',
      load: async (context, ids) =>
        new Map(
          (await listReplacements(context, ids, ownVisits(context))).map(
            ({ rescheduled_from_id, ...visit }) => [rescheduled_from_id, visit],
          ),
        ),
    },
  },
  readers: ['owner', 'admin', 'member', 'technician'],
  restrict: ownVisits,
  actions: {
    update: {
      summary: 'Change address, notes or the estimate flag of an open visit.',
      permission: { level: 'unrestricted' },
      often: { rank: 2, members: ['ticket_id', 'notes', 'address_id', 'is_price_estimated'] },
      roles: ['owner', 'admin', 'member', 'technician'],
      keywords: ['notes', 'address', 'estimate'],
    },
  },
  async toColumns(context, input, before) {
    if (!before) return input;
    requireOpen(before);
    if (input.address_id) await requirePlace(context, before.contact_id, input.address_id);
    return input;
  },
  ...namedAfter('ticket', {
    owners: ['contact_id'],
    usual: ['open'],
    // What was called off is meant by nobody who names its customer.
    never: sql`r.status = 'cancelled'`,
    at: { moment: sql`r.scheduled_at` },
  }),
  documents: ticketDocuments,
  search: searchTickets,
});

export type Ticket = RowIn<typeof ticketRecord>;

/** A condition on a visit `r`: this technician goes there. */
export const assignedTo = (technicianId: string) => sql`exists (
  select 1
  from ticket_technicians as p
  where p.organization_id = r.organization_id
    and p.ticket_id = r.id
    and p.technician_id = ${technicianId}::uuid
)`;

/** Technicians read their own visits. */
function ownVisits({ actor }: ReadContext): Sql | undefined {
  return actor.role === 'technician' && actor.id !== null ? assignedTo(actor.id) : undefined;
}

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
  const ticket = await getRow(context, ticketRecord, id, { lock: true });
  requireOpen(ticket);
  return ticket;
}

/** What is done on a visit, in order: of one that is locked, so that nothing comes to it meanwhile. */
export const linesOf = (context: ReadContext, id: string): Promise<Line[]> => listLines(context, [id]);
