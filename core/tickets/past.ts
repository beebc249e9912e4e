import { newId } from '../kernel/database/ids.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { insertRows } from '../kernel/records/insert-rows.ts';
import { reserveReferences } from '../kernel/records/numbering.ts';
import { endPast, insertPastCrew, insertPastLines } from './past-queries.ts';
import { ticketRecord } from './ticket.ts';

/** A visit of the years before, as the program used then knows it. */
export interface PastVisit {
  contact_id: string;
  address_id: string | null;
  /** An instant. */
  starts: string;
  minutes: number;
  /** How long it took in the end; as long as planned when left out. */
  actual_minutes?: number | null;
  status: 'closed' | 'cancelled';
  lines: readonly {
    service_id: string | null;
    description: string;
    pricing: string;
    /** One of it at the total when left out. */
    quantity?: number;
    unit_price_cents?: number;
    total_cents: number;
    minutes: number | null;
  }[];
  technician_ids: readonly string[];
  notes: string | null;
  custom_fields: Record<string, string>;
}

/**
 * Writes visits that were (TKT-16), many a statement: open first, then their parts, then closed, for the database takes no
 * part of a closed one. Nobody is told, no event is emitted, no time is kept free, and no customer becomes anything by it.
 * Answers their ids and references, in order.
 */
export async function writePastVisits(
  context: Context,
  visits: readonly PastVisit[],
  closedBy: string,
): Promise<{ id: string; reference: string }[]> {
  const { reference } = ticketRecord;
  if (!reference) throw new Error('visits have no references');
  const write = await reserveReferences(context, reference, visits.length);
  const written = visits.map((visit, index) => ({ ...visit, id: newId(), reference: write(index) }));
  await insertRows(
    context,
    ticketRecord,
    written.map(visit => ({
      id: visit.id,
      reference: visit.reference,
      contact_id: visit.contact_id,
      address_id: visit.address_id,
      status: 'in_progress' as const,
      scheduled_at: visit.starts,
      duration_minutes: visit.minutes,
      ends_at: new Date(Date.parse(visit.starts) + visit.minutes * 60_000).toISOString(),
      actual_minutes:
        visit.actual_minutes === undefined
          ? visit.status === 'closed'
            ? visit.minutes
            : null
          : visit.actual_minutes,
      total_cents: visit.lines.reduce((sum, line) => sum + line.total_cents, 0),
      currency: context.organization.currency,
      notes: visit.notes,
      custom_fields: visit.custom_fields,
      is_imported: true,
    })),
  );
  await insertPastLines(
    context,
    written.flatMap(({ id, lines }) =>
      lines.map((line, index) => ({
        ticket_id: id,
        position: index + 1,
        service_id: line.service_id,
        description: line.description,
        pricing: line.pricing,
        quantity: line.quantity ?? 1,
        unit_price_cents: line.unit_price_cents ?? line.total_cents,
        total_cents: line.total_cents,
        duration_minutes: line.minutes,
      })),
    ),
  );
  await insertPastCrew(
    context,
    written.flatMap(({ id, technician_ids }) =>
      technician_ids.map(technician_id => ({ ticket_id: id, technician_id })),
    ),
  );
  await endPast(context, written, closedBy);
  for (const { id, contact_id } of written) {
    context.reindex('ticket', id);
    context.reindex('contact', contact_id);
  }
  return written.map(({ id, reference: called }) => ({ id, reference: called }));
}
