import type { Context } from '../kernel/pipeline/context.ts';
import { localTime } from '../kernel/words/time.ts';
import type { Period } from './assignment.ts';
import { listOthersOfNobody } from './booking-queries.ts';

/**
 * Says that others have nobody yet at the time of a visit that has nobody either: two people are in two places, and nobody
 * holds two bookings of nobody apart. It is booked all the same, for who goes is often settled later. A technician is
 * told nothing of visits that are not theirs.
 */
export async function warnNobodyYet(context: Context, ticketId: string, { from, to }: Period): Promise<void> {
  if (context.actor.kind === 'customer' || context.actor.role === 'technician') return;
  if (Date.parse(from) <= context.now.epochMilliseconds) return;
  const others = await listOthersOfNobody(context, ticketId, { from, to });
  if (others.length === 0) return;
  const { time_zone } = context.organization;
  const named = others
    .slice(0, mostNamed)
    .map(
      ({ reference, scheduled_at }) => `${reference} at ${localTime(scheduled_at, time_zone).slice(15, 20)}`,
    );
  const more = others.length > mostNamed ? [`${others.length - mostNamed} more`] : [];
  const list = new Intl.ListFormat('en', { type: 'conjunction' }).format([...named, ...more]);
  context.warn(
    `Nobody goes there yet, and it is not the only one then: ${list} ${others.length === 1 ? 'has' : 'have'} nobody either.`,
  );
}

/** More than a sentence holds. */
const mostNamed = 3;
