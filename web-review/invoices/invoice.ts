import { z } from 'zod';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { formatMoney } from '../../core/kernel/words/money.ts';
import { badge, prose, shorten, timeTag } from '../format.ts';
import { formFields } from '../forms.ts';
import { historyEntry, historyList } from '../history.ts';
import { html, type Markup } from '../html.ts';
import { mayDo, mayRead, type Page, type PageRequest, readList, recordOf } from '../site.ts';
import { type Draft, nextSection } from './forms.ts';
import { amounts, dayTag } from './list.ts';

const invoiceRow = z.object({
  reference: z.string(),
  status: z.string(),
  issued_on: z.string().nullable(),
  due_on: z.string().nullable(),
  currency: z.string(),
  tax_cents: z.number(),
  total_cents: z.number(),
  paid_cents: z.number(),
  notes: z.string().nullable(),
  sent_at: z.string().nullable(),
  sent_to: z.string().nullable(),
  paid_at: z.string().nullable(),
  ended_at: z.string().nullable(),
  end_reason: z.string().nullable(),
  customer: z.object({ reference: z.string(), full_name: z.string(), email: z.string().nullable() }),
  /** A relation that is not there is read as an empty list. */
  visit: z
    .union([z.object({ reference: z.string(), scheduled_at: z.string() }), z.array(z.never())])
    .transform(visit => (Array.isArray(visit) ? undefined : visit)),
  balance: z.object({ due_cents: z.number(), is_overdue: z.boolean() }),
  line_items: z.array(
    z.object({
      description: z.string(),
      quantity: z.number(),
      unit_price_cents: z.number(),
      total_cents: z.number(),
    }),
  ),
  audit_trail: z.array(historyEntry),
});
export type Invoice = z.infer<typeof invoiceRow>;

/** An invoice: what is billed, what is still due, what can be done with it, and who did what (INV-01…06). */
export async function showInvoice(visit: PageRequest, draft?: Draft): Promise<Page> {
  const { rows } = await readList(visit, 'invoices', invoiceRow, {
    id: recordOf(visit),
    include: ['customer', 'visit', 'balance', 'line_items', 'audit_trail'],
  });
  const invoice = rows[0];
  if (!invoice) throw new DeskhandError('NOT_FOUND', 'There is no such invoice here.');
  const { time_zone, currency } = visit.identity.organization;
  return {
    title: `Invoice ${invoice.reference}`,
    status: draft?.status ?? 200,
    scripts: ['redact.js'],
    body: html`<h1>Invoice ${invoice.reference}</h1>
<p>${badge(invoice.status)} ${amounts(invoice)}</p>
${facts(visit, invoice)}
${linesSection(invoice)}
${nextSection(visit, invoice, draft)}
<section aria-labelledby="history"><h2 id="history">History</h2>
${historyList(invoice.audit_trail, 'invoice', { registry: visit.site.app.registry, time_zone, currency })}</section>`,
  };
}

function facts(visit: PageRequest, invoice: Invoice): Markup {
  const { time_zone } = visit.identity.organization;
  const { customer, sent_at, paid_at, ended_at, end_reason } = invoice;
  const rows: [string, Markup | false][] = [
    [
      'Customer',
      html`<a href="/contacts/${customer.reference}"><bdi>${shorten(customer.full_name, 120)}</bdi></a> <code>${customer.reference}</code>`,
    ],
    [
      'Visit',
      invoice.visit !== undefined &&
        html`<a href="/tickets/${invoice.visit.reference}">${timeTag(invoice.visit.scheduled_at, time_zone)}</a> <code>${invoice.visit.reference}</code>`,
    ],
    ['Issued', invoice.issued_on !== null && dayTag(invoice.issued_on)],
    ['Due', invoice.due_on !== null && dayTag(invoice.due_on)],
    [
      'Sent',
      sent_at !== null && html`${timeTag(sent_at, time_zone)} to <bdi>${invoice.sent_to ?? 'nobody'}</bdi>`,
    ],
    ['Paid', paid_at !== null && timeTag(paid_at, time_zone)],
    [
      'Ended',
      ended_at !== null && html`${timeTag(ended_at, time_zone)}${end_reason !== null && prose(end_reason)}`,
    ],
    ['Notes', invoice.notes !== null && prose(invoice.notes)],
  ];
  return html`<dl class="facts">${rows
    .filter(([, value]) => value !== false)
    .map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>\n`)}</dl>`;
}

function linesSection(invoice: Invoice): Markup {
  const { line_items, tax_cents, total_cents, paid_cents, balance, currency } = invoice;
  const money = (cents: number) => formatMoney(cents, currency);
  const sum = (name: string, cents: number) =>
    html`<tr><th scope="row" colspan="2">${name}</th><td class="number">${money(cents)}</td></tr>\n`;
  return html`<section aria-labelledby="lines"><h2 id="lines">Services</h2>
<table class="lines">
<thead><tr><th scope="col">Service</th><th scope="col" class="number">Price</th><th scope="col" class="number">Total</th></tr></thead>
<tbody>${line_items.map(
    line =>
      html`<tr><td>${line.description}</td><td class="number">${line.quantity !== 1 && html`${line.quantity} × `}${money(line.unit_price_cents)}</td><td class="number">${money(line.total_cents)}</td></tr>\n`,
  )}</tbody>
<tfoot>${tax_cents > 0 && sum('Tax', tax_cents)}${sum('Total', total_cents)}${paid_cents > 0 && html`${sum('Paid', paid_cents)}${sum('Still due', balance.due_cents)}`}</tfoot>
</table></section>`;
}

const listed = z.object({
  reference: z.string(),
  status: z.string(),
  due_on: z.string().nullable(),
  total_cents: z.number(),
  currency: z.string(),
  balance: z.object({ due_cents: z.number(), is_overdue: z.boolean() }),
});

/**
 * For the page of a closed visit, by its reference: its invoice, or the button that makes one. Nothing for whoever
 * reads no invoices.
 */
export async function invoiceLine(visit: PageRequest, ticket: string): Promise<Markup> {
  if (!mayRead(visit, 'invoices')) return html``;
  const { rows } = await readList(visit, 'invoices', listed, {
    params: { ticket_id: ticket },
    fields: Object.keys(listed.omit({ balance: true }).shape),
    include: ['balance'],
    sort: '-created_at',
  });
  const living = rows.find(({ status }) => status !== 'void' && status !== 'cancelled');
  if (!living) {
    if (!mayDo(visit, 'invoice.create_from_ticket')) return html``;
    return html`<form method="post" action="/tickets/${ticket}/invoice">${formFields(visit)}<button>Create invoice</button></form>`;
  }
  return html`<p class="links"><a href="/invoices/${living.reference}">Invoice ${living.reference}</a> ${badge(living.status)} ${amounts(living)}</p>`;
}
