import { Temporal } from 'temporal-polyfill';
import type { BusinessHours, ReadContext } from '../kernel/pipeline/context.ts';
import { notFound } from '../kernel/words/errors.ts';
import { localTime, toInstant } from '../kernel/words/time.ts';
import { type BookableMember, bookableMembers } from '../members/bookable.ts';
import { openSpans } from './business-hours.ts';
import { readDays } from './days.ts';
import type { PostalCode } from './drive-pairs.ts';
import type { Near } from './near.ts';
import { type Stay, whyNotThere } from './presence.ts';
import { listBusy } from './queries.ts';

export interface Slot {
  technician_id: string;
  technician: string;
  starts_at: string;
  ends_at: string;
  /** `Mon 2026-11-23 09:00 -06:00` */
  local: string;
}

export interface SlotWish {
  /** Everybody bookable when left out. */
  technicianIds?: readonly string[];
  /** First and last day, both included, in the business time zone. */
  fromDay: Temporal.PlainDate;
  toDay: Temporal.PlainDate;
  durationMinutes: number;
  /** Ranks the slots; the others still come, after the fitting ones. */
  preference?: 'morning' | 'afternoon' | 'any';
  most: number;
  exceptTicket?: string;
  /** Where the visit is to be: the drives to and from it are kept free, as far as the business says how long they are. */
  postal_code?: PostalCode;
  /** Says with each start who of those that are free is near on that day, and where. */
  near?: boolean;
}

/**
 * Free starts of visits: the hours of the technicians minus their living visits (GAP-05), absences and closed days, on the grid
 * of the setting `slot_minutes` (30), with `travel_minutes` (0) and the drive kept free around visits, never in the past. The
 * preferred half of the day first, then by time. Throws NOT_FOUND for a technician nobody can book, which is not the same as
 * no free time.
 */
export async function findSlots(context: ReadContext, wish: SlotWish): Promise<Slot[]> {
  const { time_zone } = context.organization;
  const technicians = await chooseTechnicians(context, wish.technicianIds);
  const { startsFor } = await readDays(context, technicians, wish);
  const starts = technicians.flatMap(technician =>
    startsFor([technician]).map(start => ({ technician, start })),
  );
  // Only what is answered is put into words: two months of a crew have thousands of starts, and local time costs.
  return rank(starts, wish, time_zone)
    .slice(0, wish.most)
    .map(({ technician, start }) => describeSlot(technician, start, wish.durationMinutes, time_zone));
}

/** A start, and everybody who is free then, by name. */
export interface OpenStart {
  start: number;
  free: BookableMember[];
  /** Who of them is near on that day, the nearest one. */
  near?: Near | undefined;
}

/**
 * Every start within some days at which one of the technicians is free, or all of them when they go `together`; by time.
 * Rules as in `findSlots`.
 */
export async function listStarts(
  context: ReadContext,
  wish: Omit<SlotWish, 'most' | 'preference'> & { together?: boolean },
): Promise<OpenStart[]> {
  const technicians = await chooseTechnicians(context, wish.technicianIds);
  const { startsFor, nearAt } = await readDays(context, technicians, wish);
  const withNear = (entry: OpenStart): OpenStart =>
    wish.near ? { ...entry, near: nearAt(entry.start, entry.free) } : entry;
  if (wish.together) return startsFor(technicians).map(start => withNear({ start, free: technicians }));
  const byStart = new Map<number, BookableMember[]>();
  for (const technician of technicians) {
    for (const start of startsFor([technician]))
      byStart.set(start, [...(byStart.get(start) ?? []), technician]);
  }
  return [...byStart].map(([start, free]) => withNear({ start, free })).sort((a, b) => a.start - b.start);
}

/**
 * The next starts from a moment on, within four weeks, at which all of some technicians are free together; anybody when they
 * are left out.
 */
