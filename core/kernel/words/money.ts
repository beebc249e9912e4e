import { z } from 'zod';

/** Money is integer minor units (CFL-22): 56200 is $562.00, and ¥56,200, and 56.200 of a dinar. Named `*_cents` in any currency. */
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

/**
 * Currencies whose minor unit is not a hundredth, by ISO 4217. They stand here and are not asked of `Intl`: its table is that of
 * habits (it shows no decimals of a Hungarian forint, which has them) and changes with Node, and an amount that is kept must not
 * come to another one by an upgrade.
 */
export const oddDecimals: Readonly<Record<number, readonly string[]>> = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' '),
  3: 'BHD IQD JOD KWD LYD OMR TND'.split(' '),
};
const decimals = new Map(
  Object.entries(oddDecimals).flatMap(([digits, codes]) =>
    codes.map(code => [code, Number(digits)] as const),
  ),
);

/** How many decimal places amounts of a currency have: 2 of dollars, 0 of yen, 3 of Kuwaiti dinars. */
export const decimalsOf = (currency: string): number => decimals.get(currency) ?? 2;

const formats = new Map<string, Intl.NumberFormat>();

/** `$662.00`, as people read it. */
export function formatMoney(amountCents: number, currency: string): string {
  const digits = decimalsOf(currency);
  let format = formats.get(currency);
  if (!format) {
    const places = { minimumFractionDigits: digits, maximumFractionDigits: digits };
    format = new Intl.NumberFormat('en-US', { style: 'currency', currency, ...places });
    formats.set(currency, format);
  }
  return format.format(amountCents / 10 ** digits);
}

/** `662.00`: the same as a field shows it, to be typed over. */
export function plainMoney(amountCents: number, currency: string): string {
  const digits = decimalsOf(currency);
  return (amountCents / 10 ** digits).toFixed(digits);
}

const written = /^\p{Sc}?\s*(\d{1,12}|\d{1,3}(?:,\d{3}){1,3})(?:\.(\d{1,3}))?$/u;

/** The minor units of an amount as people write it: `120`, `$120.50`, `1,234.5`; undefined for anything else, and for a part of a minor unit. */
export function readMoney(text: string, currency: string): number | undefined {
  const digits = decimalsOf(currency);
  const [, whole, part = ''] = written.exec(text.trim()) ?? [];
  if (whole === undefined || part.length > digits) return undefined;
  return Number(whole.replaceAll(',', '') + part.padEnd(digits, '0'));
}

/** How an amount of a currency is written, for whoever has written none: `120 or 120.50`, `1200`. */
export function moneyLike(currency: string): string {
  const digits = decimalsOf(currency);
  return digits === 0 ? '1200' : `120 or ${(120.5).toFixed(digits)}`;
}

/** An amount in the business's own currency; undefined for other money, which no limit in its own covers. */
export const inOwnMoney = (
  { organization }: { readonly organization: { readonly currency: string } },
  currency: string,
  amount: number,
): number | undefined => (currency === organization.currency ? amount : undefined);
