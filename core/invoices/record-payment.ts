import { z } from 'zod';
import { logEntry } from '../kernel/pipeline/audit-entry.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import type { Rule } from '../kernel/pipeline/permission.ts';
import { findRow, updateRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { cents, formatMoney, inOwnMoney } from '../kernel/words/money.ts';
import { freeText } from '../kernel/words/text-schemas.ts';
import { momentOrDay } from '../kernel/words/time.ts';
import { planMessage } from '../messages/plan.ts';
import { methodIn } from '../payments/method.ts';
import { requirePast } from '../payments/payment.ts';
import { receivePayment } from '../payments/receive.ts';
import { paymentMethods, readWhen } from '../payments/record.ts';
import {
  answerInvoice,
  type Invoice,
  invoiceAnswer,
  invoiceRecord,
  issuedNow,
  lockInvoice,
} from './invoice.ts';
import { balanceOf } from './record.ts';

const input = z.strictObject({
  invoice_id: ref('invoice', { fitting: 'open', or_others: true }),
  amount_cents: cents.min(1),
  method: z
    .enum(paymentMethods)
    .optional()
    .meta({ description: 'how it came; as the note says when left out' }),
  received_at: momentOrDay.optional().meta({ description: 'when it came; now when left out' }),
  note: freeText.max(500).optional().meta({ description: 'check 1042' }),
  notify_customer: z.boolean().optional().meta({ description: 'mail a receipt once all is paid' }),
});

/** What is not asked for is mostly a mistake: a number too many, or another bill. */
const notAskedFor: Rule<z.output<typeof input>> = {
  name: 'not_asked_for',
  level: 'requires_authorization',
  summary: 'when it is more than is due on the invoice, or the invoice has ended',
  async applies(context, { invoice_id, amount_cents }) {
    const invoice = await findRow(context, invoiceRecord, invoice_id);
    if (!invoice) return undefined;
    const { due_cents } = balanceOf(invoice, '');
    const due = formatMoney(due_cents, invoice.currency);
    return amount_cents > due_cents
      ? `only ${due} is due on ${invoice.reference}, which is ${invoice.status}`
      : undefined;
  },
};

/**
 * Writes down that money came in (INV-03, INV-06): a payment, by which a sent bill is paid, or partial while something is left.
 * A draft is issued by it and not mailed, for what was paid in cash at the door is not asked for again. What has moved is kept
 * even when it is too much, or for a bill that has ended (D8); it warns, and the owner gets a task to give it back. An agent
 * needs the owner for it, because it cannot see the money, and a wrong one ends the reminding. A wrong entry is taken out with
 * payment.delete.
 */
export const recordPayment = defineAction({
  domain: 'invoice',
  name: 'record_payment',
  summary:
    'Record money received for an invoice, a draft too, which is then issued without a mail; what is left stays open.',
  input,
  output: invoiceAnswer.extend({ payment: z.string(), customer_told: z.string().optional() }),
  permission: {
    level: 'requires_authorization',
    rules: [notAskedFor],
    async amount(context, { invoice_id, amount_cents }) {
      const invoice = await findRow(context, invoiceRecord, invoice_id);
      return invoice ? inOwnMoney(context, invoice.currency, amount_cents) : amount_cents;
    },
  },
  effect: 'money',
  touches: ['email'],
  often: { rank: 2, members: ['invoice_id', 'amount_cents', 'note'] },
  undo: 'payment.delete',
  says: '{amount_cents}[ by {note}] from {whose} for {it}[; {left_cents} stays open]',
  example: { invoice_id: 'INV-2026-001', amount_cents: 15_000, note: 'Check 1042' },
  keywords: ['paid', 'cash', 'check', 'received', 'settle', 'partial', 'transfer'],
  async run(context, { invoice_id, amount_cents, method, received_at, note, notify_customer = false }) {
    const at = received_at && readWhen(context.organization.time_zone, received_at, 'received_at');
    if (at) requirePast(context, at);
    // Locked, so that of two payments at once the second counts on what the first has left.
    const invoice = await lockInvoice(context, invoice_id);
    if (invoice.status === 'draft')
      await updateRow(context, invoiceRecord, invoice.id, await issuedNow(context, invoice));
    const payment = await receivePayment(context, invoice, {
      amount_cents,
      method: method ?? methodIn(note),
      received_at: at,
      note,
    });
    const answer = await answerInvoice(context, invoice.id);
    const left_cents = answer.due_cents > 0 ? answer.due_cents : undefined;
    const entry = { type: 'invoice', id: invoice.id, verb: 'payment' };
    await logEntry(context, entry, { payment: payment.reference, left_cents });
    const answered = { ...answer, payment: payment.reference };
    return notify_customer && answer.status === 'paid'
      ? { ...answered, customer_told: await sendReceipt(context, invoice) }
      : answered;
  },
});

/** Thanks the customer by mail, where the bill went, for a bill that is paid in full. Answers how they were told. */
export const sendReceipt = async (context: Context, { id, contact_id, sent_to }: Invoice): Promise<string> =>
  (await planMessage(context, { kind: 'receipt', contact_id, invoice_id: id, to: sent_to ?? undefined }))
    .told;
