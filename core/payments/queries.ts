import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { pickRows } from '../kernel/records/record-queries.ts';
import { paymentRecord } from './payment.ts';
import { type Payment, paymentMethods } from './record.ts';

/** What a bank has said is on its way for a bill, in minor units (D5). */
export async function sumPending(context: ReadContext, invoiceId: string): Promise<number> {
  const { cents } = await context.tx.one(
    z.object({ cents: z.number() }),
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
