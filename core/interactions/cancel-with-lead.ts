import type { Context } from '../kernel/pipeline/context.ts';
import { cancelPendingOfLead } from './queries.ts';

/** Nothing has to follow any more on a lead that has come to nothing. */
export const cancelFollowUpsOfLead = (context: Context, leadId: string): Promise<void> =>
  cancelPendingOfLead(context, leadId);
