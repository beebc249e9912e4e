import { Decimal } from 'decimal.js';
import { expect, test } from 'vitest';
import { documentAmounts, lineAmounts, taxRate } from '../../core/lines/totals.ts';
import { examples, fc } from '../support/properties.ts';

// The amounts of lines and documents against a library that computes in decimals (INV-12, CFL-22, CFL-42).

const round = (amount: Decimal) => amount.toDecimalPlaces(0, Decimal.ROUND_HALF_UP).toNumber();

/** ROUND_HALF_UP of the library is away from zero. */
function independent({ quantity, unit_price_cents, tax_rate }: Parameters<typeof lineAmounts>[0]) {
  const subtotal_cents = round(new Decimal(quantity).times(unit_price_cents));
  const tax_cents = round(new Decimal(subtotal_cents).times(tax_rate).dividedBy(100));
  return { subtotal_cents, tax_cents, total_cents: subtotal_cents + tax_cents };
}

const rates = [0, 4, 5.5, 6.25, 7, 7.25, 8, 8.25, 8.875, 9.9, 10.1, 19, 20, 21.5, 25, 33.3333, 100];
const quantities = [0.001, 0.125, 0.333, 0.5, 1, 1.005, 1.5, 2.675, 3, 7.5, 12, 19.995, 40, 999.999];
const prices = [0, 1, 3, 5, 49, 50, 99, 101, 250, 333, 500, 999, 1_005, 2_501, 29_900, 999_999];

test('five hundred lines come out as a decimal library has them, halves of a cent among them', () => {
  const lines = rates
    .flatMap(tax_rate => quantities.map(quantity => ({ tax_rate, quantity })))
    .flatMap((line, at) =>
      [0, 5, 11].map(step => ({ ...line, unit_price_cents: prices[(at + step) % prices.length] ?? 1 })),
    );
  expect(lines.length).toBeGreaterThanOrEqual(500);
  expect(lines.map(lineAmounts)).toEqual(lines.map(independent));
  const halves = lines.filter(({ quantity, unit_price_cents }) =>
    new Decimal(quantity).times(unit_price_cents).modulo(1).equals(0.5),
  );
  expect(halves.length).toBeGreaterThan(5);
});

test('and so do any others, up to the largest there can be', () => {
  const line = fc.record({
    quantity: fc.integer({ min: 1, max: 100_000_000 }).map(thousandths => thousandths / 1000),
    unit_price_cents: fc.integer({ min: 0, max: 1_000_000 }),
    tax_rate: fc.integer({ min: 0, max: 1_000_000 }).map(parts => parts / 10_000),
  });
  fc.assert(
    fc.property(line, one => {
      expect(lineAmounts(one)).toEqual(independent(one));
    }),
    { numRuns: examples(1_000) },
  );
});

test('a document is the sum of its lines, less the discount on the whole', () => {
  const lines = [
    { quantity: 40, unit_price_cents: 10_000, tax_rate: 8 },
    { quantity: 1, unit_price_cents: 29_900, tax_rate: 8 },
  ].map(lineAmounts);
  expect(documentAmounts(lines, 4_292)).toEqual({
    subtotal_cents: 429_900,
    tax_cents: 34_392,
    total_cents: 460_000,
  });
});

test('a rate is a percentage with at most four places', () => {
  for (const rate of [0, 8.875, 33.3333, 100]) expect(taxRate.safeParse(rate).success).toBe(true);
  for (const rate of [-0.1, 100.0001, 8.12345, Number.NaN, Number.POSITIVE_INFINITY])
    expect(taxRate.safeParse(rate).success).toBe(false);
});
