import type { SecretSpec } from '../kernel/outside/seal.ts';

/** What asks Stripe in the name of a business (D2). */
export const stripeKey = {
  name: 'stripe_secret_key',
  summary: 'The secret key of your account at Stripe (sk_… or rk_…), from its page API keys.',
  shape: /^[sr]k_(?:live|test)_[A-Za-z0-9_]{10,250}$/,
} as const satisfies SecretSpec & { shape: RegExp };

export const stripeWebhookSecret = {
  name: 'stripe_webhook',
  summary: 'The signing secret of the webhook at Stripe (whsec_…), from its page Webhooks.',
  shape: /^whsec_[A-Za-z0-9+/=_-]{16,250}$/,
} as const satisfies SecretSpec & { shape: RegExp };
