import { endsTask } from './end.ts';

/** Says that a task need not be done any more. Throws INVALID_STATE for one that was done. */
export const cancelTask = endsTask({
  name: 'cancel',
  summary: 'Say that a task need not be done any more.',
  status: 'cancelled',
  past: 'cancelled',
  keywords: ['not needed', 'drop', 'forget', 'call off'],
});
