import { shareInBusiness } from '../kernel/database/lock.ts';
import type { Context, ReadContext } from '../kernel/pipeline/context.ts';
import { listByIds } from '../kernel/records/record-queries.ts';
import { capital } from '../kernel/words/capital.ts';
import { DeskhandError, notFound } from '../kernel/words/errors.ts';
import { localTime } from '../kernel/words/time.ts';
import { memberRecord } from '../members/member.ts';
import { type Hindrance, readHindrances, type Stay, whyNotThere } from '../scheduling/presence.ts';
import { nextFreeTimes } from '../scheduling/slots.ts';
import { listClosedOverlaps, listOverlaps } from './booking-queries.ts';

/** When a visit is, in UTC, and where, if that is known. */
export type Period = Stay;

/**
 * Makes sure that technicians exist and have no other living visit in a period; locks them until commit, so that the
 * answer stays true. The exclusion constraint behind it holds on every other path. Somebody who is away, or a closed day,
 * refuses everybody but a person, who may know better and is warned. Throws CONFLICT with the other visit or the absence and
 * the next free times, INVALID_STATE for somebody who is not bookable, NOT_FOUND.
 */
export async function reserveTechnicians(
  context: Context,
  technicianIds: readonly string[],
  period: Period,
  exceptTicket?: string,
): Promise<void> {
  if (technicianIds.length === 0) return requireNotClosed(context, period);
  // Most refusals can be seen without making anybody wait for anybody; what counts is the look under the lock. The
  // statements travel together, and those behind the lock see what was committed while it was waited for.
  for (const lock of [undefined, 'change'] as const) {
    const [members, [other], hindrancesOf] = await Promise.all([
      listByIds(context, memberRecord, technicianIds, { lock }),
      listOverlaps(context, technicianIds, period, exceptTicket),
      readHindrances(context, { memberIds: technicianIds, stay: period, exceptTicket }),
    ]);
    requireBookable(members, technicianIds);
    const wanted = { technicianIds, period, exceptTicket };
    if (other) throw await doubleBooking(context, { other, ...wanted });
    const hindrances = hindrancesOf(members);
    if (context.actor.kind !== 'user' && hindrances.length > 0)
      throw await notThere(context, { hindrances, ...wanted });
    if (lock !== undefined) for (const { words } of hindrances) context.warn(overruled(words));
  }
}

/** Whoever books for nobody yet books on a day the business is open; waits for who is closing it at the moment. */
async function requireNotClosed(context: Context, period: Period): Promise<void> {
  const [, hindrances] = await Promise.all([
    shareInBusiness(context, closing),
    whyNotThere(context, { members: [], stay: period }),
  ]);
  if (hindrances.length === 0) return;
  if (context.actor.kind !== 'user')
    throw await notThere(context, { hindrances, technicianIds: [], period, exceptTicket: undefined });
  for (const { words } of hindrances) context.warn(overruled(words));
}

/** Held by who closes the business while they look which visits that meets. */
export const closing = 'closing';

const overruled = (words: string): string =>
  `${capital(words)}. It was booked all the same, as a person may.`;

async function notThere(
  context: ReadContext,
  {
    hindrances,
    ...wanted
  }: {
    hindrances: readonly Hindrance[];
    technicianIds: readonly string[];
    period: Period;
    exceptTicket: string | undefined;
  },
): Promise<DeskhandError> {
  const next_free = await freeInstead(context, wanted);
  return new DeskhandError('CONFLICT', `${capital(hindrances.map(({ words }) => words).join('; '))}.`, {
    field: 'scheduled_at',
    next_free,
    hint: 'Take one of next_free or another technician, or look at availability; a person may book it all the same.',
  });
}

/** The next times at which some people, or anybody, are free for as long. */
function freeInstead(
  context: ReadContext,
  {
    technicianIds,
    period,
    exceptTicket,
  }: { technicianIds: readonly string[]; period: Period; exceptTicket: string | undefined },
) {
  return nextFreeTimes(context, {
    ...(technicianIds.length > 0 ? { technicianIds } : {}),
    from: period.from,
    durationMinutes: (Date.parse(period.to) - Date.parse(period.from)) / 60_000,
    most: 3,
    ...(exceptTicket === undefined ? {} : { exceptTicket }),
    ...(period.postal_code === undefined ? {} : { postal_code: period.postal_code }),
  });
}

