import { decimalsOf } from '../../core/kernel/words/money.ts';

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

/** `+12 %`, `−3 %`, `–` where there is nothing to compare with. */
export function changeSaid(percent: number | null): string {
  if (percent === null) return '–';
  const much = Math.abs(percent);
  const digits = much >= 10 ? 0 : 1;
  return `${percent > 0 ? '+' : percent < 0 ? '−' : '±'}${much.toFixed(digits)} %`;
}
