import { type Away, listAway } from '../absences/away.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { settingOf } from '../kernel/registry/settings.ts';
import type { BookableMember } from '../members/bookable.ts';
import type { Span } from './business-hours.ts';
import { drivesAreKept, keptDrives } from './distance.ts';
import { type Near, nearestOf } from './near.ts';
import { hoursOver, inBoth, spanOf } from './presence.ts';
import { listBusy, listBusyWithPlaces, type PlacedVisit } from './queries.ts';
import { slotMinutes, travelMinutes } from './settings.ts';
import type { SlotWish } from './slots.ts';

type Wanted = Pick<
  SlotWish,
  'fromDay' | 'toDay' | 'durationMinutes' | 'exceptTicket' | 'postal_code' | 'near'
>;

/** Some days as they are planned. */
interface Days {
  /** The starts at which all of a crew are free. */
  startsFor(crew: readonly BookableMember[]): number[];
  /** Who of some people is near at a start, the nearest one, and where; undefined when nobody is. */
  nearAt(start: number, crew: readonly BookableMember[]): Near | undefined;
}

/** Longer than any drive that is kept free. */
const longestDrive_minutes = 1000;

/** Reads hours, absences and visits of some days; answers how to find the starts at which a crew is free. */
export async function readDays(
  context: ReadContext,
  technicians: readonly BookableMember[],
  wish: Wanted,
): Promise<Days> {
  const hoursOf = hoursOver(context, wish);
  const open = technicians.map(hoursOf);
  const first = Math.min(...open.flatMap(spans => spans[0]?.from ?? []));
  const last = Math.max(...open.flatMap(spans => spans.at(-1)?.to ?? []));
  if (last <= first) return { startsFor: () => [], nearAt: () => undefined };
  const memberIds = technicians.map(({ id }) => id);
  const [busy, away] = await Promise.all([
    readTaken(context, { ...wish, technicianIds: memberIds, first, last }),
    listAway(context, { memberIds, from: isoOf(first), to: isoOf(last) }),
  ]);
  const rule = {
    length: wish.durationMinutes * 60_000,
    step: settingOf(context, slotMinutes) * 60_000,
    notBefore: context.now.epochMilliseconds,
  };
  return {
    startsFor(crew) {
      const isOfCrew = ({ member_id }: Pick<Taken, 'member_id'>) =>
        member_id === null || crew.some(({ id }) => id === member_id);
      const shared = crew
        .map(hoursOf)
        .reduce((a, b) => (a === b ? a : inBoth(a, b)), hoursOf(crew[0] ?? none));
      return startsIn(shared, [...busy.taken, ...away.map(takenBy)].filter(isOfCrew), rule);
    },
    nearAt: nearestOf(context, busy.placed, wish.postal_code),
  };
}

const none: Pick<BookableMember, 'working_hours'> = { working_hours: null };

interface Taken extends Span {
  /** Null is everybody. */
  member_id: string | null;
}

const takenBy = (away: Away): Taken => ({ member_id: away.member_id, ...spanOf(away) });

/** The visits of some people with what is kept free around them; with their places only where somebody asks for those. */
async function readTaken(
  context: ReadContext,
  {
    technicianIds,
    first,
    last,
    ...wish
  }: Wanted & { technicianIds: readonly string[]; first: number; last: number },
): Promise<{ taken: Taken[]; placed: PlacedVisit[] }> {
  const travel = settingOf(context, travelMinutes) * 60_000;
  const isDriven = drivesAreKept(context) && wish.postal_code !== undefined && wish.postal_code !== null;
  const around = travel + (isDriven ? longestDrive_minutes * 60_000 : 0);
  const wanted = {
    technicianIds,
    from: isoOf(first - around),
    to: isoOf(last + around),
    exceptTicket: wish.exceptTicket,
  };
  const stretch = ({ technician_id, from, to }: Omit<Visit, 'postal_code'>, drive: number): Taken => ({
    member_id: technician_id,
    from: Date.parse(from) - travel - drive,
    to: Date.parse(to) + travel + drive,
  });
  if (!isDriven && !wish.near)
    return { taken: (await listBusy(context, wanted)).map(visit => stretch(visit, 0)), placed: [] };
  const placed = await listBusyWithPlaces(context, wanted);
  const driveBetween = keptDrives(context);
  const driveTo = ({ postal_code }: Visit) => driveBetween(wish.postal_code, postal_code) * 60_000;
  return { taken: placed.map(visit => stretch(visit, driveTo(visit))), placed };
}

type Visit = Pick<PlacedVisit, 'technician_id' | 'from' | 'to' | 'postal_code'>;

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

const isoOf = (milliseconds: number) => new Date(milliseconds).toISOString();
