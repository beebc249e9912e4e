import { invalid } from '../../core/kernel/words/errors.ts';
import { moneyLike, readMoney } from '../../core/kernel/words/money.ts';

/** `120`, `$120.50` and `1,234.5` in minor units. Throws VALIDATION_ERROR about the field for anything else. */
export function readAmount(field: string, text: string, currency: string): number {
  const amount = readMoney(text, currency);
  if (amount !== undefined) return amount;
  throw invalid(field, `Write the amount like ${moneyLike(currency)}.`, { got: text });
}
