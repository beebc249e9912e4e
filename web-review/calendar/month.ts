import { Temporal } from 'temporal-polyfill';
import { shorten } from '../format.ts';
import { type AbsenceRow, whyWords } from '../hours/absences.ts';
import { html, type Markup } from '../html.ts';
import type { PageRequest } from '../site.ts';
import { awayWords, closedWords, presentOn } from './away.ts';
import { calendarHref, shortDay } from './navigation.ts';
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
  request: PageRequest,
  { days, ...shown }: Month & { days: readonly CalendarDay[] },
): Markup {
  const weeks = Array.from({ length: days.length / 7 }, (_, week) => days.slice(week * 7, week * 7 + 7));
  return html`<table class="month"><thead><tr>${weekdays.map(name => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${weeks.map(week => html`<tr>${week.map(day => cell(request, day, shown))}</tr>\n`)}</tbody></table>
${days[0] && awayList(request, { ...shown, first: days[0].date, last: days[0].date.add({ days: days.length }) })}`;
}

/** Under the narrow days of a phone: what is off in words, which a cell has no room for. */
function awayList(
  request: PageRequest,
  { people, away, first, last }: Month & { first: Temporal.PlainDate; last: Temporal.PlainDate },
): Markup | false {
  const { time_zone } = request.identity.organization;
  const notes = away.flatMap(row => {
    const who = people.find(({ id }) => id === row.member_id);
    const day = (moment: string | number) =>
      Temporal.Instant.fromEpochMilliseconds(typeof moment === 'number' ? moment : Date.parse(moment))
        .toZonedDateTimeISO(time_zone)
        .toPlainDate();
    const [from, to] = [day(row.starts_at), day(Date.parse(row.ends_at) - 1)];
    const isShown = Temporal.PlainDate.compare(from, last) < 0 && Temporal.PlainDate.compare(first, to) <= 0;
    if (!isShown || (row.member_id !== null && !who)) return [];
    const why = whyWords(row);
    const when = from.equals(to) ? shortDay(from) : `${shortDay(from)} to ${shortDay(to)}`;
    return [
      html`<li><b>${when}</b>: ${who ? html`<bdi>${who.name}</bdi> away` : 'closed'}${why !== '' && ` (${why})`}</li>`,
    ];
  });
  return notes.length > 0 && html`<ul class="away">${notes}</ul>`;
}

function cell(
  request: PageRequest,
  { date, isToday, rows }: CalendarDay,
  { people, away, month }: Month,
): Markup {
  const frame = frameOf(request, date);
  const isShut = presentOn(request, frame, away).length === 0;
  const closed = closedWords(frame, away);
  const off = people.filter(person => awayWords(request, { frame, away, person }) !== undefined);
  const looks = [date.month !== month && 'other', isShut && 'closed'].filter(Boolean).join(' ');
  const more = rows.length - mostLines;
  return html`<td${looks && html` class="${looks}"`}${isToday && html` aria-current="date"`} data-date="${date.toString()}"><a href="${calendarHref('day', date)}"><time datetime="${date.toString()}">${date.day}</time>${rows.length > 0 && html` <small>${rows.length} <span>${rows.length === 1 ? 'visit' : 'visits'}</span></small>`}</a>${closed !== undefined && html`<p class="off">Closed${closed !== 'Closed' && html`<span> (${closed.replace(/^Closed: /, '')})</span>`}</p>`}${off.length > 0 && html`<p class="off"><span>${off.map(({ name }) => shorten(name, 20)).join(', ')}</span> away</p>`}
${rows.length > 0 && html`<ul>${rows.slice(0, mostLines).map(row => line(request, row, people))}${more > 0 && html`<li>and ${more} more</li>`}</ul>`}</td>\n`;
}

function line(request: PageRequest, row: PlannedVisit, people: readonly Person[]): Markup {
  const first = people.find(({ id }) => row.technician_ids?.includes(id));
  return html`<li class="line${first ? ` hue-${first.hue}` : ''}${looksOf(row)}"><b>${clockOf(request, row)}</b> <bdi>${shorten(row.customer, 40)}</bdi></li>`;
}
