import { z } from 'zod';
import type { WebhookEvent, WebhookMessage } from '../../kernel/outside/webhooks.ts';

/** How old a message may be, in seconds. */
const tolerance = 300;

/** The payload of an event, when Stripe has signed it in the last five minutes; throws otherwise. */
export async function verifyStripe({ headers, body }: WebhookMessage, secret: string): Promise<unknown> {
  // Loaded by the first event.
  const { default: Stripe } = await import('stripe');
  return Stripe.webhooks.constructEvent(body, headers['stripe-signature'] ?? '', secret, tolerance);
}

const id = z.string().min(1).max(200);
/** One of the ids an object names beside its own, or the object itself where it comes whole. */
const pointer = z
  .union([id, z.object({ id }).transform(object => object.id)])
  .nullish()
  .catch(undefined);

const payload = z.object({
  id,
  type: z.string().regex(/^[a-z0-9_.]{1,100}$/),
  created: z.number().int().positive(),
  data: z.object({
    object: z.object({
      id,
      object: z.string().regex(/^[a-z_.]{1,60}$/),
      payment_intent: pointer,
      charge: pointer,
      invoice: pointer,
      metadata: z
        .object({ business: z.string().max(100) })
        .nullish()
        .catch(undefined),
    }),
  }),
});

/** What happens to these we follow, each by what its kind of object is read again as. */
const followed: Readonly<Record<string, { prefix?: string; happenings: readonly string[] }>> = {
  'checkout.session': {
    happenings: ['completed', 'async_payment_succeeded', 'async_payment_failed', 'expired'],
  },
  payment_intent: { happenings: ['payment_failed', 'succeeded', 'processing', 'canceled'] },
  invoice: {
    happenings: [
      'finalized',
      'paid',
      'payment_failed',
      'voided',
      'overpaid',
      'marked_uncollectible',
      'deleted',
    ],
  },
  invoice_payment: { happenings: ['paid'] },
  customer: { happenings: ['deleted'] },
  refund: { happenings: ['created', 'updated', 'failed'] },
  dispute: {
    prefix: 'charge.dispute',
    happenings: ['created', 'updated', 'closed', 'funds_withdrawn', 'funds_reinstated'],
  },
};

/**
 * An event as the core takes it: what it is about, by ids alone. No amount, state or note of it is believed, for all of it is read
 * again at Stripe when the event is carried out. Undefined for what is no event of an object.
 */
export function readStripeEvent(given: unknown): WebhookEvent | undefined {
  const { data: event } = payload.safeParse(given);
  if (!event) return undefined;
  const { type, data } = event;
  const { object } = data;
  const occurred_at = new Date(event.created * 1000).toISOString();
  const beside = [object.payment_intent, object.charge, object.invoice].filter(
    other => typeof other === 'string',
  );
  return {
    event_id: event.id,
    type,
    object_id: object.id,
    occurred_at,
    ...(beside.length > 0 ? { beside } : {}),
    ...(object.metadata ? { claims: object.metadata.business } : {}),
    ...(isFollowed(type, object.object)
      ? { data: { kind: object.object, object: object.id, type, occurred_at } }
      : {}),
  };
}

function isFollowed(type: string, object: string): boolean {
  const { prefix = object, happenings = [] } = followed[object] ?? {};
  return happenings.some(happening => type === `${prefix}.${happening}`);
}
