import { z } from 'zod';
import { roles } from '../kernel/pipeline/context.ts';
import { updateRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { momentOrDay } from '../kernel/words/time.ts';
import { readDue } from './due.ts';
import { answerTask, lockTask, taskAnswer, taskRecord } from './task.ts';

/** Takes up a task again that was done or cancelled, at another time if that is wanted. What is open stays as it is. */
export const reopenTask = defineAction({
  domain: 'task',
  name: 'reopen',
  summary: 'Take up a task again that was done or cancelled; due_at sets another time.',
  input: z.strictObject({ task_id: ref('task'), due_at: momentOrDay.optional() }),
  output: taskAnswer,
  permission: { level: 'unrestricted' },
  effect: 'update',
  locks: 'task_id',
  example: { task_id: 'TASK-1' },
  roles,
  keywords: ['undo', 'not done', 'bring back', 'again'],
  async run(context, { task_id, due_at }) {
    const task = await lockTask(context, task_id);
    const when = due_at === undefined ? {} : { due_at: readDue(context, due_at, 'due_at').toString() };
    if (task.status === 'open') {
      context.unchanged();
      context.warn(
        `${task.reference} is open already${due_at === undefined ? '' : '; task.update sets another time'}.`,
      );
      return answerTask(context, task);
    }
    const open = { status: 'open', ended_at: null, ended_by: null, outcome: null, ...when } as const;
    return answerTask(context, await updateRow(context, taskRecord, task.id, open));
  },
});
