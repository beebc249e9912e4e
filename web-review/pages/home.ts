import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { formatMoney } from '../../core/kernel/money.ts';
import { badge, phoneLink, prose, shorten, showClock, showDay, showDuration, timeTag } from '../format.ts';
import { eventLine, eventsOf, type HistoryEntry, historyEntry, wish } from '../history.ts';
import { html, type Markup } from '../html.ts';
import { mayRead, type Page, readList, readMaybe, textOf, type Visit } from '../site.ts';
import { readTodo, type Todo, todoLine } from './home-todo.ts';

const visitRow = z.object({
  reference: z.string(),
  status: z.string(),
  confirmation_status: z.string(),
  scheduled_at: z.string(),
  duration_minutes: z.number(),
  total_cents: z.number(),
  is_price_estimated: z.boolean(),
  contact_id: z.string(),
  customer: z.string(),
  phone: z.string().nullable(),
  address: z.string().nullable(),
  services: z.array(z.string()).nullable(),
  technicians: z.array(z.string()).nullable(),
});
type VisitRow = z.infer<typeof visitRow>;

const waitingRow = z.object({
  reference: z.string(),
  agent: z.string(),
  action: z.string(),
  rule_reason: z.string(),
  reasoning: z.string().nullable(),
  affected_rows: z.number(),
  created_at: z.string(),
  expires_at: z.string(),
});
type Waiting = z.infer<typeof waitingRow>;

/** A thing of the audit log one can open, and how people call it. */
interface Subject {
  href: string;
  label: string;
}

interface Home {
  date: Temporal.PlainDate;
  isToday: boolean;
  visits: VisitRow[];
  hasMoreVisits: boolean;
  /** Undefined when this role may not see it, as the next two. */
  todo?: Todo[];
  waiting?: { rows: Waiting[]; hasMore: boolean };
  latest?: { event: HistoryEntry[]; subject: Subject | undefined }[];
}

/** The page after signing in: the day, what waits for the owner, what happened last. */
export async function showHome(visit: Visit): Promise<Page> {
  const { time_zone } = visit.entered.organization;
  const today = visit.site.clock().toZonedDateTimeISO(time_zone).toPlainDate();
  const date = readDate(textOf(visit.request.query, 'date')) ?? today;
  const [visits, todo, waiting, latest] = await Promise.all([
    readList(visit, 'calendar', visitRow, {
      params: { date: date.toString() },
      fields: Object.keys(visitRow.shape),
      limit: 50,
    }),
    readTodo(visit),
    mayRead(visit, 'authorization_requests') ? readWaiting(visit) : undefined,
    mayRead(visit, 'audit_log') ? readLatest(visit) : undefined,
  ]);
  const isToday = date.equals(today);
  const home = {
    date,
    isToday,
    visits: visits.rows,
    hasMoreVisits: visits.next_cursor !== undefined,
    ...(todo && isToday ? { todo } : {}),
    ...(waiting ? { waiting } : {}),
    ...(latest ? { latest } : {}),
  };
  return { title: isToday ? 'Today' : showDay(noon(date), 'UTC'), body: homePage(visit, home) };
}

function readDate(text: string): Temporal.PlainDate | undefined {
  try {
    return /^\d{4}-\d{2}-\d{2}$/.test(text) ? Temporal.PlainDate.from(text) : undefined;
  } catch {
    return undefined;
  }
}

async function readWaiting(visit: Visit) {
  const { rows, next_cursor } = await readList(visit, 'authorization_requests', waitingRow, {
    filter: 'pending',
    fields: Object.keys(waitingRow.shape),
    limit: 20,
  });
  return { rows, hasMore: next_cursor !== undefined };
}

const shownEvents = 6;

async function readLatest(visit: Visit) {
  const { rows } = await readList(visit, 'audit_log', historyEntry, {
    fields: Object.keys(historyEntry.shape),
    limit: 40,
  });
  const events = eventsOf(rows).slice(0, shownEvents);
  return Promise.all(events.map(async event => ({ event, subject: await readSubject(visit, event) })));
}

const named = z.object({
  reference: z.string(),
  full_name: z.string().nullish(),
  title: z.string().optional(),
});
const namedBy: Readonly<Record<string, string[]>> = { contact: ['full_name'], lead: ['full_name', 'title'] };

async function readSubject(visit: Visit, event: readonly HistoryEntry[]): Promise<Subject | undefined> {
  const { subject_type: type, subject_id: id } = event[0] ?? {};
  if (id === undefined || (type !== 'contact' && type !== 'ticket' && type !== 'lead')) return undefined;
  const row = await readMaybe(visit, `${type}s`, named, id, {
    fields: ['reference', ...(namedBy[type] ?? [])],
  });
  if (!row) return undefined;
  return { href: `/${type}s/${row.reference}`, label: row.full_name ?? row.title ?? row.reference };
}

