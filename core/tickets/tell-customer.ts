import type { Context } from '../kernel/pipeline/context.ts';
import { planMessage } from '../messages/plan.ts';
import { whenInWords } from './told-visit.ts';

/**
 * Tells a customer by mail when we come (MCP-06), and instead of when, if the visit was moved. Answers how they were told,
 * or how else to tell them. The price says "estimated" where it is (TKT-09).
 */
export async function tellOfVisit(
  context: Context,
  { ticketId, contactId, movedFrom }: { ticketId: string; contactId: string; movedFrom?: string },
): Promise<string> {
  const about = { contact_id: contactId, ticket_id: ticketId };
  if (movedFrom === undefined) return (await planMessage(context, { ...about, kind: 'confirmation' })).told;
  const { appointment_date: previous_date, appointment_time: previous_time } = whenInWords(
    context,
    movedFrom,
  );
  const facts = { previous_date, previous_time };
  return (await planMessage(context, { ...about, kind: 'moved', facts })).told;
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
export const notTold = 'not told: notify_customer was not set';
