import { Temporal } from 'temporal-polyfill';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { findRow } from '../kernel/records/record-queries.ts';
import type { Period } from '../tickets/assignment.ts';
import { whyOver } from '../tickets/respond.ts';
import { ticketRecord } from '../tickets/ticket.ts';
import { dayAndTime } from '../tickets/told-visit.ts';
import type { Entry, Offer } from './record.ts';

/** Whether an offer can be taken, and if not, why. */
export type Standing = 'open' | 'taken' | 'gone' | 'over';

/** How an offer stands by itself; whether the time is still free is another question. */
export function standingOf(
  context: ReadContext,
  offer: Offer,
  entry: Pick<Entry, 'status'> | undefined,
): Standing {
  if (offer.status === 'taken') return 'taken';
  // What was taken back was not lost to anybody else.
  if (offer.status === 'withdrawn') return 'over';
  if (offer.status !== 'open' || entry?.status !== 'waiting') return 'gone';
  return Temporal.Instant.compare(context.now, Temporal.Instant.from(offer.expires_at)) < 0 ? 'open' : 'over';
}

/** When the visit of an offer would be. */
export function periodOf({ starts_at, duration_minutes }: Offer): Period & { minutes: number } {
  const from = Temporal.Instant.from(starts_at);
  return {
    from: from.toString(),
    to: from.add({ minutes: duration_minutes }).toString(),
    minutes: duration_minutes,
  };
}

/** The visit that an offer became, as it stands now: when we come, or why nothing can be said to it any more. */
export async function visitOf(
  context: ReadContext,
  { starts_at }: Pick<Offer, 'starts_at'>,
  ticketId: string | null,
): Promise<{ when: string; over?: string }> {
  const ticket = ticketId === null ? undefined : await findRow(context, ticketRecord, ticketId);
  const over = ticket && whyOver(context, ticket);
  const when = dayAndTime(context, ticket?.scheduled_at ?? starts_at);
  return over === undefined ? { when } : { when, over };
}
