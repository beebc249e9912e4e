import { newId } from '../kernel/database/ids.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { insertRows } from '../kernel/records/insert-rows.ts';
import { reserveReferences } from '../kernel/records/numbering.ts';
import { paymentRecord } from '../payments/payment.ts';
import type { PaymentMethod } from '../payments/record.ts';
import { invoiceRecord } from './invoice.ts';
import { type Payer, payersOf } from './payer.ts';
import { insertPastLines, issuePast, type PastLine } from './queries.ts';

/** A bill of the years before, as another program wrote it. Money in cents of the business's currency. */
export interface PastBill {
  contact_id: string;
  /** Its number there; '' for none. */
  foreign_number: string;
  issued_on: string;
  due_on: string | null;
  lines: readonly { description: string; subtotal_cents: number }[];
  tax_cents: number;
  discount_cents: number;
  /** Not more than the bill comes to. */
  paid: { amount_cents: number; received_at: string; method: PaymentMethod } | undefined;
  /** Ended there: nobody owes it. */
  is_void: boolean;
  notes: string | null;
  custom_fields: Record<string, string>;
}

/** They are counted beside our own, whose numbers have no gap: there was no year 0 (decision 035). */
const pastNumbers = { prefix: 'INV-0000', start: 1, is_gapless: true };

/**
 * Writes bills that another program has sent: issued on their days, with what was paid. They are history: nobody gets a mail or a
 * reminder, no task and no event comes of them, no page to pay at is made, and none of our own numbers is taken. Answers their
 * ids and references, in order.
 */
export async function writePastBills(
  context: Context,
  bills: readonly PastBill[],
): Promise<{ id: string; reference: string }[]> {
  if (bills.length === 0) return [];
  const { reference } = paymentRecord;
  if (!reference) throw new Error('payments have no references');
  const payers = await payersOf(context, bills.map(madeOutTo));
  const write = await reserveReferences(context, pastNumbers, bills.length);
  const written = bills.map((bill, index) => ({ ...bill, id: newId(), reference: write(index) }));
  const { currency } = context.organization;
  await insertRows(
    context,
    invoiceRecord,
    written.map((bill, index) => rowOf(bill, { currency, payer: payers[index] })),
  );
  await insertPastLines(context, written.flatMap(linesOf));
  await issuePast(context, written);
  const paid = written.flatMap(({ id, paid }) => (paid ? [{ ...paid, invoice_id: id }] : []));
  if (paid.length > 0) {
    const called = await reserveReferences(context, reference, paid.length);
    await insertRows(
      context,
      paymentRecord,
      paid.map((payment, index) => ({ id: newId(), reference: called(index), currency, ...payment })),
    );
  }
  for (const { id, contact_id } of written) {
    context.reindex('invoice', id);
    context.reindex('contact', contact_id);
  }
  return written.map(({ id, reference: called }) => ({ id, reference: called }));
}

const madeOutTo = ({ contact_id }: PastBill) => ({
  contact_id,
  company_id: null,
  ticket_id: null,
  issued_on: null,
  billing_name: null,
  billing_address: null,
  billing_email: null,
});

const sumOf = ({ lines }: PastBill) => lines.reduce((sum, line) => sum + line.subtotal_cents, 0);

/** A draft with its day already, since lines are written to drafts alone. */
function rowOf(
  bill: PastBill & { id: string; reference: string },
  { currency, payer }: { currency: string; payer: Payer | undefined },
) {
  const { tax_cents, discount_cents } = bill;
  const subtotal_cents = sumOf(bill);
  return {
    id: bill.id,
    reference: bill.reference,
    source: 'standalone' as const,
    contact_id: bill.contact_id,
    status: 'draft' as const,
    subtype: 'sales' as const,
    foreign_number: bill.foreign_number || null,
    is_imported: true,
    issued_on: bill.issued_on,
    due_on: bill.due_on,
    currency,
    subtotal_cents,
    tax_cents,
    discount_cents,
    total_cents: subtotal_cents + tax_cents - discount_cents,
    paid_cents: 0,
    refunded_cents: 0,
    is_reminded: false,
    collection_method: 'manual' as const,
    notes: bill.notes,
    custom_fields: bill.custom_fields,
    tags: [],
    billing_name: payer?.name || '–',
    billing_address: payer?.address ?? null,
    billing_email: payer?.email ?? null,
  };
}

/** The tax of the whole falls on its lines by what they come to; what does not divide evenly falls on the last. */
function linesOf(bill: PastBill & { id: string }): PastLine[] {
  const sum = sumOf(bill);
  let left = bill.tax_cents;
  const rate = sum === 0 ? 0 : Math.min(100, Math.round((bill.tax_cents / sum) * 1_000_000) / 10_000);
  return bill.lines.map(({ description, subtotal_cents }, index) => {
    const isLast = index === bill.lines.length - 1;
    const part = sum === 0 ? 0 : Math.floor((bill.tax_cents * subtotal_cents) / sum);
    const tax_cents = isLast ? left : part;
    left -= tax_cents;
    return {
      id: newId(),
      invoice_id: bill.id,
      position: index + 1,
      description,
      subtotal_cents,
      tax_rate: rate,
      tax_cents,
    };
  });
}
