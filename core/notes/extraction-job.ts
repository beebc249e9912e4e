import { z } from 'zod';
import { extractLater } from '../extraction/later.ts';
import { PermanentFailure } from '../kernel/outside/delivery-failure.ts';
import { isQueued } from '../kernel/outside/outbox.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import type { JobHandler, JobTools } from '../kernel/registry/define.ts';
import { DeskhandError } from '../kernel/words/errors.ts';

const kind = 'note_extraction';

/** Has the facts of a note found in a moment; each state of a note once. */
export const enqueueExtraction = (context: Context, note: { id: string; version: number }): Promise<void> =>
  context.enqueue({ kind, payload: { note_id: note.id }, dedupe_key: `${note.id}:${note.version}` });

/** Those of a note that are still to be found, when nothing waits to find them any more. */
export async function enqueueAgain(
  context: Context,
  note: { id: string; version: number; extraction_status: string } | undefined,
): Promise<void> {
  if (note?.extraction_status !== 'pending') return;
  if (!(await isQueued(context, { kind, payload: { note_id: note.id } })))
    await enqueueExtraction(context, note);
}

const payload = z.object({ note_id: z.string() });

/** Finds the facts of a note (NOT-01). The note itself is there whatever becomes of this. */
export const extractNoteLater: JobHandler = {
  kind,
  summary: 'finds the facts of a note',
  is_internal: true,
  async run(job, tools) {
    const parsed = payload.safeParse(job.payload);
    if (!parsed.success) throw new PermanentFailure('This job names no note.');
    const { note_id } = parsed.data;
    if (!(await isPending(tools, job.organization_id, note_id))) return { skipped: true };
    const { extracted_by, attributes } = await extractLater(tools, job, 'note.extract', { note_id });
    return { extracted_by, attributes: Array.isArray(attributes) ? attributes.length : 0 };
  },
};

/** Whether nobody has found its facts meanwhile, and the note is still there. */
async function isPending(tools: JobTools, organizationId: string, id: string): Promise<boolean> {
  try {
    const [note] = await tools.read(organizationId, 'notes', { id, fields: ['extraction_status'] });
    return note?.extraction_status === 'pending';
  } catch (error) {
    if (error instanceof DeskhandError && error.code === 'NOT_FOUND') return false;
    throw error;
  }
}
