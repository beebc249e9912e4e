import { endsTask } from './end.ts';

/** Marks a task as done. Throws INVALID_STATE for one that was cancelled. */
export const completeTask = endsTask({
  name: 'complete',
  summary: 'Mark a task as done.',
  status: 'done',
  keywords: ['done', 'finished', 'tick off', 'check off', 'called'],
});
