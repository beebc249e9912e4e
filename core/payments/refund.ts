import { z } from 'zod';
import { stripeKey } from '../checkout/secrets.ts';
import { type Invoice, invoiceRecord, lockInvoice } from '../invoices/invoice.ts';
import { newId } from '../kernel/database/ids.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { findRow, getRow, insertRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { DeskhandError, invalid } from '../kernel/words/errors.ts';
import { cents, formatMoney, inOwnMoney } from '../kernel/words/money.ts';
import { freeText } from '../kernel/words/text-schemas.ts';
import { momentOrDay } from '../kernel/words/time.ts';
import { followPayments } from './follow-payments.ts';
import { lockPayment, paymentRecord, refundRecord } from './payment.ts';
import { sumGoingBack } from './queries.ts';
import { type Payment, paymentMethods, type Refund, readWhen, refundReasons } from './record.ts';
import { refundPayload, throughStripe } from './through-stripe.ts';

const input = z.strictObject({
  payment_id: ref('payment'),
  amount_cents: cents.min(1).optional().meta({ description: 'all that is left of it when left out' }),
  reason: z.enum(refundReasons),
  method: z.enum(paymentMethods).optional().meta({ description: 'as it came when left out' }),
  refunded_at: momentOrDay.optional().meta({ description: 'now when left out' }),
  note: freeText.max(500).optional(),
});
type Input = z.output<typeof input>;

/**
 * Gives money of a payment back (OPQ-11, D7). What came by Stripe goes back through it: the refund is `pending`, and a job asks Stripe,
 * whose answer and events say what becomes of it (decision 037). Of other payments it writes down that money was handed back, in cash, by
 * check or by transfer: nothing is moved by that, it has been. Never more than is left of the payment and not on its way. Throws
 * INVALID_STATE for what never came, is given back already or is disputed, and without a key of Stripe; VALIDATION_ERROR for
 * more than is left, NOT_FOUND.
 */
export const refundPayment = defineAction({
  domain: 'payment',
  name: 'refund',
  summary:
    'Give money of a payment back, all or a part, and why: through Stripe if it came so, else write down that it was handed back.',
  input,
  output: refundRecord.row.extend({
    payment: z.string(),
    /** What of the payment is neither given back nor on its way. */
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
      const left = leftOf(payment, await sumGoingBack(context, payment.id));
      return inOwnMoney(context, payment.currency, amount_cents ?? left);
    },
  },
  effect: 'money',
  undo: 'none',
  why_not_undone: 'money that was handed back is with the customer; what comes again is a new payment',
  past: 'refunded',
  // How much goes back, not how much came.
  says: '{amount_cents} of the payment {it}[ for {whose}][: {note}]',
  touches: ['stripe'],
  reasoning_in: 'note',
  example: {
    payment_id: 'PAY-1',
    amount_cents: 5000,
    reason: 'goodwill',
    note: 'Two screens were scratched',
  },
  keywords: ['give back', 'money back', 'return', 'reimburse', 'overpaid', 'partial refund'],
  async run(context, asked) {
    // The bill first, as whoever writes down a payment does: two who lock both in another order wait for each other.
    const { invoice_id } = await getRow(context, paymentRecord, asked.payment_id);
    const bill = await lockInvoice(context, invoice_id);
    const payment = await lockPayment(context, asked.payment_id);
    const going = await sumGoingBack(context, payment.id);
    const amount = asked.amount_cents ?? leftOf(payment, going);
    requireLeft(payment, amount, going);
    const write = payment.provider === 'stripe' ? askStripe : writeDown;
    const refund = await write(context, { asked, bill, payment, amount });
    await followPayments(context, invoice_id);
    const invoice = await getRow(context, invoiceRecord, invoice_id);
    return {
      ...refund,
      payment: payment.reference,
      left_cents: leftOf(payment, going) - amount,
      invoice: invoice.reference,
      invoice_status: invoice.status,
    };
  },
});

