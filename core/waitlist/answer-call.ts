import type { Context } from '../kernel/pipeline/context.ts';
import { mayCall } from '../kernel/pipeline/roles.ts';
import { updateRow } from '../kernel/records/record-queries.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import { takeOffer } from './accept.ts';
import { lockOffer } from './lock.ts';
import { offerRecord } from './offer-record.ts';
import { findOfferOfCall } from './queries.ts';

/**
 * A customer who was called about an earlier time has answered: it is taken for them, or not open for them any more. Agents take
 * it by the action for it, which may ask a person. Throws FORBIDDEN for who may not take it, CONFLICT when somebody was faster.
 */
export async function answerOfferByPhone(context: Context, taskId: string, isTaken: boolean): Promise<void> {
  const offer = await findOfferOfCall(context, taskId);
  if (!offer) return;
  if (!isTaken) return turnDown(context, offer.id);
  const { actor, registry } = context;
  if (actor.kind === 'agent') {
    throw new DeskhandError('INVALID_STATE', `This call is about ${offer.reference}, an earlier time.`, {
      field: 'outcome',
      hint: `waitlist.accept {offer_id: "${offer.reference}"} takes it for them, and ends the call.`,
    });
  }
  if (!mayCall(actor, registry.action('waitlist.accept')))
    throw new DeskhandError('FORBIDDEN', 'The office takes an earlier time for a customer.', {
      field: 'outcome',
      hint: 'Tell the office what they said.',
    });
  await takeOffer(context, offer.id);
}

/** They stay on the list, and the time may be offered to somebody else. */
async function turnDown(context: Context, id: string): Promise<void> {
  const { offer } = await lockOffer(context, id);
  if (offer.status === 'open')
    await updateRow(context, offerRecord, id, { status: 'withdrawn', ended_at: context.now.toString() });
}
