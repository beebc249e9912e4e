import { z } from 'zod';
import type { Dispute, PaymentService } from '../../kernel/outside/payment-service.ts';
import { fromStripe } from './amounts.ts';
import { pointer, readable, seconds } from './answers.ts';
import type { Asker } from './client.ts';

const dispute = z.object({
  id: z.string(),
  payment_intent: pointer,
  charge: pointer,
  amount: z.number(),
  currency: z.string(),
  status: z.string(),
  reason: z.string().nullable().catch(null),
  created: seconds,
  evidence_details: z.object({ due_by: seconds.nullable() }).nullable().catch(null),
});

/** Payments that payers dispute. */
export const disputesAt = ({ look }: Asker): Pick<PaymentService, 'readDispute'> => ({
  async readDispute(id) {
    const found = await look(dispute, stripe => stripe.disputes.retrieve(id));
    return found && toDispute(found);
  },
});

function toDispute(found: z.output<typeof dispute>): Dispute {
  const currency = found.currency.toUpperCase();
  return {
    id: found.id,
    payment_id: found.payment_intent,
    charge_id: found.charge,
    amount_cents: fromStripe(found.amount, currency),
    currency,
    status: stateOf(found.status),
    reason: readable(found.reason),
    due_by: found.evidence_details?.due_by ?? null,
    created_at: found.created,
  };
}

/** While an appeal runs the money is gone, as after what it appeals; a question of the bank that was settled took none. */
function stateOf(status: string): Dispute['status'] {
  if (status === 'lost' || status.startsWith('appeal_')) return 'lost';
  return status === 'won' || status === 'warning_closed' || status === 'prevented' ? 'won' : 'open';
}