export async function nextFreeTimes(
  context: ReadContext,
  wish: {
    technicianIds?: readonly string[];
    from: string;
    durationMinutes: number;
    most: number;
    exceptTicket?: string;
    postal_code?: PostalCode;
  },
): Promise<{ technician: string; starts_at: string; local: string }[]> {
  const { time_zone } = context.organization;
  const wanted = toInstant(wish.from);
  const from = Temporal.Instant.compare(wanted, context.now) > 0 ? wanted : context.now;
  const firstDay = from.toZonedDateTimeISO(time_zone).toPlainDate();
  const technicians = await chooseTechnicians(context, wish.technicianIds);
  const starts: number[] = [];
  // Mostly the first days have them, and each day looked at costs.
  for (const [first, last] of [today, thisWeek, thisMonth]) {
    if (starts.length >= wish.most) break;
    const days = { ...wish, fromDay: firstDay.add({ days: first }), toDay: firstDay.add({ days: last }) };
    const { startsFor } = await readDays(context, technicians, days);
    const free = wish.technicianIds
      ? startsFor(technicians)
      : anyOf(technicians.map(each => startsFor([each])));
    starts.push(...free.filter(start => start >= from.epochMilliseconds));
  }
  const technician = wish.technicianIds ? technicians.map(({ name }) => name).join(', ') : 'anybody';
  return starts
    .slice(0, wish.most)
    .map(start => Temporal.Instant.fromEpochMilliseconds(start))
    .map(start => ({ technician, starts_at: start.toString(), local: localTime(start, time_zone) }));
}

const anyOf = (starts: readonly number[][]): number[] => [...new Set(starts.flat())].sort((a, b) => a - b);

async function chooseTechnicians(
  context: ReadContext,
  ids: readonly string[] | undefined,
): Promise<BookableMember[]> {
  const everybody = await bookableMembers(context);
  return ids ? chosen(everybody, ids) : everybody;
}

function chosen(everybody: readonly BookableMember[], ids: readonly string[]): BookableMember[] {
  return ids.map(id => {
    const member = everybody.find(candidate => candidate.id === id);
    if (member) return member;
    throw notFound('bookable member', id, {
      field: 'technician_id',
      valid_options: everybody.map(({ name }) => name),
      hint: 'Choose somebody visits can be booked on.',
    });
  });
}

/**
 * Everybody bookable who is there in a period and has no living visit then, by name; a visit that is to be moved is not in its
 * own way.
 */
export async function findFree(
  context: ReadContext,
  stay: Stay,
  exceptTicket?: string,
): Promise<BookableMember[]> {
  const everybody = await bookableMembers(context);
  const technicianIds = everybody.map(({ id }) => id);
  const [busy, hindrances] = await Promise.all([
    listBusy(context, { technicianIds, from: stay.from, to: stay.to, exceptTicket }),
    whyNotThere(context, { members: everybody, stay, exceptTicket }),
  ]);
  const isHindered = ({ id }: BookableMember) =>
    busy.some(entry => entry.technician_id === id) ||
    hindrances.some(({ member_id }) => member_id === null || member_id === id);
  return everybody.filter(member => !isHindered(member));
}

/** A start in words, with whoever goes. */
export function describeSlot(
  technician: BookableMember,
  start: number,
  minutes: number,
  timeZone: string,
): Slot {
  const starts = Temporal.Instant.fromEpochMilliseconds(start);
  return {
    technician_id: technician.id,
    technician: technician.name,
    starts_at: starts.toString(),
    ends_at: starts.add({ minutes }).toString(),
    local: localTime(starts, timeZone),
  };
}

function rank<T extends { start: number }>(starts: readonly T[], wish: SlotWish, timeZone: string): T[] {
  const { preference = 'any', fromDay, toDay } = wish;
  if (preference === 'any') return [...starts].sort((a, b) => a.start - b.start);
  const mornings = openSpans(everyMorning, timeZone, fromDay, toDay);
  const misses = ({ start }: T) => {
    const isMorning = mornings.some(morning => morning.from <= start && start < morning.to);
    return isMorning === (preference === 'morning') ? 0 : 1;
  };
  return [...starts].sort((a, b) => misses(a) - misses(b) || a.start - b.start);
}

// Days from the first one on, none of them twice.
const today = [0, 1] as const;
const thisWeek = [2, 8] as const;
const thisMonth = [9, 27] as const;

const morning: [string, string][] = [['00:00', '12:00']];
const everyMorning: BusinessHours = {
  mon: morning,
  tue: morning,
  wed: morning,
  thu: morning,
  fri: morning,
  sat: morning,
  sun: morning,
};
