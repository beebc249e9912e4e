import type { Context } from '../kernel/pipeline/context.ts';
import { updateRow } from '../kernel/records/record-queries.ts';
import { isWaiting, type MessageOfVisit, messagesOf, skipMessage } from '../messages/of-visit.ts';
import { planMessage } from '../messages/plan.ts';
import { aboutTheTime, mailsOf, type PlannedMail, whyNotAnyMore } from './mail-plan.ts';
import { type Ticket, ticketRecord } from './ticket.ts';

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
  visit: Ticket,
  { is_new_time = false }: { is_new_time?: boolean } = {},
): Promise<void> {
  if (!visit.is_reminded) return;
  const known = await messagesOf(context, visit.id);
  const open = known.filter(message => isWaiting(message) && aboutTheTime.includes(message.kind));
  const dropped = new Map(
    open.flatMap(message => {
      const why = is_new_time ? 'The visit was moved.' : whyNotAnyMore(context, visit, message.kind);
      return why === undefined ? [] : [[message, why] as const];
    }),
  );
  for (const [message, why] of dropped) await skipMessage(context, message, why);
  const staying = known.filter(message => !dropped.has(message));
  const isToCome = ({ send_at }: PlannedMail) => send_at.epochMilliseconds > context.now.epochMilliseconds;
  const missing = mailsOf(context, visit).filter(mail => isToCome(mail) && !isKnown(mail, staying));
  if (missing.length > 0) await planMails(context, visit, missing);
}

/** From now on the customer of a visit is reminded of it. */
export async function remindOf(context: Context, ticketId: string): Promise<void> {
  await settleMails(context, await updateRow(context, ticketRecord, ticketId, { is_reminded: true }));
}

/** What a visit says of its customer, who is told of its time by mail now, or is not. */
export const toldColumns = (
  { now }: Context,
  { notify = false, email }: { notify?: boolean | undefined; email: string | null },
) => {
  const isTold = notify && email !== null;
  return {
    confirmation_status: isTold ? ('pending' as const) : ('not_sent' as const),
    told_at: isTold ? now.toString() : null,
    is_reminded: notify,
  };
};

/**
 * Whether a mail is planned, was sent, or was taken out by somebody who did not want it. What somebody has put off waits
 * under another time.
 */
function isKnown({ kind, send_at }: PlannedMail, messages: readonly MessageOfVisit[]): boolean {
  return messages.some(
    message =>
      message.kind === kind &&
      message.status !== 'skipped' &&
      ((kind === 'reminder' && isWaiting(message)) ||
        Date.parse(message.send_at) === send_at.epochMilliseconds),
  );
}

async function planMails(context: Context, visit: Ticket, mails: readonly PlannedMail[]): Promise<void> {
  for (const { kind, send_at, send_before } of mails)
    await planMessage(context, {
      kind,
      contact_id: visit.contact_id,
      ticket_id: visit.id,
      send_at: send_at.toString(),
      send_before: send_before.toString(),
      links: answerLinks(visit.id),
    });
}
