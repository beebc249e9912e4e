import { z } from 'zod';
import { extractLater } from '../extraction/later.ts';
import { PermanentFailure } from '../kernel/outside/delivery-failure.ts';
import { isQueued, type Job } from '../kernel/outside/outbox.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import type { JobHandler, JobTools } from '../kernel/registry/define.ts';
import { DeskhandError } from '../kernel/words/errors.ts';

const kind = 'lead_extraction';

/** Has the notes of a lead read by the worker, once, however often it is asked for. */
export const queueExtraction = (context: Context, lead_id: string): Promise<void> =>
  context.enqueue({ kind, payload: { lead_id }, dedupe_key: lead_id });

/** For a lead that nobody has read, when nothing waits to read it any more. */
export async function queueAgain(
  context: Context,
  lead: { id: string; extraction_status: string } | undefined,
): Promise<void> {
  if (lead?.extraction_status !== 'pending') return;
  const { id: lead_id } = lead;
  if (!(await isQueued(context, { kind, payload: { lead_id } }))) await queueExtraction(context, lead_id);
}

const payload = z.object({ lead_id: z.string() });

/** Reads the notes of a lead that were not read at once (LED-03). The lead is there whatever becomes of this. */
export const extractLeadLater: JobHandler = {
  kind,
  summary: 'reads the notes of an inquiry',
  is_internal: true,
  async run(job, tools) {
    const parsed = payload.safeParse(job.payload);
    if (!parsed.success) throw new PermanentFailure('This job names no lead.');
    return extract(tools, job, parsed.data.lead_id);
  },
};

async function extract(tools: JobTools, job: Job, lead_id: string): Promise<Record<string, unknown>> {
  try {
    const { extracted_by, filled } = await extractLater(tools, job, 'lead.extract', { lead_id });
    return { extracted_by, filled };
  } catch (error) {
    // Removed, confirmed or ended meanwhile: what needs no reading any more is no failure.
    const isOver =
      error instanceof DeskhandError && (error.code === 'NOT_FOUND' || error.code === 'INVALID_STATE');
    if (isOver) return { skipped: error.message };
    throw error;
  }
}
