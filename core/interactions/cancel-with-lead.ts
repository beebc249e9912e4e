import type { Context } from '../kernel/pipeline/context.ts';
import { cancelPendingOfLead, cancelUntouchedOfLead, listPendingOfLead } from './queries.ts';

/** Nothing has to follow any more on a lead that is settled; answers how many follow-ups there were. */
export const cancelFollowUpsOfLead = (context: Context, leadId: string): Promise<number> =>
  cancelPendingOfLead(context, leadId, 'all');

/** The same for its call-backs alone; what was said about a visit stays. */
export const cancelCallBacksOfLead = (context: Context, leadId: string): Promise<number> =>
  cancelPendingOfLead(context, leadId, 'call-backs');

/** The same for what nobody has touched since a moment; answers how many. */
export const endFollowUpsOfLead = (context: Context, leadId: string, since: string): Promise<number> =>
  cancelUntouchedOfLead(context, leadId, since);

/** The follow-ups of a lead that somebody still waits for, the earliest first. */
export const pendingOfLead = (context: Context, leadId: string) => listPendingOfLead(context, leadId);
