import type { Context } from '../kernel/pipeline/context.ts';
import type { Task } from './record.ts';

/** When and by whom a task ends now. */
export const endOf = ({ now, actor }: Context): Pick<Task, 'ended_at' | 'ended_by'> => ({
  ended_at: now.toString(),
  ended_by: actor.name,
});
