import { Temporal } from 'temporal-polyfill';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { getRow } from '../kernel/records/record-queries.ts';
import { formatMoney } from '../kernel/words/money.ts';
import { todayOf } from '../kernel/words/time.ts';
import { ticketRecord } from '../tickets/ticket.ts';
import { whenInWords } from '../tickets/told-visit.ts';
import { invoiceRecord } from './invoice.ts';
import { listLines } from './queries.ts';
import { balanceOf, type InvoiceLine } from './record.ts';

/** What a customer is told of a bill, in words; what there is none of is left out. */
export interface ToldBill {
  invoice_number: string;
  invoice_lines: string;
  invoice_total: string;
  amount_due?: string;
  invoice_tax?: string;
  invoice_discount?: string;
  invoice_notes?: string;
  amount_paid?: string;
  due_date?: string;
  appointment_date?: string;
}

/** A bill as its customer reads about it (EML-06, GAP-31): what was done, what it costs, what is due until when. Throws NOT_FOUND. */
export async function readToldBill(context: ReadContext, invoiceId: string): Promise<ToldBill> {
  const invoice = await getRow(context, invoiceRecord, invoiceId);
  const lines = await listLines(context, [invoice.id]);
  const { currency, notes, due_on, paid_cents, tax_cents, discount_cents } = invoice;
  const today = todayOf(context).toString();
  const { due_cents, is_overdue } = balanceOf(invoice, today);
  const money = (amount: number) => formatMoney(amount, currency);
  const visit =
    invoice.ticket_id === null ? undefined : await getRow(context, ticketRecord, invoice.ticket_id);
  return {
    invoice_number: invoice.reference,
    invoice_lines: lines.map(line => lineText(line, currency)).join('\n'),
    invoice_total: money(invoice.total_cents),
    ...(due_cents > 0 ? { amount_due: money(due_cents) } : {}),
    ...(tax_cents > 0 ? { invoice_tax: money(tax_cents) } : {}),
    ...(discount_cents > 0 ? { invoice_discount: money(-discount_cents) } : {}),
    ...(paid_cents > 0 ? { amount_paid: money(paid_cents) } : {}),
    ...(notes === null ? {} : { invoice_notes: notes }),
    ...(due_on === null || due_cents === 0
      ? {}
      : { due_date: `${dayInWords(Temporal.PlainDate.from(due_on))}${is_overdue ? ', which is past' : ''}` }),
    ...(visit ? { appointment_date: whenInWords(context, visit.scheduled_at).appointment_date } : {}),
  };
}

/** `Screen Cleaning: 20 x $5.00 = $100.00`; the tax of all lines stands below them. */
function lineText(
  { description, quantity, unit_price_cents, subtotal_cents }: InvoiceLine,
  currency: string,
) {
  const total = formatMoney(subtotal_cents, currency);
  if (quantity === 1) return `${description}: ${total}`;
  return `${description}: ${quantity} x ${formatMoney(unit_price_cents, currency)} = ${total}`;
}

/** `December 18, 2026` */
const dayInWords = (day: Temporal.PlainDate): string => day.toLocaleString('en-US', { dateStyle: 'long' });
