import type { Context } from '../kernel/pipeline/context.ts';
import { moveOfLead } from './queries.ts';

/** Gives the interactions of a lead its customer (LED-20), or none when the match was a mistake. */
export async function moveInteractionsOfLead(
  context: Context,
  leadId: string,
  contactId: string | null,
): Promise<void> {
  // Searches show whom they were with.
  for (const id of await moveOfLead(context, leadId, contactId)) context.reindex('interaction', id);
}
