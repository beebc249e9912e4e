import type { StripeSettings } from '../../core/connectors/stripe/index.ts';
import { ConfigError, isHere } from './values.ts';

/** A proxy, or a stand-in of tests; the keys travel with every request. */
export function readStripe(baseUrl: string | undefined): StripeSettings {
  if (!baseUrl) return {};
  const url = URL.parse(baseUrl);
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isHere(url.hostname));
  if (url && isSafe && url.pathname === '/' && !url.search && !url.hash && !url.username)
    return { baseUrl: url.origin };
  throw new ConfigError(
    'STRIPE_API_URL is no https:// address alone; leave it out, or write it as https://api.stripe.com.',
  );
}
