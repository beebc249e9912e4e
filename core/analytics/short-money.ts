import { decimalsOf } from '../kernel/words/money.ts';

/** `$19,457`: on pages of figures whole units are enough, and what is exact stands in the file. */
export const wholeMoney = (cents: number, currency: string): string =>
  new Intl.NumberFormat('en-US', { style: 'currency', currency, maximumFractionDigits: 0 }).format(
    cents / 10 ** decimalsOf(currency),
  );

/** `$19k`, on an axis. */
export const shortMoney = (cents: number, currency: string): string =>
  new Intl.NumberFormat('en-US', {
    style: 'currency',
    currency,
    notation: 'compact',
    maximumFractionDigits: 1,
    minimumFractionDigits: 0,
  }).format(cents / 10 ** decimalsOf(currency));
