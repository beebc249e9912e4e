import { z } from 'zod';
import { lineTotal } from '../kernel/words/money.ts';

/** A tax rate in percent, 0 to 100, with at most 4 decimal places (8.875): finer ones no authority asks for. */
export const taxRate = z
  .number()
  .min(0)
  .max(100)
  .refine(rate => Number(rate.toFixed(4)) === rate, 'has at most four decimal places');

/** What decides the amounts of one line of a document that is paid: a bill, a quote, an order (D1). */
export interface Priced {
  /** A decimal of at most 3 places. */
  quantity: number;
  unit_price_cents: number;
  /** In percent, with at most 4 decimal places. */
  tax_rate: number;
}

/** What a line comes to, in minor units. */
export interface LineAmounts {
  subtotal_cents: number;
  tax_cents: number;
  /** With tax (CFL-42). */
  total_cents: number;
}

/**
 * Quantity times unit price, and its tax, each rounded per line, half away from zero (CFL-22, INV-12): the sums of a
 * document are then the sums of what stands on its lines, to the cent.
 */
export function lineAmounts({ quantity, unit_price_cents, tax_rate }: Priced): LineAmounts {
  const subtotal_cents = lineTotal(quantity, unit_price_cents);
  const tax_cents = taxOf(subtotal_cents, tax_rate);
  return { subtotal_cents, tax_cents, total_cents: subtotal_cents + tax_cents };
}

/** What a whole document comes to: the sums of its lines, less a discount on the whole, after tax (D13). */
export function documentAmounts(
  lines: readonly Pick<LineAmounts, 'subtotal_cents' | 'tax_cents'>[],
  discount_cents: number,
): LineAmounts {
  const subtotal_cents = lines.reduce((sum, line) => sum + line.subtotal_cents, 0);
  const tax_cents = lines.reduce((sum, line) => sum + line.tax_cents, 0);
  return { subtotal_cents, tax_cents, total_cents: subtotal_cents + tax_cents - discount_cents };
}

/** Percent of cents, half away from zero, without a float in between: rates count in ten-thousandths of a percent. */
function taxOf(cents: number, rate: number): number {
  const millionths = BigInt(cents) * BigInt(Math.round(rate * 10_000));
  const half = millionths < 0n ? -500_000n : 500_000n;
  return Number((millionths + half) / 1_000_000n);
}
