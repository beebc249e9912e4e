import type { Context } from '../kernel/pipeline/context.ts';
import { moveForward } from './progress-queries.ts';

/**
 * Moves a lead on because of what was said with whoever asks: from new to working or contacted, and from working to
 * contacted; never back, and never a lead that has ended (CFL-16).
 */
export async function moveOn(
  context: Context,
  leadId: string,
  to: 'contacted' | 'working' | undefined,
): Promise<void> {
  // What a search shows of a lead says how far it is.
  if (to !== undefined && (await moveForward(context, leadId, to))) context.reindex('lead', leadId);
}
