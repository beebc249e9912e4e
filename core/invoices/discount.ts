import { invalid } from '../kernel/words/errors.ts';
import { formatMoney } from '../kernel/words/money.ts';

/** Throws VALIDATION_ERROR for a discount above what the lines come to with tax (D13). */
export function requireDiscount(discount: number, of: number, currency: string): void {
  if (discount <= of) return;
  throw invalid(
    'discount_cents',
    `A discount of ${formatMoney(discount, currency)} is more than the ${formatMoney(of, currency)} it is taken off.`,
    { got: discount, valid_range: `0 to ${of}`, hint: 'Lower discount_cents first; 0 takes it away.' },
  );
}
