import { z } from 'zod';
import { type Invoice, invoiceRecord, issuedNow, lockInvoice } from '../invoices/invoice.ts';
import { payerOf } from '../invoices/payer.ts';
import { sendReceipt } from '../invoices/record-payment.ts';
import type { Checkout, CheckoutPayment } from '../kernel/outside/payment-service.ts';
import { type Fate, noteIncident, settling_ms } from '../kernel/outside/webhooks.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { getRow, updateRow } from '../kernel/records/record-queries.ts';
import { settingOf } from '../kernel/registry/settings.ts';
import { notFound } from '../kernel/words/errors.ts';
import { formatMoney } from '../kernel/words/money.ts';
import { followPayments } from '../payments/follow-payments.ts';
import { findByIntent } from '../payments/of-stripe.ts';
import { paymentRecord } from '../payments/payment.ts';
import { receivePayment, warnBeyond } from '../payments/receive.ts';
import { methodWords, type Payment } from '../payments/record.ts';
import type { StripeEvent } from './followed.ts';
import { findPage, findStripeOwner, type Page, setPage } from './queries.ts';
import { receiptsOnline } from './settings.ts';
import { tellOwner } from './tell-owner.ts';

// The connector has read it; what travels between is its own object.
const standing = z.custom<Checkout>().optional();

/**
 * Brings a bill in line with the page it is paid at, as that stands at Stripe now. Which bill that is we have written down ourselves
 * (D3): a page nobody opened here is none of ours, whatever it says about itself.
 */
export async function settlePage(context: Context, event: StripeEvent, object: unknown): Promise<Fate> {
  const checkout = standing.parse(object);
  if (!checkout) return unknownThere(context, event);
  const page = await findPage(context, checkout.id);
  if (!page) return notOurs(context, event, checkout);
  const invoice = await lockInvoice(context, page.invoice_id);
  const fate = await settle(context, { invoice, page, checkout });
  return { ...fate, about: { type: 'invoice', id: invoice.id } };
}

/** Stripe has no such thing under our key: the event is about another account, or was sent to the wrong address. */
async function unknownThere(context: Context, { kind, object: object_id }: StripeEvent): Promise<Fate> {
  if (kind === 'payment_intent' && (await findStripeOwner(context.tx, object_id)) === undefined)
    return { outcome: 'skipped', said: 'This payment was not made at a page of ours.' };
  await noteIncident(context, { provider: 'stripe', reason: 'not_under_our_key', object_id });
  return { outcome: 'refused', said: 'Stripe has nothing of this id under the key of this business.' };
}

async function notOurs(
  context: Context,
  { object: object_id, occurred_at }: StripeEvent,
  checkout: Checkout,
): Promise<Fate> {
  const owner = await findStripeOwner(context.tx, checkout.id);
  if (owner !== undefined) {
    await noteIncident(context, { provider: 'stripe', reason: 'of_another_business', object_id });
    return { outcome: 'refused', said: 'This page is of a bill of another business.' };
  }
  // It may be faster than our own note of the page.
  if (context.now.epochMilliseconds - Date.parse(occurred_at) < settling_ms && !checkout.payment)
    throw notFound('payment page', checkout.id, { field: 'object' });
  return { outcome: 'skipped', said: 'No bill of ours is paid at this page.' };
}

interface Standing {
  invoice: Invoice;
  page: Page;
  checkout: Checkout;
}

async function settle(context: Context, { invoice, page, checkout }: Standing): Promise<Fate> {
  const { payment, status } = checkout;
  await setPage(context, page.id, { status, payment_intent_id: payment?.id ?? null });
  const { reference } = invoice;
  if (!payment) {
    const said =
      status === 'expired' ? 'Nobody has paid there; the page is closed.' : 'Nobody has paid there yet.';
    return { outcome: 'skipped', said: `${reference}: ${said}` };
  }
  if (payment.currency !== invoice.currency) {
    await noteIncident(context, { provider: 'stripe', reason: 'currency', object_id: checkout.id });
    const said = `${reference} is in ${invoice.currency}, and ${formatMoney(payment.amount_cents, payment.currency)} was paid at its page. Nothing is written down; look at Stripe.`;
    await tellOwner(context, invoice, 'payment_failed', {
      title: `Look at a payment for ${reference} in ${payment.currency}`,
      note: said,
    });
    return { outcome: 'refused', said };
  }
  return write(context, { invoice, checkout, payment });
}

