import type { Context } from '../kernel/pipeline/context.ts';
import { cancelPendingOfLead, cancelUntouchedOfLead } from './queries.ts';

/** Nothing has to follow any more on a lead that is settled; answers how many follow-ups there were. */
export const cancelFollowUpsOfLead = (context: Context, leadId: string): Promise<number> =>
  cancelPendingOfLead(context, leadId);

/** The same for what nobody has touched since a moment; answers how many. */
export const endFollowUpsOfLead = (context: Context, leadId: string, since: string): Promise<number> =>
  cancelUntouchedOfLead(context, leadId, since);
