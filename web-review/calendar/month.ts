import { shorten } from '../format.ts';
import type { AbsenceRow } from '../hours/absences.ts';
import { html, type Markup } from '../html.ts';
import type { PageRequest } from '../site.ts';
import { awayWords, closedWords, presentOn } from './away.ts';
import { calendarHref } from './navigation.ts';
import { clockOf } from './parts.ts';
import { frameOf, looksOf, type Person, type PlannedVisit } from './plan.ts';
import type { CalendarDay } from './week.ts';

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;

/** What a month is drawn of besides its days. */
interface Month {
  people: readonly Person[];
  away: readonly AbsenceRow[];
  month: number;
}

/** Shown of each day; the others are counted and one tap away. */
const mostLines = 3;

/** A month: six weeks of seven days with the first visits of each; on a phone how many there are. */
export function monthTable(
  visit: PageRequest,
  { days, ...shown }: Month & { days: readonly CalendarDay[] },
): Markup {
  const weeks = Array.from({ length: days.length / 7 }, (_, week) => days.slice(week * 7, week * 7 + 7));
  return html`<table class="month"><thead><tr>${weekdays.map(name => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${weeks.map(week => html`<tr>${week.map(day => cell(visit, day, shown))}</tr>\n`)}</tbody></table>`;
}

function cell(
  visit: PageRequest,
  { date, isToday, rows }: CalendarDay,
  { people, away, month }: Month,
): Markup {
  const frame = frameOf(visit, date);
  const isShut = presentOn(visit, frame, away).length === 0;
  const closed = closedWords(frame, away);
  const off = people.filter(person => awayWords(visit, { frame, away, person }) !== undefined);
  const looks = [date.month !== month && 'other', isShut && 'closed'].filter(Boolean).join(' ');
  const more = rows.length - mostLines;
  return html`<td${looks && html` class="${looks}"`}${isToday && html` aria-current="date"`} data-date="${date.toString()}"><a href="${calendarHref('day', date)}"><time datetime="${date.toString()}">${date.day}</time>${rows.length > 0 && html` <small>${rows.length} <span>${rows.length === 1 ? 'visit' : 'visits'}</span></small>`}</a>${closed !== undefined && html`<p class="off">${closed}</p>`}${off.length > 0 && html`<p class="off">${off.map(({ name }) => shorten(name, 20)).join(', ')} away</p>`}
${rows.length > 0 && html`<ul>${rows.slice(0, mostLines).map(row => line(visit, row, people))}${more > 0 && html`<li>and ${more} more</li>`}</ul>`}</td>\n`;
}

function line(visit: PageRequest, row: PlannedVisit, people: readonly Person[]): Markup {
  const first = people.find(({ id }) => row.technician_ids?.includes(id));
  return html`<li class="line${first ? ` hue-${first.hue}` : ''}${looksOf(row)}"><b>${clockOf(visit, row)}</b> <bdi>${shorten(row.customer, 40)}</bdi></li>`;
}
