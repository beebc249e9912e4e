import { z } from 'zod';
import { understandNote } from '../extraction/understand.ts';
import { importRecord } from '../import/import.ts';
import { PermanentFailure } from '../kernel/outside/delivery-failure.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { getRow, updateRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction, type JobHandler } from '../kernel/registry/define.ts';
import { keepUnderstood } from './extract.ts';
import { type Note, noteRecord } from './note.ts';
import { lockUnread } from './queries.ts';

/** Notes that are read in one call: a second or so of work, so that nobody waits for what it holds. */
const batch = 25;

/**
 * Finds the facts of the notes an import brought (NOT-01), some at a time and each note once: by rules, for nobody hands a
 * whole file to a model. They wait for somebody to confirm them, and go when the import is taken back.
 */
export const readImportedNotes = defineAction({
  domain: 'note',
  name: 'read_imported',
  summary: 'Find the facts of the notes of an import, some notes a call: again while left is true.',
  input: z.strictObject({
    import_id: ref('import'),
    /** Goes on by itself, as jobs. */
    in_background: z.boolean().optional(),
  }),
  output: z.object({
    /** Notes that were read now. */
    notes: z.number(),
    /** Facts they say. */
    facts: z.number(),
    /** Whether there may be more. */
    left: z.boolean(),
  }),
  permission: { level: 'unrestricted' },
  effect: 'update',
  past: 'read',
  participle: 'read',
  object: 'the notes of an import',
  example: { import_id: 'I-1' },
  many: true,
  roles: ['owner', 'admin'],
  human_only: true,
  keywords: ['attributes', 'facts', 'understand', 'square', 'csv'],
  async run(context, { import_id, in_background }) {
    await getRow(context, importRecord, import_id);
    const unread = await lockUnread(context, import_id, batch);
    let facts = 0;
    for (const { id } of unread) facts += await readNote(context, id);
    const left = unread.length === batch;
    if (in_background && left) await enqueueReading(context, import_id);
    return { notes: unread.length, facts, left };
  },
});

async function readNote(context: Context, id: string): Promise<number> {
  const note = await getRow(context, noteRecord, id);
  const understood = await understand(context, note);
  if (!understood) {
    // What the rules cannot read today they could not tomorrow: the others are not held up.
    await updateRow(context, noteRecord, id, { extraction_status: 'done', extracted_by: 'rules' });
    return 0;
  }
  const { attributes } = await keepUnderstood(context, note, understood);
  return attributes.length;
}

async function understand({ organization }: Context, { content }: Note) {
  try {
    return await understandNote({ connectors: { model: undefined }, organization }, content, 'rules');
  } catch {
    return undefined;
  }
}

const kind = 'note.read_imported';

/** Has the notes of an import read in a moment, behind whatever waits already. */
export const enqueueReading = (context: Context, importId: string): Promise<void> =>
  context.enqueue({ kind, payload: { import_id: importId } });

const payload = z.object({ import_id: z.string() });

/** One batch a job, so that a large import holds up nobody: the next one stands behind what came meanwhile. */
export const readImportedLater: JobHandler = {
  kind,
  summary: 'finds the facts of imported notes',
  is_internal: true,
  async run(job, { execute }) {
    const parsed = payload.safeParse(job.payload);
    if (!parsed.success) throw new PermanentFailure('This job names no import.');
    const { data } = await execute(job.organization_id, {
      action: 'note.read_imported',
      data: { import_id: parsed.data.import_id, in_background: true },
    });
    return data;
  },
};
