import { z } from 'zod';
import { type Invoice, invoiceRecord, issuedNow } from '../invoices/invoice.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { findRow, getRow, listByIds, updateRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { DeskhandError, invalid, notFound } from '../kernel/words/errors.ts';
import { inOwnMoney } from '../kernel/words/money.ts';
import { followPayments } from './follow-payments.ts';
import { lockPayment, paymentRecord, requireManual, requireWhole } from './payment.ts';
import type { Payment } from './record.ts';

/**
 * Gives a payment that was written down on the wrong bill to the right one (D8); both bills follow by themselves, and a draft is
 * issued as by any payment. Throws INVALID_STATE for what is partly given back, came by Stripe or is there already, for a bill that
 * has ended, and for one in another currency; NOT_FOUND.
 */
export const movePayment = defineAction({
  domain: 'payment',
  name: 'move',
  summary: 'Give a payment that was written down on the wrong invoice to the right one.',
  input: z.strictObject({ payment_id: ref('payment'), invoice_id: ref('invoice', { fitting: 'open' }) }),
  output: paymentRecord.row.extend({
    from_invoice: z.string(),
    to_invoice: z.string(),
    to_status: z.string(),
  }),
  permission: {
    level: 'requires_authorization',
    async amount(context, { payment_id }) {
      const payment = await findRow(context, paymentRecord, payment_id);
      return payment ? inOwnMoney(context, payment.currency, payment.amount_cents) : 0;
    },
  },
  effect: 'update',
  past: 'moved',
  example: { payment_id: 'PAY-1', invoice_id: 'INV-2026-001' },
  keywords: ['wrong invoice', 'wrong bill', 'reassign', 'transfer', 'apply', 'allocate'],
  async run(context, { payment_id, invoice_id }) {
    const { invoice_id: from_id } = await getRow(context, paymentRecord, payment_id);
    const { from, to } = await lockBoth(context, from_id, invoice_id);
    const payment = await lockPayment(context, payment_id);
    requireMovable(payment, to);
    if (to.status === 'draft') await updateRow(context, invoiceRecord, to.id, await issuedNow(context, to));
    const moved = await updateRow(context, paymentRecord, payment.id, { invoice_id: to.id });
    await followPayments(context, from.id);
    await followPayments(context, to.id);
    const { status: to_status } = await getRow(context, invoiceRecord, to.id);
    return { ...moved, from_invoice: from.reference, to_invoice: to.reference, to_status };
  },
});

/** Both bills, locked in the order of their ids. Throws NOT_FOUND. */
async function lockBoth(
  context: Context,
  fromId: string,
  toId: string,
): Promise<{ from: Invoice; to: Invoice }> {
  const bills = await listByIds(context, invoiceRecord, [fromId, toId], { lock: 'change' });
  const find = (id: string) => {
    const bill = bills.find(each => each.id === id);
    if (!bill) throw notFound('invoice', id, { field: 'invoice_id' });
    return bill;
  };
  return { from: find(fromId), to: find(toId) };
}

function requireMovable(payment: Payment, to: Invoice): void {
  requireManual(payment);
  requireWhole(payment);
  if (payment.invoice_id === to.id) {
    throw new DeskhandError('INVALID_STATE', `${payment.reference} is on ${to.reference} already.`, {
      field: 'invoice_id',
      hint: 'Name the invoice it belongs to.',
    });
  }
  if (to.status === 'void' || to.status === 'cancelled') {
    throw new DeskhandError(
      'INVALID_STATE',
      `${to.reference} is ${to.status}; it asks for nothing any more.`,
      {
        field: 'invoice_id',
        hint: 'Name an invoice that stands, or give the money back with payment.refund.',
      },
    );
  }
  if (payment.currency === to.currency) return;
  throw invalid(
    'invoice_id',
    `${payment.reference} is in ${payment.currency}, ${to.reference} in ${to.currency}.`,
    {
      hint: 'Give the money back with payment.refund, and record it anew.',
    },
  );
}
