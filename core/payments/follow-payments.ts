import { closeStalePages } from '../checkout/close-stale.ts';
import { invoiceRecord } from '../invoices/invoice.ts';
import { payerOf } from '../invoices/payer.ts';
import { owedBackOf } from '../invoices/record.ts';
import { followSaidPaid } from '../invoices/say-paid.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { getRow } from '../kernel/records/record-queries.ts';
import { formatMoney } from '../kernel/words/money.ts';
import { firstOwner } from '../members/first-owner.ts';
import { endReminders } from '../messages/end-reminders.ts';
import { keepTask } from '../tasks/made-for.ts';
import { sumGoingBackOfBill } from './queries.ts';

/**
 * Brings in line with a bill what follows from its payments: the words it is found by, open pages that ask for another amount, that
 * nobody is reminded of what is settled, and one task for the owner while a customer is to get money back (D8). The task is made when
 * it is owed, says what is owed now, and is done when it was given back, moved to another bill, or never came. Called behind whatever
 * may have changed that, its bill locked.
 */
export async function followPayments(context: Context, invoiceId: string): Promise<void> {
  const invoice = await getRow(context, invoiceRecord, invoiceId);
  context.reindex('invoice', invoice.id);
  await closeStalePages(context, invoice);
  await followSaidPaid(context, invoice);
  if (invoice.status !== 'sent' && invoice.status !== 'partial')
    await endReminders(context, invoice, `${invoice.reference} is ${invoice.status}.`);
  // What is on its way is not to be given back once more; when it fails, it is owed again.
  const owed = Math.max(0, owedBackOf(invoice) - (await sumGoingBackOfBill(context, invoice.id)));
  const about = { made_for: 'give_back', invoice_id: invoice.id } as const;
  if (owed === 0) return keepTask(context, about, undefined);
  const { reference, currency, contact_id, company_id, status } = invoice;
  const money = formatMoney(owed, currency);
  const why =
    status === 'void' || status === 'cancelled'
      ? `${reference} is ${status}, and ${money} was paid on it.`
      : `${money} more was paid on ${reference} than it asks for.`;
  const { name } = await payerOf(context, invoice);
  return keepTask(context, about, {
    title: `Give ${money} back for ${reference}${name === '' ? '' : ` to ${name}`}`,
    note: `${why} Give it back and write that down on the bill, or give the payment to another bill.`,
    contact_id,
    company_id,
    assignee_id: await firstOwner(context),
  });
}
