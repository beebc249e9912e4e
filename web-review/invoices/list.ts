import { z } from 'zod';
import { formatMoney } from '../../core/kernel/words/money.ts';
import { unknownChoice } from '../choice.ts';
import { badge, dayTag, shorten } from '../format.ts';
import { html, type Markup } from '../html.ts';
import { type Page, type PageRequest, readList, textOf } from '../site.ts';

/** What a line about an invoice tells: what it comes to, and what is still due until when. */
export const owedRow = z.object({
  reference: z.string(),
  status: z.string(),
  due_on: z.string().nullable(),
  total_cents: z.number(),
  currency: z.string(),
  balance: z.object({ due_cents: z.number(), is_overdue: z.boolean() }),
});

/** Its own columns. */
export const owedFields = Object.keys(owedRow.omit({ balance: true }).shape);

const listed = owedRow.extend({ customer: z.object({ full_name: z.string() }) });

/** The lists of invoices one can look at, and how each is asked for. */
const lists = [
  { name: 'open', query: { filter: 'open' }, empty: 'Nobody owes anything.' },
  { name: 'overdue', query: { filter: 'overdue' }, empty: 'Nothing is overdue.' },
  { name: 'draft', query: { filter: 'draft' }, empty: 'No draft waits to be sent.' },
  { name: 'paid', query: { params: { status: 'paid' } }, empty: 'Nothing is paid yet.' },
  { name: 'all', query: {}, empty: 'There are no invoices yet. They are made of closed visits.' },
] as const;

/** Invoices: what is still to be paid, the longest due first, unless another list is asked for (INV-04). */
export async function listInvoices(visit: PageRequest): Promise<Page> {
  const { query } = visit.request;
  const list = lists.find(({ name }) => name === textOf(query, 'list')) ?? lists[0];
  const cursor = textOf(query, 'cursor');
  const isOwed = list.name === 'open' || list.name === 'overdue';
  const { rows, next_cursor } = await readList(visit, 'invoices', listed, {
    fields: owedFields,
    include: ['customer', 'balance'],
    sort: isOwed ? 'due_on' : '-created_at',
    ...list.query,
    ...(cursor === '' ? {} : { cursor }),
  });
  const more = next_cursor && `/invoices?${new URLSearchParams({ list: list.name, cursor: next_cursor })}`;
  return {
    title: 'Invoices',
    body: html`<h1>Invoices</h1>
<nav aria-label="Lists"><p class="links">${lists.map(
      ({ name }) =>
        html`<a href="/invoices?list=${name}"${name === list.name && html` aria-current="true"`}>${name}</a> `,
    )}<a href="/invoices/unbilled">closed, not billed</a></p></nav>
${unknownChoice(visit, 'list', { known: lists.map(({ name }) => name), shown: list.name })}
${rows.length === 0 && html`<p class="empty">${list.empty}</p>`}
<ul class="plain rows">${rows.map(invoiceItem)}</ul>
${more && html`<p><a class="button" rel="next" href="${more}">More</a></p>`}`,
  };
}

function invoiceItem(row: z.infer<typeof listed>): Markup {
  return html`<li>
  <p><a class="main" href="/invoices/${row.reference}"><bdi>${shorten(row.customer.full_name, 120)}</bdi></a> <code>${row.reference}</code> ${badge(row.status)}</p>
  <p>${amounts(row)}</p>
</li>\n`;
}

/** `$562.00 of $662.00 due by Fri, Dec 18, 2026`, marked when it is overdue; what is not owed is its total alone. */
export function amounts({
  status,
  balance,
  total_cents,
  due_on,
  currency,
}: Omit<z.infer<typeof owedRow>, 'reference'>): Markup {
  const total = formatMoney(total_cents, currency);
  if (status === 'draft' || balance.due_cents === 0) return html`${total}`;
  const due = formatMoney(balance.due_cents, currency);
  const part = balance.due_cents === total_cents ? due : `${due} of ${total}`;
  if (due_on === null) return html`${part} due`;
  if (!balance.is_overdue) return html`${part} due by ${dayTag(due_on)}`;
  return html`<span class="warning">${part} overdue since ${dayTag(due_on)}</span>`;
}
