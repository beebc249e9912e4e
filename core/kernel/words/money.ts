import { z } from 'zod';

/** Money is integer minor units (CFL-22): 56200 is $562.00. */
export const cents = z.int().min(0).max(1_000_000_000);

/** How many of something, a decimal with at most 3 places: more would be rounded away, and the total with it. */
export const decimalQuantity = z
  .number()
  .min(0.001)
  .max(100_000)
  .refine(quantity => Number(quantity.toFixed(3)) === quantity, 'has at most three decimal places');

/** Quantity times unit price, rounded per line, half away from zero. `quantity` is a decimal of at most 3 places. */
export function lineTotal(quantity: number, unitPriceCents: number): number {
  const thousandths = BigInt(Math.round(quantity * 1000)) * BigInt(unitPriceCents);
  const half = thousandths < 0n ? -500n : 500n;
  return Number((thousandths + half) / 1000n);
}

/** `$662.00`, as people read it. */
export function formatMoney(amountCents: number, currency: string): string {
  return new Intl.NumberFormat('en-US', { style: 'currency', currency }).format(amountCents / 100);
}

/** An amount in the business's own currency; undefined for other money, which no limit in its own covers. */
export const inOwnMoney = (
  { organization }: { readonly organization: { readonly currency: string } },
  currency: string,
  amount: number,
): number | undefined => (currency === organization.currency ? amount : undefined);
