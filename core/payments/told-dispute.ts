import { newId } from '../kernel/database/ids.ts';
import type { Dispute } from '../kernel/outside/payment-service.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { getRow, insertRow, updateRow } from '../kernel/records/record-queries.ts';
import { followPayments } from './follow-payments.ts';
import { paymentRecord, refundRecord } from './payment.ts';
import { findTaken, sumGoingBack } from './queries.ts';
import type { Payment } from './record.ts';

/** Later says more: what was lost may be won by an appeal, and nothing that is decided is open again. */
const weights = ['open', 'lost', 'won'] as const;

/**
 * Writes down how a dispute of a payment stands, which is locked, and its bill before it; undefined when that is known, or a newer dispute
 * is. What a lost one took is a refund of its own, never more than is left of the payment; won after all, it failed.
 */
export async function writeToldDispute(
  context: Context,
  payment: Payment,
  told: Dispute,
): Promise<Payment | undefined> {
  const { stripe_dispute_id, dispute_status, dispute_opened_at, dispute_due_at } = payment;
  if (stripe_dispute_id === told.id) {
    const isSame = dispute_status === told.status && isAlike(dispute_due_at, told.due_by);
    if (isSame || weights.indexOf(dispute_status ?? 'open') > weights.indexOf(told.status)) return undefined;
  } else if (dispute_opened_at !== null && dispute_opened_at > told.created_at) return undefined;
  const row = await updateRow(context, paymentRecord, payment.id, {
    stripe_dispute_id: told.id,
    dispute_status: told.status,
    dispute_opened_at: told.created_at,
    dispute_due_at: told.due_by,
  });
  await take(context, row, told);
  await followPayments(context, payment.invoice_id);
  return row;
}

const isAlike = (a: string | null, b: string | null): boolean =>
  (a === null ? 0 : Date.parse(a)) === (b === null ? 0 : Date.parse(b));

/** The money of a lost dispute is gone; that of one won after it is here again. */
async function take(context: Context, payment: Payment, told: Dispute): Promise<void> {
  const taken = await findTaken(context, told.id);
  if (told.status !== 'lost') {
    if (taken && taken.status !== 'failed')
      await updateRow(context, refundRecord, taken.id, { status: 'failed', failure: 'dispute_won' });
    return;
  }
  if (taken) return;
  const { amount_cents, refunded_cents } = await getRow(context, paymentRecord, payment.id);
  const left = amount_cents - refunded_cents - (await sumGoingBack(context, payment.id));
  const amount = Math.min(told.amount_cents, left);
  if (amount <= 0) return;
  await insertRow(context, refundRecord, {
    id: newId(),
    payment_id: payment.id,
    amount_cents: amount,
    currency: payment.currency,
    method: payment.method,
    reason: 'other',
    note: 'Lost dispute',
    refunded_at: context.now.toString(),
    stripe_dispute_id: told.id,
  });
}
