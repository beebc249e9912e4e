import type { Temporal } from 'temporal-polyfill';
import { type DayRange, spanOf } from '../../core/kernel/records/days.ts';
import { shorten } from '../format.ts';
import { html, type Markup } from '../html.ts';
import { icon } from '../icons.ts';
import { mayDo, type Page, type PageRequest, textOf } from '../site.ts';
import { dayGrid, dayOf } from './day-grid.ts';
import { monthTable } from './month.ts';
import { askedDay, calendarHref, calendarNavigation, titleOf, todayOf } from './navigation.ts';
import { badgeOf } from './parts.ts';
import { askedPerson, type Person, type PlannedVisit, readPeople, readVisits, shownPeople } from './plan.ts';
import { showSheets } from './sheet.ts';
import { type CalendarDay, weekGrid } from './week.ts';

/** The calendar by day, week or month (SCH-02, WEB-05). Technicians see their own; the office everything. */
export async function showCalendar(visit: PageRequest): Promise<Page> {
  const view = textOf(visit.request.query, 'view');
  if (view === 'sheet') return showSheets(visit);
  const range = view === 'week' || view === 'month' ? view : 'day';
  const shown = await readShown(visit, range);
  const { date, person } = shown;
  const title = titleOf(range, date);
  return {
    title: date.equals(todayOf(visit)) && range === 'day' ? `Today, ${title}` : title,
    scripts: [mayDo(visit, 'ticket.move_visit') ? 'calendar.js' : 'now.js'],
    styles: ['calendar.css'],
    body: html`<div class="wide"><div class="top"><h1>${title}</h1>
${calendarNavigation(visit, range, date, person?.id)}</div>
${legend(shown, range)}
${shown.isCut && html`<p class="warning">Only the first ${shown.rows.length.toLocaleString('en-US')} visits are shown here. Open a day to see all of its own.</p>`}
${drawn[range](visit, shown)}</div>`,
  };
}

/** What a view of the calendar is drawn of. */
interface Shown {
  date: Temporal.PlainDate;
  rows: readonly PlannedVisit[];
  isCut: boolean;
  /** Everybody there is to choose from. */
  everybody: readonly Person[];
  /** Those with a column or a row. */
  people: readonly Person[];
  /** The one whose visits alone are shown. */
  person: Person | undefined;
  hasUnassigned: boolean;
}

async function readShown(visit: PageRequest, range: DayRange): Promise<Shown> {
  const date = askedDay(visit);
  const [first, last] = range === 'month' ? sixWeeks(date) : spanOf(date, range);
  const asked = textOf(visit.request.query, 'technician') === '' ? undefined : await readPeople(visit);
  const person = asked && askedPerson(visit, asked);
  const [everybody, { rows, isCut }] = await Promise.all([
    asked ?? readPeople(visit),
    readVisits(visit, { first, last, technician: person?.id }),
  ]);
  return {
    date,
    rows,
    isCut,
    everybody,
    people: person ? [person] : shownPeople(visit, everybody, rows),
    person,
    // A place to drop what somebody else shall do, who is not known yet.
    hasUnassigned: !person && visit.identity.actor.role !== 'technician',
  };
}

/** Always six weeks, from a Monday on: the page keeps its height, and the days around a month are days as well. */
function sixWeeks(date: Temporal.PlainDate): readonly [Temporal.PlainDate, Temporal.PlainDate] {
  const [first] = spanOf(date.with({ day: 1 }), 'week');
  return [first, first.add({ days: 41 })];
}

const drawn: Readonly<Record<DayRange, (visit: PageRequest, shown: Shown) => Markup>> = {
  day(visit, { date, rows, people, hasUnassigned }) {
    const hours = date.toZonedDateTime(visit.identity.organization.time_zone).hoursInDay;
    return html`${hours !== 24 && html`<p class="warning">The clocks change on this day: it has ${hours} hours.</p>`}
${dayGrid(visit, { ...dayOf(visit, date), rows, people, hasUnassigned })}
<p class="links"><a href="/calendar?view=sheet&date=${date.toString()}">${icon('print')} Day sheets to print</a></p>`;
  },
  week: (visit, { date, rows, people, hasUnassigned }) =>
    weekGrid(visit, { days: daysOf(visit, spanOf(date, 'week'), rows), people, hasUnassigned }),
  month: (visit, { date, rows, people }) =>
    monthTable(visit, { days: daysOf(visit, sixWeeks(date), rows), people, month: date.month }),
};

function daysOf(
  visit: PageRequest,
  [first, last]: readonly [Temporal.PlainDate, Temporal.PlainDate],
  rows: readonly PlannedVisit[],
): CalendarDay[] {
  const today = todayOf(visit);
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
