import type { ReadContext } from '../kernel/pipeline/context.ts';
import { endConnectionsOf } from './queries.ts';

/** Ends what is connected as an agent that is removed, for good: being restored later connects nothing again. */
export const endWithAgent = (context: ReadContext, agentId: string): Promise<void> =>
  endConnectionsOf(context, agentId);
