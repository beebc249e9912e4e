import type { Context } from '../kernel/pipeline/context.ts';
import { updateRow } from '../kernel/records/record-queries.ts';
import { messageRecord, type ScheduledMessage } from './scheduled-message.ts';

/** What the mail service said of an earlier mail says nothing of this one. */
const unheard = { delivery: null, delivery_at: null, delivery_reason: null };

/**
 * Gives a locked message to the outbox: from here on it is an e-mail like every other, and nobody can cancel it. The mail
 * and the mark are one transaction, so it is handed over once. One that waits for the same address already is the same.
 */
export async function handOver(
  context: Context,
  message: ScheduledMessage,
  to: string,
  send_at = message.send_at,
): Promise<ScheduledMessage> {
  const { id, contact_id, ticket_id, kind, subject, body } = message;
  const unsubscribe_link =
    kind === 'outreach'
      ? await context.makeLink({ purpose: 'unsubscribe', subject_id: id, contact_id })
      : undefined;
  await context.enqueue({
    kind: 'email',
    payload: {
      to,
      from_name: context.organization.name,
      subject,
      text: body,
      message_id: id,
      contact_id,
      ...(ticket_id === null ? {} : { ticket_id }),
      ...(unsubscribe_link === undefined ? {} : { unsubscribe_link }),
    },
    dedupe_key: `${id} ${to}`,
  });
  return updateRow(context, messageRecord, id, {
    status: 'sending',
    sent_to: to,
    error: null,
    send_at,
    ...unheard,
  });
}
