import { z } from 'zod';
import type { CheckoutPayment } from '../../kernel/outside/payment-service.ts';
import { seconds } from './answers.ts';

const charge = z.object({
  id: z.string(),
  created: seconds,
  payment_method_details: z.object({ type: z.string() }).nullable(),
});

/** A payment with what the card or bank has said last. */
export const intent = z.object({
  id: z.string(),
  status: z.string(),
  amount: z.number(),
  amount_received: z.number(),
  currency: z.string(),
  latest_charge: charge.nullable().catch(null),
  last_payment_error: z.object({ code: z.string().optional() }).nullable().catch(null),
});

export function methodOf(type: string | undefined): CheckoutPayment['method'] {
  if (type === 'card') return 'card';
  return type?.endsWith('bank_account') || type?.endsWith('_debit') ? 'bank_transfer' : 'other';
}
