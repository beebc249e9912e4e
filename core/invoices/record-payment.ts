import { z } from 'zod';
import { logEntry } from '../kernel/pipeline/audit-entry.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { updateRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { DeskhandError, invalid } from '../kernel/words/errors.ts';
import { cents, formatMoney } from '../kernel/words/money.ts';
import { freeText } from '../kernel/words/text-schemas.ts';
import { planMessage } from '../messages/plan.ts';
import {
  answerInvoice,
  type Invoice,
  invoiceAnswer,
  invoiceRecord,
  issuedNow,
  lockInvoice,
} from './invoice.ts';

/**
 * Writes down that money came in (INV-03, INV-06): a sent bill is paid, or partial while something is left. A draft is issued
 * by it and not mailed, for what was paid in cash at the door is not asked for again. An agent needs
 * the owner for it, because it cannot see the money, nothing takes a payment back, and a wrong one ends the reminding.
 */
export const recordPayment = defineAction({
  domain: 'invoice',
  name: 'record_payment',
  summary:
    'Record money received for an invoice, a draft too, which is then issued without a mail; what is left stays open.',
  input: z.strictObject({
    invoice_id: ref('invoice', { fitting: 'open' }),
    amount_cents: cents.min(1),
    note: freeText.max(500).optional().meta({ description: 'how it came: cash, check 1042' }),
    notify_customer: z.boolean().optional().meta({ description: 'mail a receipt once all is paid' }),
  }),
  output: invoiceAnswer.extend({ customer_told: z.string().optional() }),
  permission: { level: 'requires_authorization', amount: async (_, { amount_cents }) => amount_cents },
  effect: 'money',
  touches: ['email'],
  often: { rank: 2 },
  undo: 'none',
  says: '{amount_cents}[ by {note}] from {whose} for {it}[; {left_cents} stays open]',
  example: { invoice_id: 'INV-2026-001', amount_cents: 15_000, note: 'Check 1042' },
  keywords: ['paid', 'cash', 'check', 'received', 'settle', 'partial'],
  async run(context, { invoice_id, amount_cents, note, notify_customer = false }) {
    // Locked, so that of two payments at once the second counts on what the first has left.
    const invoice = await lockInvoice(context, invoice_id);
    requirePayable(invoice, amount_cents);
    const paid = invoice.paid_cents + amount_cents;
    const isPaid = paid === invoice.total_cents;
    await updateRow(context, invoiceRecord, invoice.id, {
      ...(invoice.status === 'draft' ? issuedNow(context, invoice) : {}),
      paid_cents: paid,
      status: isPaid ? 'paid' : 'partial',
      paid_at: isPaid ? context.now.toString() : null,
    });
    const left_cents = isPaid ? undefined : invoice.total_cents - paid;
    const payment = { type: 'invoice', id: invoice.id, verb: 'payment' };
    await logEntry(context, payment, { amount_cents, note, left_cents });
    const answer = await answerInvoice(context, invoice.id);
    return notify_customer && isPaid
      ? { ...answer, customer_told: await sendReceipt(context, invoice) }
      : answer;
  },
});

/** Thanks the customer by mail, where the bill went, for a bill that is paid in full. Answers how they were told. */
const sendReceipt = async (context: Context, { id, contact_id, sent_to }: Invoice): Promise<string> =>
  (await planMessage(context, { kind: 'receipt', contact_id, invoice_id: id, to: sent_to ?? undefined }))
    .told;

function requirePayable(
  { reference, status, total_cents, paid_cents, currency }: Invoice,
  amount: number,
): void {
  if (status !== 'draft' && status !== 'sent' && status !== 'partial') {
    throw new DeskhandError('INVALID_STATE', `${reference} is ${status}; no payment is open on it.`, {
      hint: 'Look at it again; if the money is for another invoice, record it there.',
    });
  }
  const open = total_cents - paid_cents;
  if (amount <= open) return;
  throw invalid('amount_cents', `Only ${formatMoney(open, currency)} is still due on ${reference}.`, {
    got: amount,
    due_cents: open,
    hint: `Record at most ${open}; give the rest back, or record it on another invoice.`,
  });
}
