import { z } from 'zod';
import { proposeAttributes } from '../attributes/propose.ts';
import { type AttributeLine, attributeLine, lineOf } from '../attributes/record.ts';
import {
  type NoteFields,
  noteFields,
  type ProposedAttribute,
  type Understood,
  understoodNote,
} from '../extraction/record.ts';
import { type UnderstandingTools, understandNote } from '../extraction/understand.ts';
import type { Actor, Context } from '../kernel/pipeline/context.ts';
import { createRecord } from '../kernel/records/record-actions.ts';
import { getRow, updateRow } from '../kernel/records/record-queries.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import { requireOwnVisit } from '../tickets/requirements.ts';
import { keepUnderstood } from './extract.ts';
import { type Note, noteRecord } from './note.ts';

const prepared = z.object({ understood: understoodNote.optional() });

/**
 * Writes a note, and has its facts found: in a moment, at once, or not at all (NOT-01). Technicians write about their own
 * visits, closed ones too (GAP-02).
 */
export const createNote = defineAction({
  domain: 'note',
  name: 'create',
  summary: 'Write a note on a customer or a visit; its facts become unconfirmed attributes of the customer.',
  input: noteRecord.writable.extend({
    extract: z
      .enum(['now', 'later', 'no'])
      .optional()
      .meta({ description: 'when facts are found: later unless attributes are given' }),
    attributes: noteFields.shape.attributes
      .optional()
      .meta({ description: 'facts you have understood yourself: {key, value, details?}' }),
  }),
  output: noteRecord.row.extend({ attributes: z.array(attributeLine).optional() }),
  permission: { level: 'unrestricted' },
  effect: 'create',
  often: { rank: 1, members: ['content', 'contact_id', 'ticket_id', 'lead_id'] },
  undo: 'note.delete',
  example: { contact_id: 'Jane Smith', content: 'Dog named Biscuit, keep the gate closed.' },
  touches: ['llm'],
  connectors: ['model'],
  roles: ['owner', 'admin', 'member', 'technician'],
  keywords: ['add', 'new', 'write', 'remark', 'memo', 'comment', 'remember'],
  async prepare(tools, { content, extract, ...input }) {
    if (extract !== 'now') return undefined;
    const visit = ownVisit(tools.actor, input);
    // Nobody is asked about a visit of somebody else: this read does not find it.
    if (visit !== undefined) await tools.read('tickets', { id: visit, fields: ['id'] });
    const understood = await read(tools, content);
    return { ...(understood ? { understood } : {}) };
  },
  async run(context, { extract, attributes, ...input }) {
    const visit = ownVisit(context.actor, input);
    if (visit !== undefined) await requireOwnVisit(context, visit);
    const wanted = extract ?? (attributes === undefined ? 'later' : 'no');
    const understood = wanted === 'now' ? await readNow(context, input.content) : undefined;
    const when = wanted === 'now' && !understood ? 'later' : wanted;
    const note = await createRecord(context, noteRecord, {
      ...input,
      ...(when === 'later' ? {} : { extraction_status: 'none' }),
    });
    if (note.contact_id === null) {
      if (attributes !== undefined || extract === 'now') context.warn(aboutNobody);
      return note;
    }
    const given = attributes === undefined ? undefined : await takeOver(context, note, attributes);
    const found = understood ? await keepFound(context, note, understood) : undefined;
    if (when !== wanted)
      context.warn('Its facts could not be found now; they are looked for again in a moment.');
    const all = [...(given ?? []), ...(found ?? [])];
    return {
      ...(await getRow(context, noteRecord, note.id)),
      ...(given === undefined && found === undefined ? {} : { attributes: all }),
    };
  },
});

type Subject = Pick<z.output<typeof noteRecord.writable>, 'ticket_id' | 'contact_id' | 'lead_id'>;

/** The visit a technician writes about; undefined for everybody else. Throws FORBIDDEN for what is no visit. */
function ownVisit({ role }: Actor, { ticket_id, contact_id, lead_id }: Subject): string | undefined {
  if (role !== 'technician') return undefined;
  if (ticket_id !== undefined && contact_id === undefined && lead_id === undefined) return ticket_id;
  throw new DeskhandError('FORBIDDEN', 'A technician writes notes on their own visits.', {
    field: 'ticket_id',
    hint: 'Give ticket_id alone: the note goes to the customer of the visit.',
  });
}

const aboutNobody =
  'Facts are about customers, and this note is about none yet: they are found once its lead has one.';

/** Facts that come with the note: an agent's wait for somebody to confirm them, a person's are confirmed (CFL-30). */
async function takeOver(
  context: Context,
  note: Note,
  attributes: readonly ProposedAttribute[],
): Promise<AttributeLine[]> {
  if (note.contact_id === null) return [];
  const isPerson = context.actor.kind === 'user';
  const by = isPerson ? undefined : 'agent';
  const target = {
    contact_id: note.contact_id,
    source: 'note' as const,
    note_id: note.id,
    ...(note.ticket_id === null ? {} : { ticket_id: note.ticket_id }),
    is_confirmed: isPerson,
  };
  const { attributes: kept, left_out } = await proposeAttributes(context, target, {
    by,
    fields: { attributes },
  });
  for (const fact of left_out) context.warn(`Left out: ${fact}.`);
  const status = note.extraction_status === 'pending' ? {} : ({ extraction_status: 'done' } as const);
  await updateRow(context, noteRecord, note.id, { ...status, extracted_by: by ?? null });
  return kept.map(lineOf);
}

type Understanding = Understood<NoteFields> | undefined;

/** What a note says; undefined when that fails for whatever reason: the note is worth more than its facts. */
async function read(tools: UnderstandingTools, content: string): Promise<Understanding> {
  try {
    return await understandNote(tools, content);
  } catch {
    return undefined;
  }
}

/** What `prepare` brought. A workflow that calls this has none, and asks no model; the rules need nobody. */
async function readNow(context: Context, content: string): Promise<Understanding> {
  if (context.prepared !== undefined) return prepared.parse(context.prepared).understood;
  return read({ connectors: { model: undefined }, organization: context.organization }, content);
}

async function keepFound(
  context: Context,
  note: Note,
  understood: Understood<NoteFields>,
): Promise<AttributeLine[]> {
  const current = await getRow(context, noteRecord, note.id);
  return attributeLine.array().parse((await keepUnderstood(context, current, understood)).attributes);
}
