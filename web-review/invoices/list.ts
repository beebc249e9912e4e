import { z } from 'zod';
import { looksLikeReference } from '../../core/kernel/records/reference.ts';
import { formatMoney } from '../../core/kernel/words/money.ts';
import { unknownChoice } from '../choice.ts';
import { badge, dayTag, shorten } from '../format.ts';
import { formFields, submit } from '../forms.ts';
import { asTyped, html, type Markup } from '../html.ts';
import { type Answer, mayDo, type Page, type PageRequest, readList, readMaybe, textOf } from '../site.ts';

/** What a line about an invoice tells: what it comes to, and what is still due until when. */
export const owedRow = z.object({
  reference: z.string(),
  status: z.string(),
  due_on: z.string().nullable(),
  total_cents: z.number(),
  currency: z.string(),
  balance: z.object({
    due_cents: z.number(),
    is_overdue: z.boolean(),
    owed_back_cents: z.number().optional(),
  }),
});

/** Its own columns. */
export const owedFields = Object.keys(owedRow.omit({ balance: true }).shape);

/** Whom a bill is made out to. */
export const payerRow = z.object({
  name: z.string(),
  address: z.string().nullable(),
  email: z.string().nullable(),
  is_company: z.boolean(),
});

const listed = owedRow.extend({ payer: payerRow });

/** The lists of invoices one can look at, and how each is asked for. */
const lists = [
  {
    name: 'open',
    query: { filter: 'open' },
    empty: 'Nobody owes anything. What is done and not billed stands under “closed, not billed”.',
  },
  { name: 'overdue', query: { filter: 'overdue' }, empty: 'Nothing is overdue: everybody pays in time.' },
  {
    name: 'draft',
    query: { filter: 'draft' },
    empty: 'No draft waits to be sent. Begin one with + and “New bill”.',
  },
  { name: 'paid', query: { params: { status: 'paid' } }, empty: 'Nothing is paid yet.' },
  { name: 'to give back', query: { filter: 'to_give_back' }, empty: 'Nobody gets money back.' },
  { name: 'all', query: {}, empty: 'There are no invoices yet. They are made of closed visits.' },
] as const;

const sums = z.object({ count: z.number(), total_cents: z.number(), paid_cents: z.number() });
const customerRow = z.object({ reference: z.string(), full_name: z.string() });
const companyRow = z.object({ reference: z.string(), name: z.string() });

type List = (typeof lists)[number];

/** Whose bills are asked for: a customer's, or those a company pays. */
interface Customer {
  reference: string;
  name: string;
  href: string;
  params: Record<string, string>;
}

/** Invoices: what is still to be paid, the longest due first, unless another list or one customer is asked for (INV-04). */
export async function listInvoices(request: PageRequest): Promise<Page> {
  const { query } = request.http;
  const list = lists.find(({ name }) => name === textOf(query, 'list')) ?? lists[0];
  const asked = textOf(query, 'customer').trim().slice(0, 200);
  const customer = asked === '' ? undefined : await findCustomer(request, asked);
  const isNobody = asked !== '' && customer === undefined;
  const found = isNobody ? undefined : await readMoney(request, list, customer);
  const to = (name: string) =>
    `/invoices?${new URLSearchParams({ list: name, ...(asked && { customer: asked }) })}`;
  return {
    title: 'Money',
    body: html`<h1>Money</h1>
${found && sumLine(request, { ...found, to })}
${found && (await proposal(request, found.overdue))}
${customerForm({ list, asked, customer })}
<nav aria-label="Lists"><p class="links">${lists.map(
      ({ name }) =>
        html`<a href="${to(name)}"${name === list.name && html` aria-current="true"`}>${name}</a> `,
    )}<a href="/invoices/unbilled">closed, not billed</a></p></nav>
${unknownChoice(request, 'list', { known: lists.map(({ name }) => name), shown: list.name })}
${found?.rows.length === 0 && html`<p class="empty">${list.empty}</p>`}
<ul class="list">${found?.rows.map(invoiceItem)}</ul>
${found?.next_cursor !== undefined && html`<p><a class="button plain quiet" rel="next" href="${to(list.name)}&${new URLSearchParams({ cursor: found.next_cursor }).toString()}">More</a></p>`}`,
  };
}

/** One page of a list, and what is open and overdue in all of it. */
async function readMoney(request: PageRequest, { name, query }: List, customer: Customer | undefined) {
  const cursor = textOf(request.http.query, 'cursor');
  const of = customer?.params ?? {};
  const [page, due, overdue] = await Promise.all([
    readList(request, 'invoices', listed, {
      fields: owedFields,
      include: ['payer', 'balance'],
      sort: name === 'open' || name === 'overdue' ? 'due_on' : '-created_at',
      limit: 40,
      ...query,
      params: { ...('params' in query ? query.params : {}), ...of },
      ...(cursor === '' ? {} : { cursor }),
    }),
    sumOf(request, 'open', of),
    sumOf(request, 'overdue', of),
  ]);
  return { ...page, due, overdue };
}

