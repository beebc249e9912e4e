import type { Context } from '../kernel/pipeline/context.ts';
import { findRow, updateRow } from '../kernel/records/record-queries.ts';
import { skipMessage } from '../messages/of-visit.ts';
import { messageRecord } from '../messages/scheduled-message.ts';
import { endOf } from '../tasks/end-of.ts';
import { taskRecord } from '../tasks/task.ts';
import type { Offer } from './record.ts';

/**
 * An offer has ended, however: nobody is told of it any more. The call about it has been made or need not be, and a mail that
 * has not gone out stays here. Answers whether its customer has heard of it by mail.
 */
export async function hush(
  context: Context,
  { task_id, message_id }: Pick<Offer, 'task_id' | 'message_id'>,
  call: 'done' | 'cancelled',
): Promise<boolean> {
  if (task_id !== null) {
    const task = await findRow(context, taskRecord, task_id, { lock: true });
    if (task?.status === 'open')
      await updateRow(context, taskRecord, task.id, { status: call, ...endOf(context) });
  }
  const message =
    message_id === null ? undefined : await findRow(context, messageRecord, message_id, { lock: true });
  if (message?.kind !== 'waitlist_offer') return false;
  if (message.status === 'draft' || message.status === 'pending')
    await skipMessage(context, message, 'The time that it offers can no longer be taken.');
  return message.status === 'sending' || message.status === 'sent';
}
