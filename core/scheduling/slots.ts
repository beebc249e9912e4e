import { Temporal } from 'temporal-polyfill';
import type { BusinessHours, ReadContext } from '../kernel/pipeline/context.ts';
import { settingOf } from '../kernel/registry/settings.ts';
import { notFound } from '../kernel/words/errors.ts';
import { localTime, toInstant } from '../kernel/words/time.ts';
import { type BookableMember, bookableMembers } from '../members/bookable.ts';
import { openSpans, type Span } from './business-hours.ts';
import { listBusy } from './queries.ts';
import { slotMinutes, travelMinutes } from './settings.ts';

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
}

/**
 * Free starts of visits: business hours minus the technicians' living visits (GAP-05), on the grid of the setting
 * `slot_minutes` (30), with `travel_minutes` (0) kept free around visits, never in the past. The preferred half of the
 * day first, then by time. Throws NOT_FOUND for a technician nobody can book, which is not the same as no free time.
 */
export async function findSlots(context: ReadContext, wish: SlotWish): Promise<Slot[]> {
  const { time_zone } = context.organization;
  const technicians = await chooseTechnicians(context, wish.technicianIds);
  const startsFor = await readDays(context, technicians, wish);
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
  const startsFor = await readDays(context, technicians, wish);
  if (wish.together) return startsFor(technicians).map(start => ({ start, free: technicians }));
  const byStart = new Map<number, BookableMember[]>();
  for (const technician of technicians) {
    for (const start of startsFor([technician]))
      byStart.set(start, [...(byStart.get(start) ?? []), technician]);
  }
  return [...byStart].map(([start, free]) => ({ start, free })).sort((a, b) => a.start - b.start);
}

/** The next starts from a moment on, within four weeks, at which all of some technicians are free together. */
export async function nextFreeTimes(
  context: ReadContext,
  wish: {
    technicianIds: readonly string[];
    from: string;
    durationMinutes: number;
    most: number;
    exceptTicket?: string;
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
    const startsFor = await readDays(context, technicians, days);
    starts.push(...startsFor(technicians).filter(start => start >= from.epochMilliseconds));
  }
  const technician = technicians.map(({ name }) => name).join(', ');
  return starts
    .slice(0, wish.most)
    .map(start => Temporal.Instant.fromEpochMilliseconds(start))
    .map(start => ({ technician, starts_at: start.toString(), local: localTime(start, time_zone) }));
}

/** Reads opening times and visits of some days; answers how to find the starts at which a crew is free. */
async function readDays(
  context: ReadContext,
  technicians: readonly BookableMember[],
  wish: Pick<SlotWish, 'fromDay' | 'toDay' | 'durationMinutes' | 'exceptTicket'>,
): Promise<(crew: readonly BookableMember[]) => number[]> {
  const { organization, now } = context;
  const open = openSpans(organization.business_hours, organization.time_zone, wish.fromDay, wish.toDay);
  const first = open[0];
  const last = open.at(-1);
  if (!first || !last || technicians.length === 0) return () => [];
  const travel = settingOf(context, travelMinutes) * 60_000;
  const busy = await listBusy(context, {
    technicianIds: technicians.map(({ id }) => id),
    from: isoOf(first.from - travel),
    to: isoOf(last.to + travel),
    exceptTicket: wish.exceptTicket,
  });
  const rule = {
    length: wish.durationMinutes * 60_000,
    step: settingOf(context, slotMinutes) * 60_000,
    notBefore: now.epochMilliseconds,
  };
  return crew => {
    const taken = busy
      .filter(entry => crew.some(({ id }) => id === entry.technician_id))
      .map(entry => ({ from: Date.parse(entry.from) - travel, to: Date.parse(entry.to) + travel }));
    return startsIn(open, taken, rule);
  };
}

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

/** Everybody bookable who has no living visit in a period, by name; a visit that is to be moved is not in its own way. */
export async function findFree(
  context: ReadContext,
  period: { from: string; to: string },
  exceptTicket?: string,
): Promise<BookableMember[]> {
  const everybody = await bookableMembers(context);
  const busy = await listBusy(context, {
    technicianIds: everybody.map(({ id }) => id),
    from: period.from,
    to: period.to,
    exceptTicket,
  });
  return everybody.filter(member => !busy.some(entry => entry.technician_id === member.id));
}

/** Starts on a grid from each opening at which `length` fits before closing and touches nothing taken. */
export function startsIn(
  open: readonly Span[],
  taken: readonly Span[],
  rule: { length: number; step: number; notBefore: number },
): number[] {
  return open.flatMap(span => {
    const starts: number[] = [];
    for (let start = span.from; start + rule.length <= span.to; start += rule.step) {
      const clash = taken.some(other => start < other.to && other.from < start + rule.length);
      if (start >= rule.notBefore && !clash) starts.push(start);
    }
    return starts;
  });
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

const isoOf = (milliseconds: number) => new Date(milliseconds).toISOString();
