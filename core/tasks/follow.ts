import type { Context } from '../kernel/pipeline/context.ts';
import { quoteStart } from '../kernel/words/quote.ts';
import { endCalls } from './call.ts';
import { endOf } from './end-of.ts';
import { cancelOfLead, listOpen, moveOfLead, moveOfVisit, type NamedTask } from './queries.ts';

// What becomes of tasks when something happens to what they are about; why, `task.ts` says.

/** Gives the tasks of a lead its customer, or none when the match was a mistake. */
export const moveTasksOfLead = (context: Context, leadId: string, contactId: string | null): Promise<void> =>
  moveAll(context, moveOfLead(context, leadId, contactId, false));

/** A lead has become a customer: what was to be done about it is to be done for them. */
export const handOverTasksOfLead = (context: Context, leadId: string, contactId: string): Promise<void> =>
  moveAll(context, moveOfLead(context, leadId, contactId, true));

// Searches show whom they are about.
async function moveAll(context: Context, moved: Promise<string[]>): Promise<void> {
  for (const id of await moved) context.reindex('task', id);
}

/** A lead has come to nothing: what was still to be done about it is cancelled, and the caller told of it. */
export async function cancelTasksOfLead(context: Context, leadId: string): Promise<void> {
  const cancelled = await cancelOfLead(context, leadId, endOf(context));
  for (const { id } of cancelled) context.reindex('task', id);
  if (cancelled.length > 0)
    context.warn(`Cancelled with it: ${sayThese(cancelled)}. task.reopen takes one up again.`);
}

/** A visit is moved to another one: what is still to be done about it goes there. */
export async function moveTasksOfVisit(
  context: Context,
  fromId: string,
  to: { id: string; reference: string },
) {
  await endCalls(context, fromId);
  const moved = await moveOfVisit(context, fromId, to.id);
  if (moved.length > 0) context.warn(`Now about ${to.reference}: ${sayThese(moved)}.`);
}

/** Names what is still to be done for somebody for whom a visit is booked. */
export async function nameTasksOfBooked(context: Context, contact_id: string): Promise<void> {
  const open = await listOpen(context, { contact_id });
  if (open.length === 0) return;
  context.warn(
    `Still to be done for this customer: ${sayThese(open)}. Complete or cancel what this settles.`,
  );
}

/** Names what is still to be done about a visit that is cancelled. */
export async function nameTasksOfCancelled(context: Context, ticket_id: string): Promise<void> {
  await endCalls(context, ticket_id);
  const open = await listOpen(context, { ticket_id });
  if (open.length > 0) context.warn(`Still to be done about it: ${sayThese(open)}.`);
}

/** `TASK-3 «Ring Mrs Hart», TASK-4 «Bring the ladder»` */
const sayThese = (tasks: readonly NamedTask[]): string =>
  tasks.map(({ reference, title }) => `${reference} ${quoteStart(title, 60)}`).join(', ');
