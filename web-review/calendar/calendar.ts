import type { Temporal } from 'temporal-polyfill';
import { type DayRange, spanOf } from '../../core/kernel/records/days.ts';
import { shorten } from '../format.ts';
import type { AbsenceRow } from '../hours/absences.ts';
import { html, type Markup } from '../html.ts';
import { icon } from '../icons.ts';
import { mayDo, type Page, type PageRequest, textOf } from '../site.ts';
import { awayNotes, readAway } from './away.ts';
import { dayGrid, dayOf } from './day-grid.ts';
import { monthTable } from './month.ts';
import { askedDay, calendarHref, calendarNavigation, titleOf, todayOf } from './navigation.ts';
import { nobodyYet } from './nobody-yet.ts';
import { badgeOf } from './parts.ts';
import { askedPerson, type Person, type PlannedVisit, readPeople, readVisits, shownPeople } from './plan.ts';
import { showSheets } from './sheet.ts';
import { subscribePath } from './subscribe.ts';
import { type CalendarDay, weekGrid } from './week.ts';

/** The calendar by day, week or month (SCH-02, WEB-05). Technicians see their own; the office everything. */
export async function showCalendar(request: PageRequest): Promise<Page> {
  const view = textOf(request.http.query, 'view');
  if (view === 'sheet') return showSheets(request);
  const range = view === 'week' || view === 'month' ? view : 'day';
  const shown = await readShown(request, range);
  const { date, person } = shown;
  const title = titleOf(range, date);
  return {
    title: date.equals(todayOf(request)) && range === 'day' ? `Today, ${title}` : title,
    scripts: [mayDo(request, 'ticket.move_visit') ? 'calendar.js' : 'now.js'],
    styles: ['calendar.css'],
    body: html`<div class="wide"><div class="top"><h1>${title}</h1>
${calendarNavigation(request, range, date, person?.id)}</div>
${legend(shown, range)}
${shown.isCut && html`<p class="warning">Only the first ${shown.rows.length.toLocaleString('en-US')} visits are shown here. Open a day to see all of its own.</p>`}
${drawn[range](request, shown)}
<p class="links"><a href="${subscribePath}">Calendar on your phone</a></p></div>`,
  };
}

/** What a view of the calendar is drawn of. */
interface Shown {
  date: Temporal.PlainDate;
  rows: readonly PlannedVisit[];
  isCut: boolean;
  /** Who is away, and when the business is closed. */
  away: readonly AbsenceRow[];
  /** Everybody there is to choose from. */
  everybody: readonly Person[];
  /** Those with a column or a row. */
  people: readonly Person[];
  /** The one whose visits alone are shown. */
  person: Person | undefined;
  hasUnassigned: boolean;
}

async function readShown(request: PageRequest, range: DayRange): Promise<Shown> {
  const date = askedDay(request);
  const [first, last] = range === 'month' ? sixWeeks(date) : spanOf(date, range);
  const asked = textOf(request.http.query, 'technician') === '' ? undefined : await readPeople(request);
  const person = asked && askedPerson(request, asked);
  const [everybody, { rows, isCut }, away] = await Promise.all([
    asked ?? readPeople(request),
    readVisits(request, { first, last, technician: person?.id }),
    readAway(request, { first, last }),
  ]);
  return {
    date,
    rows,
    isCut,
    away,
    everybody,
    people: person ? [person] : shownPeople(request, everybody, rows),
    person,
    // A place to drop what somebody else shall do, who is not known yet.
    hasUnassigned: !person && request.identity.actor.role !== 'technician',
  };
}

/** Always six weeks, from a Monday on: the page keeps its height, and the days around a month are days as well. */
function sixWeeks(date: Temporal.PlainDate): readonly [Temporal.PlainDate, Temporal.PlainDate] {
  const [first] = spanOf(date.with({ day: 1 }), 'week');
  return [first, first.add({ days: 41 })];
}

const drawn: Readonly<Record<DayRange, (request: PageRequest, shown: Shown) => Markup>> = {
  day(request, { date, rows, away, people, hasUnassigned }) {
    const day = dayOf(request, date);
    const hours = date.toZonedDateTime(request.identity.organization.time_zone).hoursInDay;
    return html`${hours !== 24 && html`<p class="warning">The clocks change on this day: it has ${hours} hours.</p>`}
${nobodyYet(request, rows)}
${awayNotes(request, { frame: day.frame, away, people })}
${dayGrid(request, { ...day, rows, away, people, hasUnassigned })}
<p class="links"><a href="/calendar?view=sheet&date=${date.toString()}">${icon('print')} Day sheets to print</a></p>`;
  },
  week: (request, { date, rows, away, people, hasUnassigned }) =>
    weekGrid(request, { days: daysOf(request, spanOf(date, 'week'), rows), away, people, hasUnassigned }),
  month: (request, { date, rows, away, people }) =>
    monthTable(request, { days: daysOf(request, sixWeeks(date), rows), away, people, month: date.month }),
};

function daysOf(
  request: PageRequest,
  [first, last]: readonly [Temporal.PlainDate, Temporal.PlainDate],
  rows: readonly PlannedVisit[],
): CalendarDay[] {
  const today = todayOf(request);
  const byDay = new Map<string, PlannedVisit[]>();
  for (const row of rows) {
    // "Mon 2026-11-23 09:00 -06:00"
    const day = row.local.split(' ')[1] ?? '';
    byDay.set(day, [...(byDay.get(day) ?? []), row]);
  }
  return Array.from({ length: first.until(last).days + 1 }, (_, n) => {
    const date = first.add({ days: n });
    return { date, isToday: date.equals(today), rows: byDay.get(date.toString()) ?? [] };
  });
}

/** Who has which colour; each name shows that person alone. */
function legend({ everybody, person, date }: Shown, range: DayRange): Markup | false {
  if (everybody.length < 2) return false;
  const here = html` aria-current="true"`;
  return html`<nav class="people strip" aria-label="Whose visits"><a href="${calendarHref(range, date)}"${!person && here}>Everybody</a> ${everybody.map(
    each =>
      html`<a href="${calendarHref(range, date, each.id)}"${each.id === person?.id && here}>${badgeOf(each)}<bdi>${shorten(each.name, 40)}</bdi></a> `,
  )}</nav>`;
}
