import type { Invoice } from '../invoices/invoice.ts';
import type { InvoiceLine } from '../invoices/record.ts';
import type { BillLine } from '../kernel/outside/payment-service.ts';
import { decimalsOf, formatMoney } from '../kernel/words/money.ts';

const longestName = 200;

/** A line of ours may be longer, and have breaks. */
export const nameOf = (description: string): string => {
  const words = description.replace(/\s+/g, ' ').trim();
  return words.length > longestName ? `${words.slice(0, longestName - 1)}…` : words;
};

/**
 * The lines of a bill as Stripe writes them on its invoice: each with its whole amount, for Stripe multiplies whole pieces only, and
 * with the tax that we have worked out; then what is taken off. They add up to what is asked for. Where Stripe cannot count one of
 * them (dinars to the thousandth), the balance alone.
 */
export function billLines(
  { reference, currency, discount_cents, total_cents }: Invoice,
  lines: readonly InvoiceLine[],
  amount_cents: number,
): BillLine[] {
  const settled_cents = total_cents - amount_cents;
  const all: BillLine[] = [
    ...lines.map(line => ({
      what: nameOf(line.description) + piecesOf(line, currency),
      amount_cents: line.subtotal_cents,
      ...(line.tax_cents === 0 ? {} : { tax: { percent: line.tax_rate, amount_cents: line.tax_cents } }),
    })),
    ...(discount_cents > 0 ? [{ what: 'Discount', amount_cents: -discount_cents }] : []),
    ...(settled_cents > 0 ? [{ what: 'Paid so far', amount_cents: -settled_cents }] : []),
  ];
  const counts = all.flatMap(line => [line.amount_cents, line.tax?.amount_cents ?? 0]);
  return decimalsOf(currency) === 3 && counts.some(cents => cents % 10 !== 0)
    ? [{ what: `Balance of ${reference}`, amount_cents }]
    : all;
}

/** ` (2.5 × $8.00)`; nothing for one piece. */
const piecesOf = ({ quantity, unit_price_cents }: InvoiceLine, currency: string): string =>
  quantity === 1 ? '' : ` (${quantity} × ${formatMoney(unit_price_cents, currency)})`;
