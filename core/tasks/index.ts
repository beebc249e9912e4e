import { defineDomain } from '../kernel/registry/domain.ts';
import { cancelTask } from './cancel.ts';
import { completeTask } from './complete.ts';
import { createTask } from './create.ts';
import { reopenTask } from './reopen.ts';
import { taskRecord } from './task.ts';
import { updateTask } from './update.ts';

export const tasks = defineDomain({
  name: 'task',
  area: 'customers',
  summary: 'Reminders and to-dos, about anything or nobody; follow_ups lists them with call-backs.',
  aliases: {
    title: ['what'],
    due_at: ['due', 'due_date', 'due_on', 'remind_at', 'when'],
    assignee_id: ['assignee', 'assigned_to'],
    owner_user_id: ['assignee', 'assignee_id', 'assigned_to'],
    about: ['regarding'],
  },
  examples: { task: { title: 'Order squeegees', due_at: '2026-12-04' } },
  records: [taskRecord],
  actions: [createTask, updateTask, completeTask, cancelTask, reopenTask],
  constraints: {
    tasks_made_for: {
      code: 'CONFLICT',
      field: 'task_id',
      message: 'The same is to be done already, by another open task.',
      hint: 'Look at the open tasks of this invoice.',
    },
  },
});
