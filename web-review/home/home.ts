import { z } from 'zod';
import { monthStrip } from '../analytics/analytics.ts';
import { type DayPlan, dayList, readDayPlan } from '../calendar/day.ts';
import { askedDay, calendarNavigation, longDay, todayOf } from '../calendar/navigation.ts';
import {
  eventLine,
  eventsOf,
  type HistoryEntry,
  historyEntry,
  type Reader,
  type Subject,
} from '../history.ts';
import { type Content, html, type Markup } from '../html.ts';
import { approvals, callBacks, type Item, itemList } from '../inbox/inbox.ts';
import { unbilledFew } from '../invoices/unbilled.ts';
import { mayDecide } from '../review/request.ts';
import { mayRead, type Page, type PageRequest, readList, readMaybe } from '../site.ts';
import { readTodo, type Todo, todoLine } from './todo.ts';

interface Home {
  plan: DayPlan;
  todo: Todo[];
  /** What can be decided at a glance; the next ones are left out for whoever may not see them. */
  approvals: Item[];
  calls: Item[];
  unbilled: Markup | false;
  strip: Markup | false;
  latest?: { event: HistoryEntry[]; subject: Subject | undefined }[];
}

/**
 * The page after signing in: what waits, the day (SCH-02, SCH-10), whom to call, what is done and not billed, what happened
 * last. A technician's is their own day.
 */
export async function showHome(request: PageRequest): Promise<Page> {
  const date = askedDay(request);
  const isToday = date.equals(todayOf(request));
  const isOffice = isToday && mayRead(request, 'leads');
  const [plan, todo, asked, calls, unbilled, strip, latest] = await Promise.all([
    readDayPlan(request, date, isToday),
    isToday ? readTodo(request) : [],
    isOffice && mayDecide(request) ? approvals(request) : [],
    isOffice ? callBacks(request) : [],
    isOffice && unbilledFew(request),
    isOffice && monthStrip(request),
    isOffice && mayRead(request, 'audit_log') ? readLatest(request) : undefined,
  ]);
  const home = { plan, todo, approvals: asked, calls, unbilled, strip, ...(latest ? { latest } : {}) };
  // The first page of the day is as light as it can be.
  return { title: isToday ? 'Today' : longDay(date), styles: [], body: homePage(request, home) };
}

const shownEvents = 6;

async function readLatest(request: PageRequest) {
  const { rows } = await readList(request, 'audit_log', historyEntry, {
    fields: Object.keys(historyEntry.shape),
    // What the business does by itself, such as reading a thousand notes of an import, is no news to anybody.
    params: { not_by: 'system' },
    limit: 80,
  });
  // Each step of a close-out is written down; what happened is that the visit is closed.
  const told = rows.filter(({ entity_type }) => entity_type !== 'closeout_session');
  const events = eventsOf(told).slice(0, shownEvents);
  return Promise.all(events.map(async event => ({ event, subject: await readSubject(request, event) })));
}

const named = z.looseObject({ id: z.string(), reference: z.string().optional() });

async function readSubject(
  request: PageRequest,
  event: readonly HistoryEntry[],
): Promise<Subject | undefined> {
  const { subject_type: type = '', subject_id: id } = event[0] ?? {};
  const { registry } = request.site.app;
  const [record, page] = [registry.records.get(type), registry.pathOf(type)];
  if (id === undefined || !record || !page || !mayRead(request, page.view)) return undefined;
  const row = await readMaybe(request, { type: page.view, row: named, id });
  return row && { id: row.id, href: `${page.path}/${row.reference ?? row.id}`, label: record.label(row) };
}

function homePage(request: PageRequest, { plan, todo, ...beside }: Home): Markup {
  const { date, isToday } = plan;
  const sections = html`${itemSection('asked', { href: '/review', label: 'Asks you' }, beside.approvals)}
${itemSection('calls', { href: '/follow-ups', label: 'To call' }, beside.calls)}
${beside.unbilled}
${beside.strip}
${beside.latest && latestSection(request, beside.latest)}`;
  return html`<h1>${isToday ? html`Today <small>${longDay(date)}</small>` : longDay(date)}</h1>
${todo.length > 0 && todoLine(todo)}
<div class="beside"><div>
${calendarNavigation(request, 'day', date)}
${dayList(request, plan)}</div>
<div>${sections}</div></div>`;
}

const itemSection = (id: string, way: { href: string; label: string }, items: readonly Item[]): Content =>
  items.length > 0 &&
  html`<section aria-labelledby="${id}"><h2 id="${id}"><a class="main" href="${way.href}">${way.label}</a></h2>
${itemList(items.slice(0, 3))}</section>`;

function latestSection(request: PageRequest, latest: NonNullable<Home['latest']>): Markup {
  const reader: Reader = { ...request.identity.organization, registry: request.site.app.registry };
  return html`<section aria-labelledby="latest"><h2 id="latest">Latest changes</h2>
<ol class="history">${latest.map(({ event, subject }) => html`<li>${eventLine(event, reader, subject)}</li>\n`)}</ol>
${latest.length === 0 ? html`<p class="empty">Nothing has happened yet.</p>` : mayRead(request, 'done') && html`<p class="links"><a href="/done">What the assistant did</a></p>`}</section>`;
}
