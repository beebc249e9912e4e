import { lockInBusiness } from '../kernel/database/lock.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { getRow } from '../kernel/records/record-queries.ts';
import { offerRecord } from './offer-record.ts';
import type { Entry, Offer } from './record.ts';
import { lockEntry } from './waitlist.ts';

/**
 * The locked row of an offer, with the entry it was made to; undefined for one that was taken off the list. Whoever wants another
 * of its round waits until this transaction ends, so that of fifty who take it at once one does. Throws NOT_FOUND.
 */
export async function lockOffer(
  context: Context,
  id: string,
): Promise<{ offer: Offer; entry: Entry | undefined }> {
  const { round_id, waitlist_id } = await getRow(context, offerRecord, id);
  await lockInBusiness(context, `waitlist round ${round_id}`);
  // In the order in which taking somebody off the list locks them.
  const entry = await lockEntry(context, waitlist_id);
  return { offer: await getRow(context, offerRecord, id, { lock: true }), entry };
}
