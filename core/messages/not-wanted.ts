import { Temporal } from 'temporal-polyfill';
import { whyReminderIsOver } from '../invoices/reminded.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { findRow } from '../kernel/records/record-queries.ts';
import { dayBounds } from '../kernel/words/time.ts';
import { whyNotAnyMore } from '../tickets/mail-plan.ts';
import { ticketRecord } from '../tickets/ticket.ts';
import type { ScheduledMessage } from './scheduled-message.ts';
import { isAboutTime, whyTooLate } from './too-late.ts';
import { listDraftsOf } from './visit-queries.ts';

type About = Pick<ScheduledMessage, 'id' | 'kind' | 'ticket_id' | 'invoice_id' | 'send_before' | 'links'>;

/**
 * Why a message says nothing any more that is so, in a sentence; undefined when it may go. Asked whenever one is about to go
 * out, by itself or by hand, and once more when it is delivered: a worker that was away for a week, and a mail that failed
 * and is sent again, say nothing of a visit that is over.
 */
export async function whyNotWanted(context: ReadContext, message: About): Promise<string | undefined> {
  return (await whyTooLate(context, message)) ?? (await whyNotSo(context, message));
}

async function whyNotSo(
  context: ReadContext,
  { id, ticket_id, invoice_id, kind }: About,
): Promise<string | undefined> {
  if (kind === 'overdue' && invoice_id !== null) return whyReminderIsOver(context, { id, invoice_id });
  if (ticket_id === null) return undefined;
  const visit = await findRow(context, ticketRecord, ticket_id);
  if (kind === 'cancellation')
    return visit && visit.status !== 'cancelled' ? 'The visit is not cancelled any more.' : undefined;
  if (!visit) return isAboutTime(kind) ? 'The visit was removed.' : undefined;
  const why = whyNotAnyMore(context, visit, kind);
  if (why !== undefined || kind !== 'confirmation_follow_up') return why;
  const drafts = await listDraftsOf(context, ticket_id);
  return drafts.length > 0 ? 'The customer was not asked yet: that mail is still a draft.' : undefined;
}

/**
 * Why a message is too early at a moment, in a sentence: the words of a reminder say "tomorrow". One that somebody has worded
 * says what it says.
 */
export async function whyTooEarly(
  context: ReadContext,
  { kind, ticket_id, words }: Pick<ScheduledMessage, 'kind' | 'ticket_id' | 'words'>,
  at: Temporal.Instant = context.now,
): Promise<string | undefined> {
  if (kind !== 'reminder' || words === 'own' || ticket_id === null) return undefined;
  const visit = await findRow(context, ticketRecord, ticket_id);
  if (!visit) return undefined;
  const { time_zone } = context.organization;
  const day = Temporal.Instant.from(visit.scheduled_at).toZonedDateTimeISO(time_zone).toPlainDate();
  const eve = day.subtract({ days: 1 });
  if (Temporal.Instant.compare(at, dayBounds(eve, time_zone).from) >= 0) return undefined;
  return `It says that the visit is tomorrow, and the visit is on ${day.toLocaleString('en-US', { dateStyle: 'medium' })}.`;
}
