import { z } from 'zod';
import { dropStaleOfNote } from '../attributes/drop-with-note.ts';
import { proposeAttributes } from '../attributes/propose.ts';
import { attributeLine, lineOf } from '../attributes/record.ts';
import { extractors, type NoteFields, type Understood, understoodNote } from '../extraction/record.ts';
import { methods, understandNote } from '../extraction/understand.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { getRow, updateRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import { type Note, noteRecord } from './note.ts';

/** What was read before the transaction: the note as it was then, and what was understood of it. */
const prepared = z.object({ version: z.number(), understood: understoodNote });

/** What became of the facts of a note. */
export const extractionAnswer = z.object({
  extraction_status: noteRecord.row.shape.extraction_status,
  extracted_by: z.enum(extractors).nullable(),
  attributes: z.array(attributeLine),
  /** References of unconfirmed facts that the note no longer says. */
  dropped: z.array(z.string()),
});

/** Finds the facts of a note at once (NOT-01); they wait for somebody to confirm them (CFL-30). */
export const extractNote = defineAction({
  domain: 'note',
  name: 'extract',
  summary: 'Find the facts of a note now: unconfirmed attributes of its customer.',
  input: z.strictObject({ note_id: ref('note'), method: z.enum(methods).optional() }),
  output: z.object({ id: z.string(), reference: z.string(), ...extractionAnswer.shape }),
  permission: { level: 'unrestricted' },
  effect: 'update',
  locks: 'note_id',
  verb: 'read',
  past: 'read',
  example: { note_id: 'N-1001' },
  touches: ['llm'],
  connectors: ['model'],
  keywords: ['attributes', 'facts', 'understand', 'ai', 'analyze'],
  async prepare(tools, { note_id, method }) {
    const fields = ['id', 'contact_id', 'content', 'version'];
    const [row] = await tools.read('notes', { id: note_id, fields });
    const note = noteRecord.row.pick({ contact_id: true, content: true, version: true }).parse(row);
    if (note.contact_id === null) throw aboutNobody();
    return { version: note.version, understood: await understandNote(tools, note.content, method) };
  },
  async run(context, { note_id }) {
    const note = await getRow(context, noteRecord, note_id, { lock: true });
    const { version, understood } = prepared.parse(context.prepared);
    if (version !== note.version) {
      throw new DeskhandError('CONFLICT', `${note.reference} was changed while it was read.`, {
        field: 'note_id',
        hint: 'Call note.extract again.',
      });
    }
    return { id: note.id, reference: note.reference, ...(await keepUnderstood(context, note, understood)) };
  },
});

/**
 * Writes down what was understood of a note, and drops what it says no longer. Facts an agent handed in with the note
 * stay until the note is corrected. Throws INVALID_STATE for a note about no customer.
 */
export async function keepUnderstood(
  context: Context,
  note: Note,
  understood: Understood<NoteFields>,
): Promise<z.input<typeof extractionAnswer>> {
  if (note.contact_id === null) throw aboutNobody();
  const target = {
    contact_id: note.contact_id,
    source: 'note' as const,
    note_id: note.id,
    import_batch_id: note.import_batch_id,
    ...(note.ticket_id === null ? {} : { ticket_id: note.ticket_id }),
  };
  const { attributes, left_out } = await proposeAttributes(context, target, understood);
  const kept = attributes.map(fact => fact.id);
  const dropped = await dropStaleOfNote(context, note.id, kept, note.extracted_by === null);
  await updateRow(context, noteRecord, note.id, { extraction_status: 'done', extracted_by: understood.by });
  if (understood.remark !== undefined) context.warn(understood.remark);
  for (const fact of left_out) context.warn(`Left out: ${fact}.`);
  return {
    extraction_status: 'done',
    extracted_by: understood.by,
    attributes: attributes.map(lineOf),
    dropped: dropped.map(fact => fact.reference),
  };
}

const aboutNobody = () =>
  new DeskhandError('INVALID_STATE', 'This note is about no customer yet, and facts are about customers.', {
    field: 'note_id',
    hint: 'Convert its lead first, or give the note a contact_id.',
  });
