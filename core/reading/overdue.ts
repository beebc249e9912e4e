import type { ReadContext } from '../kernel/pipeline/context.ts';
import { findStanding, listToRemind, type OverdueBill } from './overdue-queries.ts';

export type { OverdueBill };

/** Bills due before a day of which their customers may be reminded, with the step taken last; the longest overdue first. */
export const overdueBills = (context: ReadContext, asked: { due_before: string; most: number }) =>
  listToRemind(context, asked);

/** Why a customer is not reminded of a bill as things are, in a sentence; undefined when they may be. */
export async function whyNotReminded(
  context: ReadContext,
  invoiceId: string,
  today: string,
): Promise<string | undefined> {
  const bill = await findStanding(context, invoiceId);
  if (!bill) return 'The bill is not there any more.';
  const { reference, status, due_on, task } = bill;
  if (status !== 'sent' && status !== 'partial') return `${reference} is ${status}.`;
  if (due_on === null || due_on >= today) return `${reference} is not overdue.`;
  if (!bill.is_reminded) return `Nobody is to be reminded of ${reference} any more.`;
  if (bill.is_disputed) return `A payment of ${reference} is disputed.`;
  if (bill.is_on_its_way) return `A payment of ${reference} is on its way.`;
  return task === null ? undefined : `${task} about ${reference} is to be done first.`;
}
