import type { Context } from '../kernel/pipeline/context.ts';
import { endFeedsOfMember } from './queries.ts';

/** The calendars of somebody who leaves end for good: let in again, they make new ones. */
export async function endFeedsOf(context: Context, memberId: string): Promise<void> {
  await endFeedsOfMember(context, memberId);
}
