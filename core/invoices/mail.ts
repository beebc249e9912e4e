import { Temporal } from 'temporal-polyfill';
import type { Contact } from '../contacts/record.ts';
import type { Context, ReadContext } from '../kernel/pipeline/context.ts';
import { getRow } from '../kernel/records/record-queries.ts';
import { formatMoney } from '../kernel/words/money.ts';
import { ticketRecord } from '../tickets/ticket.ts';
import { type Invoice, today } from './invoice.ts';
import { listLines } from './queries.ts';
import { balanceOf, type InvoiceLine } from './record.ts';

/** Queues the mail that brings a bill: what was done, what it costs, what is still due until when, if anything (EML-06, GAP-31). */
export async function enqueueInvoiceMail(
  context: Context,
  invoice: Invoice,
  customer: Contact,
  to: string,
): Promise<void> {
  const { name } = context.organization;
  const lines = await listLines(context, [invoice.id]);
  await context.enqueue({
    kind: 'email',
    payload: {
      to,
      from_name: name,
      subject: `${name}: invoice ${invoice.reference}`,
      text: [
        `Hello ${customer.full_name},`,
        `here is your invoice ${invoice.reference}${await occasionOf(context, invoice)}.`,
        lines.map(line => lineText(line, invoice.currency)).join('\n'),
        amountsText(invoice, today(context).toString()),
        invoice.notes ?? '',
        'If you have a question about this invoice, just reply to this mail.',
        name,
      ]
        .filter(Boolean)
        .join('\n\n'),
      contact_id: invoice.contact_id,
      ...(invoice.ticket_id === null ? {} : { ticket_id: invoice.ticket_id }),
    },
    // Sent twice before the first one is out, the customer gets it once; what has changed meanwhile is another mail.
    dedupe_key: `invoice:${invoice.id}:${invoice.paid_cents}:${to}`,
  });
}

async function occasionOf(context: ReadContext, { ticket_id }: Invoice): Promise<string> {
  if (ticket_id === null) return '';
  const ticket = await getRow(context, ticketRecord, ticket_id);
  const { time_zone } = context.organization;
  const day = Temporal.Instant.from(ticket.scheduled_at).toZonedDateTimeISO(time_zone).toPlainDate();
  return ` for our visit on ${dayInWords(day)}`;
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

function amountsText(invoice: Invoice, now: string): string {
  const { total_cents, tax_cents, discount_cents, paid_cents, currency, due_on } = invoice;
  const { due_cents, is_overdue } = balanceOf(invoice, now);
  const until =
    due_on === null
      ? ''
      : `, ${is_overdue ? 'due since' : 'due by'} ${dayInWords(Temporal.PlainDate.from(due_on))}`;
  return [
    ...(tax_cents > 0 ? [`Tax: ${formatMoney(tax_cents, currency)}`] : []),
    ...(discount_cents > 0 ? [`Discount: ${formatMoney(-discount_cents, currency)}`] : []),
    `Total: ${formatMoney(total_cents, currency)}`,
    ...(paid_cents > 0 ? [`Paid: ${formatMoney(paid_cents, currency)}, with thanks`] : []),
    due_cents > 0 ? `Amount due: ${formatMoney(due_cents, currency)}${until}` : 'Nothing is due any more.',
  ].join('\n');
}

/** `December 18, 2026` */
const dayInWords = (day: Temporal.PlainDate): string => day.toLocaleString('en-US', { dateStyle: 'long' });
