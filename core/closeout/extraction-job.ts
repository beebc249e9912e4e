import { z } from 'zod';
import { PermanentFailure } from '../kernel/outside/delivery-failure.ts';
import { isQueued } from '../kernel/outside/outbox.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import type { JobHandler } from '../kernel/registry/define.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import type { Session } from './record.ts';

const kind = 'closeout_extraction';

/** Has the model read the notes of a close-out while the technician goes on; each text once. */
export const enqueueReading = (context: Context, session: Pick<Session, 'id' | 'version'>): Promise<void> =>
  context.enqueue({
    kind,
    payload: { session_id: session.id },
    dedupe_key: `${session.id}:${session.version}`,
  });

/** Of notes that nobody has read, when nothing waits to read them any more. */
export async function enqueueAgain(
  context: Context,
  session: Pick<Session, 'id' | 'version' | 'extraction_status'> | undefined,
): Promise<void> {
  if (session?.extraction_status !== 'pending') return;
  const { id } = session;
  if (!(await isQueued(context, { kind, payload: { session_id: id } })))
    await enqueueReading(context, session);
}

const payload = z.object({ session_id: z.string() });

/** Asks once and not again: somebody stands in a driveway. The note itself is read once more after the visit is closed. */
export const readCloseoutNotes: JobHandler = {
  kind,
  summary: 'finds the facts in the notes of a close-out',
  is_internal: true,
  async run({ organization_id, payload: given }, tools) {
    const parsed = payload.safeParse(given);
    if (!parsed.success) throw new PermanentFailure('This job names no close-out.');
    const { session_id } = parsed.data;
    const read = (failed: boolean) =>
      tools.execute(organization_id, { action: 'closeout.read_notes', data: { session_id, failed } });
    try {
      const { data } = await read(false);
      return { extraction_status: data.extraction_status };
    } catch (error) {
      if (!(error instanceof DeskhandError)) throw error;
      if (error.code === 'NOT_FOUND') return { skipped: true };
      await read(true);
      return { failed: error.message };
    }
  },
};
