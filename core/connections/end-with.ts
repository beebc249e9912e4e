import type { ReadContext } from '../kernel/pipeline/context.ts';
import { endConnectionsOf } from './queries.ts';

/** Ends what is connected as an agent that is removed, for good: being restored later connects nothing again. */
export const endWithAgent = (context: ReadContext, agent_id: string): Promise<void> =>
  endConnectionsOf(context, { agent_id });

/** Ends what somebody has connected who leaves: the program signs in with their own account elsewhere. */
export const endWithMember = (context: ReadContext, allowed_by: string): Promise<void> =>
  endConnectionsOf(context, { allowed_by });
