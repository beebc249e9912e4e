import { z } from 'zod';
import { updateRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import { hush } from './hush.ts';
import { lockOffer } from './lock.ts';
import { offerRecord } from './offer-record.ts';

/** Takes an offer back; a mail that is out cannot be called back, its link says kindly that the time is gone. */
export const withdrawOffer = defineAction({
  domain: 'waitlist',
  name: 'withdraw',
  summary:
    'Take back an earlier time that was offered; the link in the mail then says kindly that it is gone.',
  input: z.strictObject({ offer_id: ref('waitlist_offer') }),
  output: offerRecord.row.omit({ round_id: true }),
  permission: { level: 'unrestricted' },
  effect: 'update',
  past: 'withdrawn',
  example: { offer_id: 'WO-1' },
  several: { as: 'offers', word: 'offer_id', apart_by: ['offer_id'] },
  keywords: ['take back', 'no longer free', 'cancel the offer'],
  async run(context, { offer_id }) {
    const { offer } = await lockOffer(context, offer_id);
    if (offer.status === 'taken') {
      throw new DeskhandError('INVALID_STATE', `${offer.reference} was taken.`, {
        field: 'offer_id',
        hint: 'The visit it became can be moved with ticket.reschedule.',
      });
    }
    if (offer.status !== 'open') {
      context.unchanged();
      return offer;
    }
    await hush(context, offer, 'cancelled');
    return updateRow(context, offerRecord, offer.id, {
      status: 'withdrawn',
      ended_at: context.now.toString(),
    });
  },
});
