import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { pickRows } from '../kernel/records/record-queries.ts';
import { paymentRecord, refundRecord } from './payment.ts';
import { type Payment, paymentMethods, type Refund } from './record.ts';

const sum = z.object({ cents: z.number() });

/** What a bank has said is on its way for a bill, in minor units (D5). */
export async function sumPending(context: ReadContext, invoiceId: string): Promise<number> {
  const { cents } = await context.tx.one(
    sum,
    sql`
    select coalesce(sum(amount_cents), 0)::bigint as cents
    from payments
    where organization_id = ${context.organization.id}::uuid
      and invoice_id = ${invoiceId}::uuid
      and status = 'pending'
      and deleted_at is null`,
  );
  return cents;
}

/** The payment that Stripe calls so. Whoever writes it down has its bill locked. */
export async function findByIntent(context: ReadContext, intentId: string): Promise<Payment | undefined> {
  const [found] = await pickRows(
    context,
    { from: 'payments', soft_deletes: false },
    paymentRecord.row,
    sql`payment_intent_id = ${intentId}`,
  );
  return found;
}

/** The payment that Stripe made this charge for. */
export async function findByCharge(context: ReadContext, chargeId: string): Promise<Payment | undefined> {
  const [found] = await pickRows(
    context,
    { from: 'payments', soft_deletes: false },
    paymentRecord.row,
    sql`charge_id = ${chargeId}`,
  );
  return found;
}

/** What of a payment is on its way back, in minor units. */
export async function sumGoingBack(context: ReadContext, paymentId: string): Promise<number> {
  const { cents } = await context.tx.one(
    sum,
    sql`
    select coalesce(sum(amount_cents), 0)::bigint as cents
    from refunds
    where organization_id = ${context.organization.id}::uuid
      and payment_id = ${paymentId}::uuid
      and status = 'pending'`,
  );
  return cents;
}

/** What of all payments of a bill is on its way back, in minor units. */
export async function sumGoingBackOfBill(context: ReadContext, invoiceId: string): Promise<number> {
  const { cents } = await context.tx.one(
    sum,
    sql`
    select coalesce(sum(r.amount_cents), 0)::bigint as cents
    from payments as p
    join refunds as r on r.organization_id = p.organization_id and r.payment_id = p.id
    where p.organization_id = ${context.organization.id}::uuid
      and p.invoice_id = ${invoiceId}::uuid
      and r.status = 'pending'`,
  );
  return cents;
}

const refunds = { from: 'refunds', soft_deletes: false };

/** The refund that Stripe calls so. Whoever writes it down has its bill locked. */
export async function findStripeRefund(context: ReadContext, stripeId: string): Promise<Refund | undefined> {
  const [found] = await pickRows(context, refunds, refundRecord.row, sql`stripe_refund_id = ${stripeId}`);
  return found;
}

/** One of our refunds of a payment of which Stripe has not said yet what it calls it. */
export async function findUnnamedRefund(
  context: ReadContext,
  { id, payment_id, amount_cents }: Pick<Refund, 'id' | 'payment_id' | 'amount_cents'>,
): Promise<Refund | undefined> {
  const [found] = await pickRows(
    context,
    refunds,
    refundRecord.row,
    sql`id = ${id}::uuid and payment_id = ${payment_id}::uuid and amount_cents = ${amount_cents}::bigint
      and stripe_refund_id is null and stripe_dispute_id is null`,
  );
  return found;
}

/** What a lost dispute took. */
export async function findTaken(context: ReadContext, disputeId: string): Promise<Refund | undefined> {
  const [found] = await pickRows(context, refunds, refundRecord.row, sql`stripe_dispute_id = ${disputeId}`);
  return found;
}

const paymentOfBill = z.object({
  reference: z.string(),
  amount_cents: z.number(),
  refunded_cents: z.number(),
  method: z.enum(paymentMethods),
  received_at: z.string(),
  status: z.enum(['pending', 'succeeded']),
});

/** What came in for a bill or is on its way, in the order it came. What failed never came. */
export const listOfBill = (context: ReadContext, invoiceId: string) =>
  pickRows(
    context,
    { from: 'payments', soft_deletes: true },
    paymentOfBill,
    sql`invoice_id = ${invoiceId}::uuid and status in ('pending', 'succeeded') order by received_at, id`,
  );