function homePage(visit: Visit, home: Home): Markup {
  const { organization } = visit.entered;
  return html`<h1>${home.isToday ? 'Today' : 'Calendar'}</h1>
${home.todo && home.todo.length > 0 && todoLine(home.todo)}
${dayNavigation(home)}
${home.visits.length === 0 ? html`<p class="empty">No visits on this day.</p>` : html`<ol class="visits">${home.visits.map(row => visitItem(row, organization, mayRead(visit, 'contacts')))}</ol>`}
${home.hasMoreVisits && html`<p class="hint">There are more than these ${home.visits.length} visits.</p>`}
${home.waiting && waitingSection(home.waiting, organization.time_zone)}
${home.latest && latestSection(home.latest, organization)}`;
}

function dayNavigation({ date, isToday }: Home): Markup {
  return html`<nav class="days" aria-label="Days">
  <a href="/?date=${date.subtract({ days: 1 }).toString()}" rel="prev">← Day before</a>
  <span class="day">${showDay(noon(date), 'UTC')}</span>
  <a href="/?date=${date.add({ days: 1 }).toString()}" rel="next">Day after →</a>
  ${!isToday && html`<a href="/">Today</a>`}
</nav>`;
}

// A day of the calendar has no time zone; noon in UTC shows it as itself.
const noon = (date: Temporal.PlainDate) =>
  date.toZonedDateTime({ timeZone: 'UTC', plainTime: '12:00' }).toInstant();

type Organization = Visit['entered']['organization'];

function visitItem(row: VisitRow, organization: Organization, linksContact: boolean): Markup {
  const { time_zone, currency, country } = organization;
  const customer = html`<bdi>${shorten(row.customer, 120)}</bdi>`;
  return html`<li class="card visit">
  <p class="at"><time datetime="${row.scheduled_at}">${showClock(row.scheduled_at, time_zone)}</time> <span class="length">${showDuration(row.duration_minutes)}</span></p>
  <div>
    <p class="who">${linksContact ? html`<a href="/contacts/${row.contact_id}">${customer}</a>` : customer} ${row.status !== 'scheduled' && badge(row.status)}</p>
    <p>${row.address || 'No address'}</p>
    <p>${row.services?.join(', ') || 'No services yet'} · ${row.is_price_estimated && 'about '}${formatMoney(row.total_cents, currency)}</p>
    <p>${row.technicians?.join(', ') || html`<span class="warning">Nobody assigned</span>`}</p>
    <p class="links"><a href="/tickets/${row.reference}">Visit ${row.reference}</a>${row.phone !== null && phoneLink(row.phone, country)}</p>
  </div>
</li>\n`;
}

function waitingSection({ rows, hasMore }: { rows: Waiting[]; hasMore: boolean }, timeZone: string): Markup {
  const count = `${rows.length}${hasMore ? '+' : ''}`;
  return html`<section aria-labelledby="waiting"><h2 id="waiting">Waits for the owner <span class="count">${count}</span></h2>
${rows.length === 0 ? html`<p class="empty">Nothing waits. Agents do what they may do alone.</p>` : ''}
<ul class="plain">${rows.map(
    row => html`<li class="card">
  <p class="reason"><b>${wish(row.action)}</b> · asked by <bdi>${row.agent}</bdi> · <code>${row.reference}</code></p>
  <p class="reason">${row.rule_reason}. ${row.affected_rows === 1 ? '1 entry changes' : `${row.affected_rows} entries change`}.</p>
  ${row.reasoning !== null && html`<div class="why"><p>The agent says:</p>${prose(row.reasoning)}</div>`}
  <p class="when">Asked ${timeTag(row.created_at, timeZone)}, expires ${timeTag(row.expires_at, timeZone)}</p>
  <p class="links"><a href="/review/${row.reference}">Review ${row.reference}</a></p>
</li>\n`,
  )}</ul></section>`;
}

function latestSection(latest: NonNullable<Home['latest']>, reader: Organization): Markup {
  return html`<section aria-labelledby="latest"><h2 id="latest">Latest changes</h2>
<ol class="history">${latest.map(({ event, subject }) => {
    const about = subject && html` <a href="${subject.href}"><bdi>${shorten(subject.label, 80)}</bdi></a>`;
    return html`<li>${eventLine(event, reader, about)}</li>\n`;
  })}</ol>
${latest.length === 0 && html`<p class="empty">Nothing has happened yet.</p>`}</section>`;
}
