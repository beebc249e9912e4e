import { z } from 'zod';
import { type Invoice, lockInvoice } from '../invoices/invoice.ts';
import { payerOf } from '../invoices/payer.ts';
import type { Dispute } from '../kernel/outside/payment-service.ts';
import { type Fate, noteIncident } from '../kernel/outside/webhook-fates.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { formatMoney } from '../kernel/words/money.ts';
import { localTime } from '../kernel/words/time.ts';
import { lockPayment } from '../payments/payment.ts';
import type { Payment } from '../payments/record.ts';
import { writeToldDispute } from '../payments/told-dispute.ts';
import type { StripeEvent } from './followed.ts';
import { ofNoPayment, paymentOf } from './settle-refund.ts';
import { tellOwner } from './tell-owner.ts';
import { unknownThere } from './unknown.ts';

// The connector has read it; what travels between is its own object.
const standing = z.custom<Dispute>().optional();

/** Writes down how a dispute of a payment stands, with one task for the owner while it is open (decision 037). */
export async function settleDispute(context: Context, event: StripeEvent, object: unknown): Promise<Fate> {
  const told = standing.parse(object);
  if (!told) return unknownThere(context, event, 'This dispute is of no payment of ours.');
  const found = await paymentOf(context, told);
  if (!found) return ofNoPayment(context, event, told, 'dispute');
  const invoice = await lockInvoice(context, found.invoice_id);
  const payment = await lockPayment(context, found.id);
  const about = { type: 'invoice', id: invoice.id };
  const money = formatMoney(told.amount_cents, told.currency);
  if (told.currency !== payment.currency) {
    await noteIncident(context, { provider: 'stripe', reason: 'currency', object_id: told.id });
    const said = `${money} of ${payment.reference} is disputed, which is another currency than came. Look at Stripe.`;
    return { outcome: 'refused', said, about };
  }
  const written = await writeToldDispute(context, payment, told);
  const of = `${invoice.reference}: ${payment.reference}`;
  if (!written) return { outcome: 'skipped', said: `${of}: this is known of its dispute.`, about };
  await tell(context, { invoice, payment: written, told });
  return { outcome: 'done', said: `${of}: ${saidOf[told.status]} (${money}).`, about };
}

const saidOf = {
  open: 'the customer disputes it with their bank',
  lost: 'the dispute is lost, and the money is gone',
  won: 'the dispute is won',
} as const;

/** Reasons of banks, as an owner says them. */
const reasons: Readonly<Record<string, string>> = {
  credit_not_processed: 'they say that money was promised back and did not come',
  duplicate: 'they say that they were charged twice',
  fraudulent: 'they say that it was not them who paid',
  product_not_received: 'they say that the work was not done',
  product_unacceptable: 'they say that the work was not as agreed',
  subscription_canceled: 'they say that it was called off before',
  unrecognized: 'they do not recognize the payment',
};

async function tell(
  context: Context,
  { invoice, payment, told }: { invoice: Invoice; payment: Payment; told: Dispute },
): Promise<void> {
  if (told.status !== 'open') return tellOwner(context, invoice, 'dispute', undefined);
  const { name } = await payerOf(context, invoice);
  const money = formatMoney(told.amount_cents, told.currency);
  const why = reasons[told.reason ?? ''] ?? 'their bank gives no reason we know';
  const { due_by } = told;
  const until =
    due_by === null
      ? 'The bank asks nothing of you yet.'
      : `Send what shows that you are right at Stripe by ${localTime(due_by, context.organization.time_zone).slice(0, 14)}.`;
  return tellOwner(context, invoice, 'dispute', {
    title: `${money} for ${invoice.reference} is disputed${name === '' ? '' : ` by ${name}`}`,
    note: `The customer has asked their bank for ${payment.reference} back: ${why}. ${until} Until it is decided, nobody is reminded of the bill.`,
    ...(due_by === null ? {} : { due_at: due_by }),
  });
}
