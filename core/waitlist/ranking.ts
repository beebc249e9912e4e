import type { Drive } from '../scheduling/distance.ts';
import { shortly } from './words.ts';

// Who of those who wait fits into a free time, best first, and why. Nothing but arithmetic: the same question has the same
// answer, whatever the order in which everybody is named.

/** Where a visit is, as far as it is known. */
export interface Spot {
  postal_code: string | null;
  city: string | null;
}

/** A stretch of one day in which a technician is free. */
export interface Gap {
  technician: { id: string; name: string };
  /** Epoch milliseconds. */
  from: number;
  to: number;
  /** `2026-12-01` */
  day: string;
  /** `Tue` */
  weekday: string;
  /** Noon of the day, in epoch milliseconds. */
  noon: number;
  /** Where the technician is before and after it on that day. */
  before?: Spot | undefined;
  after?: Spot | undefined;
}

/** Somebody who waits, with what they wish. */
export interface Waiting {
  id: string;
  reference: string;
  contact_id: string;
  ticket_id: string | null;
  customer: string;
  minutes: number;
  /** Since when, in epoch milliseconds. */
  since: number;
  earliest_on: string | null;
  latest_on: string | null;
  /** `['tue', 'thu']`; any when empty. */
  days: readonly string[];
  time_of_day: 'any' | 'morning' | 'afternoon';
  technician_id: string | null;
  spot: Spot;
  /** The visit that would be moved. */
  booked?: { reference: string; at: number; technician_ids: readonly string[] } | undefined;
  value_cents: number;
}

/** Whoever fits, from when on, how well from 0 to 100, and why in words. */
export interface Candidate {
  waiting: Waiting;
  start: number;
  score: number;
  reasons: string[];
}

export interface Rules {
  /** Nothing begins before, in epoch milliseconds. */
  notBefore: number;
  /** Milliseconds from one start to the next. */
  step: number;
  now: number;
  drive(one: string | null, other: string | null): Drive | undefined;
  money(cents: number): string;
}

const minute = 60_000;
const day = 1440 * minute;

/** A visit is sooner only by this much: nobody is written to for the sake of half an hour. */
export const leastSooner_minutes = 120;

/** How much each thing counts; together a hundred. */
const weights = { fit: 30, near: 30, wishes: 15, waiting: 15, value: 10 };
/** Waiting longer, or spending more, counts no more. */
const longestWait_days = 60;
const highestValue_cents = 100_000;
/** A drive of this many minutes is not near at all. */
const farDrive_minutes = 45;

/** Everybody who fits into a gap, best first; of those who fit alike, whoever waits longest. */
export function rankFor(gap: Gap, everybody: readonly Waiting[], rules: Rules): Candidate[] {
  return everybody
    .flatMap(waiting => fitInto(gap, waiting, rules) ?? [])
    .sort(
      (a, b) =>
        b.score - a.score || a.waiting.since - b.waiting.since || (a.waiting.id < b.waiting.id ? -1 : 1),
    );
}

/** How somebody fits into a gap; undefined when they do not. */
export function fitInto(gap: Gap, waiting: Waiting, rules: Rules): Candidate | undefined {
  if (!suits(gap, waiting)) return undefined;
  const start = startIn(gap, waiting, rules);
  if (start === undefined) return undefined;
  const near = nearestOf(gap, waiting, rules);
  const length = gap.to - gap.from;
  const parts = {
    fit: (waiting.minutes * minute) / length,
    near: near?.share ?? 0,
    wishes: wishesOf(waiting).length / 3,
    waiting: Math.min(Math.max(rules.now - waiting.since, 0) / day, longestWait_days) / longestWait_days,
    value: Math.min(waiting.value_cents, highestValue_cents) / highestValue_cents,
  };
  const score =
    parts.fit * weights.fit +
    parts.near * weights.near +
    parts.wishes * weights.wishes +
    parts.waiting * weights.waiting +
    parts.value * weights.value;
  return {
    waiting,
    start,
    score: Math.round(score * 100) / 100,
    reasons: [
      ...soonerWords(waiting, start),
      waiting.minutes * minute === length
        ? 'fills the gap'
        : `${shortly(waiting.minutes)} of ${shortly(length / minute)} free`,
      ...(near ? [near.words] : []),
      ...wishesOf(waiting).map(wish => wishWords[wish](gap)),
      rules.now - waiting.since < day ? 'waits since today' : `waits ${daysOf(rules.now - waiting.since)}`,
      ...(waiting.value_cents > 0 ? [rules.money(waiting.value_cents)] : []),
    ],
  };
}

