import type { Context, ReadContext } from '../kernel/pipeline/context.ts';
import { findOpenOffer, setCallOfOffer } from './queries.ts';

// What messages know of the offer they carry.

/** The call that has to be made about an offer, because no mail reaches its customer. */
export async function callsAbout(context: Context, offerId: string, taskId: string): Promise<void> {
  await setCallOfOffer(context, offerId, taskId);
}

/** The visit that would move when an offer is taken, or none; undefined for an offer that cannot be taken any more. */
export const openOffer = (
  context: ReadContext,
  offerId: string,
): Promise<{ ticket_id: string | null } | undefined> => findOpenOffer(context, offerId);
