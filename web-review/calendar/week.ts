import type { Temporal } from 'temporal-polyfill';
import { shorten } from '../format.ts';
import type { AbsenceRow } from '../hours/absences.ts';
import { html, type Markup } from '../html.ts';
import { mayDo, type PageRequest } from '../site.ts';
import { awayWords, closedWords, presentOn } from './away.ts';
import { mayMove } from './day-grid.ts';
import { type Stretch, sideBySide } from './grid.ts';
import { calendarHref } from './navigation.ts';
import { badgeOf, clockOf, visitLink } from './parts.ts';
import { frameOf, isOpen, looksOf, type Person, type PlannedVisit, stateOf, stretchOf } from './plan.ts';

/** A day of a week or a month, with its visits. */
export interface CalendarDay {
  date: Temporal.PlainDate;
  isToday: boolean;
  rows: readonly PlannedVisit[];
}

/** Whose row it is; nobody's for visits that are not given to anybody yet. */
type Row = Person | undefined;

/** A week: a column for each day, a row for each technician; a list of days on a phone. Longer visits are higher. */
export function weekGrid(
  request: PageRequest,
  {
    days,
    away,
    people,
    hasUnassigned,
  }: {
    days: readonly CalendarDay[];
    away: readonly AbsenceRow[];
    people: readonly Person[];
    hasUnassigned: boolean;
  },
): Markup {
  const rows: Row[] = [...(hasUnassigned ? [undefined] : []), ...people];
  return html`<div class="wk n${Math.min(rows.length + 1, mostRows)}">
<div class="day names" aria-hidden="true"><b></b>${rows.map(person => html`<p>${person ? badgeOf(person) : ''}<bdi>${person ? shorten(person.name, 40) : 'Unassigned'}</bdi></p>`)}</div>
${days.map(day => weekDay(request, day, { rows, away }))}</div>`;
}

/** Of one person on one day; the others are one tap away. */
const shown = 10;

/** As many as `scaleStyle` knows; a larger crew stands one below the other without its lines in common. */
const mostRows = 25;

function weekDay(
  request: PageRequest,
  day: CalendarDay,
  { rows, away }: { rows: readonly Row[]; away: readonly AbsenceRow[] },
): Markup {
  const { date, isToday, rows: all } = day;
  const frame = frameOf(request, date);
  const isShut = presentOn(request, frame, away).length === 0;
  const closed = closedWords(frame, away);
  const name = date.toLocaleString('en-US', { weekday: 'short' });
  return html`<section class="day${isShut && ' closed'}"${isToday && html` aria-current="date"`}>
<h2><a href="${calendarHref('day', date)}"><time datetime="${date.toString()}">${name} <b>${date.day}</b></time></a>${closed !== undefined ? html` <em class="off">${closed}</em>` : all.length === 0 && html` <small>Nothing planned</small>`}</h2>
${rows.map(person => cell(request, day, { person, off: person && awayWords(request, { frame, away, person }) }))}</section>\n`;
}

const isTheirs = (person: Row, { technician_ids }: PlannedVisit): boolean =>
  person ? (technician_ids?.includes(person.id) ?? false) : !technician_ids?.length;

function cell(
  request: PageRequest,
  { date, rows }: CalendarDay,
  { person, off }: { person: Row; off: string | undefined },
): Markup {
  const own = rows.filter(row => isTheirs(person, row));
  const clashing = clashesOf(request, date, person ? own : []);
  const mayBook = mayDo(request, 'ticket.create') && person;
  return html`<div class="cell${!person && ' nobody'}" data-date="${date.toString()}" data-who="${person?.id ?? 'none'}">${off !== undefined && html`<p class="off">${person && badgeOf(person)}${off}</p>`}${own.length > 0 && html`<ul>${own.slice(0, shown).map(row => chip(request, row, person, clashing.has(row)))}</ul>`}${own.length > shown && html`<p><a href="${calendarHref('day', date)}">and ${own.length - shown} more</a></p>`}${mayBook && html`<a class="slot" tabindex="-1" href="/book?date=${date.toString()}&technician=${person.id}" aria-label="Book ${person.name}">+</a>`}</div>\n`;
}

/** The open visits of somebody that share time with another one of theirs. */
function clashesOf(
  request: PageRequest,
  date: Temporal.PlainDate,
  own: readonly PlannedVisit[],
): ReadonlySet<PlannedVisit> {
  const frame = frameOf(request, date);
  const placed = sideBySide(
    own.map((it): Stretch & { it: PlannedVisit } => ({ it, ...stretchOf(frame, it) })),
  );
  return new Set(placed.flatMap(({ it, lanes }) => (lanes > 1 && isOpen(it) ? [it] : [])));
}

function chip(request: PageRequest, row: PlannedVisit, person: Row, clashes: boolean): Markup {
  const state = [clashes && 'overlaps', stateOf(row)].filter(Boolean).join(', ');
  const hours = Math.min(12, Math.round(row.duration_minutes / 60));
  return html`<li class="chip${person ? ` hue-${person.hue}` : ''}${hours > 0 && ` l${hours}`}${looksOf(row)}${clashes && ' clash'}"${mayMove(request, row) && html` data-move="${row.reference}"`}>${visitLink(
    row,
    html`${person ? badgeOf(person) : ''}<b>${clockOf(request, row)}</b> <bdi>${shorten(row.customer, 60)}</bdi>${state && html` <em>${state}</em>`}`,
  )}</li>`;
}
