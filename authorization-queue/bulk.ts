import { newId } from '../core/kernel/database/ids.ts';
import type { Context } from '../core/kernel/pipeline/context.ts';
import type { PendingCall } from '../core/kernel/pipeline/gate.ts';
import { DeskhandError } from '../core/kernel/words/errors.ts';
import { growBulk, holdOpenBulk, insertItem, isItem } from './item-queries.ts';
import { type Asked, askedHashOf, expiryHours, grownDigest, keptPreview } from './store.ts';

/** More items than this in one bulk are refused: an owner cannot read a flood. */
export const itemCap = 100;

/** The request a call has joined. */
export interface Joined {
  id: string;
  reference: string;
  expires_at: string;
  /** How many calls it holds now. */
  items: number;
}

/**
 * Puts a call that is over the limit to the bulk of the same agent and key that waits already, so that the owner reads and
 * decides one growing request instead of many (MAQ-15). Whoever has the page of it open is told that it is not what was
 * shown. Undefined when none waits. The caller holds the window.
 */
export async function joinBulk(
  context: Context,
  asked: Asked,
  call: PendingCall,
): Promise<Joined | undefined> {
  const open = await holdOpenBulk(context, asked);
  if (!open) return undefined;
  const asked_hash = askedHashOf(asked);
  const { id, reference, expires_at, items } = open;
  if (open.asked_hash === asked_hash || (await isItem(context, id, asked_hash))) {
    return { id, reference, expires_at, items: items + 1 };
  }
  if (items + 1 >= itemCap) {
    throw new DeskhandError('TOO_MANY_PENDING', `${reference} holds ${itemCap} calls that wait already.`, {
      hint: `Wait until the owner has decided about ${reference}; tell them that it waits.`,
    });
  }
  const { verdict, preview, targets } = call;
  await insertItem(context, {
    id: newId(),
    authorization_request_id: id,
    ...asked,
    asked_hash,
    rule_reason: verdict.reason,
    reasoning: context.request.reasoning ?? null,
    preview: await keptPreview(context, preview, targets),
    affected_rows: preview.affected_rows,
  });
  const until = await growBulk(context, id, {
    digest: grownDigest(open.digest, asked),
    affected_rows: preview.affected_rows,
    expires_hours: expiryHours(context, asked.action, preview.outgoing.length > 0),
  });
  return { id, reference, expires_at: until, items: items + 2 };
}
