import { readStripeEvent, verifyStripe } from '../connectors/stripe/events.ts';
import { defineWebhook } from '../kernel/outside/webhooks.ts';
import { findStripeOwner } from './queries.ts';
import { stripeWebhookSecret } from './secrets.ts';

/** What Stripe tells of pages, payments and customers. Only that something has happened is believed: what it is, is read again. */
export const stripeWebhook = defineWebhook({
  provider: 'stripe',
  summary: 'what was paid at Stripe, or was not',
  secret: stripeWebhookSecret.name,
  verify: verifyStripe,
  identify: readStripeEvent,
  ownerOf: findStripeOwner,
  connectors: ['payments'],
  // A card that was refused is told of by its payment alone, which nobody has written down before something came of it.
  async alsoCalled({ payments }, { data, object_id }) {
    if (data?.kind !== 'payment_intent') return [];
    const page = await (await payments())?.findCheckout(object_id);
    return page ? [page.id] : [];
  },
  action: 'payment.record_event',
});
