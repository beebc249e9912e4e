import type { Invoice } from '../invoices/invoice.ts';
import { balanceOf } from '../invoices/record.ts';
import { newId } from '../kernel/database/ids.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { insertRow } from '../kernel/records/record-queries.ts';
import { formatMoney } from '../kernel/words/money.ts';
import { followPayments } from './follow-payments.ts';
import { paymentRecord } from './payment.ts';
import type { Payment, PaymentMethod } from './record.ts';

/** Money that came in, and what is known of it. */
export interface Received {
  amount_cents: number;
  method: PaymentMethod;
  /** UTC; now when left out. */
  received_at?: string | undefined;
  note?: string | undefined;
  /** The close-out in which it was taken at the door. */
  closeout_session_id?: string | undefined;
  /** What Stripe tells of it; somebody of the business tells when left out. */
  stripe?: OfStripe | undefined;
}

/** A payment as Stripe has it. */
export interface OfStripe {
  status: Payment['status'];
  payment_intent_id: string;
  charge_id: string | null;
  checkout_session_id: string | null;
}

/**
 * Writes down that money came in for a bill, whatever state that is in: what has moved is kept (D8). The bill is locked and
 * its status follows by itself. Whoever writes it down is told when it is more than the bill asks for.
 */
export async function receivePayment(
  context: Context,
  invoice: Invoice,
  { received_at = context.now.toString(), note, closeout_session_id, stripe, ...said }: Received,
): Promise<Payment> {
  const payment = await insertRow(context, paymentRecord, {
    id: newId(),
    invoice_id: invoice.id,
    currency: invoice.currency,
    ...said,
    received_at,
    note: note ?? null,
    closeout_session_id: closeout_session_id ?? null,
    ...(stripe ? { provider: 'stripe' as const, ...stripe } : {}),
  });
  warnBeyond(context, invoice, payment);
  await followPayments(context, invoice.id);
  return payment;
}

/** Tells whoever writes it down that a payment is more than the bill asked for. */
export function warnBeyond(context: Context, invoice: Invoice, payment: Payment): void {
  const { reference, currency, status } = invoice;
  const open = balanceOf(invoice, '').due_cents;
  if (payment.status === 'succeeded' && payment.amount_cents > open) {
    const beyond = formatMoney(payment.amount_cents - open, currency);
    const why =
      status === 'void' || status === 'cancelled'
        ? `${reference} is ${status}`
        : `only ${formatMoney(open, currency)} was still due on ${reference}`;
    context.warn(
      `${payment.reference} is kept, but ${why}: ${beyond} is to be given back (payment.refund) or belongs to another bill (payment.move). The owner has a task for it.`,
    );
  }
}