interface Giving {
  asked: Input;
  bill: Invoice;
  payment: Payment;
  amount: number;
}

/** Money that was handed back already. */
function writeDown(context: Context, { asked, payment, amount }: Giving): Promise<Refund> {
  const { refunded_at, method } = asked;
  const { time_zone } = context.organization;
  const at =
    refunded_at === undefined ? context.now.toString() : readWhen(time_zone, refunded_at, 'refunded_at');
  if (Date.parse(at) > context.now.epochMilliseconds)
    throw invalid('refunded_at', 'This is still to come.', {
      got: at,
      hint: 'Write it down when it was handed back.',
    });
  return insertRow(context, refundRecord, {
    ...rowOf({ asked, payment, amount }),
    method: method ?? payment.method,
    refunded_at: at,
  });
}

/** Money that Stripe is to give back, the way it came. */
async function askStripe(context: Context, { asked, bill, payment, amount }: Giving): Promise<Refund> {
  await requireStripe(context, asked, payment);
  const refund = await insertRow(context, refundRecord, {
    ...rowOf({ asked, payment, amount }),
    method: payment.method,
    refunded_at: context.now.toString(),
    status: 'pending',
  });
  const payload = refundPayload({ refund, payment, bill, business: context.organization.slug });
  await context.enqueue({ kind: throughStripe, payload, dedupe_key: refund.id });
  return refund;
}

const rowOf = ({ asked: { reason, note }, payment, amount }: Omit<Giving, 'bill'>) => ({
  id: newId(),
  payment_id: payment.id,
  amount_cents: amount,
  currency: payment.currency,
  reason,
  note: note ?? null,
});

async function requireStripe(
  context: Context,
  { method, refunded_at }: Input,
  { reference, method: came, dispute_status }: Payment,
): Promise<void> {
  if (method !== undefined && method !== came)
    throw invalid('method', `${reference} came by Stripe, which gives it back the way it came.`, {
      got: method,
      hint: 'Leave method out.',
    });
  if (refunded_at !== undefined)
    throw invalid('refunded_at', 'Stripe gives it back now, and says itself when it went.', {
      got: refunded_at,
      hint: 'Leave refunded_at out. What was given back in Stripe is written down here by itself.',
    });
  if (dispute_status === 'open')
    throw new DeskhandError(
      'INVALID_STATE',
      `The customer disputes ${reference} with their bank; Stripe gives nothing of it back until that is decided.`,
      { hint: 'Answer the dispute at Stripe: accepting it there gives the money back.' },
    );
  if (await context.hasSecret(stripeKey.name)) return;
  throw new DeskhandError(
    'INVALID_STATE',
    `${reference} came by Stripe, and there is no key of Stripe any more.`,
    {
      hint: 'The owner sets the secret stripe_secret_key, or gives the money back at Stripe.',
    },
  );
}

const leftOf = ({ amount_cents, refunded_cents }: Payment, going: number): number =>
  amount_cents - refunded_cents - going;

function requireLeft(payment: Payment, amount: number, going: number): void {
  const { reference, status, currency } = payment;
  if (status !== 'succeeded') {
    throw new DeskhandError('INVALID_STATE', `${reference} is ${status}; there is nothing to give back.`, {
      hint: 'Give back of a payment that came.',
    });
  }
  const left = leftOf(payment, going);
  const onItsWay = formatMoney(going, currency);
  if (left <= 0) {
    const said =
      going === 0
        ? `All of ${reference} was given back already.`
        : `Nothing of ${reference} is left to give back; ${onItsWay} is on its way.`;
    throw new DeskhandError('INVALID_STATE', said, { hint: 'Look at refunds with this payment_id.' });
  }
  if (amount <= left) return;
  const besides = going === 0 ? '' : `; ${onItsWay} is on its way`;
  throw invalid(
    'amount_cents',
    `Only ${formatMoney(left, currency)} of ${reference} is left to give back${besides}.`,
    { got: amount, left_cents: left, hint: `Give back at most ${left}.` },
  );
}
