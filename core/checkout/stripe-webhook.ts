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
  action: 'payment.record_event',
});
