import type { Temporal } from 'temporal-polyfill';
import { type Away, listAway, sayAway } from '../absences/away.ts';
import type { BusinessHours, ReadContext } from '../kernel/pipeline/context.ts';
import { localTime, toInstant } from '../kernel/words/time.ts';
import { type BookableMember, bookableMembers } from '../members/bookable.ts';
import type { WorkingHours } from '../members/working-hours.ts';
import { openSpans, type Span, weekdayOf } from './business-hours.ts';
import type { PostalCode } from './drive-pairs.ts';
import { drivesInTheWay } from './drives.ts';

// When people are there at all, whatever they are booked for: their hours, absences, closed days, and the drive from one visit
// to the next. Whoever offers, books or moves a visit asks here, and nowhere else.

/** When a visit is to be, and where, if it is known. */
export interface Stay {
  from: string;
  to: string;
  postal_code?: PostalCode;
}

/** Why somebody, or with no `member_id` everybody, cannot take a visit then. */
export interface Hindrance {
  member_id: string | null;
  words: string;
}

/** The opening times of each member over some days. Who has no hours of their own shares those of the business. */
export function hoursOver(
  { organization }: Pick<ReadContext, 'organization'>,
  { fromDay, toDay }: { fromDay: Temporal.PlainDate; toDay: Temporal.PlainDate },
): (member: Pick<BookableMember, 'working_hours'>) => Span[] {
  const { business_hours, time_zone } = organization;
  const known = new Map<unknown, Span[]>();
  return ({ working_hours }) => {
    const hours = { ...business_hours, ...withoutUnsaid(working_hours ?? {}) };
    const spans = known.get(working_hours) ?? openSpans(hours, time_zone, fromDay, toDay);
    known.set(working_hours, spans);
    return spans;
  };
}

/**
 * Whether anybody works then: a visit lies within the hours of somebody, or begins within them where no end is said, and the
 * business is not closed. A business that says no hours at all always works.
 */
export async function isAtWork(
  context: ReadContext,
  { from, to = from }: { from: string; to?: string },
): Promise<boolean> {
  const { business_hours, time_zone } = context.organization;
  const day = toInstant(from).toZonedDateTimeISO(time_zone).toPlainDate();
  const hoursOf = hoursOver(context, { fromDay: day, toDay: day });
  const [starts, ends] = [Date.parse(from), Date.parse(to)];
  const isOpenFor = (member: Pick<BookableMember, 'working_hours'>) =>
    hoursOf(member).some(span => span.from <= starts && starts < span.to && ends <= span.to);
  if (!isOpenFor({ working_hours: null })) {
    const everybody = await bookableMembers(context);
    const saysNone =
      Object.values(business_hours).every(spans => spans.length === 0) &&
      everybody.every(({ working_hours }) => working_hours === null);
    if (!saysNone && !everybody.some(isOpenFor)) return false;
  }
  const end = new Date(Math.max(ends, starts + 1)).toISOString();
  return (await listAway(context, { memberIds: [], from, to: end })).length === 0;
}

/** The stretches that lie in both. */
export const inBoth = (one: readonly Span[], other: readonly Span[]): Span[] =>
  one.flatMap(a =>
    other.flatMap(b => {
      const both = { from: Math.max(a.from, b.from), to: Math.min(a.to, b.to) };
      return both.from < both.to ? [both] : [];
    }),
  );

/** An absence as a stretch nobody books; with no member it is everybody's. */
export const spanOf = ({ starts_at, ends_at }: Away): Span => ({
  from: Date.parse(starts_at),
  to: Date.parse(ends_at),
});

/** What is asked about some people who are to be somewhere. */
interface Question {
  memberIds: readonly string[];
  stay: Stay;
  /** The visit that is moved: it is not in its own way. */
  exceptTicket?: string | undefined;
}

/**
 * Reads why some people cannot take a visit, apart from other visits at that time: the business is closed on that day, they are
 * away, do not work then by hours of their own, or have too far to drive. Told of the people as they are; nothing when all can.
 * Closed days are told for nobody, too. What has begun already is written down and not planned: nothing hinders that.
 */
export async function readHindrances(
  context: ReadContext,
  { memberIds, stay, exceptTicket }: Question,
): Promise<(members: readonly Worker[]) => Hindrance[]> {
  if (Date.parse(stay.from) <= context.now.epochMilliseconds) return () => [];
  const [away, drives] = await Promise.all([
    listAway(context, { memberIds, from: stay.from, to: stay.to }),
    drivesInTheWay(context, { memberIds, stay, exceptTicket }),
  ]);
  return members =>
    [
      ...away.map(each => ({ member_id: each.member_id, words: sayAway(context, each) })),
      ...members.flatMap(member => offHours(context, member, stay) ?? []),
      ...drives,
    ].map(hindrance => ({ ...hindrance, words: forEyesOf(context, hindrance, members) }));
}

/** The same of people who are known already. */
export const whyNotThere = async (
  context: ReadContext,
  { members, ...question }: Omit<Question, 'memberIds'> & { members: readonly Worker[] },
): Promise<Hindrance[]> =>
  (await readHindrances(context, { ...question, memberIds: members.map(({ id }) => id) }))(members);

/** Somebody who goes to visits. */
type Worker = Pick<BookableMember, 'id' | 'name' | 'working_hours'>;

/** A technician learns that somebody else has no time, never why; and nobody outside the business learns who is away. */
function forEyesOf(
  { actor }: ReadContext,
  { member_id, words }: Hindrance,
  members: readonly Worker[],
): string {
  if (actor.kind === 'customer') return 'nobody is free then';
  if (member_id === null || actor.role !== 'technician' || actor.id === member_id) return words;
  return `${members.find(({ id }) => id === member_id)?.name ?? 'somebody'} has no time then`;
}

/** On a day for which somebody has hours of their own a visit lies within them. */
function offHours(
  { organization: { time_zone } }: ReadContext,
  { id, name, working_hours }: Worker,
  { from, to }: Stay,
): Hindrance | undefined {
  const date = toInstant(from).toZonedDateTimeISO(time_zone).toPlainDate();
  const day = weekdayOf(date);
  const own = working_hours?.[day];
  if (own === undefined) return undefined;
  const spans = openSpans({ ...never, [day]: own }, time_zone, date, date);
  if (spans.some(span => span.from <= Date.parse(from) && Date.parse(to) <= span.to)) return undefined;
  const when = localTime(from, time_zone).slice(0, 14);
  const words =
    own.length === 0
      ? `${name} does not work on ${when}, by hours of their own`
      : `${name} works from ${own.map(span => span.join(' to ')).join(' and ')} on ${when}`;
  return { member_id: id, words };
}

const never: BusinessHours = { mon: [], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] };

/** Days of which nothing is said stand there as undefined, and must not hide those of the business. */
const withoutUnsaid = (hours: WorkingHours): Partial<BusinessHours> =>
  Object.fromEntries(Object.entries(hours).filter(([, spans]) => spans !== undefined));
