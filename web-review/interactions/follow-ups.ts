import { z } from 'zod';
import { momentWords, phoneLink, prose, shorten, timeTag, words } from '../format.ts';
import { formFields } from '../forms.ts';
import { html, type Markup } from '../html.ts';
import { type Page, type PageRequest, readList, textOf } from '../site.ts';
import { newTaskForm, type TaskDraft } from './tasks.ts';

const dueRow = z.object({
  kind: z.string(),
  reference: z.string(),
  due_at: z.string(),
  overdue: z.boolean(),
  contact_id: z.string().nullable(),
  lead_id: z.string().nullable(),
  about: z.string().nullable(),
  customer: z.string().nullable(),
  phone: z.string().nullable(),
  text: z.string().nullable(),
  outcomes: z.array(z.string()),
  say: z.string().nullable(),
  owner: z.string().nullable(),
});
type Due = z.infer<typeof dueRow>;

/** What has to be done: calls, reminders and tasks, the earliest first (CFL-63, EXP-06, INT-05); technicians see their tasks. */
export async function listFollowUps(request: PageRequest, draft?: TaskDraft): Promise<Page> {
  const cursor = textOf(request.http.query, 'cursor');
  const { rows, next_cursor } = await readList(request, 'follow_ups', dueRow, {
    fields: Object.keys(dueRow.shape),
    ...(cursor === '' ? {} : { cursor }),
  });
  return {
    title: 'To do',
    status: draft?.status ?? 200,
    scripts: ['redact.js'],
    body: html`<h1>To do</h1>
<p class="hint">${isTechnician(request) ? 'Your tasks, by time.' : 'Calls to make, reminders of inquiries and tasks, by time.'}</p>
${rows.length === 0 && html`<p class="empty">Nothing is to be done. What comes to mind goes in here.</p>`}
<ul class="plain rows">${rows.map(row => dueItem(request, row))}</ul>
${next_cursor !== undefined && html`<p><a class="button" rel="next" href="/follow-ups?${new URLSearchParams({ cursor: next_cursor }).toString()}">Later</a></p>`}
${newTaskForm(request, draft)}`,
  };
}

const isTechnician = ({ identity }: PageRequest) => identity.actor.role === 'technician';

function dueItem(request: PageRequest, row: Due): Markup {
  const { country, time_zone } = request.identity.organization;
  const isTask = row.kind === 'task';
  const what = isTask ? [row.text, row.customer] : [row.customer ?? row.text ?? 'Somebody', row.text];
  const [name = '', more] = what.map(text => text ?? '');
  const href = pathOf(request, row);
  const heading = html`<bdi>${shorten(name, 160)}</bdi>`;
  return html`<li>
  <p>${href === undefined ? html`<b>${heading}</b>` : html`<a class="main" href="${href}">${heading}</a>`} <code>${row.reference}</code> ${words(row.kind)}</p>
  ${more !== '' && more !== undefined && html`<p dir="auto">${momentWords(shorten(more, 160), time_zone)}</p>`}
  <p class="links">${row.phone !== null && phoneLink(row.phone, country)}${row.about !== null && html` ${aboutLink(row.about)}`}</p>
  <p class="when"><span${row.overdue && html` class="warning"`}>${timeTag(row.due_at, time_zone)}${row.overdue && ', overdue'}</span>${row.owner !== null && html` · <bdi>${row.owner}</bdi>`}</p>
  ${row.say !== null && prose(row.say)}
  ${isTask && (row.outcomes.length === 0 ? doneForm(request, row) : callForm(request, row))}
</li>\n`;
}

const doneForm = (request: PageRequest, row: Due): Markup =>
  html`<form method="post" action="/follow-ups/${row.reference}/done">${formFields(request)}<button class="quiet">Done</button></form>`;

/** What came of a call: what the customer says answers what they were asked. */
function callForm(request: PageRequest, row: Due): Markup {
  const all = [...row.outcomes, 'nobody_there'];
  return html`<form method="post" action="/follow-ups/${row.reference}/done">${formFields(request)}<p class="buttons">${all.map(outcome => html`<button class="quiet" name="outcome" value="${outcome}">${outcomeLabels[outcome] ?? words(outcome)}</button> `)}</p></form>`;
}

const outcomeLabels: Readonly<Record<string, string>> = {
  accepted: 'They accept',
  change_asked: 'They want another time',
  declined: 'They decline',
  told: 'I told them',
  nobody_there: 'Nobody there',
};

/** Where it is shown; the pages of the office are not for technicians. */
function pathOf(request: PageRequest, { kind, reference, contact_id, lead_id }: Due): string | undefined {
  if (isTechnician(request)) return undefined;
  if (kind === 'task') return `/records/tasks/${reference}`;
  return lead_id === null ? `/contacts/${contact_id ?? ''}` : `/leads/${lead_id}`;
}

const aboutLink = (reference: string): Markup =>
  html`<a href="/${reference.startsWith('T-') ? 'tickets' : 'invoices'}/${reference}">${reference}</a>`;
