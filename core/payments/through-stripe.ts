import { z } from 'zod';
import type { Invoice } from '../invoices/invoice.ts';
import type { NewRefund } from '../kernel/outside/payment-service.ts';
import type { Payment, Refund } from './record.ts';

/** The kind of the jobs that give money back through Stripe. */
export const throughStripe = 'refund_through_stripe';

/** What Stripe is asked, as a preview shows it. */
export const refundCall = z.object({
  /** Ours; also the idempotency key. */
  refund_id: z.string(),
  payment_intent: z.string(),
  amount_cents: z.number(),
  currency: z.string(),
  reason: z.enum(['duplicate']).optional(),
  metadata: z.record(z.string(), z.string()),
});

/** What is asked of Stripe for a refund that was written down. */
export function refundPayload({
  refund,
  payment,
  bill,
  business,
}: {
  refund: Refund;
  payment: Payment;
  bill: Pick<Invoice, 'reference'>;
  business: string;
}): z.output<typeof refundCall> {
  const { id, reference, amount_cents, currency } = refund;
  const reason = reasonAt(refund.reason);
  return {
    refund_id: id,
    payment_intent: payment.payment_intent_id ?? '',
    amount_cents,
    currency,
    ...(reason === undefined ? {} : { reason }),
    metadata: {
      refund: reference,
      refund_id: id,
      payment: payment.reference,
      invoice: bill.reference,
      business,
    },
  };
}

/** Of the three reasons Stripe knows one is ours, too; where it is not so, none is said. */
const reasonAt = (reason: Refund['reason']): NewRefund['reason'] =>
  reason === 'duplicate' ? 'duplicate' : undefined;
