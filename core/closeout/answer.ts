import { showAttribute } from '../extraction/show.ts';
import { invoiceRecord } from '../invoices/invoice.ts';
import { findPayLink } from '../invoices/pay-link.ts';
import { hasPageToPay } from '../invoices/pay-page.ts';
import { balanceOf } from '../invoices/record.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { hashInput } from '../kernel/pipeline/idempotency.ts';
import { getRow } from '../kernel/records/record-queries.ts';
import { localTime, readMoment } from '../kernel/words/time.ts';
import { messageRecord } from '../messages/scheduled-message.ts';
import { readVisit, type VisitFacts } from '../tickets/visit-facts.ts';
import { asFinal, digestOf, sumOf } from '../tickets/work.ts';
import { isBeforeItsDay } from './early.ts';
import { type CloseoutAnswer, type ExtractionState, nextOf, type Session, stepOf } from './record.ts';

/** Where a close-out is, and what its steps show; `session` is undefined when it has not begun. */
export async function answerCloseout(
  context: ReadContext,
  ticketId: string,
  session: Session | undefined,
): Promise<CloseoutAnswer> {
  const visit = await readVisit(context, ticketId);
  const { ticket, customer, address } = visit;
  const { time_zone } = context.organization;
  const next = session && nextOf(session);
  const digest = digestOf(ticket, visit.lines);
  const step = stepOf(session, digest);
  return {
    ticket_id: ticket.id,
    reference: ticket.reference,
    ticket_status: ticket.status,
    ended: session?.completed_at ? null : endOf(visit, time_zone),
    customer: customer?.full_name ?? 'a customer who was removed',
    customer_email: customer?.email ?? null,
    address: address ?? null,
    scheduled_local: localTime(ticket.scheduled_at, time_zone),
    currency: ticket.currency,
    is_price_estimated: ticket.is_price_estimated,
    is_early: !session?.work_confirmed_at && isBeforeItsDay(context, ticket),
    started_at: session?.created_at ?? null,
    step,
    work: workOf(visit, session, digest),
    notes: session?.notes ?? null,
    extraction_status: session?.extraction_status ?? 'none',
    extracted_by: session?.extracted_by ?? null,
    attributes: (session?.reviewed_attributes ?? session?.attributes ?? []).map(fact => ({
      ...fact,
      shown: showAttribute(fact),
    })),
    next_service: session?.next_service ?? null,
    reach_out_months: next?.reach_out_months ?? null,
    appointment: next?.appointment ? { ...next.appointment } : null,
    appointment_local: next?.appointment
      ? localTime(readMoment(next.appointment.scheduled_at, time_zone, 'scheduled_at'), time_zone)
      : null,
    review: session && step === 'review' ? digestOfReview(session, session.extraction_status) : null,
    completed_at: session?.completed_at ?? null,
    note_id: session?.note_id ?? null,
    next_ticket_id: session?.next_ticket_id ?? null,
    message_id: session?.message_id ?? null,
    message_local: await sendTimeOf(context, session),
    payment_choice: session?.payment_choice ?? null,
    payment_method: session?.payment_method ?? null,
    payment_cents: session?.payment_cents ?? null,
    check_number: session?.check_number ?? null,
    invoice_id: session?.invoice_id ?? null,
    is_paid_online: await hasPageToPay(context),
    bill: await billOf(context, session),
  };
}

/**
 * Tells what was reviewed from everything else: what is about to be frozen, and how far the reading of the notes was.
 * The facts themselves come back with the review, so an answer of the model that arrives meanwhile changes nothing.
 */
export const digestOfReview = (session: Session, extraction: ExtractionState): string =>
  hashInput([
    session.duration_minutes,
    session.lines,
    session.notes,
    session.notes_at,
    session.next_service,
    session.next_details,
    extraction,
  ]).slice(0, 32);

function workOf(
  { ticket, lines, clocked, clocked_minutes }: VisitFacts,
  session: Session | undefined,
  digest: string,
): CloseoutAnswer['work'] {
  const confirmed = session?.lines ?? undefined;
  const isOutdated =
    session?.work_confirmed_at != null && !session.completed_at && session.lines_digest !== digest;
  const shown = confirmed && !isOutdated ? confirmed : asFinal(lines);
  const minutes = session?.duration_minutes ?? undefined;
  return {
    duration_minutes: minutes ?? clocked_minutes ?? ticket.duration_minutes,
    duration_from: minutes !== undefined ? 'confirmed' : clocked_minutes !== undefined ? 'clock' : 'plan',
    clocked,
    lines: shown,
    total_cents: sumOf(shown),
    seen: digest,
    is_outdated: isOutdated,
  };
}

/** The bill that the close-out made, as far as it concerns whoever stands at the door. */
async function billOf(context: ReadContext, session: Session | undefined): Promise<CloseoutAnswer['bill']> {
  if (!session?.invoice_id) return null;
  const invoice = await getRow(context, invoiceRecord, session.invoice_id);
  const { reference, status, total_cents } = invoice;
  if (status === 'void' || status === 'cancelled') return null;
  const { due_cents } = balanceOf(invoice, '');
  return {
    reference,
    status,
    total_cents,
    due_cents,
    link_id: (await findPayLink(context, invoice)) ?? null,
  };
}

async function sendTimeOf(context: ReadContext, session: Session | undefined): Promise<string | null> {
  if (!session?.message_id) return null;
  const { send_at } = await getRow(context, messageRecord, session.message_id);
  return localTime(send_at, context.organization.time_zone);
}

function endOf({ ticket }: VisitFacts, timeZone: string): string | null {
  if (ticket.status === 'closed' && ticket.closed_at !== null) {
    return `Closed by ${ticket.closed_by ?? 'somebody else'} on ${localTime(ticket.closed_at, timeZone)}`;
  }
  if (ticket.status === 'cancelled' && ticket.cancelled_at !== null) {
    return `Cancelled on ${localTime(ticket.cancelled_at, timeZone)}`;
  }
  return null;
}
