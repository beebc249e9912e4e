import { defineAction } from '../kernel/registry/define.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import { formatMoney } from '../kernel/words/money.ts';
import { endInput, endInvoice, requireLivingInvoice } from './end.ts';
import { answerInvoice, type Invoice, invoiceAnswer, lockInvoice } from './invoice.ts';

/** Takes back a bill on which nothing was paid (CFL-38). The visit can be billed again. */
export const cancelInvoice = defineAction({
  domain: 'invoice',
  name: 'cancel',
  summary: 'Cancel an invoice on which nothing was paid; this is final, the visit can be billed again.',
  input: endInput({ fitting: 'draft' }),
  output: invoiceAnswer,
  permission: { level: 'soft_limit' },
  effect: 'delete',
  locks: 'invoice_id',
  undo: 'none',
  why_not_undone: 'a cancelled invoice is final',
  example: { invoice_id: 'INV-2026-001', reason: 'Billed twice' },
  keywords: ['withdraw', 'drop', 'discard', 'draft'],
  async run(context, { invoice_id, reason }) {
    const invoice = await lockInvoice(context, invoice_id);
    requireLivingInvoice(invoice);
    requireUnpaid(invoice);
    await endInvoice(context, invoice, 'cancelled', reason);
    return answerInvoice(context, invoice.id);
  },
});

function requireUnpaid({ reference, status, paid_cents, refunded_cents, currency }: Invoice): void {
  if (paid_cents + refunded_cents === 0) return;
  const paid = formatMoney(paid_cents + refunded_cents, currency);
  throw new DeskhandError('INVALID_STATE', `${paid} was paid on ${reference}.`, {
    hint:
      status === 'draft'
        ? 'Give the payment to another invoice with payment.move, or take it out with payment.delete.'
        : 'Void it with invoice.void instead.',
  });
}
