import { z } from 'zod';
import { lockInvoice } from '../invoices/invoice.ts';
import type { ServiceRefund } from '../kernel/outside/payment-service.ts';
import { type Fate, noteIncident } from '../kernel/outside/webhook-fates.ts';
import { settling_ms } from '../kernel/outside/webhooks.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { notFound } from '../kernel/words/errors.ts';
import { formatMoney } from '../kernel/words/money.ts';
import { findByCharge, findByIntent } from '../payments/of-stripe.ts';
import { lockPayment } from '../payments/payment.ts';
import type { Payment, Refund } from '../payments/record.ts';
import { writeToldRefund } from '../payments/told-refund.ts';
import type { StripeEvent } from './followed.ts';
import { findStripeOwner } from './queries.ts';
import { refusedWords } from './refused-words.ts';
import { tellOfRefund } from './tell-of-refund.ts';
import { unknownThere } from './unknown.ts';

// The connector has read it; what travels between is its own object.
const standing = z.custom<ServiceRefund>().optional();

/** Writes down how money stands that is given back at Stripe, by us or in its dashboard (decision 037). */
export async function settleRefund(context: Context, event: StripeEvent, object: unknown): Promise<Fate> {
  const told = standing.parse(object);
  if (!told) return unknownThere(context, event, 'This refund is of no payment of ours.');
  const found = await paymentOf(context, told);
  if (!found) return ofNoPayment(context, event, told, 'refund');
  const invoice = await lockInvoice(context, found.invoice_id);
  const payment = await lockPayment(context, found.id);
  const about = { type: 'invoice', id: invoice.id };
  const money = formatMoney(told.amount_cents, told.currency);
  if (told.currency !== payment.currency) return unfit(context, told, 'currency', about);
  const { refund, came } = await writeToldRefund(context, payment, told);
  if (came === 'beyond') return unfit(context, told, 'beyond_payment', about);
  if (came === 'known' || !refund) {
    const said = `${invoice.reference}: ${refund?.reference ?? money} is known, and ${refund?.status ?? 'written down'}.`;
    return { outcome: 'skipped', said, about };
  }
  await tellOfRefund(context, { invoice, refund });
  return { outcome: 'done', said: `${invoice.reference}: ${saidOf(refund)}`, about };
}

function saidOf({ reference, amount_cents, currency, status, failure }: Refund): string {
  const money = formatMoney(amount_cents, currency);
  if (status === 'succeeded') return `${money} was given back, ${reference}.`;
  return status === 'pending'
    ? `${money} is on its way back, ${reference}.`
    : `${money} was not given back, ${reference}. ${refusedWords(failure)}.`;
}

/** The payment something at Stripe is about, by what we wrote down ourselves. */
export async function paymentOf(
  context: Context,
  { payment_id, charge_id }: Pick<ServiceRefund, 'payment_id' | 'charge_id'>,
): Promise<Payment | undefined> {
  const byIntent = payment_id === null ? undefined : await findByIntent(context, payment_id);
  return byIntent ?? (charge_id === null ? undefined : findByCharge(context, charge_id));
}

/** It is about a payment of another business, about one that we have not heard of yet, or about none of ours. */
export async function ofNoPayment(
  context: Context,
  { object: object_id, occurred_at }: StripeEvent,
  { payment_id, charge_id }: Pick<ServiceRefund, 'payment_id' | 'charge_id'>,
  what: string,
): Promise<Fate> {
  const beside = [payment_id, charge_id].filter(id => id !== null);
  const owner = await findStripeOwner(context.tx, object_id, beside);
  if (owner !== undefined && owner !== context.organization.id) {
    await noteIncident(context, { provider: 'stripe', reason: 'of_another_business', object_id });
    return { outcome: 'refused', said: `This ${what} is of a payment of another business.` };
  }
  // It may be faster than the word of the payment.
  if (context.now.epochMilliseconds - Date.parse(occurred_at) < settling_ms)
    throw notFound('payment', payment_id ?? object_id, { field: 'object' });
  return { outcome: 'skipped', said: `This ${what} is of no payment of ours.` };
}

async function unfit(
  context: Context,
  { id, amount_cents, currency }: ServiceRefund,
  reason: 'currency' | 'beyond_payment',
  about: Fate['about'],
): Promise<Fate> {
  await noteIncident(context, { provider: 'stripe', reason, object_id: id });
  const money = formatMoney(amount_cents, currency);
  const why = reason === 'currency' ? 'is another currency than came' : 'is more than is left of the payment';
  const said = `${money} was given back, which ${why}. Nothing is written down; look at Stripe.`;
  return { outcome: 'refused', said, ...(about ? { about } : {}) };
}
