import { z } from 'zod';
import { unknownChoice } from '../choice.ts';
import { badge, phoneLink, shorten, timeTag, words } from '../format.ts';
import { html, type Markup } from '../html.ts';
import { type Page, type PageRequest, readList, textOf } from '../site.ts';

const listed = z.object({
  reference: z.string(),
  title: z.string(),
  full_name: z.string().nullable(),
  phone: z.string().nullable(),
  status: z.string(),
  pipeline_stage: z.string(),
  urgency: z.string().nullable(),
  extraction_status: z.string(),
  reminder_at: z.string().nullable(),
  created_at: z.string(),
});
type Listed = z.infer<typeof listed>;

/** The lists of leads one can look at; `all` is no filter. */
const lists = [
  {
    name: 'open',
    label: 'open',
    empty: 'No inquiry is open. When somebody calls, write it down with “New inquiry”.',
  },
  { name: 'unconfirmed', label: 'unconfirmed', empty: 'Everything that was understood is confirmed.' },
  { name: 'reminder_due', label: 'reminder due', empty: 'No reminder is due.' },
  {
    name: 'all',
    label: 'all',
    empty: 'Nobody has asked for anything yet. Inquiries come from your website form, or from you.',
  },
] as const;
type List = (typeof lists)[number];

/** Inquiries, newest first: those still to be won unless another list is asked for (LED-10). */
export async function listLeads(request: PageRequest): Promise<Page> {
  const { query } = request.http;
  const list = lists.find(({ name }) => name === textOf(query, 'list')) ?? lists[0];
  const cursor = textOf(query, 'cursor');
  const { rows, next_cursor } = await readList(request, 'leads', listed, {
    fields: Object.keys(listed.shape),
    sort: '-created_at',
    ...(list.name === 'all' ? {} : { filter: list.name }),
    ...(cursor === '' ? {} : { cursor }),
  });
  const older = next_cursor && `/leads?${new URLSearchParams({ list: list.name, cursor: next_cursor })}`;
  return { title: 'Inquiries', body: leadsPage(request, rows, list, older) };
}

function leadsPage(
  request: PageRequest,
  rows: readonly Listed[],
  list: List,
  older: string | undefined,
): Markup {
  return html`<h1>Inquiries</h1>
<p><a class="button" href="/leads/new">New inquiry</a></p>
<nav aria-label="Lists"><p class="links">${lists.map(
    ({ name, label }) =>
      html`<a href="/leads?list=${name}"${name === list.name && html` aria-current="true"`}>${label}</a> `,
  )}</p></nav>
${unknownChoice(request, 'list', { known: lists.map(({ name }) => name), shown: list.name })}
${rows.length === 0 && html`<p class="empty">${list.empty}</p>`}
<ul class="plain rows">${rows.map(row => leadItem(request, row))}</ul>
${older && html`<p><a class="button" rel="next" href="${older}">Older</a></p>`}`;
}

function leadItem(request: PageRequest, row: Listed): Markup {
  const { country, time_zone } = request.identity.organization;
  return html`<li>
  <p><a class="main" href="/leads/${row.reference}"><bdi>${shorten(row.title, 120)}</bdi></a> <code>${row.reference}</code></p>
  <p>${leadBadges(row)}</p>
  <p class="links">${row.full_name !== null && html`<bdi>${shorten(row.full_name, 120)}</bdi> `}${row.phone !== null && phoneLink(row.phone, country)}</p>
  <p class="when">Came in ${timeTag(row.created_at, time_zone)}${row.reminder_at !== null && html` · ${reminder(request, row.reminder_at)}`}</p>
</li>\n`;
}

/** Where a lead stands, in small labels. */
export const leadBadges = (
  lead: Pick<Listed, 'status' | 'pipeline_stage' | 'urgency' | 'extraction_status'>,
): Markup =>
  html`${badge(lead.status)} <span class="badge">${words(lead.pipeline_stage)}</span> ${lead.urgency === 'high' && badge('urgent')} ${lead.extraction_status === 'unconfirmed' && badge('unconfirmed')} ${lead.extraction_status === 'pending' && badge('being_read')}`;

/** `Reminder Wed, Nov 18, 2026, 2:00 PM`, marked when it is due. */
export function reminder(request: PageRequest, at: string): Markup {
  const isDue = Date.parse(at) <= request.site.clock().epochMilliseconds;
  return html`<span${isDue && html` class="warning"`}>Reminder ${timeTag(at, request.identity.organization.time_zone)}${isDue && ', due'}</span>`;
}
