import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { dayBounds } from '../../core/kernel/words/time.ts';
import { type WorkingHours, workingHours } from '../../core/members/working-hours.ts';
import { openSpans, weekdayOf } from '../../core/scheduling/business-hours.ts';
import { showDuration } from '../format.ts';
import { html, type Markup } from '../html.ts';
import { type PageRequest, readList, textOf } from '../site.ts';
import type { Stretch } from './grid.ts';

const visitRow = z.object({
  reference: z.string(),
  status: z.string(),
  confirmation_status: z.string(),
  scheduled_at: z.string(),
  ends_at: z.string(),
  duration_minutes: z.number(),
  local: z.string(),
  customer: z.string(),
  phone: z.string().nullable(),
  address: z.string().nullable(),
  services: z.array(z.string()).nullable(),
  technicians: z.array(z.string()).nullable(),
  technician_ids: z.array(z.string()).nullable(),
});

/** A visit as the calendar shows it. */
export type PlannedVisit = z.infer<typeof visitRow>;

const perRead = 100;
const mostVisits = 2000;

/** The visits of some days by time, of one technician when given; technicians have their own. */
export async function readVisits(
  request: PageRequest,
  days: { first: Temporal.PlainDate; last: Temporal.PlainDate; technician?: string | undefined },
): Promise<{ rows: PlannedVisit[]; isCut: boolean }> {
  const params = {
    from: days.first.toString(),
    to: days.last.toString(),
    ...(days.technician === undefined ? {} : { technician_id: days.technician }),
  };
  const rows: PlannedVisit[] = [];
  let cursor: string | undefined;
  do {
    const page = await readList(request, 'calendar', visitRow, {
      params,
      fields: Object.keys(visitRow.shape),
      limit: perRead,
      ...(cursor === undefined ? {} : { cursor }),
    });
    rows.push(...page.rows);
    cursor = page.next_cursor;
  } while (cursor !== undefined && rows.length < mostVisits);
  return { rows, isCut: cursor !== undefined };
}

/** Somebody visits can be booked on, with the colour that is theirs on every page of the calendar. */
export interface Person {
  id: string;
  name: string;
  initials: string;
  hue: number;
  /** Days on which they work otherwise than the business is open. */
  working_hours?: WorkingHours | null;
}

const memberRow = z.object({
  id: z.string(),
  name: z.string(),
  is_bookable: z.boolean(),
  working_hours: workingHours.nullable(),
  created_at: z.string(),
});

const hues = 8;

/** Everybody who takes visits, by name. Who came first has the first colour: nobody's changes when somebody comes. */
export async function readPeople(request: PageRequest): Promise<Person[]> {
  const { rows } = await readList(request, 'members', memberRow, {
    fields: Object.keys(memberRow.shape),
    limit: 100,
  });
  const { actor } = request.identity;
  return rows
    .filter(({ is_bookable }) => is_bookable)
    .sort((a, b) => a.created_at.localeCompare(b.created_at) || a.id.localeCompare(b.id))
    .map(({ id, name, working_hours }, n) => ({
      id,
      name,
      initials: initialsOf(name),
      hue: n % hues,
      working_hours,
    }))
    .filter(({ id }) => actor.role !== 'technician' || id === actor.id)
    .sort((a, b) => a.name.localeCompare(b.name));
}

/** `Theo` is Th, `Mary Ann Smith` is MS. */
export function initialsOf(name: string): string {
  const words = name.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  const first = [...(words[0] ?? '?')];
  const last = words.length > 1 ? [...(words.at(-1) ?? '')] : [];
  return `${(first[0] ?? '?').toUpperCase()}${last[0]?.toUpperCase() ?? first[1] ?? ''}`;
}

/** Those whose column or row is shown: everybody, the one asked for, and whoever has a visit and takes none any more. */
export function shownPeople(
  { identity }: Pick<PageRequest, 'identity'>,
  people: readonly Person[],
  rows: readonly PlannedVisit[],
): Person[] {
  // Whom a technician works with is no column of theirs.
  if (identity.actor.role === 'technician') return [...people];
  const known = new Set(people.map(({ id }) => id));
  const others = new Map<string, Person>();
  for (const { technician_ids, technicians } of rows) {
    for (const [n, id] of (technician_ids ?? []).entries()) {
      const name = technicians?.[n] ?? '';
      if (!known.has(id)) others.set(id, { id, name, initials: initialsOf(name), hue: hues - 1 });
    }
  }
  return [...people, ...others.values()];
}

