import { z } from 'zod';
import { unknownChoice } from '../choice.ts';
import { badge, phoneLink, shorten, showShortDay } from '../format.ts';
import { asTyped, html, type Markup } from '../html.ts';
import { mayDo, type Page, type PageRequest, textOf } from '../site.ts';

const visitRow = z.object({ reference: z.string(), scheduled_at: z.string() }).nullable();
const listed = z.object({
  reference: z.string(),
  full_name: z.string(),
  phone: z.string().nullable(),
  status: z.string(),
  lifecycle_stage: z.string(),
  town: z.string().nullable(),
  next_visit: visitRow,
  last_visit: visitRow,
});
type Listed = z.infer<typeof listed>;

const listTotals = z.object({
  count: z.number(),
  after: z.number(),
  letters: z.array(z.object({ letter: z.string(), count: z.number() })),
});
type ListTotals = z.infer<typeof listTotals>;

const sorts = [
  { name: 'name', label: 'Last name' },
  { name: 'next_visit', label: 'Next visit' },
  { name: 'last_visit', label: 'Last visit' },
] as const;

const pageSize = 50;

interface List {
  search: string;
  sort: (typeof sorts)[number]['name'];
  rows: readonly Listed[];
  /** Of the whole list; a search has none. */
  totals: ListTotals | undefined;
}

/** All customers by last name, next visit or last visit, with letters to jump to; or those a search finds, best first. */
export async function listContacts(request: PageRequest): Promise<Page> {
  const { query } = request.http;
  const search = textOf(query, 'search').trim().slice(0, 200);
  const [letter, cursor] = [textOf(query, 'letter').trim().slice(0, 2), textOf(query, 'cursor')];
  const sort = sorts.find(({ name }) => name === textOf(query, 'sort'))?.name ?? 'name';
  const { rows, totals } = await request.site.app.read(
    request.caller,
    'customer_list',
    {
      fields: Object.keys(listed.shape),
      limit: search === '' ? pageSize : 20,
      ...(search === '' ? { sort } : { search }),
      ...(letter !== '' && cursor === '' ? { params: { letter } } : {}),
      ...(cursor === '' ? {} : { cursor }),
    },
    request.facts,
  );
  const list = {
    search,
    sort,
    rows: rows.map(row => listed.parse(row)),
    totals: totals === undefined ? undefined : listTotals.parse(totals),
  };
  return {
    title: search === '' ? 'Customers' : `Customers: ${shorten(search, 60)}`,
    body: customersPage(request, list),
  };
}

function customersPage(request: PageRequest, list: List): Markup {
  const { search, sort, rows, totals } = list;
  return html`<h1>Customers${totals !== undefined && html` <small>${totals.count.toLocaleString('en-US')}</small>`}</h1>
<form method="get" action="/contacts" role="search" class="search">
  <label for="search">Name, phone, street, town or note</label>
  <div class="row"><input id="search" name="search" type="search" maxlength="200" value="${asTyped(search)}"><button>Search</button></div>
</form>
<p class="buttons strip">${mayDo(request, 'contact.create') && html`<a class="button" href="/contacts/new">New customer</a> `}<a class="button plain quiet" href="/facts">To confirm</a> <a class="button plain quiet" href="/duplicates">Twice in the list</a></p>
${unknownChoice(request, 'sort', { known: sorts.map(({ name }) => name), shown: sort })}
${search !== '' && html`<p class="hint">${found(rows.length)} for “<bdi>${search}</bdi>” · <a href="/contacts">show all</a></p>`}
${search === '' && totals !== undefined && totals.count > 0 && order(list, totals)}
${rows.length === 0 && search === '' && html`<p class="empty">There are no customers here yet. Add the first one, or <a href="/imports">import them</a>.</p>`}
<ul class="list customers">${rows.map(row => customerItem(request, row))}</ul>
${totals !== undefined && pager(sort, totals, rows.length)}`;
}

/** What the list is sorted by, and the letters one can jump to. */
function order({ sort }: List, { letters }: ListTotals): Markup {
  return html`<nav aria-label="Order"><p class="links strip">${sorts.map(
    ({ name, label }) =>
      html`<a href="/contacts${name !== 'name' && `?sort=${name}`}"${name === sort && html` aria-current="true"`}>${label}</a> `,
  )}</p></nav>
${sort === 'name' && html`<nav aria-label="Letters" class="letters strip">${lettersOf(letters).map(({ shown, letter }) => html`<a href="/contacts?${new URLSearchParams({ letter }).toString()}">${shown}</a> `)}</nav>`}`;
}

/** Each letter once; what begins with none stands under a sign. */
function lettersOf(letters: ListTotals['letters']): { shown: string; letter: string }[] {
  const shown = new Map<string, string>();
  for (const { letter } of letters) {
    const name = /^\p{L}$/u.test(letter) ? letter.toUpperCase() : '#';
    if (!shown.has(name) && letter.trim() !== '') shown.set(name, letter);
  }
  return [...shown].map(([name, letter]) => ({ shown: name, letter }));
}

function customerItem(request: PageRequest, row: Listed): Markup {
  const { time_zone, country } = request.identity.organization;
  const { next_visit: next, last_visit: last } = row;
  const now = request.site.clock();
  return html`<li><p><a class="main" href="/contacts/${row.reference}"><bdi>${shorten(row.full_name, 120)}</bdi></a>${row.town !== null && html` <span class="hint"><bdi>${shorten(row.town, 60)}</bdi></span>`} ${row.status !== 'active' && badge(row.status)}${row.lifecycle_stage !== 'customer' && badge(row.lifecycle_stage)}</p>
<p class="hint">${next !== null ? html`next <a href="/tickets/${next.reference}">${showShortDay(next.scheduled_at, time_zone, now)}</a>` : last !== null && html`last <a href="/tickets/${last.reference}">${showShortDay(last.scheduled_at, time_zone, now)}</a>`}${row.phone !== null && html` ${phoneLink(row.phone, country)}`}</p></li>\n`;
}

function pager(sort: List['sort'], { count, after }: ListTotals, shown: number): Markup | false {
  if (count <= shown) return false;
  const to = (place: number) =>
    `/contacts?${new URLSearchParams({ ...(sort === 'name' ? {} : { sort }), cursor: String(Math.max(0, place)) }).toString()}`;
  const number = (value: number) => value.toLocaleString('en-US');
  return html`<p class="hint">${number(after + 1)} to ${number(after + shown)} of ${number(count)}</p>
<p class="buttons">${after > 0 && html`<a class="button plain quiet" rel="prev" href="${to(after - pageSize)}">Back</a> `}${after + shown < count && html`<a class="button plain quiet" rel="next" href="${to(after + shown)}">More customers</a>`}</p>`;
}

function found(count: number): string {
  if (count === 0) return 'Nobody found';
  return count === 20 ? 'The 20 best matches' : `${count} found`;
}
