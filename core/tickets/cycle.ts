import type { Context, ReadContext } from '../kernel/pipeline/context.ts';
import { getRow, updateRow } from '../kernel/records/record-queries.ts';
import { contactRecord } from '../contacts/contact.ts';
import { planMessage } from '../messages/plan.ts';
import type { MessageKind } from '../messages/record.ts';
import { messageRecord } from '../messages/scheduled-message.ts';
import { lockMessagesOf, type MessageOfVisit } from '../messages/visit-queries.ts';
import { mailsOf, type PlannedMail } from './mail-plan.ts';
import { type Ticket, ticketRecord } from './ticket.ts';

/** What is written to a customer about when a visit is. What was done there, and what comes months later, is not. */
const aboutTheTime: readonly MessageKind[] = [
  'confirmation',
  'confirmation_follow_up',
  'reminder',
  'moved',
  'change_accepted',
  'change_offer',
];

/** The buttons of a mail about a visit; all of them lead to one page. */
export function answerLinks(ticketId: string) {
  const link = (choice: string) => ({ purpose: 'confirm', subject_id: ticketId, query: `?choice=${choice}` });
  return {
    accept_link: link('accepted'),
    decline_link: link('declined'),
    modify_link: link('modify_requested'),
  };
}

/**
 * Brings what is still to go out about a visit in line with how the visit stands now, in the same transaction: what it does not
 * call for any more is left out, saying why, and what it calls for is planned. Called by whatever changes when a visit is, how
 * it stands, or what its customer says to it. What is being sent already goes out. With `is_new_time` nothing that was
 * planned for the old time stays.
 */
export async function settleMails(
  context: Context,
  ticketId: string,
  { is_new_time = false }: { is_new_time?: boolean } = {},
): Promise<void> {
  const visit = await getRow(context, ticketRecord, ticketId);
  const wanted = mailsOf(context, visit);
  const known = await lockMessagesOf(context, ticketId);
  const open = known.filter(({ status, kind }) => isOpen(status) && aboutTheTime.includes(kind));
  const dropped = open.filter(message => is_new_time || whyNotAnyMore(context, visit, message.kind) !== undefined);
  for (const { id, kind } of dropped) {
    const error = is_new_time ? 'The visit was moved.' : (whyNotAnyMore(context, visit, kind) ?? null);
    await updateRow(context, messageRecord, id, { status: 'skipped', error });
  }
  const staying = known.filter(message => !dropped.includes(message));
  const missing = wanted.filter(mail => !isKnown(mail, staying) && mail.send_at.epochMilliseconds > context.now.epochMilliseconds);
  if (missing.length > 0) await planMails(context, visit, missing);
}

const isOpen = (status: MessageOfVisit['status']): boolean => status === 'draft' || status === 'pending';

/**
 * Whether a mail is planned, was sent, or was taken out by somebody who did not want it. What somebody has put off waits
 * under another time.
 */
function isKnown({ kind, send_at }: PlannedMail, messages: readonly MessageOfVisit[]): boolean {
  return messages.some(
    message =>
      message.kind === kind &&
      message.status !== 'skipped' &&
      ((kind === 'reminder' && isOpen(message.status)) ||
        Date.parse(message.send_at) === send_at.epochMilliseconds),
  );
}

async function planMails(context: Context, visit: Ticket, mails: readonly PlannedMail[]): Promise<void> {
  const { email } = await getRow(context, contactRecord, visit.contact_id);
  if (email === null) return;
  for (const { kind, send_at } of mails)
    await planMessage(context, {
      kind,
      contact_id: visit.contact_id,
      ticket_id: visit.id,
      send_at: send_at.toString(),
      links: answerLinks(visit.id),
    });
}

/**
 * Why a message about a visit is not to go out as things are, in a sentence; undefined when it may. Asked again when its time
 * has come: a server that was off for a week says nothing that is not so any more.
 */
export function whyNotAnyMore(
  context: ReadContext,
  visit: Ticket,
  kind: MessageKind,
): string | undefined {
  if (!aboutTheTime.includes(kind)) return undefined;
  if (visit.status === 'cancelled') return 'The visit was cancelled.';
  if (visit.status === 'closed') return 'The visit is done.';
  const hasBegun = Date.parse(visit.scheduled_at) <= context.now.epochMilliseconds;
  if (visit.status === 'in_progress' || hasBegun) return 'The visit has begun already.';
  if (kind !== 'confirmation_follow_up' && kind !== 'reminder') return undefined;
  if (kind === 'confirmation_follow_up' && visit.confirmation_status !== 'pending')
    return 'The customer has answered.';
  const mails = mailsOf(context, visit).filter(mail => mail.kind === kind);
  if (mails.length === 0) return 'The visit calls for none any more.';
  const isTooLate = mails.every(({ send_before }) => send_before.epochMilliseconds <= context.now.epochMilliseconds);
  return isTooLate ? 'It was too late for it.' : undefined;
}
