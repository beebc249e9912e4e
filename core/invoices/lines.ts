import { z } from 'zod';
import type { Context, ReadContext } from '../kernel/pipeline/context.ts';
import { listByIds, updateRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { settingOf } from '../kernel/registry/settings.ts';
import { invalid, notFound } from '../kernel/words/errors.ts';
import { cents, decimalQuantity, formatMoney } from '../kernel/words/money.ts';
import { line } from '../kernel/words/text-schemas.ts';
import { chooseAmong } from '../lines/pick-line.ts';
import { documentAmounts, type LineAmounts, lineAmounts, taxRate } from '../lines/totals.ts';
import { type Service, serviceRecord } from '../services/service.ts';
import { requireDiscount } from './discount.ts';
import { answerWith, type Invoice, type invoiceAnswer, invoiceRecord } from './invoice.ts';
import { listLines, type NewLine } from './queries.ts';
import type { InvoiceLine } from './record.ts';
import { defaultTaxRate } from './settings.ts';

/** One line of a bill, as a caller writes it: a service of the catalog at its price, or words with a price (INV-11). */
export const newLine = z.strictObject({
  service_id: ref('service').optional(),
  description: line.optional().meta({ description: 'the service’s name when left out' }),
  quantity: decimalQuantity.optional(),
  unit_price_cents: cents.optional().meta({ description: 'the catalog’s when left out' }),
  tax_rate: taxRate.optional().meta({ description: 'in percent; the business’s own when left out' }),
});
type NewLineInput = z.output<typeof newLine>;

/**
 * Lines with their words, prices and amounts, as they are written. `within` says where the input has a line. Throws
 * VALIDATION_ERROR for a line that says neither what it is for nor a price, NOT_FOUND for a service that is not there.
 */
export async function readLines(
  context: ReadContext,
  lines: readonly NewLineInput[],
  within: (index: number) => string = index => `lines.${index}.`,
): Promise<NewLine[]> {
  const named = lines.flatMap(({ service_id }) => service_id ?? []);
  const services = new Map(
    (await listByIds(context, serviceRecord, named)).map(service => [service.id, service]),
  );
  return lines.map((input, index) => readLine(context, input, { services, at: within(index) }));
}

function readLine(
  context: ReadContext,
  input: NewLineInput,
  { services, at }: { services: ReadonlyMap<string, Service>; at: string },
): NewLine {
  const { service_id, quantity = 1, tax_rate = settingOf(context, defaultTaxRate) } = input;
  const service = service_id === undefined ? undefined : services.get(service_id);
  if (service_id !== undefined && !service)
    throw notFound('service', service_id, { field: `${at}service_id` });
  const description = input.description ?? service?.name;
  if (description === undefined) {
    throw invalid(`${at}description`, 'Say what this line is for.', {
      hint: 'Give description, or service_id of the catalog.',
    });
  }
  const unit_price_cents = input.unit_price_cents ?? service?.price_cents ?? undefined;
  if (unit_price_cents === undefined) {
    throw invalid(`${at}unit_price_cents`, `Say what ${description} costs.`, { hint: '15000 is $150.00.' });
  }
  const priced = { quantity, unit_price_cents, tax_rate };
  return { service_id: service?.id ?? null, description, ...priced, ...lineAmounts(priced) };
}

/** The line of a bill that is meant; without a word the only one. Throws VALIDATION_ERROR and NOT_FOUND with those there are. */
export const chooseLine = async (
  context: ReadContext,
  { id }: Invoice,
  key: string | undefined,
): Promise<InvoiceLine> => chooseAmong(await listLines(context, [id]), key, 'invoice');

/** What lines and a discount come to. Throws VALIDATION_ERROR for more money than can be, or a discount above the rest. */
export function amountsOf(
  lines: readonly Pick<LineAmounts, 'subtotal_cents' | 'tax_cents'>[],
  discount_cents: number,
  currency: string,
): LineAmounts {
  const amounts = documentAmounts(lines, discount_cents);
  const before = amounts.total_cents + discount_cents;
  if (before > mostCents) {
    throw invalid('lines', `${formatMoney(before, currency)} is more than one invoice can ask for.`, {
      hint: `At most ${formatMoney(mostCents, currency)}; check quantities and prices, or make several.`,
    });
  }
  requireDiscount(discount_cents, before, currency);
  return amounts;
}

const mostCents = 1_000_000_000;

/** Most lines of one bill. */
const mostLines = 200;

/** Makes the amounts of a draft follow its lines, and answers it. Throws VALIDATION_ERROR for more than there can be. */
export async function answerFollowed(
  context: Context,
  invoice: Invoice,
): Promise<z.output<typeof invoiceAnswer>> {
  const lines = await listLines(context, [invoice.id]);
  if (lines.length > mostLines) {
    throw invalid('invoice_id', `${invoice.reference} has ${mostLines} lines, the most there can be.`, {
      hint: 'Make another invoice for the rest.',
    });
  }
  const amounts = amountsOf(lines, invoice.discount_cents, invoice.currency);
  const followed = await updateRow(context, invoiceRecord, invoice.id, { ...amounts });
  context.reindex('invoice', invoice.id);
  return answerWith(context, followed, lines);
}

/** The lines of a bill, in order. */
export const linesOfBill = (context: ReadContext, invoiceId: string): Promise<InvoiceLine[]> =>
  listLines(context, [invoiceId]);
