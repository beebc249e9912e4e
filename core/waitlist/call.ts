import type { Context } from '../kernel/pipeline/context.ts';
import { findRow, updateRow } from '../kernel/records/record-queries.ts';
import { endOf } from '../tasks/end-of.ts';
import { taskRecord } from '../tasks/task.ts';
import type { Offer } from './record.ts';

/** What somebody was to be called about is settled: the call has been made, or need not be any more. */
export async function endCall(
  context: Context,
  { task_id }: Pick<Offer, 'task_id'>,
  status: 'done' | 'cancelled',
): Promise<void> {
  if (task_id === null) return;
  const task = await findRow(context, taskRecord, task_id, { lock: true });
  if (task?.status === 'open') await updateRow(context, taskRecord, task.id, { status, ...endOf(context) });
}
