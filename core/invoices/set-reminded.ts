import { z } from 'zod';
import type { Context } from '../kernel/pipeline/context.ts';
import { updateRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { endReminders } from '../messages/end-reminders.ts';
import { answerInvoice, invoiceRecord, lockInvoice } from './invoice.ts';

/** Of somebody's bills those that are open are meant. */
export const remindedInput = z.strictObject({
  invoice_id: ref('invoice', { fitting: 'open', or_others: true }),
});

/** Says whether the customer of a bill is reminded of it; what was planned is left out when not. Answers the bill. */
export async function setReminded(context: Context, id: string, is_reminded: boolean) {
  const invoice = await lockInvoice(context, id);
  if (invoice.is_reminded === is_reminded) context.unchanged();
  else await updateRow(context, invoiceRecord, invoice.id, { is_reminded });
  if (!is_reminded)
    await endReminders(context, invoice, `Nobody is to be reminded of ${invoice.reference} any more.`);
  return answerInvoice(context, invoice.id);
}