/** The bills of one customer, by any part of the name. */
const customerForm = ({
  list,
  asked,
  customer,
}: {
  list: List;
  asked: string;
  customer: Customer | undefined;
}): Markup => html`<form method="get" action="/invoices" role="search" class="search"><input type="hidden" name="list" value="${list.name}">
<label for="customer">Of one customer or company</label>
<div class="row"><input id="customer" name="customer" type="search" maxlength="200" value="${asTyped(customer?.name ?? asked)}"><button>Show</button></div></form>
${customer && html`<p class="links"><a href="${customer.href}"><bdi>${shorten(customer.name, 120)}</bdi></a> <a href="/invoices?list=${list.name}">all customers</a></p>`}
${!customer && asked !== '' && html`<p class="problem" role="alert">There is not one customer alone who fits “<bdi>${shorten(asked, 60)}</bdi>”: write more of the name, or the number. <a href="/invoices?list=${list.name}">All customers</a></p>`}`;

/** The one customer or company a number or a name means; undefined where it means nobody, or several. */
async function findCustomer(request: PageRequest, asked: string): Promise<Customer | undefined> {
  const customer = await findNamed(
    request,
    { type: 'contacts', row: customerRow },
    asked,
    row => row.full_name,
  );
  if (customer) {
    const { reference, full_name: name } = customer;
    return { reference, name, href: `/contacts/${reference}`, params: { contact_id: reference } };
  }
  const company = await findNamed(request, { type: 'companies', row: companyRow }, asked, row => row.name);
  if (!company) return undefined;
  const { reference, name } = company;
  return { reference, name, href: `/records/companies/${reference}`, params: { company_id: reference } };
}

async function findNamed<T extends { reference: string }>(
  request: PageRequest,
  { type, row }: { type: string; row: z.ZodObject & z.ZodType<T> },
  asked: string,
  nameOf: (row: T) => string,
): Promise<T | undefined> {
  const fields = Object.keys(row.shape);
  if (looksLikeReference(asked)) return readMaybe(request, { type, row, id: asked, query: { fields } });
  const { rows } = await readList(request, type, row, { search: asked, fields, limit: 5 });
  const exact = rows.filter(found => nameOf(found).toLowerCase() === asked.toLowerCase());
  return exact.length === 1 ? exact[0] : rows.length === 1 ? rows[0] : undefined;
}

/** How many bills of a kind there are, and what is still to be paid on them. */
async function sumOf(request: PageRequest, filter: 'open' | 'overdue', params: Record<string, string>) {
  const { totals } = await request.site.app.read(
    request.caller,
    'invoices',
    { params, filter, fields: ['reference'], limit: 1, totals: true },
    request.facts,
  );
  const { count, total_cents, paid_cents } = sums.parse(totals);
  return { count, cents: total_cents - paid_cents };
}
type Sum = Awaited<ReturnType<typeof sumOf>>;

function sumLine(
  request: PageRequest,
  { due, overdue, to }: { due: Sum; overdue: Sum; to: (list: string) => string },
): Markup {
  const { currency } = request.identity.organization;
  const bills = (count: number) => (count === 1 ? '1 bill' : `${count.toLocaleString('en-US')} bills`);
  return html`<p class="lead"><b>${formatMoney(due.cents, currency)}</b> open on ${bills(due.count)}${overdue.count > 0 && html` · <a class="warning" href="${to('overdue')}">${formatMoney(overdue.cents, currency)} overdue on ${bills(overdue.count)}</a>`}</p>`;
}

const settingRow = z.object({ name: z.string(), value: z.unknown(), is_decided: z.boolean() });

/** Where bills are overdue and nobody is reminded of them, whoever may is asked whether their customers are to be. */
async function proposal(request: PageRequest, overdue: Sum): Promise<Markup> {
  if (overdue.count === 0 || !mayDo(request, 'organization.update_settings')) return html``;
  const { rows } = await readList(request, 'settings', settingRow, { params: { domain: 'invoice' } });
  const setting = rows.find(({ name }) => name === 'remind_of_overdue_bills');
  // Who has said no is not asked again.
  if (setting?.value !== 'off' || setting.is_decided) return html``;
  return html`<form method="post" action="/invoices/remind" class="card">${formFields(request)}
<p>Shall customers be reminded of overdue bills? A friendly mail 3 and 10 days after the due day, and after 21 days a call for you to make. Each mail stands under <a href="/messages">Messages</a> days before it goes, where you can stop or change it.</p>
<button class="plain">Remind them from now on</button> <a href="/settings#remind_of_overdue_bills">More about it</a></form>\n`;
}

/** Switches the reminders on. */
export async function remindFromNowOn(request: PageRequest): Promise<Answer> {
  const settings = { remind_of_overdue_bills: 'on' };
  await submit(request, 'organization.update_settings', { settings });
  return {
    redirect: '/invoices?list=overdue',
    said: {
      done: 'Customers are reminded from now on. The first mails are planned tomorrow morning.',
      warnings: [],
    },
  };
}

function invoiceItem(row: z.infer<typeof listed>): Markup {
  return html`<li>
  <p><a class="main" href="/invoices/${row.reference}"><bdi>${shorten(row.payer.name, 120)}</bdi></a> <code>${row.reference}</code> ${badge(row.status)}</p>
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
