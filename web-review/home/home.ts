import { z } from 'zod';
import { wishOf } from '../../core/kernel/registry/deed.ts';
import type { Registry } from '../../core/kernel/registry/registry.ts';
import { type DayPlan, dayList, readDayPlan } from '../calendar/day.ts';
import { askedDay, calendarNavigation, longDay, todayOf } from '../calendar/navigation.ts';
import { prose, timeTag } from '../format.ts';
import {
  eventLine,
  eventsOf,
  type HistoryEntry,
  historyEntry,
  type Reader,
  type Subject,
} from '../history.ts';
import { html, type Markup } from '../html.ts';
import { mayRead, type Page, type PageRequest, readList, readMaybe } from '../site.ts';
import { readTodo, type Todo, todoLine } from './todo.ts';

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

interface Home {
  plan: DayPlan;
  /** Undefined when this role may not see it, as the next two. */
  todo?: Todo[];
  waiting?: { rows: Waiting[]; hasMore: boolean };
  latest?: { event: HistoryEntry[]; subject: Subject | undefined }[];
}

/** The page after signing in: the day (SCH-02, SCH-10), what waits for the owner, what happened last. */
export async function showHome(visit: PageRequest): Promise<Page> {
  const date = askedDay(visit);
  const isToday = date.equals(todayOf(visit));
  const [plan, todo, waiting, latest] = await Promise.all([
    readDayPlan(visit, date, isToday),
    isToday ? readTodo(visit) : undefined,
    mayRead(visit, 'authorization_requests') ? readWaiting(visit) : undefined,
    mayRead(visit, 'audit_log') ? readLatest(visit) : undefined,
  ]);
  const home = {
    plan,
    ...(todo ? { todo } : {}),
    ...(waiting ? { waiting } : {}),
    ...(latest ? { latest } : {}),
  };
  return { title: isToday ? 'Today' : longDay(date), body: homePage(visit, home) };
}

async function readWaiting(visit: PageRequest) {
  const { rows, next_cursor } = await readList(visit, 'authorization_requests', waitingRow, {
    filter: 'pending',
    fields: Object.keys(waitingRow.shape),
    limit: 20,
  });
  return { rows, hasMore: next_cursor !== undefined };
}

const shownEvents = 6;

async function readLatest(visit: PageRequest) {
  const { rows } = await readList(visit, 'audit_log', historyEntry, {
    fields: Object.keys(historyEntry.shape),
    limit: 80,
  });
  // Each step of a close-out is written down; what happened is that the visit is closed.
  const told = rows.filter(({ entity_type }) => entity_type !== 'closeout_session');
  const events = eventsOf(told).slice(0, shownEvents);
  return Promise.all(events.map(async event => ({ event, subject: await readSubject(visit, event) })));
}

const named = z.looseObject({ id: z.string(), reference: z.string().optional() });

async function readSubject(visit: PageRequest, event: readonly HistoryEntry[]): Promise<Subject | undefined> {
  const { subject_type: type = '', subject_id: id } = event[0] ?? {};
  const { registry } = visit.site.app;
  const [record, page] = [registry.records.get(type), registry.pathOf(type)];
  if (id === undefined || !record || !page || !mayRead(visit, page.view)) return undefined;
  const row = await readMaybe(visit, { type: page.view, row: named, id });
  return row && { id: row.id, href: `${page.path}/${row.reference ?? row.id}`, label: record.label(row) };
}

function homePage(visit: PageRequest, { plan, todo, waiting, latest }: Home): Markup {
  const { organization } = visit.identity;
  const { registry } = visit.site.app;
  const { date, isToday } = plan;
  return html`<h1>${isToday ? html`Today <small>${longDay(date)}</small>` : longDay(date)}</h1>
${todo && todo.length > 0 && todoLine(todo)}
${calendarNavigation(visit, 'day', date)}
${dayList(visit, plan)}
${waiting && waitingSection(registry, waiting, organization.time_zone)}
${latest && latestSection(latest, { ...organization, registry })}`;
}

function waitingSection(
  registry: Registry,
  { rows, hasMore }: { rows: Waiting[]; hasMore: boolean },
  timeZone: string,
): Markup {
  const count = `${rows.length}${hasMore ? '+' : ''}`;
  return html`<section aria-labelledby="waiting"><h2 id="waiting">Waits for the owner <span class="count">${count}</span></h2>
${rows.length === 0 ? html`<p class="empty">Nothing waits. Agents do what they may do alone.</p>` : ''}
<ul class="plain">${rows.map(
    row => html`<li class="card">
  <p class="reason"><b>${wishOf(registry, row.action)}</b> · asked by <bdi>${row.agent}</bdi> · <code>${row.reference}</code></p>
  <p class="reason">${row.rule_reason}. ${row.affected_rows === 1 ? '1 entry changes' : `${row.affected_rows} entries change`}.</p>
  ${row.reasoning !== null && html`<div class="why"><p>The agent says:</p>${prose(row.reasoning)}</div>`}
  <p class="when">Asked ${timeTag(row.created_at, timeZone)}, expires ${timeTag(row.expires_at, timeZone)}</p>
  <p class="links"><a href="/review/${row.reference}">Review ${row.reference}</a></p>
</li>\n`,
  )}</ul></section>`;
}

function latestSection(latest: NonNullable<Home['latest']>, reader: Reader): Markup {
  return html`<section aria-labelledby="latest"><h2 id="latest">Latest changes</h2>
<ol class="history">${latest.map(({ event, subject }) => html`<li>${eventLine(event, reader, subject)}</li>\n`)}</ol>
${latest.length === 0 && html`<p class="empty">Nothing has happened yet.</p>`}</section>`;
}
