import type { Context } from '../kernel/pipeline/context.ts';
import { moveToVisit } from './queries.ts';

/** A visit takes the place of another one: whoever wanted that one sooner wants this one sooner. */
export async function moveWishToVisit(context: Context, fromId: string, toId: string): Promise<void> {
  await moveToVisit(context, fromId, toId);
}
