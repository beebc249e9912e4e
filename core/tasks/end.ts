import { z } from 'zod';
import { type Context, roles } from '../kernel/pipeline/context.ts';
import { updateRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { type Action, defineAction } from '../kernel/registry/define.ts';
import { endOf } from './end-of.ts';
import type { Task } from './record.ts';
import { answerTask, lockTask, requireOpen, taskAnswer, taskRecord } from './task.ts';

interface End {
  name: string;
  summary: string;
  status: 'done' | 'cancelled';
  past?: string;
  keywords: readonly string[];
}

/** An action that ends an open task. Said of one that has ended like that, it answers who did it, and changes nothing. */
export function endsTask({ status, ...said }: End): Action {
  return defineAction({
    ...said,
    domain: 'task',
    input: z.strictObject({ task_id: ref('task') }),
    output: taskAnswer,
    permission: { level: 'unrestricted' },
    effect: 'update',
    often: { rank: 2 },
    undo: 'task.reopen',
    example: { task_id: 'TASK-1' },
    roles,
    async run(context, { task_id }) {
      const task = await lockTask(context, task_id);
      if (task.status !== status) return answerTask(context, await end(context, task, status));
      context.unchanged();
      context.warn(`${task.reference} was ${status} already${task.ended_by ? `, by ${task.ended_by}` : ''}.`);
      return answerTask(context, task);
    },
  });
}

function end(context: Context, task: Task, status: Task['status']): Promise<Task> {
  requireOpen(task);
  return updateRow(context, taskRecord, task.id, { status, ...endOf(context) });
}
