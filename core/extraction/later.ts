import type { Job } from '../kernel/outside/outbox.ts';
import type { JobTools } from '../kernel/registry/define.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import type { Method } from './understand.ts';

/** After so many attempts a model that does not answer is not asked again, and rules take its place (GAP-28). */
const askedTimes = 3;

/**
 * Runs an extracting action for the worker and answers its data. The model is waited for over some attempts; without one
 * rules read at once, for there is nothing to wait for.
 */
export async function extractLater(
  tools: JobTools,
  { organization_id, attempts }: Job,
  action: 'note.extract' | 'lead.extract',
  target: Record<string, string>,
): Promise<Record<string, unknown>> {
  const extract = async (method: Method) =>
    (await tools.execute(organization_id, { action, data: { ...target, method } })).data;
  if (attempts > askedTimes) return extract('rules');
  try {
    return await extract('llm');
  } catch (error) {
    const isWithoutModel = error instanceof DeskhandError && error.details.field === 'method';
    if (isWithoutModel) return extract('rules');
    throw error;
  }
}
