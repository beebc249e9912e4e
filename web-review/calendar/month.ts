import { shorten } from '../format.ts';
import { html, type Markup } from '../html.ts';
import type { PageRequest } from '../site.ts';
import { calendarHref } from './navigation.ts';
import { clockOf } from './parts.ts';
import { frameOf, looksOf, type Person, type PlannedVisit } from './plan.ts';
import type { CalendarDay } from './week.ts';

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;

/** Shown of each day; the others are counted and one tap away. */
const shown = 3;

/** A month: six weeks of seven days with the first visits of each; on a phone how many there are. */
export function monthTable(
  visit: PageRequest,
  { days, people, month }: { days: readonly CalendarDay[]; people: readonly Person[]; month: number },
): Markup {
  const weeks = Array.from({ length: days.length / 7 }, (_, week) => days.slice(week * 7, week * 7 + 7));
  return html`<table class="month"><thead><tr>${weekdays.map(name => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${weeks.map(week => html`<tr>${week.map(day => cell(visit, day, { people, month }))}</tr>\n`)}</tbody></table>`;
}

function cell(
  visit: PageRequest,
  { date, isToday, rows }: CalendarDay,
  { people, month }: { people: readonly Person[]; month: number },
): Markup {
  const isShut = frameOf(visit, date).open.length === 0;
  const looks = [date.month !== month && 'other', isShut && 'closed'].filter(Boolean).join(' ');
  const more = rows.length - shown;
  return html`<td${looks && html` class="${looks}"`}${isToday && html` aria-current="date"`} data-date="${date.toString()}"><a href="${calendarHref('day', date)}"><time datetime="${date.toString()}">${date.day}</time>${rows.length > 0 && html` <small>${rows.length} <span>${rows.length === 1 ? 'visit' : 'visits'}</span></small>`}</a>
${rows.length > 0 && html`<ul>${rows.slice(0, shown).map(row => line(visit, row, people))}${more > 0 && html`<li>and ${more} more</li>`}</ul>`}</td>\n`;
}

function line(visit: PageRequest, row: PlannedVisit, people: readonly Person[]): Markup {
  const first = people.find(({ id }) => row.technician_ids?.includes(id));
  return html`<li class="line${first ? ` hue-${first.hue}` : ''}${looksOf(row)}"><b>${clockOf(visit, row)}</b> <bdi>${shorten(row.customer, 40)}</bdi></li>`;
}
