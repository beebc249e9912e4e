import { type Fate, noteIncident } from '../kernel/outside/webhook-fates.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import type { StripeEvent } from './followed.ts';
import { findStripeOwner } from './queries.ts';

/**
 * Stripe has no such thing under our key: the event is about another account, or was sent to the wrong address. What nobody here has
 * written down was none of ours (`said`); what somebody has is not to be believed.
 */
export async function unknownThere(
  context: Context,
  { object: object_id }: StripeEvent,
  said: string | undefined,
): Promise<Fate> {
  if (said !== undefined && (await findStripeOwner(context.tx, object_id)) === undefined)
    return { outcome: 'skipped', said };
  await noteIncident(context, { provider: 'stripe', reason: 'not_under_our_key', object_id });
  return { outcome: 'refused', said: 'Stripe has nothing of this id under the key of this business.' };
}
