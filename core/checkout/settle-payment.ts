import { type Invoice, invoiceRecord, issuedNow } from '../invoices/invoice.ts';
import { payerOf } from '../invoices/payer.ts';
import { sendReceipt } from '../invoices/record-payment.ts';
import type { CheckoutPayment } from '../kernel/outside/payment-service.ts';
import { type Fate, noteIncident } from '../kernel/outside/webhook-fates.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { getRow, updateRow } from '../kernel/records/record-queries.ts';
import { settingOf } from '../kernel/registry/settings.ts';
import { formatMoney } from '../kernel/words/money.ts';
import { followPayments } from '../payments/follow-payments.ts';
import { findByIntent } from '../payments/of-stripe.ts';
import { paymentRecord } from '../payments/payment.ts';
import { receivePayment, warnBeyond } from '../payments/receive.ts';
import { methodWords, type Payment } from '../payments/record.ts';
import { receiptsOnline } from './settings.ts';
import { tellOwner } from './tell-owner.ts';

/** Later says more: what has arrived has arrived, whatever is told of it afterwards. */
const weights = ['pending', 'failed', 'succeeded'] as const;

/** A payment that was read at Stripe, the bill it is for, locked, and the page or invoice it was made at. */
export interface ReadPayment {
  invoice: Invoice;
  payment: CheckoutPayment;
  through: { checkout_session_id: string | null; stripe_customer_id: string | null };
}

/** Brings payments and bill in line with one payment as it stands at Stripe now. */
export async function settlePayment(
  context: Context,
  { invoice, payment, through }: ReadPayment,
): Promise<Fate> {
  const { reference, currency } = invoice;
  if (payment.currency !== currency) return otherCurrency(context, invoice, payment);
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
  const row = await writeDown(context, {
    invoice,
    through,
    payment: { ...payment, status },
    known,
  });
  await updateRow(context, invoiceRecord, invoice.id, {
    ...(through.checkout_session_id === null
      ? {}
      : { stripe_checkout_session_id: through.checkout_session_id }),
    stripe_payment_intent_id: payment.id,
    stripe_charge_id: payment.charge_id,
    stripe_customer_id: through.stripe_customer_id,
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

interface Written extends ReadPayment {
  payment: CheckoutPayment & { status: Payment['status'] };
  known: Payment | undefined;
}

/** A row for each payment of Stripe's, which becomes what that has become. */
async function writeDown(context: Context, { invoice, through, payment, known }: Written): Promise<Payment> {
  const { status, amount_cents, method, charge_id, paid_at } = payment;
  const received_at = paid_at ?? context.now.toString();
  if (!known) {
    if (invoice.status === 'draft')
      await updateRow(context, invoiceRecord, invoice.id, await issuedNow(context, invoice));
    return receivePayment(context, invoice, {
      amount_cents,
      method,
      received_at,
      stripe: {
        status,
        payment_intent_id: payment.id,
        charge_id,
        checkout_session_id: through.checkout_session_id,
      },
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

async function otherCurrency(context: Context, invoice: Invoice, payment: CheckoutPayment): Promise<Fate> {
  const { reference, currency } = invoice;
  await noteIncident(context, { provider: 'stripe', reason: 'currency', object_id: payment.id });
  const said = `${reference} is in ${currency}, and ${formatMoney(payment.amount_cents, payment.currency)} was paid at its page. Nothing is written down; look at Stripe.`;
  await tellOwner(context, invoice, 'payment_failed', {
    title: `Look at a payment for ${reference} in ${payment.currency}`,
    note: said,
  });
  return { outcome: 'refused', said };
}