/** The person whose visits alone are asked for; undefined for everybody's. */
export function askedPerson(request: PageRequest, people: readonly Person[]): Person | undefined {
  const asked = textOf(request.http.query, 'technician');
  return asked === '' ? undefined : people.find(({ id, name }) => id === asked || name === asked);
}

/** A day of the calendar: when it begins, how many minutes it has, and when the business is open. */
export interface DayFrame {
  date: Temporal.PlainDate;
  startsAt: number;
  minutes: number;
  open: Stretch[];
}

export function frameOf({ identity }: Pick<PageRequest, 'identity'>, date: Temporal.PlainDate): DayFrame {
  const { time_zone, business_hours } = identity.organization;
  const { from, to } = dayBounds(date, time_zone);
  const startsAt = from.epochMilliseconds;
  const minuteOf = (moment: number): number => (moment - startsAt) / 60_000;
  const open = openSpans(business_hours, time_zone, date, date);
  return {
    date,
    startsAt,
    minutes: minuteOf(to.epochMilliseconds),
    open: open.map(span => ({ from: minuteOf(span.from), to: minuteOf(span.to) })),
  };
}

/** When somebody works on a day: by hours of their own, or while the business is open. */
export function hoursOn(
  { identity }: Pick<PageRequest, 'identity'>,
  { date, startsAt, open }: DayFrame,
  { working_hours }: Person,
): Stretch[] {
  const day = weekdayOf(date);
  const own = working_hours?.[day];
  if (own === undefined) return open;
  const { time_zone, business_hours } = identity.organization;
  return openSpans({ ...business_hours, [day]: own }, time_zone, date, date).map(({ from, to }) => ({
    from: (from - startsAt) / 60_000,
    to: (to - startsAt) / 60_000,
  }));
}

/** The part of a visit that lies in a day. */
export function stretchOf({ startsAt, minutes }: DayFrame, { scheduled_at, ends_at }: PlannedVisit): Stretch {
  const at = (moment: string): number => (Date.parse(moment) - startsAt) / 60_000;
  return { from: Math.max(0, at(scheduled_at)), to: Math.min(minutes, at(ends_at)) };
}

/** The moment of a minute of a day, where the business is. */
export const momentIn = (
  { identity }: Pick<PageRequest, 'identity'>,
  { startsAt }: DayFrame,
  minute: number,
): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(startsAt + minute * 60_000).toZonedDateTimeISO(
    identity.organization.time_zone,
  );

export const isOpen = ({ status }: Pick<PlannedVisit, 'status'>): boolean =>
  status === 'scheduled' || status === 'in_progress';

/** How a visit looks: hatched until the customer has confirmed, quieter once it is done. */
export const looksOf = ({ status, confirmation_status }: PlannedVisit): string =>
  status === 'scheduled' ? (confirmation_status === 'accepted' ? '' : ' hatched') : ` is-${status}`;

const states: Readonly<Record<string, string>> = {
  in_progress: 'under way',
  closed: 'done',
  declined: 'declined',
  modify_requested: 'wants another time',
};

/** What the look says, in words; nothing for a visit that is confirmed. */
export const stateOf = ({ status, confirmation_status }: PlannedVisit): string =>
  states[status] ??
  (status === 'scheduled' && confirmation_status !== 'accepted'
    ? (states[confirmation_status] ?? 'not confirmed')
    : '');

/** `3 visits · 4 h 30 min`: how much a person or a day has. Where there is little room the hours say it. */
export function amountOf(rows: readonly PlannedVisit[]): Markup {
  if (rows.length === 0) return html`free`;
  const minutes = rows.reduce((sum, { duration_minutes }) => sum + duration_minutes, 0);
  return html`<span>${rows.length} ${rows.length === 1 ? 'visit' : 'visits'} · </span>${showDuration(minutes)}`;
}
