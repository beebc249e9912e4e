import { dropStaleOfNote, restoreWithNote } from '../attributes/drop-with-note.ts';
import { extractors } from '../extraction/record.ts';
import { sql } from '../kernel/database/sql.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { choice, longText, ref } from '../kernel/records/field.ts';
import type { TimelineEntry } from '../kernel/records/field-shape.ts';
import { defineRecord, type Numbering, type PlainAction } from '../kernel/records/record.ts';
import { findRow, getRow } from '../kernel/records/record-queries.ts';
import type { RowOf } from '../kernel/records/row-of.ts';
import { invalid } from '../kernel/words/errors.ts';
import { leadRecord } from '../leads/lead.ts';
import { ticketRecord } from '../tickets/ticket.ts';
import { enqueueAgain, enqueueExtraction } from './extraction-job.ts';

/** `pending`: its facts are still to be found; `none`: nobody asked for that (NOT-01). */
export const extractionStatuses = ['none', 'pending', 'done'] as const;

const inTimeline: TimelineEntry = {
  kind: 'note',
  at: sql`r.created_at`,
  what: sql`'note'`,
  text: sql`r.content`,
};

/** How whoever a note is about shows it. */
const shown = {
  as: 'notes',
  summary: 'notes, newest first',
  order: '-id',
  shows: ['reference', 'content', 'created_at'],
} as const;

/** How a customer and a lead keep it besides. */
const kept = {
  ...shown,
  told_with_parent: true,
  on_delete: 'history',
  in_parent_document: true,
  timeline: inTimeline,
} as const;

const fields = {
  contact_id: ref('contact', { ...kept, about: true, clear: false, list: true, filter: true }),
  ticket_id: ref('ticket', { ...shown, clear: false, list: true, filter: true }),
  lead_id: ref('lead', { ...kept, clear: false, list: true, filter: true }),
  content: longText({ required: true, list: true, search: 'body' }),
  source: choice(['manual', 'import', 'close_out', 'lead'], {
    default: 'manual',
    writable: false,
    list: true,
  }),
  extraction_status: choice(extractionStatuses, {
    default: 'none',
    writable: false,
    list: true,
    filter: true,
  }),
  extracted_by: choice(extractors, { writable: false, list: true }),
  import_batch_id: ref('import', { writable: false, on_delete: 'cascade' }),
};

export type Note = RowOf<typeof fields, { delete: PlainAction }, Numbering>;

/** A dated entry about a customer, a visit or a lead (CFL-28). May be written about a closed visit too (GAP-02). */
export const noteRecord = defineRecord({
  name: 'note',
  plural: 'notes',
  summary: 'Dated notes on customers and visits. Newest first with sort=-created_at.',
  keywords: ['remark', 'memo', 'comment', 'gate code', 'dog'],
  often: { rank: 2, members: ['contact_id', 'ticket_id', 'lead_id'] },
  reference: { prefix: 'N', start: 1001 },
  fields,
  lists_created_at: true,
  label: row => row.content.slice(0, 60),
  actions: {
    update: {
      summary: 'Correct a note; its unconfirmed facts are found anew.',
      permission: { level: 'unrestricted' },
    },
    delete: {
      summary: 'Remove a note and its unconfirmed facts; can be restored.',
      permission: { level: 'soft_limit' },
    },
  },
  async toColumns(context, input, before) {
    const columns = await aboutSomebody(context, input, before);
    return { ...columns, ...extractionOf(columns, before) };
  },
  async afterWrite(context, note, before) {
    if (note.extraction_status === 'pending' && isNews(note, before)) await enqueueExtraction(context, note);
    // What it said is about somebody else now.
    if (before && before.contact_id !== note.contact_id) await dropStaleOfNote(context, note.id, [], true);
  },
  async afterDelete(context, id) {
    await dropStaleOfNote(context, id, [], true);
  },
  afterRestore: (context, id, before) => restoreWithNote(context, id, String(before.deleted_at)),
  async queueAgain(context, id) {
    await enqueueAgain(context, await findRow(context, noteRecord, id));
  },
  document: ({ content }) => ({ title: content.slice(0, 400).replace(/\s+/g, ' ').slice(0, 80) }),
});

/** The members of a note with the customer it is about: its own, or that of its visit or lead. */
async function aboutSomebody(
  context: Context,
  input: Partial<Note>,
  before: Note | undefined,
): Promise<Partial<Note>> {
  const lead = input.lead_id ? await getRow(context, leadRecord, input.lead_id) : undefined;
  const ofLead = lead?.contact_id;
  const ticketId = input.ticket_id ?? before?.ticket_id;
  if (!ticketId) {
    if (ofLead !== undefined) {
      if ((input.contact_id ?? ofLead) !== ofLead) throw notOfCustomer('lead_id', 'lead');
      return { ...input, contact_id: ofLead };
    }
    if (before || input.contact_id) return input;
    throw invalid('contact_id', 'A note is about somebody.', {
      hint: 'Give contact_id, lead_id or ticket_id.',
    });
  }
  const { contact_id } = await getRow(context, ticketRecord, ticketId);
  if ((input.contact_id ?? ofLead ?? before?.contact_id ?? contact_id) !== contact_id) {
    throw notOfCustomer('ticket_id', 'visit');
  }
  return { ...input, contact_id };
}

const notOfCustomer = (field: string, what: string) =>
  invalid(field, `This ${what} is another customer’s.`, {
    hint: `Leave contact_id out: the note goes to the customer of the ${what}.`,
  });

/**
 * Whether its facts are to be found (NOT-01): of a new note unless the caller says otherwise, of a corrected one that
 * was looked at before, and of one that has a customer from now on. Facts are about customers, so there must be one.
 */
function extractionOf(columns: Partial<Note>, known: Note | undefined): Partial<Note> {
  if (columns.extraction_status !== undefined) return {};
  if (known === undefined) return { extraction_status: columns.contact_id ? 'pending' : 'none' };
  const contactId = columns.contact_id === undefined ? known.contact_id : columns.contact_id;
  if (contactId === null) return known.contact_id === null ? {} : nobodyAsked;
  const isCorrected = columns.content !== undefined && columns.content !== known.content;
  const isMoved = contactId !== known.contact_id;
  const wasLookedAt = known.extraction_status !== 'none' || known.contact_id === null;
  return (isCorrected || isMoved) && wasLookedAt ? { extraction_status: 'pending', extracted_by: null } : {};
}

const nobodyAsked = { extraction_status: 'none', extracted_by: null } as const;

const isNews = (note: Note, before: Note | undefined) =>
  before === undefined || before.content !== note.content || before.contact_id !== note.contact_id;
