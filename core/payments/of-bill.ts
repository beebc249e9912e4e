import type { ReadContext } from '../kernel/pipeline/context.ts';
import { listOfBill } from './queries.ts';

export interface BillPayments {
  /** What has come, in the order it came. */
  received: Awaited<ReturnType<typeof listOfBill>>;
  /** What a bank has said is on its way, in cents (D5). */
  pending_cents: number;
}

/** What came in for a bill, and what is on its way. */
export async function paymentsOfBill(context: ReadContext, invoiceId: string): Promise<BillPayments> {
  const all = await listOfBill(context, invoiceId);
  const pending = all.filter(({ status }) => status === 'pending');
  return {
    received: all.filter(({ status }) => status === 'succeeded'),
    pending_cents: pending.reduce((sum, { amount_cents }) => sum + amount_cents, 0),
  };
}