/** What is wished of the day and of who comes has to be so; a visit of several people needs more than one of them. */
function suits(gap: Gap, waiting: Waiting): boolean {
  const { earliest_on, latest_on, days, technician_id, booked } = waiting;
  return (
    (earliest_on === null || earliest_on <= gap.day) &&
    (latest_on === null || gap.day <= latest_on) &&
    (days.length === 0 || days.includes(gap.weekday.toLowerCase())) &&
    (technician_id === null || technician_id === gap.technician.id) &&
    (booked === undefined || booked.technician_ids.length <= 1)
  );
}

/** The first start at which the whole visit fits, in the wished half of the day and well before the one that is booked. */
function startIn(gap: Gap, waiting: Waiting, { notBefore, step }: Rules): number | undefined {
  const length = waiting.minutes * minute;
  const latest = Math.min(
    gap.to - length,
    waiting.booked ? waiting.booked.at - leastSooner_minutes * minute : Number.POSITIVE_INFINITY,
    waiting.time_of_day === 'morning' ? gap.noon - 1 : Number.POSITIVE_INFINITY,
  );
  const earliest = Math.max(notBefore, waiting.time_of_day === 'afternoon' ? gap.noon : gap.from);
  const steps = Math.max(0, Math.ceil((earliest - gap.from) / step));
  const start = gap.from + steps * step;
  return start <= latest ? start : undefined;
}

function nearestOf({ before, after }: Gap, { spot }: Waiting, { drive }: Rules) {
  const sides = [
    { side: 'before', at: before },
    { side: 'after', at: after },
  ].flatMap(({ side, at }) => {
    const found = at && nearness(spot, at, drive);
    return found ? [{ share: found.share, words: `${found.words} the visit ${side}` }] : [];
  });
  // The first of two that are alike is the visit before.
  return sides.sort((a, b) => b.share - a.share)[0];
}

function nearness(
  one: Spot,
  other: Spot,
  drive: Rules['drive'],
): { share: number; words: string } | undefined {
  const known = drive(one.postal_code, other.postal_code);
  const isSameTown =
    one.city !== null &&
    other.city !== null &&
    one.city.trim().toLowerCase() === other.city.trim().toLowerCase();
  if (known?.reach === 'same') return { share: 1, words: 'same postal code as' };
  const byDrive = known ? Math.max(0, 1 - known.minutes / farDrive_minutes) : 0;
  if (isSameTown) return { share: Math.max(byDrive, 0.75), words: 'same town as' };
  if (!known || known.reach === 'far' || byDrive === 0) return undefined;
  return { share: byDrive, words: `about ${known.minutes} minutes from` };
}

type WishName = 'technician' | 'days' | 'time_of_day';

const wishWords: Readonly<Record<WishName, (gap: Gap) => string>> = {
  technician: ({ technician }) => `wants ${technician.name}`,
  days: ({ weekday }) => `wants ${weekday}`,
  time_of_day: () => 'wants that half of the day',
};

/** What they asked for besides coming sooner: who asks for much is harder to please another time. */
function wishesOf({ technician_id, days, time_of_day }: Waiting): WishName[] {
  return [
    ...(technician_id === null ? [] : ['technician' as const]),
    ...(days.length === 0 ? [] : ['days' as const]),
    ...(time_of_day === 'any' ? [] : ['time_of_day' as const]),
  ];
}

function soonerWords({ booked }: Waiting, start: number): string[] {
  return booked ? [`${daysOf(booked.at - start)} sooner than ${booked.reference}`] : [];
}

function daysOf(milliseconds: number): string {
  const days = Math.floor(Math.max(milliseconds, 0) / day);
  if (days > 0) return days === 1 ? '1 day' : `${days} days`;
  const hours = Math.floor(Math.max(milliseconds, 0) / (60 * minute));
  return hours === 1 ? '1 hour' : `${hours} hours`;
}
