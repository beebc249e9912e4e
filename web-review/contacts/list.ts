import { z } from 'zod';
import { badge, mailLink, phoneLink, shorten } from '../format.ts';
import { asTyped, html, type Markup } from '../html.ts';
import { type Page, type PageRequest, readList, textOf } from '../site.ts';

const listed = z.object({
  reference: z.string(),
  full_name: z.string(),
  phone: z.string().nullable(),
  email: z.string().nullable(),
  status: z.string(),
  lifecycle_stage: z.string(),
  tags: z.array(z.string()),
});

interface List {
  search: string;
  rows: z.infer<typeof listed>[];
  /** Where the list goes on. */
  more: string | undefined;
  country: string;
}

/** All customers by name, or those a search finds, best first. */
export async function listContacts(visit: PageRequest): Promise<Page> {
  const search = textOf(visit.request.query, 'search').trim().slice(0, 200);
  const cursor = textOf(visit.request.query, 'cursor');
  const { rows, next_cursor } = await readList(visit, 'contacts', listed, {
    fields: Object.keys(listed.shape),
    ...(search === '' ? {} : { search }),
    ...(cursor === '' ? {} : { cursor }),
  });
  const more =
    next_cursor && `/contacts?${new URLSearchParams({ ...(search && { search }), cursor: next_cursor })}`;
  return {
    title: search === '' ? 'Contacts' : `Contacts: ${shorten(search, 60)}`,
    body: contactsPage({ search, rows, more, country: visit.identity.organization.country }),
  };
}

function contactsPage({ search, rows, more, country }: List): Markup {
  return html`<h1>Contacts</h1>
<form method="get" action="/contacts" role="search" class="search">
  <label for="search">Name, phone, street, town or note</label>
  <div class="row"><input id="search" name="search" type="search" maxlength="200" value="${asTyped(search)}"><button>Search</button></div>
</form>
<p class="links"><a href="/duplicates">Duplicates</a></p>
${search !== '' && html`<p class="hint">${found(rows.length)} for “<bdi>${search}</bdi>” · <a href="/contacts">show all</a></p>`}
${rows.length === 0 && search === '' && html`<p class="empty">There are no contacts yet. Import them, or let the agent add them.</p>`}
<ul class="plain rows">${rows.map(
    row => html`<li>
  <p><a class="main" href="/contacts/${row.reference}"><bdi>${shorten(row.full_name, 120)}</bdi></a> <code>${row.reference}</code> ${row.status !== 'active' && badge(row.status)}${row.lifecycle_stage !== 'customer' && badge(row.lifecycle_stage)}</p>
  <p class="links">${row.phone !== null && phoneLink(row.phone, country)} ${row.email !== null && mailLink(row.email)}</p>
  ${row.tags.length > 0 && html`<p class="tags">${row.tags.map(tag => html`<span class="tag">${tag}</span> `)}</p>`}
</li>\n`,
  )}</ul>
${more && html`<p><a class="button" rel="next" href="${more}">More contacts</a></p>`}`;
}

function found(count: number): string {
  if (count === 0) return 'Nobody found';
  return count === 20 ? 'The 20 best matches' : `${count} found`;
}
