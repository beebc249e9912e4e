import type { Context } from '../kernel/pipeline/context.ts';
import { insertRow } from '../kernel/records/record-queries.ts';
import { messageRecord, type ScheduledMessage } from './scheduled-message.ts';

/** Writes a message down that waits for a person, and says so to whoever wanted it sent. */
export async function draftMessage(
  context: Context,
  row: Partial<ScheduledMessage>,
): Promise<ScheduledMessage> {
  const message = await insertRow(context, messageRecord, { ...row, status: 'draft' });
  sayDraft(context, message);
  return message;
}

/** Tells whoever wanted a message sent that a person looks at it first. */
export function sayDraft(context: Context, { reference }: ScheduledMessage): void {
  context.warn(
    `${reference} is a draft: nothing has gone out. Somebody of the business looks at it on the page /messages and sends it.`,
  );
}
