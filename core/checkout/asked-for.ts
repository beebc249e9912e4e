import { type Invoice, invoiceRecord } from '../invoices/invoice.ts';
import { linesOfBill } from '../invoices/lines.ts';
import { balanceOf, type InvoiceLine } from '../invoices/record.ts';
import type { BillLine, CheckoutLine } from '../kernel/outside/payment-service.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { getRow } from '../kernel/records/record-queries.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import { formatMoney } from '../kernel/words/money.ts';
import { sumPending } from '../payments/of-stripe.ts';
import { billLines, nameOf } from './bill-lines.ts';

/** What can be paid of a bill at a page now. */
export interface AskedFor {
  invoice: Invoice;
  amount_cents: number;
  lines: CheckoutLine[];
  /** The same as lines of an invoice of Stripe's. */
  bill_lines: BillLine[];
}

/**
 * What a bill still asks for, less what a bank has said is on its way (D5), and the lines that say so. Throws INVALID_STATE for a
 * bill that nobody was asked to pay, that asks for nothing (any more), or whose money is on its way; NOT_FOUND.
 */
export async function askedFor(context: ReadContext, invoiceId: string): Promise<AskedFor> {
  const invoice = await getRow(context, invoiceRecord, invoiceId);
  requireOpen(invoice);
  const { due_cents } = balanceOf(invoice, '');
  const pending_cents = await sumPending(context, invoice.id);
  const amount_cents = due_cents - pending_cents;
  if (amount_cents <= 0) throw onItsWay(invoice, pending_cents);
  const billed = await linesOfBill(context, invoice.id);
  return {
    invoice,
    amount_cents,
    lines: linesOf(invoice, billed, amount_cents),
    bill_lines: billLines(invoice, billed, amount_cents),
  };
}

function requireOpen({ reference, status }: Invoice): void {
  if (status === 'sent' || status === 'partial') return;
  if (status === 'draft') {
    throw new DeskhandError('INVALID_STATE', `${reference} is a draft; nobody is asked to pay it yet.`, {
      hint: 'Send it with invoice.send, or issue it with invoice.finalize.',
    });
  }
  throw new DeskhandError('INVALID_STATE', `${reference} is ${status}; it asks for nothing any more.`, {
    hint: 'There is nothing to pay.',
  });
}

const onItsWay = ({ reference, currency }: Invoice, pending_cents: number) =>
  new DeskhandError(
    'INVALID_STATE',
    `A bank payment of ${formatMoney(pending_cents, currency)} for ${reference} is on its way.`,
    { hint: 'Wait for it; banks take some days.' },
  );

/** Stripe takes a hundred lines at the most, and the tax is one. */
const mostLines = 99;

/**
 * The lines of the bill where they add up to what is asked for as Stripe counts, whole pieces at a price each; else one line with
 * the balance.
 */
function linesOf(
  { reference, tax_cents }: Invoice,
  lines: readonly InvoiceLine[],
  amount_cents: number,
): CheckoutLine[] {
  const pieces = lines.map(({ description, quantity, unit_price_cents }) => ({
    what: nameOf(description),
    quantity,
    unit_cents: unit_price_cents,
  }));
  const tax = tax_cents > 0 ? [{ what: 'Tax', quantity: 1, unit_cents: tax_cents }] : [];
  const all = [...pieces, ...tax];
  const total = all.reduce((sum, { quantity, unit_cents }) => sum + quantity * unit_cents, 0);
  const areWhole = pieces.every(({ quantity }) => Number.isInteger(quantity) && quantity > 0);
  return areWhole && total === amount_cents && pieces.length <= mostLines
    ? all
    : [{ what: `Balance of ${reference}`, quantity: 1, unit_cents: amount_cents }];
}
