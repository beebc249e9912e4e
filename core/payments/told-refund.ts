import { isUuid, newId } from '../kernel/database/ids.ts';
import type { ServiceRefund } from '../kernel/outside/payment-service.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { getRow, insertRow, updateRow } from '../kernel/records/record-queries.ts';
import { followPayments } from './follow-payments.ts';
import { paymentRecord, refundRecord } from './payment.ts';
import { findStripeRefund, findUnnamedRefund } from './queries.ts';
import type { Payment, Refund } from './record.ts';

/** Later says more: what failed has failed for good, even after it went. */
const weights = ['pending', 'succeeded', 'failed'] as const;

/** What came of it: `known` as it is told, `written` down, or `beyond` what is left of its payment. */
export interface ToldRefund {
  refund: Refund | undefined;
  came: 'known' | 'written' | 'beyond';
}

/**
 * Writes down how money stands that Stripe gives back of a payment, which is locked, and its bill before it. A refund of ours is known by
 * what Stripe calls it, or else by our own id beside it, if it is one of this payment, of this amount, and not named yet; any
 * other was made in Stripe's dashboard, and is written down anew. However often and in whatever order it is told, the later state stays.
 */
export async function writeToldRefund(
  context: Context,
  payment: Payment,
  told: ServiceRefund,
): Promise<ToldRefund> {
  const known = await findKnown(context, payment, told);
  const isNamed = known?.stripe_refund_id === told.id;
  if (known && isNamed && weights.indexOf(known.status) >= weights.indexOf(told.status))
    return { refund: known, came: 'known' };
  if (told.status === 'succeeded' && known?.status !== 'succeeded') {
    const { refunded_cents } = await getRow(context, paymentRecord, payment.id);
    if (refunded_cents + told.amount_cents > payment.amount_cents) return { refund: known, came: 'beyond' };
  }
  const { status, failure } = told;
  const said = { stripe_refund_id: told.id, status, failure };
  const refund = known
    ? await updateRow(context, refundRecord, known.id, {
        ...said,
        ...(status === 'succeeded' ? { refunded_at: told.created_at } : {}),
      })
    : await insertRow(context, refundRecord, {
        ...said,
        id: newId(),
        payment_id: payment.id,
        amount_cents: told.amount_cents,
        currency: payment.currency,
        method: payment.method,
        reason: told.reason === 'duplicate' ? 'duplicate' : 'other',
        note: 'Given back in Stripe',
        refunded_at: told.created_at,
      });
  await followPayments(context, payment.invoice_id);
  return { refund, came: 'written' };
}

async function findKnown(
  context: Context,
  { id: payment_id }: Payment,
  { id, amount_cents, notes }: ServiceRefund,
): Promise<Refund | undefined> {
  const named = await findStripeRefund(context, id);
  if (named) return named;
  const { refund_id } = notes;
  if (refund_id === undefined || !isUuid(refund_id)) return undefined;
  return findUnnamedRefund(context, { id: refund_id, payment_id, amount_cents });
}

/** Writes down that Stripe did not give money back, or (`pending`) that nobody knows; undefined when Stripe has said more since. */
export async function writeRefused(
  context: Context,
  refund: Refund,
  { status, failure }: { status: 'pending' | 'failed'; failure: string },
): Promise<Refund | undefined> {
  if (refund.stripe_refund_id !== null || refund.status !== 'pending') return undefined;
  if (refund.failure === failure && status === 'pending') return undefined;
  const row = await updateRow(context, refundRecord, refund.id, { status, failure });
  const { invoice_id } = await getRow(context, paymentRecord, refund.payment_id);
  await followPayments(context, invoice_id);
  return row;
}
