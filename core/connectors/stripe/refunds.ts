import { z } from 'zod';
import { RetryLater } from '../../kernel/outside/delivery-failure.ts';
import {
  type NewRefund,
  PaymentRefused,
  type PaymentService,
  type ServiceRefund,
} from '../../kernel/outside/payment-service.ts';
import { fromStripe, toStripe } from './amounts.ts';
import { pointer, readable, seconds } from './answers.ts';
import type { Asker } from './client.ts';
import { Missing, OtherRequest } from './trouble.ts';

const refund = z.object({
  id: z.string(),
  payment_intent: pointer,
  charge: pointer,
  amount: z.number(),
  currency: z.string(),
  status: z.string().nullable(),
  failure_reason: z.string().optional().catch(undefined),
  reason: z.string().nullable().catch(null),
  created: seconds,
  metadata: z.record(z.string(), z.string()).nullable().catch(null),
});

/** Money that Stripe gives back. */
export const refundsAt = ({
  ask,
  look,
}: Asker): Pick<PaymentService, 'createRefund' | 'readRefund' | 'listRefunds'> => ({
  async createRefund(asked, key) {
    const made = ask(refund, stripe => stripe.refunds.create(paramsOf(asked), { idempotencyKey: key }));
    return toRefund(
      await made.catch(error => {
        if (error instanceof Missing) throw new PaymentRefused(error.message, 'resource_missing');
        // It took something with this key; what, nobody has heard.
        throw error instanceof OtherRequest ? new RetryLater(error.message, 0) : error;
      }),
    );
  },
  async readRefund(id) {
    const found = await look(refund, stripe => stripe.refunds.retrieve(id));
    return found && toRefund(found);
  },
  async listRefunds(payment_id) {
    const answer = z.object({ data: z.array(refund) });
    const list = await look(answer, stripe =>
      stripe.refunds.list({ payment_intent: payment_id, limit: 100 }),
    );
    return (list?.data ?? []).map(toRefund);
  },
});

function paramsOf({ payment_id, amount_cents, currency, reason, notes }: NewRefund) {
  return {
    payment_intent: payment_id,
    amount: toStripe(amount_cents, currency),
    ...(reason === undefined ? {} : { reason }),
    metadata: { ...notes },
  };
}

function toRefund(found: z.output<typeof refund>): ServiceRefund {
  const currency = found.currency.toUpperCase();
  const status = stateOf(found.status);
  return {
    id: found.id,
    payment_id: found.payment_intent,
    charge_id: found.charge,
    amount_cents: fromStripe(found.amount, currency),
    currency,
    status,
    failure: status === 'failed' ? (readable(found.failure_reason) ?? readable(found.status)) : null,
    reason: readable(found.reason),
    created_at: found.created,
    notes: found.metadata ?? {},
  };
}

/** What waits for the bank, or for the customer to say where the money goes, is on its way; what was called off has failed. */
function stateOf(status: string | null): ServiceRefund['status'] {
  if (status === 'succeeded') return 'succeeded';
  return status === 'failed' || status === 'canceled' ? 'failed' : 'pending';
}
