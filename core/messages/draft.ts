import type { Context } from '../kernel/pipeline/context.ts';
import { insertRow } from '../kernel/records/record-queries.ts';
import { messageRecord, type ScheduledMessage } from './scheduled-message.ts';

/** Writes a message down that waits for a person, and says so to whoever wanted it sent. */
export async function draftMessage(
  context: Context,
  row: Partial<ScheduledMessage>,
): Promise<ScheduledMessage> {
  const message = await insertRow(context, messageRecord, { ...row, status: 'draft' });
  context.warn(
    `${message.reference} is a draft: nothing has gone out. Somebody of the business looks at it on the page /messages and sends it.`,
  );
  return message;
}
