import { z } from 'zod';
import type { Context } from '../kernel/pipeline/context.ts';
import { updateRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { endReminders } from '../messages/end-reminders.ts';
import { answerInvoice, invoiceAnswer, invoiceRecord, lockInvoice } from './invoice.ts';

const input = z.strictObject({ invoice_id: ref('invoice', { fitting: 'open', or_others: true }) });

/** Nobody is reminded of this bill any more; what was planned does not go out. */
export const stopReminders = defineAction({
  domain: 'invoice',
  name: 'stop_reminders',
  summary: 'Remind nobody of an overdue invoice any more; what was planned is left out.',
  input,
  output: invoiceAnswer,
  permission: { level: 'soft_limit' },
  effect: 'update',
  undo: 'invoice.resume_reminders',
  verb: 'stop',
  past: 'stopped',
  object: 'the reminders of an invoice',
  example: { invoice_id: 'INV-2026-001' },
  keywords: ['reminder', 'overdue', 'dunning', 'leave alone', 'no more mails', 'pause'],
  async run(context, { invoice_id }) {
    return setReminded(context, invoice_id, false);
  },
});

/** Takes that back: the customer is reminded as of every other bill. */
export const resumeReminders = defineAction({
  domain: 'invoice',
  name: 'resume_reminders',
  summary: 'Remind the customer of an overdue invoice again, as of every other one.',
  input,
  output: invoiceAnswer,
  permission: { level: 'soft_limit' },
  effect: 'update',
  undo: 'invoice.stop_reminders',
  verb: 'resume',
  past: 'resumed',
  object: 'the reminders of an invoice',
  example: { invoice_id: 'INV-2026-001' },
  keywords: ['reminder', 'overdue', 'again'],
  async run(context, { invoice_id }) {
    return setReminded(context, invoice_id, true);
  },
});

async function setReminded(context: Context, id: string, is_reminded: boolean) {
  const invoice = await lockInvoice(context, id);
  if (invoice.is_reminded === is_reminded) context.unchanged();
  else await updateRow(context, invoiceRecord, invoice.id, { is_reminded });
  if (!is_reminded)
    await endReminders(context, invoice, `Nobody is to be reminded of ${invoice.reference} any more.`);
  return answerInvoice(context, invoice.id);
}