/** Later says more: what has arrived has arrived, whatever is told of it afterwards. */
const weights = ['pending', 'failed', 'succeeded'] as const;

async function write(
  context: Context,
  { invoice, checkout, payment }: { invoice: Invoice; checkout: Checkout; payment: CheckoutPayment },
): Promise<Fate> {
  const { reference, currency } = invoice;
  const money = formatMoney(payment.amount_cents, currency);
  const { status } = payment;
  const known = await findByIntent(context, payment.id);
  if (status === 'none' || (status === 'failed' && !known)) {
    if (payment.failure === null && status === 'none')
      return { outcome: 'skipped', said: `${reference}: somebody is paying there.` };
    await tellFailure(context, invoice, payment);
    return {
      outcome: 'done',
      said: `${reference}: ${money} did not go through (${payment.failure ?? 'unknown'}).`,
    };
  }
  if (known && weights.indexOf(known.status) >= weights.indexOf(status))
    return { outcome: 'skipped', said: `${reference}: ${known.reference} is known, and ${known.status}.` };
  const row = await writeDown(context, { invoice, checkout, payment: { ...payment, status }, known });
  await updateRow(context, invoiceRecord, invoice.id, {
    stripe_checkout_session_id: checkout.id,
    stripe_payment_intent_id: payment.id,
    stripe_charge_id: payment.charge_id,
    stripe_customer_id: checkout.payer,
    last_synced_at: context.now.toString(),
  });
  if (status === 'failed') {
    await tellFailure(context, invoice, payment);
    return {
      outcome: 'done',
      said: `${reference}: the bank has sent ${money} back, ${row.reference} failed.`,
    };
  }
  if (status === 'pending')
    return {
      outcome: 'done',
      said: `${reference}: a bank payment of ${money} is on its way, ${row.reference}.`,
    };
  await tellOwner(context, invoice, 'payment_failed', undefined);
  const words = methodWords[payment.method];
  return {
    outcome: 'done',
    said: `${reference}: ${money} came ${words}, ${row.reference}.${await receiptFor(context, invoice)}`,
  };
}

interface Written {
  invoice: Invoice;
  checkout: Checkout;
  payment: CheckoutPayment & { status: Payment['status'] };
  known: Payment | undefined;
}

/** A row for each payment of Stripe's, which becomes what that has become. */
async function writeDown(context: Context, { invoice, checkout, payment, known }: Written): Promise<Payment> {
  const { status, amount_cents, method, charge_id, paid_at } = payment;
  const received_at = paid_at ?? context.now.toString();
  if (!known) {
    if (invoice.status === 'draft')
      await updateRow(context, invoiceRecord, invoice.id, await issuedNow(context, invoice));
    return receivePayment(context, invoice, {
      amount_cents,
      method,
      received_at,
      stripe: { status, payment_intent_id: payment.id, charge_id, checkout_session_id: checkout.id },
    });
  }
  const row = await updateRow(context, paymentRecord, known.id, {
    status,
    amount_cents,
    charge_id,
    received_at,
  });
  warnBeyond(context, invoice, row);
  await followPayments(context, invoice.id);
  return row;
}

/** Thanks who has paid, as for any payment; ` Receipt …` for the event. */
async function receiptFor(context: Context, invoice: Invoice): Promise<string> {
  const { status } = await getRow(context, invoiceRecord, invoice.id);
  if (status !== 'paid' || invoice.status === 'paid' || !settingOf(context, receiptsOnline)) return '';
  return ` Receipt: ${await sendReceipt(context, invoice)}.`;
}

/** A payment that did not go through is for the office to know; the customer has read it at the page, or hears of it from a person. */
async function tellFailure(context: Context, invoice: Invoice, payment: CheckoutPayment): Promise<void> {
  const { reference, currency } = invoice;
  const { name } = await payerOf(context, invoice);
  const money = formatMoney(payment.amount_cents, currency);
  const by = payment.method === 'bank_transfer' ? 'The bank has sent it back' : 'The card was refused';
  await tellOwner(context, invoice, 'payment_failed', {
    title: `${money} for ${reference} did not go through${name && `: ${name}`}`,
    note: `${by} (${payment.failure ?? 'no reason given'}). The customer can try again by the link in their mail; call when nothing comes.`,
  });
}
