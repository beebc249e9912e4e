import { z } from 'zod';
import { type Invoice, lockInvoice } from '../invoices/invoice.ts';
import type { Checkout } from '../kernel/outside/payment-service.ts';
import { type Fate, noteIncident } from '../kernel/outside/webhook-fates.ts';
import { settling_ms } from '../kernel/outside/webhooks.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { notFound } from '../kernel/words/errors.ts';
import type { StripeEvent } from './followed.ts';
import { findPage, findStripeOwner, type Page, setPage } from './queries.ts';
import { settlePayment } from './settle-payment.ts';
import { unknownThere } from './unknown.ts';

// The connector has read it; what travels between is its own object.
const standing = z.custom<Checkout>().optional();

/**
 * Brings a bill in line with the page it is paid at, as that stands at Stripe now. Which bill that is we have written down ourselves
 * (D3): a page nobody opened here is none of ours, whatever it says about itself.
 */
export async function settlePage(context: Context, event: StripeEvent, object: unknown): Promise<Fate> {
  const checkout = standing.parse(object);
  if (!checkout) {
    const said = 'This payment was not made at a page of ours.';
    return unknownThere(context, event, event.kind === 'payment_intent' ? said : undefined);
  }
  const page = await findPage(context, checkout.id);
  if (!page) return notOurs(context, event, checkout);
  const invoice = await lockInvoice(context, page.invoice_id);
  const fate = await settle(context, { invoice, page, checkout });
  return { ...fate, about: { type: 'invoice', id: invoice.id } };
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
  return settlePayment(context, {
    invoice,
    payment,
    through: { checkout_session_id: checkout.id, stripe_customer_id: checkout.payer },
  });
}
