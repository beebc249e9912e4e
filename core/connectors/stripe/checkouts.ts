import { z } from 'zod';
import type {
  Checkout,
  CheckoutPayment,
  NewCheckout,
  PaymentService,
} from '../../kernel/outside/payment-service.ts';
import { NoSuchPayer } from '../../kernel/outside/payment-service.ts';
import { fromStripe, toStripe } from './amounts.ts';
import { readable, seconds } from './answers.ts';
import type { Asker } from './client.ts';
import { intent, methodOf } from './intents.ts';
import { Missing } from './trouble.ts';

/** What we read of a page; an amount and currency are missing only where it is no page for paying. */
const session = z.object({
  id: z.string(),
  url: z.string().nullable(),
  status: z.enum(['open', 'complete', 'expired']).nullable(),
  amount_total: z.number().nullable(),
  currency: z.string().nullable(),
  expires_at: seconds,
  customer: z.string().nullable().catch(null),
  payment_status: z.string(),
  payment_intent: intent.nullable(),
});

/** A page is read with the payment made there, and that with what the card or bank has said: its state, its sum. */
const whole = 'payment_intent.latest_charge';

/** Pages of Stripe to pay at. */
export const checkoutsAt = ({
  ask,
  look,
}: Asker): Pick<PaymentService, 'createCheckout' | 'readCheckout' | 'findCheckout' | 'expireCheckout'> => {
  const readCheckout = async (id: string) => {
    const found = await look(session, stripe => stripe.checkout.sessions.retrieve(id, { expand: [whole] }));
    return found && toCheckout(found);
  };
  return {
    async createCheckout(checkout, key) {
      const params = paramsOf(checkout);
      const create = ask(session, stripe =>
        stripe.checkout.sessions.create({ ...params, expand: [whole] }, { idempotencyKey: key }),
      );
      return toCheckout(
        await create.catch(error => {
          throw error instanceof Missing && error.param === 'customer'
            ? new NoSuchPayer(error.message)
            : error;
        }),
      );
    },
    readCheckout,
    async findCheckout(payment_id) {
      const answer = z.object({ data: z.array(session) });
      const list = await look(answer, stripe =>
        stripe.checkout.sessions.list({ payment_intent: payment_id, limit: 1, expand: [`data.${whole}`] }),
      );
      const [found] = list?.data ?? [];
      return found && toCheckout(found);
    },
    async expireCheckout(id) {
      const standing = await readCheckout(id);
      if (standing?.status !== 'open') return standing;
      return toCheckout(
        await ask(session, stripe => stripe.checkout.sessions.expire(id, { expand: [whole] })),
      );
    },
  };
};

/** Cards everywhere; an American bank account where dollars are paid. */
const waysFor = (currency: string) =>
  currency === 'USD' ? ['card' as const, 'us_bank_account' as const] : ['card' as const];

function paramsOf(checkout: NewCheckout) {
  const { payer, reference, currency, lines, success_url, cancel_url, expires_at, notes } = checkout;
  return {
    mode: 'payment' as const,
    ui_mode: 'hosted_page' as const,
    customer: payer,
    client_reference_id: reference,
    line_items: lines.map(({ what, quantity, unit_cents }) => ({
      quantity,
      price_data: {
        currency: currency.toLowerCase(),
        unit_amount: toStripe(unit_cents, currency),
        product_data: { name: what },
      },
    })),
    success_url,
    cancel_url,
    expires_at: Math.floor(Date.parse(expires_at) / 1000),
    allowed_payment_method_types: waysFor(currency),
    metadata: { ...notes },
    payment_intent_data: { metadata: { ...notes } },
  };
}

function toCheckout(found: z.output<typeof session>): Checkout {
  const { id, url, status, amount_total, expires_at, customer: payer } = found;
  const currency = (found.currency ?? '').toUpperCase();
  return {
    id,
    url,
    // A page without a state is one that was made otherwise, and long ago.
    status: status ?? 'expired',
    amount_cents: fromStripe(amount_total ?? 0, currency || 'USD'),
    currency,
    expires_at,
    payer,
    payment: paymentOf(found),
  };
}

function paymentOf({
  payment_intent: made,
  payment_status,
  status,
}: z.output<typeof session>): CheckoutPayment | null {
  if (!made) return null;
  const currency = made.currency.toUpperCase();
  const state = stateOf(made.status, payment_status, status === 'complete');
  const { id, latest_charge, last_payment_error } = made;
  return {
    id,
    status: state,
    amount_cents: fromStripe(state === 'succeeded' ? made.amount_received : made.amount, currency),
    currency,
    charge_id: latest_charge?.id ?? null,
    method: methodOf(latest_charge?.payment_method_details?.type),
    paid_at: latest_charge?.created ?? null,
    failure: readable(last_payment_error?.code),
  };
}

/** Money has arrived when the payment says so, and the page does not say otherwise. */
function stateOf(payment: string, page: string, isComplete: boolean): CheckoutPayment['status'] {
  if (payment === 'succeeded' && page !== 'unpaid') return 'succeeded';
  if (payment === 'processing' || payment === 'succeeded') return 'pending';
  // Whoever is still at the page tries again.
  if (payment === 'canceled' || isComplete) return 'failed';
  return 'none';
}
