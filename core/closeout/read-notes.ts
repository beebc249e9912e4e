import { z } from 'zod';
import { understoodNote } from '../extraction/record.ts';
import { understandNote } from '../extraction/understand.ts';
import { getRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { extractionStates, sessionRecord } from './record.ts';
import { saveSession } from './session.ts';

const prepared = z.object({ notes: z.string(), understood: understoodNote });

/** Reads the notes of a close-out with the model. For the worker alone: people look on, or look again. */
export const readNotes = defineAction({
  domain: 'closeout',
  name: 'read_notes',
  summary: 'Find the facts in the notes of a close-out (done by the worker).',
  input: z.strictObject({ session_id: ref('closeout_session'), failed: z.boolean() }),
  output: z.object({ extraction_status: z.enum(extractionStates) }),
  permission: { level: 'forbidden' },
  effect: 'update',
  locks: 'session_id',
  past: 'read',
  object: 'the notes of the visit',
  example: { session_id: '018f0000-0000-7000-8000-000000000000', failed: true },
  roles: [],
  human_only: true,
  keywords: ['extraction', 'worker'],
  touches: ['llm'],
  connectors: ['model'],
  async prepare(tools, { session_id, failed }) {
    if (failed) return undefined;
    const [row] = await tools.read('closeout_sessions', { id: session_id, fields: ['id', 'notes'] });
    const { notes } = sessionRecord.row.pick({ notes: true }).parse(row);
    return { notes: notes ?? '', understood: await understandNote(tools, notes ?? '', 'llm') };
  },
  async run(context, { session_id, failed }) {
    const session = await getRow(context, sessionRecord, session_id, { lock: true });
    const { extraction_status } = session;
    // Notes that were changed meanwhile have a reading of their own, and what was reviewed stays as it was reviewed.
    if (extraction_status !== 'pending' || session.reviewed_attributes !== null) return { extraction_status };
    if (failed) {
      await saveSession(context, session.id, { extraction_status: 'failed' });
      return { extraction_status: 'failed' as const };
    }
    const { notes, understood } = prepared.parse(context.prepared);
    if (notes !== session.notes) return { extraction_status };
    await saveSession(context, session.id, {
      extraction_status: 'done',
      extracted_by: 'llm',
      attributes: understood.fields.attributes,
    });
    return { extraction_status: 'done' as const };
  },
});
