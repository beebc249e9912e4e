import { z } from 'zod';
import { followed } from '../checkout/followed.ts';
import { noKey } from '../checkout/trouble.ts';
import { type Fate, noteFate } from '../kernel/outside/webhook-fates.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { externalId } from '../kernel/words/text-schemas.ts';

const kinds = [
  'checkout.session',
  'payment_intent',
  'invoice',
  'invoice_payment',
  'customer',
  'refund',
  'dispute',
] as const;

/** What an event says of itself: what it is about, and when it happened. */
export const eventInput = z.strictObject({
  kind: z.enum(kinds),
  object: externalId.meta({ description: 'as Stripe calls it' }),
  type: z.string().max(100),
  occurred_at: z.iso.datetime({ offset: true }),
});

/**
 * Carries out an event of Stripe's (STR-05…07): reads again what it is about, by the key of the business, and writes down what has
 * become of it. Events come twice, late, and in any order; each leaves what is so now. What became of it stands beside the event.
 */
export const recordEvent = defineAction({
  domain: 'payment',
  name: 'record_event',
  summary: 'Write down what has happened to a payment at Stripe; done by Stripe itself.',
  input: eventInput,
  output: z.object({ outcome: z.enum(['done', 'skipped', 'refused']), said: z.string() }),
  permission: { level: 'requires_authorization' },
  effect: 'money',
  undo: 'none',
  why_not_undone: 'what has happened at Stripe is changed there',
  past: 'told of',
  object: 'payment',
  example: {
    kind: 'checkout.session',
    object: 'cs_123',
    type: 'checkout.session.completed',
    occurred_at: '2026-11-18T14:00:00Z',
  },
  touches: ['email', 'stripe'],
  open_to: ['webhook'],
  human_only: true,
  roles: [],
  connectors: ['payments'],
  async prepare({ connectors, is_preview }, { kind, object }) {
    if (is_preview) return {};
    const service = await connectors.payments();
    if (!service) throw noKey();
    return { object: await followed[kind].read(service, object) };
  },
  async run(context, event) {
    const { object } = z.object({ object: z.unknown().optional() }).parse(context.prepared);
    const fate: Fate = await followed[event.kind].write(context, event, object);
    await noteFate(context, fate);
    return { outcome: fate.outcome, said: fate.said };
  },
});
