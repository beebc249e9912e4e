import type { Context } from '../kernel/pipeline/context.ts';
import { updateRow } from '../kernel/records/record-queries.ts';
import { messageRecord } from './scheduled-message.ts';
import { lockMessagesOf, type MessageOfVisit } from './visit-queries.ts';

export type { MessageOfVisit };

/** All messages about a visit, whatever became of them, kept as they are until this transaction ends. */
export const messagesOf = (context: Context, ticketId: string): Promise<MessageOfVisit[]> =>
  lockMessagesOf(context, ticketId);

/** Whether it still waits for its time, or for a person. */
export const isWaiting = ({ status }: MessageOfVisit): boolean => status === 'draft' || status === 'pending';

/** Leaves a waiting message out, saying why; nobody has cancelled it. */
export async function skipMessage(
  context: Context,
  { id }: Pick<MessageOfVisit, 'id'>,
  why: string,
): Promise<void> {
  await updateRow(context, messageRecord, id, { status: 'skipped', error: why });
}
