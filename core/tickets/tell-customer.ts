import { contactRecord } from '../contacts/contact.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { findRow, getRow, updateRow } from '../kernel/records/record-queries.ts';
import { planMessage } from '../messages/plan.ts';
import { answerLinks, settleMails, toldColumns } from './cycle.ts';
import { ticketRecord } from './ticket.ts';
import { whenInWords } from './told-visit.ts';

/**
 * Tells a customer by mail when we come (MCP-06), and instead of when, if the visit was moved. Answers how they were told,
 * or how else to tell them; `is_agreed`: it is as they asked, or a time they have taken. The price says "estimated" where it is (TKT-09).
 */
export async function tellOfVisit(
  context: Context,
  {
    ticketId,
    contactId,
    movedFrom,
    is_agreed = false,
  }: { ticketId: string; contactId: string; movedFrom?: string; is_agreed?: boolean },
): Promise<string> {
  const about = { contact_id: contactId, ticket_id: ticketId, links: answerLinks(ticketId) };
  // Who has taken a time is not asked whether it suits them.
  const first = is_agreed ? 'change_accepted' : 'confirmation';
  if (movedFrom === undefined) return (await planMessage(context, { ...about, kind: first })).told;
  const { appointment_date: previous_date, appointment_time: previous_time } = whenInWords(
    context,
    movedFrom,
  );
  const facts = { previous_date, previous_time };
  const kind = is_agreed ? 'change_accepted' : 'moved';
  return (await planMessage(context, { ...about, kind, facts })).told;
}

/**
 * Tells the customer of a visit that was made without a word, as those of series are: from now on it waits for their answer, is
 * asked about again and reminded of. Answers how they were told.
 */
export async function tellOfMadeVisit(context: Context, ticketId: string): Promise<string> {
  const { contact_id } = await getRow(context, ticketRecord, ticketId);
  const email = (await findRow(context, contactRecord, contact_id))?.email ?? null;
  const columns = toldColumns(context, { notify: true, email });
  const visit = await updateRow(context, ticketRecord, ticketId, columns);
  const told = await tellOfVisit(context, { ticketId, contactId: contact_id });
  await settleMails(context, visit);
  return told;
}

/** Tells a customer by mail that we do not come; why is between them and the office. */
export async function tellOfCancellation(
  context: Context,
  { ticketId, contactId }: { ticketId: string; contactId: string },
): Promise<string> {
  return (await planMessage(context, { contact_id: contactId, ticket_id: ticketId, kind: 'cancellation' }))
    .told;
}

/** How a customer is told who was not written to. */
export const notTold = 'not told: only notify_customer: true writes to them';
