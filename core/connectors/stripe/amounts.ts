import { PermanentFailure } from '../../kernel/outside/delivery-failure.ts';

// Stripe counts most currencies as everybody does. These it counts in hundredths although nobody pays in them, and of those with
// three places it takes no last one (docs.stripe.com/currencies, "Special cases").
const inHundredths = new Set(['ISK', 'UGX']);

const places = (currency: string): number =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;

const factor = (currency: string): number => (inHundredths.has(currency) && places(currency) === 0 ? 100 : 1);

/** An amount as Stripe writes it. Throws PermanentFailure for one it does not take: 1.001 dinars. */
export function toStripe(cents: number, currency: string): number {
  if (places(currency) === 3 && cents % 10 !== 0)
    throw new PermanentFailure(`Stripe takes ${currency} to the hundredth only.`);
  return cents * factor(currency);
}

/** An amount of Stripe's as we count it. */
export const fromStripe = (amount: number, currency: string): number => amount / factor(currency);
