import { settingOf } from '../../core/kernel/registry/settings.ts';
import { travelMinutes } from '../../core/scheduling/settings.ts';
import { phoneLink, shorten, showDuration } from '../format.ts';
import type { AbsenceRow } from '../hours/absences.ts';
import { html, type Markup } from '../html.ts';
import { mayDo, type PageRequest } from '../site.ts';
import { presentOn } from './away.ts';
import { freeOf, hourly, laneOf, type Placed, placeOf, type Stretch, sideBySide } from './grid.ts';
import { badgeOf, clockOf, moveLink, visitLink } from './parts.ts';
import {
  amountOf,
  type DayFrame,
  frameOf,
  hoursOn,
  isOpen,
  looksOf,
  momentIn,
  type Person,
  type PlannedVisit,
  stateOf,
  stretchOf,
} from './plan.ts';

/** A day as it is drawn. */
export interface GridDay {
  frame: DayFrame;
  rows: readonly PlannedVisit[];
  people: readonly Person[];
  /** Who is away, and whether the business is closed. */
  away: readonly AbsenceRow[];
  /** Minutes since midnight, on the day that is today. */
  now?: number | undefined;
  /** The column of visits nobody goes to. */
  hasUnassigned: boolean;
}

/**
 * A day: a column for each technician, length is height, gaps are links that book (SCH-02, WEB-05). The same markup is a list
 * with its gaps on a phone, and a sheet for each technician on paper.
 */
export function dayGrid(request: PageRequest, day: GridDay): Markup {
  const { frame, rows, people, hasUnassigned } = day;
  const hours = shownHours(request, day);
  const nobody = rows.filter(({ technician_ids }) => !technician_ids?.length);
  return html`<div class="cal f${hours.from / 60} n${(hours.to - hours.from) / 60}" data-date="${frame.date.toString()}">
<ol class="hours" aria-hidden="true">${hourly(hours).map(({ from }) => hourMark(request, frame, from))}</ol>
${hasUnassigned && column(request, day, { hours, rows: nobody })}
${people.map(person =>
  column(request, day, {
    hours,
    person,
    rows: rows.filter(({ technician_ids }) => technician_ids?.includes(person.id)),
  }),
)}</div>
${rows.some(row => looksOf(row) !== '') && html`<p class="hint key"><span class="swatch hatched"></span> not confirmed yet <span class="swatch is-closed"></span> done</p>`}`;
}

/** From the first thing of the day to the last, opening times included; in full hours. */
function shownHours(request: PageRequest, { frame, rows, people, now }: GridDay): Stretch {
  const shown = [
    ...frame.open,
    ...people.flatMap(person => hoursOn(request, frame, person)),
    ...rows.map(row => stretchOf(frame, row)),
  ];
  const from = Math.min(usual.from, ...shown.map(each => each.from));
  const to = Math.max(usual.to, ...shown.map(each => each.to));
  const isNow = now !== undefined && now >= from - 60 && now < to + 60;
  return {
    from: Math.floor(Math.min(from, isNow ? now : from) / 60) * 60,
    to: Math.min(Math.ceil(Math.max(to, isNow ? now + 1 : to) / 60) * 60, Math.ceil(frame.minutes / 60) * 60),
  };
}

const usual: Stretch = { from: 8 * 60, to: 17 * 60 };

/** `9 AM`; with the zone on a day the clocks change, for an hour may come twice. */
function hourMark(request: PageRequest, frame: DayFrame, minute: number): Markup {
  const moment = momentIn(request, frame, minute);
  const hour = `${moment.hour % 12 || 12} ${moment.hour < 12 ? 'AM' : 'PM'}`;
  return html`<li data-at="${moment.toPlainTime().toString({ smallestUnit: 'minute' })}">${hour}</li>`;
}

interface Column {
  hours: Stretch;
  person?: Person;
  rows: readonly PlannedVisit[];
}

function column(request: PageRequest, day: GridDay, { hours, person, rows }: Column): Markup {
  const { frame, now } = day;
  const placed = sideBySide(rows.map(it => ({ it, ...stretchOf(frame, it) })));
  const present = presentOn(request, frame, day.away, person);
  const shut = freeOf([hours], present);
  const travel = settingOf(request.identity, travelMinutes);
  const ways = travel === 0 || !person ? [] : waysOf(placed, travel, hours);
  const items = [
    ...placed.map(each => ({ from: each.from, item: visitItem(request, each, person) })),
    ...(person ? freeItems(request, { day, person, rows: placed, travel, present }) : []),
    ...(now === undefined ? [] : [{ from: now, item: nowItem(request, frame, now) }]),
  ].sort((a, b) => a.from - b.from);
  return html`<section class="col${person ? ` hue-${person.hue}` : ' nobody'}" data-who="${person?.id ?? 'none'}">
<h2>${person ? badgeOf(person) : ''}<bdi>${person ? shorten(person.name, 40) : 'Unassigned'}</bdi> <small>${amountOf(rows)}</small></h2>
<div class="track">${shut.map(each => html`<i class="shut ${placeOf(each)}"></i>`)}${ways.map(each => html`<i class="way ${placeOf(each)}"></i>`)}
<ol>${items.map(({ item }) => item)}</ol>
${items.length === 0 && html`<p class="empty">Nothing planned.</p>`}</div></section>\n`;
}

