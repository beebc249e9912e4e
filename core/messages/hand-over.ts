import type { Context } from '../kernel/pipeline/context.ts';
import { updateRow } from '../kernel/records/record-queries.ts';
import { messageRecord, type ScheduledMessage } from './scheduled-message.ts';

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
  const { id, contact_id, ticket_id, subject, body } = message;
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
    },
    dedupe_key: `${id} ${to}`,
  });
  return updateRow(context, messageRecord, id, { status: 'sending', sent_to: to, error: null, send_at });
}
