import { z } from 'zod';
import { invoiceRecord, lockInvoice } from '../invoices/invoice.ts';
import { newId } from '../kernel/database/ids.ts';
import { findRow, getRow, insertRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { DeskhandError, invalid } from '../kernel/words/errors.ts';
import { cents, formatMoney, inOwnMoney } from '../kernel/words/money.ts';
import { freeText } from '../kernel/words/text-schemas.ts';
import { momentOrDay } from '../kernel/words/time.ts';
import { followOwedBack } from './owed-back.ts';
import { lockPayment, paymentRecord, refundRecord, requireManual } from './payment.ts';
import { type Payment, paymentMethods, readWhen, refundReasons } from './record.ts';

const input = z.strictObject({
  payment_id: ref('payment'),
  amount_cents: cents.min(1).optional().meta({ description: 'all that is left of it when left out' }),
  reason: z.enum(refundReasons),
  method: z.enum(paymentMethods).optional().meta({ description: 'as it came when left out' }),
  refunded_at: momentOrDay.optional().meta({ description: 'now when left out' }),
  note: freeText.max(500).optional(),
});

/**
 * Writes down that money was handed back, in cash, by check or by transfer (OPQ-11, D7). Nothing is moved by it: it has been.
 * Never more than is left of the payment. Throws INVALID_STATE for what never came or is given back already, VALIDATION_ERROR
 * for more than is left, NOT_FOUND.
 */
export const refundPayment = defineAction({
  domain: 'payment',
  name: 'refund',
  summary: 'Write down that money of a payment was handed back, all of it or a part, and why.',
  input,
  output: refundRecord.row.extend({
    payment: z.string(),
    /** What of the payment is not given back yet. */
    left_cents: z.number(),
    invoice: z.string(),
    invoice_status: z.string(),
  }),
  permission: {
    level: 'requires_authorization',
    // What was given back is gone: each time is asked for, or a sum a day was agreed on (brief 5.3, decision 033).
    never_without_sum: 'Money that is given back leaves the business',
    async amount(context, { payment_id, amount_cents }) {
      const payment = await findRow(context, paymentRecord, payment_id);
      if (!payment) return 0;
      return inOwnMoney(context, payment.currency, amount_cents ?? leftOf(payment));
    },
  },
  effect: 'money',
  undo: 'none',
  why_not_undone: 'money that was handed back is with the customer; what comes again is a new payment',
  past: 'refunded',
  reasoning_in: 'note',
  example: {
    payment_id: 'PAY-1',
    amount_cents: 5000,
    reason: 'goodwill',
    note: 'Two screens were scratched',
  },
  keywords: ['give back', 'money back', 'return', 'reimburse', 'overpaid', 'partial refund'],
  async run(context, { payment_id, amount_cents, reason, method, refunded_at, note }) {
    // The bill first, as whoever writes down a payment does: two who lock both in another order wait for each other.
    const { invoice_id } = await getRow(context, paymentRecord, payment_id);
    await lockInvoice(context, invoice_id);
    const payment = await lockPayment(context, payment_id);
    requireManual(payment);
    const amount = amount_cents ?? leftOf(payment);
    requireLeft(payment, amount);
    const { time_zone } = context.organization;
    const at =
      refunded_at === undefined ? context.now.toString() : readWhen(time_zone, refunded_at, 'refunded_at');
    if (Date.parse(at) > context.now.epochMilliseconds)
      throw invalid('refunded_at', 'This is still to come.', {
        got: at,
        hint: 'Write it down when it was handed back.',
      });
    const refund = await insertRow(context, refundRecord, {
      id: newId(),
      payment_id: payment.id,
      amount_cents: amount,
      currency: payment.currency,
      method: method ?? payment.method,
      reason,
      note: note ?? null,
      refunded_at: at,
    });
    await followOwedBack(context, payment.invoice_id);
    const invoice = await getRow(context, invoiceRecord, payment.invoice_id);
    return {
      ...refund,
      payment: payment.reference,
      left_cents: leftOf(payment) - amount,
      invoice: invoice.reference,
      invoice_status: invoice.status,
    };
  },
});

const leftOf = ({ amount_cents, refunded_cents }: Payment): number => amount_cents - refunded_cents;

function requireLeft(payment: Payment, amount: number): void {
  const { reference, status, currency } = payment;
  if (status !== 'succeeded') {
    throw new DeskhandError('INVALID_STATE', `${reference} is ${status}; there is nothing to give back.`, {
      hint: 'Give back of a payment that came.',
    });
  }
  const left = leftOf(payment);
  if (left === 0) {
    throw new DeskhandError('INVALID_STATE', `All of ${reference} was given back already.`, {
      hint: 'Look at refunds with this payment_id.',
    });
  }
  if (amount <= left) return;
  throw invalid('amount_cents', `Only ${formatMoney(left, currency)} of ${reference} is left to give back.`, {
    got: amount,
    left_cents: left,
    hint: `Give back at most ${left}.`,
  });
}
