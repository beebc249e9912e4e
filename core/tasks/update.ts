import { z } from 'zod';
import { updateRecord } from '../kernel/records/record-actions.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { requireChange } from '../kernel/words/errors.ts';
import { aboutInput, nothing, readAbout } from './about.ts';
import { answerTask, taskAnswer, taskRecord } from './task.ts';

const { clearable } = taskRecord;
const changeable = taskRecord.writable.partial();
const key = 'task_id';

/** Changes an open task: what it says, when, whose it is, what it is about. `about` takes the place of all it was about. */
export const updateTask = defineAction({
  domain: 'task',
  name: 'update',
  summary: 'Change an open task: words, time, whose it is, what it is about.',
  input: z.strictObject({
    [key]: ref('task'),
    ...changeable.shape,
    about: aboutInput.optional(),
    clear: z.array(z.enum(['about', ...clearable])).optional(),
  }),
  output: taskAnswer,
  permission: { level: 'unrestricted' },
  effect: 'update',
  often: { rank: 2, members: [key, 'title', 'due_at', 'assignee_id', 'about'] },
  example: { task_id: 'TASK-1', due_at: '2026-12-07T09:00' },
  keywords: ['postpone', 'snooze', 'assign', 'hand over', 'edit', 'change', 'correct', 'move'],
  async run(context, { [key]: id, about, clear = [], ...changes }) {
    const emptied = clear.flatMap(name => (name === 'about' ? Object.entries(nothing) : [[name, null]]));
    const all = {
      ...Object.fromEntries(emptied),
      ...Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)),
      ...(about === undefined ? {} : await readAbout(context, about)),
    };
    requireChange(all, key, ['about', ...Object.keys(changeable.shape)]);
    return answerTask(context, await updateRecord(context, taskRecord, id, all));
  },
});
