import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { JobHandler, JobTools } from '../kernel/define.ts';
import { PermanentFailure } from '../kernel/delivery-failure.ts';
import { DeskhandError } from '../kernel/errors.ts';

const kind = 'lead_extraction';

/** After so many attempts a model that does not answer is not asked again, and rules take its place (GAP-28). */
const askedTimes = 3;

/** Has the notes of a lead read by the worker, once, however often it is asked for. */
export const queueExtraction = (context: Context, lead_id: string): Promise<void> =>
  context.enqueue({ kind, payload: { lead_id }, dedupe_key: lead_id });

const payload = z.object({ lead_id: z.string() });

/** Reads the notes of a lead that were not read at once (LED-03). The lead is there whatever becomes of this. */
export const extractLeadLater: JobHandler = {
  kind,
  summary: 'reads the notes of an inquiry',
  is_internal: true,
  async run(job, tools) {
    const parsed = payload.safeParse(job.payload);
    if (!parsed.success) throw new PermanentFailure('This job names no lead.');
    const method = job.attempts <= askedTimes ? 'llm' : 'rules';
    return extract(tools, job.organization_id, parsed.data.lead_id, method);
  },
};

async function extract(
  tools: JobTools,
  organizationId: string,
  lead_id: string,
  method: 'llm' | 'rules',
): Promise<Record<string, unknown>> {
  try {
    const { data } = await tools.execute(organizationId, {
      action: 'lead.extract',
      data: { lead_id, method },
    });
    return { extracted_by: data.extracted_by, filled: data.filled };
  } catch (error) {
    if (!(error instanceof DeskhandError)) throw error;
    // No model is set up: nothing to wait for.
    if (error.details.field === 'method' && method === 'llm')
      return extract(tools, organizationId, lead_id, 'rules');
    // Removed, confirmed or ended meanwhile: what needs no reading any more is no failure.
    if (error.code === 'NOT_FOUND' || error.code === 'INVALID_STATE') return { skipped: error.message };
    throw error;
  }
}
