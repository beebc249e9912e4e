import type { ReadContext } from '../kernel/pipeline/context.ts';
import { findRow } from '../kernel/records/record-queries.ts';
import { todayOf } from '../kernel/words/time.ts';
import { whyNotReminded } from '../reading/overdue.ts';
import { invoiceRecord } from './invoice.ts';
import { findStepOf } from './reminder-queries.ts';
import { isOutdone, stepsOf } from './reminder-steps.ts';

/**
 * Why a reminder of a bill is not to go out as things are, in a sentence; undefined when it may. A server that was off for a week
 * sends the newest step alone.
 */
export async function whyReminderIsOver(
  context: ReadContext,
  { id, invoice_id }: { id: string; invoice_id: string },
): Promise<string | undefined> {
  const day = todayOf(context).toString();
  const why = await whyNotReminded(context, invoice_id, day);
  if (why !== undefined) return why;
  const step = await findStepOf(context, id, invoice_id);
  const bill = await findRow(context, invoiceRecord, invoice_id);
  if (step === undefined || !bill?.due_on) return undefined;
  return isOutdone(stepsOf(context), { step, due_on: bill.due_on, today: day })
    ? 'A later reminder takes its place.'
    : undefined;
}