/** Before and after each visit, as far as nothing else stands there. */
function waysOf(placed: readonly Placed<PlannedVisit>[], travel: number, hours: Stretch): Stretch[] {
  const around = placed.flatMap(({ from, to }) => [
    { from: Math.max(hours.from, from - travel), to: from },
    { from: to, to: Math.min(hours.to, to + travel) },
  ]);
  return freeOf(
    around.filter(({ from, to }) => to > from),
    placed,
  );
}

function visitItem(
  request: PageRequest,
  { it, lane, lanes, ...at }: Placed<PlannedVisit>,
  person?: Person,
): Markup {
  const { reference, customer, services, address, phone, duration_minutes } = it;
  const state = stateOf(it);
  // Somebody who is in two places at once has to be seen there; of visits nobody has yet the head of the day speaks.
  const clash = lanes > 1 && person !== undefined && isOpen(it);
  const others = (it.technicians?.length ?? 0) - (person ? 1 : 0);
  const what = [services?.join(', ') ?? '', townOf(address)].filter(Boolean).join(' · ');
  return html`<li class="ev ${placeOf(at)}${laneOf({ lane, lanes })}${looksOf(it)}${clash && ' clash'}"${mayMove(request, it) && html` data-move="${reference}"`}>${visitLink(
    it,
    html`<b>${clockOf(request, it)}</b> <bdi>${shorten(customer, 60)}</bdi> <small>${what && html`${what} · `}${showDuration(duration_minutes)}</small>`,
  )}${clash && html`<em>Overlaps</em>`}${state && html`<em>${state}</em>`}${others > 0 && html`<em>with ${others} more</em>`}
<span class="reach">${phone !== null && phoneLink(phone, request.identity.organization.country)} <bdi>${address ?? 'No address'}</bdi></span>${mayMove(request, it) && moveLink(reference, 'day')}</li>\n`;
}

/** `12 Main Street, Madison, AL 35758` is Madison: as much as says which way one drives. */
function townOf(address: string | null): string {
  const parts = (address ?? '').split(', ');
  return parts.at(parts.length > 2 ? -2 : -1) ?? '';
}

/** Who may move a visit at all, and whether it can still be moved. */
export const mayMove = (request: PageRequest, row: PlannedVisit): boolean =>
  isOpen(row) && mayDo(request, 'ticket.move_visit');

/**
 * Each hour that is free within opening times and still to come: a link to book it. The first of a gap says how long it is, and
 * is the one the keyboard stops at.
 */
function freeItems(
  request: PageRequest,
  {
    day,
    person,
    rows,
    travel,
    present,
  }: {
    day: GridDay;
    person: Person;
    rows: readonly Stretch[];
    travel: number;
    present: readonly Stretch[];
  },
): { from: number; item: Markup }[] {
  const { frame, now } = day;
  const past = pastOf(request, frame, now);
  const taken = rows.map(({ from, to }) => ({ from: from - travel, to: to + travel }));
  const mayBook = mayDo(request, 'ticket.create');
  return freeOf(present, [...taken, past])
    .filter(({ from, to }) => to - from >= shortestGap)
    .flatMap(gap =>
      (mayBook ? hourly(gap) : [gap]).map((piece, n) => {
        const free = n === 0 && html`<span>${showDuration(gap.to - gap.from)} free</span>`;
        const place = `slot ${placeOf(piece)}${n > 0 ? ' on' : ''}`;
        const item = mayBook
          ? html`<li class="${place}"><a href="${bookHref(request, frame, piece.from, person.id)}"${n > 0 && html` tabindex="-1"`}>${free} <b>Book ${clockIn(request, frame, piece.from)}</b></a></li>\n`
          : html`<li class="${place}">${free}</li>\n`;
        return { from: piece.from, item };
      }),
    );
}

/** Shorter ones are no time for a visit. */
const shortestGap = 15;

/** What lies behind us: all of a past day, nothing of one to come; a started quarter of an hour is gone. */
function pastOf(request: PageRequest, frame: DayFrame, now: number | undefined): Stretch {
  if (now !== undefined) return { from: 0, to: Math.ceil(now / 15) * 15 };
  const isPast = request.site.clock().epochMilliseconds > frame.startsAt;
  return { from: 0, to: isPast ? frame.minutes : 0 };
}

const clockIn = (request: PageRequest, frame: DayFrame, minute: number): string =>
  clockOf(request, { scheduled_at: momentIn(request, frame, minute).toInstant().toString() });

function bookHref(request: PageRequest, frame: DayFrame, minute: number, technician: string): string {
  const time = momentIn(request, frame, minute).toPlainTime().toString({ smallestUnit: 'minute' });
  return `/book?date=${frame.date.toString()}&time=${time}&technician=${technician}`;
}

const nowItem = (request: PageRequest, frame: DayFrame, now: number): Markup =>
  html`<li class="now ${placeOf({ from: now, to: now })}"><span>Now, ${clockIn(request, frame, now)}</span></li>\n`;

/** The frame of a day, with the minute that is now when it is today. */
export function dayOf(request: PageRequest, date: DayFrame['date']): { frame: DayFrame; now?: number } {
  const frame = frameOf(request, date);
  const now = (request.site.clock().epochMilliseconds - frame.startsAt) / 60_000;
  return now >= 0 && now < frame.minutes ? { frame, now } : { frame };
}