/**
 * Why some technicians cannot take a visit then, in words for the office; undefined when all of them can. Locks them until
 * commit, as `reserveTechnicians` does, and throws nothing: whoever makes many visits ahead goes on with the next one.
 */
export async function whyNotFree(
  context: Context,
  technicianIds: readonly string[],
  period: Period,
  exceptTicket?: string,
): Promise<string | undefined> {
  if (technicianIds.length === 0) {
    const [, [closed]] = await Promise.all([
      shareInBusiness(context, closing),
      whyNotThere(context, { members: [], stay: period }),
    ]);
    return closed?.words;
  }
  const [members, [other], hindrancesOf] = await Promise.all([
    listByIds(context, memberRecord, technicianIds, { lock: 'change' }),
    listOverlaps(context, technicianIds, period, exceptTicket),
    readHindrances(context, { memberIds: technicianIds, stay: period, exceptTicket }),
  ]);
  const missing = technicianIds.filter(id => !members.some(member => member.id === id));
  if (missing.length > 0) return 'somebody who was to go is not here any more';
  const resting = members.find(({ is_bookable }) => !is_bookable);
  if (resting) return `${resting.name} does not take visits any more`;
  if (!other) return hindrancesOf(members)[0]?.words;
  const { time_zone } = context.organization;
  const until = localTime(other.ends_at, time_zone).split(' ')[2] ?? '';
  return `${other.technician} is on ${other.reference} from ${localTime(other.scheduled_at, time_zone).slice(0, 20)} until ${until}`;
}

/** Nobody was on two visits at once: throws CONFLICT for a technician who closed another one of that time. */
export async function requireNotElsewhere(
  context: Context,
  technicianIds: readonly string[],
  period: Period,
): Promise<void> {
  const [other] = await listClosedOverlaps(context, technicianIds, period);
  if (!other) return;
  throw new DeskhandError('CONFLICT', `${other.technician} was on ${other.reference} at that time.`, {
    field: 'technician_ids',
    hint: 'Correct the time, or say who else went.',
  });
}

/** Throws NOT_FOUND or INVALID_STATE for somebody of them whom no visit can be given. */
export function requireBookable(
  members: readonly { id: string; name: string; is_bookable: boolean }[],
  technicianIds: readonly string[],
): void {
  for (const id of technicianIds) {
    const member = members.find(candidate => candidate.id === id);
    if (!member) throw notFound('member', id, { field: 'technician_id' });
    if (!member.is_bookable) {
      throw new DeskhandError('INVALID_STATE', `${member.name} does not take visits.`, {
        field: 'technician_id',
        hint: 'Choose a member with is_bookable, or have the owner change that.',
      });
    }
  }
}

async function doubleBooking(
  context: ReadContext,
  {
    other,
    technicianIds,
    period,
    exceptTicket,
  }: {
    other: {
      technician_id: string;
      technician: string;
      reference: string;
      scheduled_at: string;
      ends_at: string;
    };
    technicianIds: readonly string[];
    period: Period;
    exceptTicket: string | undefined;
  },
): Promise<DeskhandError> {
  const { time_zone } = context.organization;
  const free = await freeInstead(context, { technicianIds, period, exceptTicket });
  const hint = 'Take one of next_free, another technician, or look at availability.';
  const facts = { field: 'scheduled_at', technician: other.technician, next_free: free, hint };
  // A technician learns when somebody else is free, never of the visit they are on.
  if (context.actor.role === 'technician' && context.actor.id !== other.technician_id)
    return new DeskhandError('CONFLICT', `${other.technician} has no time then.`, facts);
  const until = localTime(other.ends_at, time_zone).split(' ')[2] ?? '';
  return new DeskhandError(
    'CONFLICT',
    `${other.technician} is on ${other.reference} from ${localTime(other.scheduled_at, time_zone)} until ${until}.`,
    { ...facts, conflicting_ticket: other.reference },
  );
}
