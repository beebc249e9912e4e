import type { Context } from '../kernel/pipeline/context.ts';
import { cancelPendingOfLead, cancelUntouchedOfLead, moveOfLead } from './queries.ts';

/** Gives the interactions of a lead its customer (LED-20), or none when the match was a mistake. */
export async function moveInteractionsOfLead(
  context: Context,
  leadId: string,
  contactId: string | null,
): Promise<void> {
  // Searches show whom they were with.
  for (const id of await moveOfLead(context, leadId, contactId)) context.reindex('interaction', id);
}

/** Nothing has to follow any more on a lead that has come to nothing. */
export const cancelFollowUpsOfLead = (context: Context, leadId: string): Promise<void> =>
  cancelPendingOfLead(context, leadId);

/** The same for what nobody has touched since a moment; answers how many. */
export const endFollowUpsOfLead = (context: Context, leadId: string, since: string): Promise<number> =>
  cancelUntouchedOfLead(context, leadId, since);
