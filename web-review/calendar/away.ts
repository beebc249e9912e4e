import { type AbsenceRow, readAbsences, whyWords } from '../hours/absences.ts';
import { html, type Markup } from '../html.ts';
import type { PageRequest } from '../site.ts';
import { freeOf, type Stretch } from './grid.ts';
import { shortDay } from './navigation.ts';
import { clockOf } from './parts.ts';
import { type DayFrame, hoursOn, momentIn, type Person } from './plan.ts';

/** When people are away and the business is closed over some days; technicians have their own. */
export const readAway = (
  request: PageRequest,
  { first, last }: { first: { toString(): string }; last: { toString(): string } },
): Promise<AbsenceRow[]> => readAbsences(request, { from: first.toString(), to: last.toString() });

/** An absence on one day. */
interface DayOff extends Stretch {
  row: AbsenceRow;
}

/** The absences that touch a day, as minutes of it. */
function offOn({ startsAt, minutes }: DayFrame, away: readonly AbsenceRow[]): DayOff[] {
  return away.flatMap(row => {
    const from = Math.max(0, (Date.parse(row.starts_at) - startsAt) / 60_000);
    const to = Math.min(minutes, (Date.parse(row.ends_at) - startsAt) / 60_000);
    return from < to ? [{ row, from, to }] : [];
  });
}

/** The minutes of a day in which somebody, or with nobody given the business, is there. */
export function presentOn(
  request: PageRequest,
  frame: DayFrame,
  away: readonly AbsenceRow[],
  person?: Person,
): Stretch[] {
  const theirs = offOn(frame, away).filter(
    ({ row }) => row.member_id === null || row.member_id === person?.id,
  );
  return freeOf(person ? hoursOn(request, frame, person) : frame.open, theirs);
}

/** Why a whole day is closed, `Closed: Thanksgiving Day`; undefined for any other. */
export function closedWords(frame: DayFrame, away: readonly AbsenceRow[]): string | undefined {
  const closed = offOn(frame, away).find(
    ({ row, from, to }) => row.member_id === null && from <= 0 && to >= frame.minutes,
  );
  if (!closed) return undefined;
  const why = whyWords(closed.row);
  return why === '' ? 'Closed' : `Closed: ${why}`;
}

/** What is to be known of a day before anybody looks at its visits: closed, from when to when, and who of some people is away. */
export function awayNotes(
  request: PageRequest,
  { frame, away, people }: { frame: DayFrame; away: readonly AbsenceRow[]; people: readonly Person[] },
): Markup | false {
  const notes = offOn(frame, away).flatMap(off => {
    const who = off.row.member_id === null ? undefined : people.find(({ id }) => id === off.row.member_id);
    if (off.row.member_id !== null && !who) return [];
    return [
      html`<li>${who ? html`<bdi>${who.name}</bdi> is away` : 'Closed'}${whenWords(request, frame, off)}</li>`,
    ];
  });
  return notes.length > 0 && html`<ul class="away">${notes}</ul>`;
}

/** `Away (vacation)`, `Away, 9:00 AM to 12:00 PM (dentist)`: one person on one day; undefined while they are there all day. */
export function awayWords(
  request: PageRequest,
  { frame, away, person }: { frame: DayFrame; away: readonly AbsenceRow[]; person: Person },
): string | undefined {
  const off = offOn(frame, away).find(({ row }) => row.member_id === person.id);
  return off && `Away${whenWords(request, frame, off)}`;
}

/** `, 9:00 AM to 12:00 PM (dentist)`, ` until Sat, Nov 28 (vacation)` */
function whenWords(request: PageRequest, frame: DayFrame, { row, from, to }: DayOff): string {
  const why = whyWords(row);
  const isWhole = from <= 0 && to >= frame.minutes;
  const when = isWhole
    ? untilWords(request, frame, row)
    : `, ${clockOf(request, atMinute(request, frame, from))} to ${clockOf(request, atMinute(request, frame, to))}`;
  return `${when}${why === '' ? '' : ` (${why})`}`;
}

const atMinute = (request: PageRequest, frame: DayFrame, minute: number) => ({
  scheduled_at: momentIn(request, frame, minute).toInstant().toString(),
});

/** Nothing for what ends with this day. */
function untilWords(request: PageRequest, frame: DayFrame, { ends_at }: AbsenceRow): string {
  const minute = (Date.parse(ends_at) - 1 - frame.startsAt) / 60_000;
  return minute < frame.minutes
    ? ''
    : ` until ${shortDay(momentIn(request, frame, Math.floor(minute)).toPlainDate())}`;
}
