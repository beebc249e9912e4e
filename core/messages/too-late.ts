import type { ReadContext } from '../kernel/pipeline/context.ts';
import { findRow } from '../kernel/records/record-queries.ts';
import { localTime } from '../kernel/words/time.ts';
import { openFrom } from '../tasks/call.ts';
import { ticketRecord } from '../tickets/ticket.ts';
import { openOffer } from '../waitlist/of-offer.ts';
import { isUnasked, type MessageKind } from './record.ts';
import type { ScheduledMessage } from './scheduled-message.ts';

/** What is said of the time of a visit, which nobody wants to hear once it has begun. */
const aboutTime: readonly MessageKind[] = [
  'confirmation',
  'confirmation_follow_up',
  'reminder',
  'moved',
  'cancellation',
  'change_accepted',
  'change_offer',
];
export const isAboutTime = (kind: MessageKind): boolean => aboutTime.includes(kind);

/**
 * Why a message is too late now, in a sentence; undefined when it may go. A server that was off for a week does not send what
 * nobody can use any more: what is about a visit goes until it begins, what says so until its `send_before`; bills, and what
 * we write of our own accord, go whenever.
 */
export async function whyTooLate(
  context: ReadContext,
  {
    kind,
    ticket_id,
    send_before,
    links,
  }: Pick<ScheduledMessage, 'kind' | 'ticket_id' | 'send_before' | 'links'>,
): Promise<string | undefined> {
  const { time_zone } = context.organization;
  const isPast = (moment: string) => Date.parse(moment) <= context.now.epochMilliseconds;
  if (send_before !== null && isPast(send_before))
    return `It was too late: it made sense until ${localTime(send_before, time_zone)}.`;
  if (links.offer_link) return whyOfferIsOver(context, links.offer_link.subject_id);
  if (send_before !== null || ticket_id === null || !isAboutTime(kind)) return undefined;
  const visit = await findRow(context, ticketRecord, ticket_id);
  if (!visit || !isPast(visit.scheduled_at)) return undefined;
  return `It was too late: the visit began ${localTime(visit.scheduled_at, time_zone)}.`;
}

/** A time that can no longer be taken is not offered any more. */
async function whyOfferIsOver(context: ReadContext, id: string): Promise<string | undefined> {
  const offer = await openOffer(context, id);
  const visit = offer?.ticket_id ? await findRow(context, ticketRecord, offer.ticket_id) : undefined;
  const canMove = offer?.ticket_id === null || visit?.status === 'scheduled';
  return offer && canMove ? undefined : 'The time that it offers can no longer be taken.';
}

const late_hours = 12;

/**
 * When a message of our own accord that is half a day late goes instead, if not now: it was to come on a morning, and not in
 * the night in which the server is back. Undefined for what goes now.
 */
export function betterTime(
  { now, organization }: ReadContext,
  { kind, send_at }: Pick<ScheduledMessage, 'kind' | 'send_at'>,
): string | undefined {
  const late = now.epochMilliseconds - Date.parse(send_at);
  if (!isUnasked(kind) || late < late_hours * 3_600_000) return undefined;
  const opens = openFrom(organization, now.epochMilliseconds);
  return opens === undefined || opens <= now.epochMilliseconds ? undefined : new Date(opens).toISOString();
}
