import { z } from 'zod';
import { badge, shorten, showClock, showDay } from '../format.ts';
import { asTyped, html, type Markup } from '../html.ts';
import { mayDo, type Page, type PageRequest, readList, textOf } from '../site.ts';

const visitRow = z.object({
  id: z.string(),
  reference: z.string(),
  contact_id: z.string(),
  status: z.string(),
  scheduled_at: z.string(),
  line_items: z.array(z.object({ description: z.string() })),
  technicians: z.array(z.object({ name: z.string() })),
});
type VisitRow = z.infer<typeof visitRow>;

const customerRow = z.looseObject({ id: z.string(), full_name: z.string() });

/** What a visit is chosen for: the page it then opens, and what the list is called. */
const purposes: Readonly<Record<string, { title: string; to: string; does: string }>> = {
  cancel: { title: 'Which visit is cancelled?', to: '/cancel', does: 'ticket.cancel' },
  move: { title: 'Which visit is moved?', to: '/move', does: 'ticket.move_visit' },
  assign: { title: 'Who goes to which visit?', to: '/assign', does: 'ticket.assign_technician' },
  services: { title: 'Services of which visit?', to: '/services', does: 'ticket.update_line' },
};

const presets = [
  { name: '', label: 'To come' },
  { name: 'unassigned', label: 'Nobody goes' },
  { name: 'to_be_placed', label: 'To be placed' },
  { name: 'unconfirmed', label: 'Not confirmed' },
  { name: 'answered', label: 'Cannot come' },
  { name: 'should_be_over', label: 'Should be over' },
  { name: 'cancelled', label: 'Cancelled' },
] as const;

/** Visits to come by time, or those of a customer; with `for` each leads to the form that does it. */
export async function listVisits(request: PageRequest): Promise<Page> {
  const { query } = request.http;
  const asked = purposes[textOf(query, 'for')];
  const purpose = asked && mayDo(request, asked.does) ? asked : undefined;
  const search = textOf(query, 'q').trim().slice(0, 200);
  const list = presets.find(({ name }) => name === textOf(query, 'list')) ?? presets[0];
  const cursor = textOf(query, 'cursor');
  const { rows, next_cursor } = await readList(request, 'tickets', visitRow, {
    fields: Object.keys(visitRow.omit({ line_items: true, technicians: true }).shape),
    include: ['line_items', 'technicians'],
    ...(list.name === 'cancelled' && !purpose
      ? { params: { status: 'cancelled' } }
      : { filter: purpose ? 'open' : list.name || 'open' }),
    ...(search === '' ? { sort: list.name === 'cancelled' ? '-scheduled_at' : 'scheduled_at' } : { search }),
    limit: 25,
    ...(cursor === '' ? {} : { cursor }),
  });
  const names = await namesOf(request, rows);
  const kept = {
    ...(purpose && { for: textOf(query, 'for') }),
    ...(list.name && { list: list.name }),
    ...(search && { q: search }),
  };
  const title = purpose?.title ?? 'Visits';
  return {
    title,
    body: html`<h1>${title}</h1>
<form method="get" action="/tickets" role="search" class="search">${purpose && html`<input type="hidden" name="for" value="${textOf(query, 'for')}">`}
<label for="find-visit">Customer, street, service or number</label>
<div class="row"><input id="find-visit" name="q" type="search" maxlength="200" value="${asTyped(search)}"><button>Search</button></div></form>
${!purpose && html`<nav aria-label="Lists"><p class="links">${presets.map(({ name, label }) => html`<a href="/tickets${name && `?list=${name}`}"${name === list.name && html` aria-current="true"`}>${label}</a> `)}</p></nav>`}
${rows.length === 0 && html`<p class="empty">${search === '' ? 'No such visit.' : 'No open visit fits.'}</p>`}
<ul class="list">${rows.map(row => visitItem(request, row, { name: names.get(row.contact_id) ?? 'Visit', to: purpose?.to ?? '' }))}</ul>
${next_cursor !== undefined && html`<p><a class="button plain quiet" rel="next" href="/tickets?${new URLSearchParams({ ...kept, cursor: next_cursor }).toString()}">More</a></p>`}`,
  };
}

/** The names of the customers of some visits, all in one go; technicians read none. */
async function namesOf(
  request: PageRequest,
  rows: readonly VisitRow[],
): Promise<ReadonlyMap<string, string>> {
  const ids = [...new Set(rows.map(({ contact_id }) => contact_id))];
  if (ids.length === 0 || request.identity.actor.role === 'technician') return new Map();
  const found = await request.site.app.readRows(request.caller, new Map([['contact', ids]]), request.facts);
  return new Map(
    (found.get('contact') ?? [])
      .map(row => customerRow.parse(row))
      .map(({ id, full_name }) => [id, full_name]),
  );
}

function visitItem(request: PageRequest, row: VisitRow, { name, to }: { name: string; to: string }): Markup {
  const { time_zone } = request.identity.organization;
  const what = row.line_items.map(({ description }) => description).join(', ');
  return html`<li><p><a class="main" href="/tickets/${row.reference}${to}"><bdi>${shorten(name, 120)}</bdi></a> ${row.status !== 'scheduled' && badge(row.status)}</p>
<p>${showDay(row.scheduled_at, time_zone)}, ${showClock(row.scheduled_at, time_zone)} · ${row.technicians.map(one => one.name).join(', ') || 'nobody yet'}${what !== '' && ` · ${shorten(what, 120)}`}</p></li>\n`;
}
