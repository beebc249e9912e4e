import { z } from 'zod';
import { phoneLink, shorten, timeTag, words } from '../format.ts';
import { html, type Markup } from '../html.ts';
import { type Page, type PageRequest, readList, textOf } from '../site.ts';

const dueRow = z.object({
  kind: z.string(),
  reference: z.string(),
  due_at: z.string(),
  overdue: z.boolean(),
  contact_id: z.string().nullable(),
  lead_id: z.string().nullable(),
  customer: z.string().nullable(),
  phone: z.string().nullable(),
  text: z.string().nullable(),
  owner: z.string().nullable(),
});
type Due = z.infer<typeof dueRow>;

/** Who has to be called back or reminded of, the earliest first (CFL-63, INT-05). */
export async function listFollowUps(visit: PageRequest): Promise<Page> {
  const cursor = textOf(visit.request.query, 'cursor');
  const { rows, next_cursor } = await readList(visit, 'follow_ups', dueRow, {
    fields: Object.keys(dueRow.shape),
    ...(cursor === '' ? {} : { cursor }),
  });
  return {
    title: 'Call back',
    body: html`<h1>Call back</h1>
<p>Follow-ups of calls and mails, and reminders of leads, by time.</p>
${rows.length === 0 && html`<p class="empty">Nobody waits for a call.</p>`}
<ul class="plain rows">${rows.map(row => dueItem(visit, row))}</ul>
${next_cursor !== undefined && html`<p><a class="button" rel="next" href="/follow-ups?${new URLSearchParams({ cursor: next_cursor }).toString()}">Later</a></p>`}`,
  };
}

function dueItem(visit: PageRequest, row: Due): Markup {
  const { country, time_zone } = visit.identity.organization;
  const href = row.lead_id === null ? `/contacts/${row.contact_id ?? ''}` : `/leads/${row.lead_id}`;
  return html`<li>
  <p><a class="main" href="${href}"><bdi>${shorten(row.customer ?? row.text ?? 'Somebody', 120)}</bdi></a> <code>${row.reference}</code> ${words(row.kind)}</p>
  ${row.text !== null && html`<p dir="auto">${shorten(row.text, 160)}</p>`}
  <p class="links">${row.phone !== null && phoneLink(row.phone, country)}</p>
  <p class="when"><span${row.overdue && html` class="warning"`}>${timeTag(row.due_at, time_zone)}${row.overdue && ', overdue'}</span>${row.owner !== null && html` · <bdi>${row.owner}</bdi>`}</p>
</li>\n`;
}
