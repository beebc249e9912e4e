import type { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { spanOf } from '../../core/kernel/records/days.ts';
import { badge, shorten, showClock } from '../format.ts';
import { showHome } from '../home/home.ts';
import { html, type Markup } from '../html.ts';
import { type Page, type PageRequest, readList, textOf } from '../site.ts';
import { askedDay, calendarHref, calendarNavigation, shortDay, titleOf, todayOf } from './navigation.ts';

const entryRow = z.object({
  reference: z.string(),
  local: z.string(),
  scheduled_at: z.string(),
  status: z.string(),
  customer: z.string(),
  technicians: z.array(z.string()).nullable(),
});
type Entry = z.infer<typeof entryRow>;

/** A day of a week or a month: how many visits it has, and the first of them. */
interface Day {
  date: Temporal.PlainDate;
  isToday: boolean;
  count: number;
  first: Entry[];
}

/** The calendar by week or month (SCH-02, WEB-05); the day is the start page. */
export async function showCalendar(visit: PageRequest): Promise<Page> {
  const range = textOf(visit.request.query, 'view');
  if (range !== 'week' && range !== 'month') return showHome(visit);
  const date = askedDay(visit);
  const { days, isCut } = await readDays(visit, range, date);
  const title = titleOf(range, date);
  return {
    title,
    body: html`<h1>${title}</h1>
${calendarNavigation(visit, range, date)}
${isCut && html`<p class="warning">Only the first ${mostVisits.toLocaleString('en-US')} visits are counted here. Open a day to see all of its own.</p>`}
${range === 'week' ? weekList(visit, days) : monthTable(visit, days)}`,
  };
}

/** Shown of each day; the others are counted and one tap away. */
const shown = { week: 10, month: 3 } as const;

const perRead = 100;
const mostVisits = 2000;

async function readDays(
  visit: PageRequest,
  range: 'week' | 'month',
  date: Temporal.PlainDate,
): Promise<{ days: Day[]; isCut: boolean }> {
  const [first, last] = spanOf(date, range);
  const today = todayOf(visit);
  const days = new Map<string, Day>();
  for (let each = first; each.until(last).sign >= 0; each = each.add({ days: 1 })) {
    days.set(each.toString(), { date: each, isToday: each.equals(today), count: 0, first: [] });
  }
  let cursor: string | undefined;
  let read = 0;
  do {
    const page = await readList(visit, 'calendar', entryRow, {
      params: { date: date.toString(), range },
      fields: Object.keys(entryRow.shape),
      limit: perRead,
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (const row of page.rows) {
      // "Mon 2026-11-23 09:00 -06:00"
      const day = days.get(row.local.split(' ')[1] ?? '');
      if (!day) continue;
      day.count += 1;
      if (day.first.length < shown[range]) day.first.push(row);
    }
    read += page.rows.length;
    cursor = page.next_cursor;
  } while (cursor !== undefined && read < mostVisits);
  return { days: [...days.values()], isCut: cursor !== undefined };
}

const visitsOf = (count: number): string => `${count} ${count === 1 ? 'visit' : 'visits'}`;

const dayTag = ({ date }: Day, text: Markup | string): Markup =>
  html`<time datetime="${date.toString()}">${text}</time>`;

function weekList(visit: PageRequest, days: readonly Day[]): Markup {
  const isOffice = visit.identity.actor.role !== 'technician';
  return html`<ol class="plain week">${days.map(day => {
    const { date, isToday, count, first } = day;
    const href = calendarHref('day', date);
    return html`<li${isToday && html` aria-current="date"`}><h2><a href="${href}">${dayTag(day, shortDay(date))}</a></h2>
${count === 0 ? html`<p class="empty">Nothing planned</p>` : html`<ul class="plain">${first.map(entry => weekEntry(visit, entry, isOffice))}</ul>`}
${count > first.length && html`<p><a href="${href}">and ${count - first.length} more</a></p>`}</li>\n`;
  })}</ol>`;
}

function weekEntry(visit: PageRequest, entry: Entry, isOffice: boolean): Markup {
  const { reference, scheduled_at, status, customer, technicians } = entry;
  return html`<li><a href="/tickets/${reference}">${clockTag(visit, scheduled_at)} <bdi>${shorten(customer, 60)}</bdi>${isOffice && html` <small>${technicians?.join(', ') || 'nobody'}</small>`}${status !== 'scheduled' && html` ${badge(status)}`}</a></li>\n`;
}

function clockTag(visit: PageRequest, when: string): Markup {
  return html`<time datetime="${when}">${showClock(when, visit.identity.organization.time_zone)}</time>`;
}

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;

/** A grid where there is room for one, else a list of days: then each says its weekday itself. */
function monthTable(visit: PageRequest, days: readonly Day[]): Markup {
  const before = (days[0]?.date.dayOfWeek ?? 1) - 1;
  const after = (7 - ((before + days.length) % 7)) % 7;
  const none = (count: number) => Array.from({ length: count }, () => html`<td></td>`);
  const cells = [...none(before), ...days.map(day => monthCell(visit, day)), ...none(after)];
  const weeks = Array.from({ length: cells.length / 7 }, (_, week) => cells.slice(week * 7, week * 7 + 7));
  return html`<table class="month"><thead><tr>${weekdays.map(name => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${weeks.map(week => html`<tr>${week}</tr>\n`)}</tbody></table>`;
}

function monthCell(visit: PageRequest, day: Day): Markup {
  const { date, isToday, count, first } = day;
  const more = count - first.length;
  return html`<td${isToday && html` aria-current="date"`}><a href="${calendarHref('day', date)}">${dayTag(day, html`<span>${weekdays[date.dayOfWeek - 1]} </span>${date.day}`)}${count > 0 && html` <small>${visitsOf(count)}</small>`}</a>
${count > 0 && html`<ul class="plain">${first.map(entry => html`<li>${clockTag(visit, entry.scheduled_at)} <bdi>${shorten(entry.customer, 40)}</bdi></li>`)}${more > 0 && html`<li>and ${more} more</li>`}</ul>`}</td>\n`;
}
