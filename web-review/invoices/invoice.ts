import { z } from 'zod';
import type { FieldKind } from '../../core/kernel/records/field-shape.ts';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { badge, factList, shorten, timeTag } from '../format.ts';
import { historyEntry, historyList } from '../history.ts';
import { html, type Markup } from '../html.ts';
import { fieldFacts } from '../records/facts.ts';
import { recordCalled } from '../records/kind.ts';
import { mayRead, type Page, type PageRequest, type PaperFile, readList, recordOf } from '../site.ts';
import { type Draft, nextSection } from './forms.ts';
import { linesSection } from './lines.ts';
import { amounts, owedFields, owedRow, payerRow } from './list.ts';
import { paymentRow, paymentsSection, readRefunds } from './payments.ts';
import { unbilledLine } from './unbilled.ts';

/** A relation that is not there is read as an empty list. */
const orNone = <T extends z.ZodType>(row: T) =>
  z.preprocess(found => (Array.isArray(found) ? undefined : found), row.optional());

/** What the page words by itself; its other facts are shown as the fields of the record say. */
const invoiceRow = z.looseObject({
  ...owedRow.shape,
  tax_cents: z.number(),
  paid_cents: z.number(),
  customer: orNone(z.object({ reference: z.string(), full_name: z.string() })),
  company: orNone(z.object({ reference: z.string(), name: z.string() })),
  payer: payerRow,
  sent_to: z.string().nullable(),
  visit: orNone(z.object({ reference: z.string(), scheduled_at: z.string() })),
  discount_cents: z.number(),
  line_items: z.array(
    z.object({
      position: z.number(),
      description: z.string(),
      quantity: z.number(),
      unit_price_cents: z.number(),
      tax_rate: z.number(),
      subtotal_cents: z.number(),
    }),
  ),
  payments: z.array(paymentRow),
  audit_trail: z.array(historyEntry),
});
export type Invoice = z.infer<typeof invoiceRow>;

/** An invoice: what is billed, what is still due, what can be done with it, and who did what (INV-01…06). */
export async function showInvoice(request: PageRequest, draft?: Draft): Promise<Page> {
  const { rows } = await readList(request, 'invoices', invoiceRow, {
    id: recordOf(request),
    include: ['customer', 'company', 'payer', 'visit', 'balance', 'line_items', 'payments', 'audit_trail'],
  });
  const invoice = rows[0];
  if (!invoice) throw new DeskhandError('NOT_FOUND', 'There is no such invoice here.');
  const { time_zone, currency } = request.identity.organization;
  const refunds = await readRefunds(request, invoice);
  return {
    title: `Invoice ${invoice.reference}`,
    status: draft?.status ?? 200,
    scripts: ['redact.js'],
    body: html`<h1>Invoice ${invoice.reference}</h1>
<p>${badge(invoice.status)} ${amounts(invoice)} <a href="/invoices/${invoice.reference}/pdf">PDF</a></p>
${facts(request, invoice)}
${linesSection(request, invoice, draft)}
${paymentsSection(request, { invoice, refunds }, draft)}
${nextSection(request, invoice, draft)}
<section aria-labelledby="history"><h2 id="history">History</h2>
${historyList(invoice.audit_trail, 'invoice', { registry: request.site.app.registry, time_zone, currency })}</section>`,
  };
}

/** The bill on paper. Throws NOT_FOUND. */
export async function showPaper(request: PageRequest): Promise<PaperFile> {
  const { spec } = request.site.app.registry.view('invoice_paper');
  const params = { invoice_id: recordOf(request) };
  const [row] = (await readList(request, 'invoice_paper', spec.row, { params })).rows;
  if (!row || !spec.file) throw new DeskhandError('NOT_FOUND', 'There is no such invoice here.');
  const { content_type } = spec.file;
  const { app } = request.site;
  const file = await spec.file.write(row, {
    read: async (type, query) => (await app.read(request.caller, type, query, request.facts)).rows,
    linkAddress: (purpose, id) => app.linkAddress(request.identity.organization.id, purpose, id),
  });
  return { file, name: spec.file.name(row), content_type };
}

function facts(request: PageRequest, invoice: Invoice): Markup {
  const { time_zone } = request.identity.organization;
  const { customer, company, payer, visit: billed } = invoice;
  return factList([
    [
      'Customer',
      customer &&
        html`<a href="/contacts/${customer.reference}"><bdi>${shorten(customer.full_name, 120)}</bdi></a> <code>${customer.reference}</code>`,
    ],
    [
      'Paid by',
      company &&
        html`<a href="/records/companies/${company.reference}"><bdi>${shorten(company.name, 120)}</bdi></a> <code>${company.reference}</code>`,
    ],
    ['Made out to', html`<bdi>${[payer.name, ...(payer.address?.split('\n') ?? [])].join(', ')}</bdi>`],
    [
      'Visit',
      billed &&
        html`<a href="/tickets/${billed.reference}">${timeTag(billed.scheduled_at, time_zone)}</a> <code>${billed.reference}</code>`,
    ],
    ...fieldFacts(request, recordCalled(request, 'invoice'), {
      row: invoice,
      kinds: shownAsFacts,
      without: saidAbove,
    }),
  ]);
}

/** The state of an invoice stands above, its amounts below, whose it is first of all. */
const shownAsFacts: readonly FieldKind[] = ['date', 'moment', 'email', 'long_text'];

/** Whom it was made out to is one fact, and where it went another. */
const saidAbove = ['billing_address', 'billing_email'];

/**
 * For the page of a closed visit, by its reference: its invoice, or the button that makes one. Nothing for whoever
 * reads no invoices.
 */
export async function invoiceLine(request: PageRequest, ticket: string): Promise<Markup> {
  if (!mayRead(request, 'invoices')) return html``;
  const { rows } = await readList(request, 'invoices', owedRow, {
    params: { ticket_id: ticket },
    fields: owedFields,
    include: ['balance'],
    sort: '-created_at',
  });
  const living = rows.find(({ status }) => status !== 'void' && status !== 'cancelled');
  if (!living) {
    return unbilledLine(request, ticket, false);
  }
  return html`<p class="links"><a href="/invoices/${living.reference}">Invoice ${living.reference}</a> ${badge(living.status)} ${amounts(living)}</p>
${await unbilledLine(request, ticket, true)}`;
}
