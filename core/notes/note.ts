import { z } from 'zod';
import { dropStaleOfNote, restoreWithNote } from '../attributes/of-note.ts';
import { contactRecord } from '../contacts/contact.ts';
import { extractors } from '../extraction/record.ts';
import { sql } from '../kernel/database/sql.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { defineRecord, type Row } from '../kernel/records/record.ts';
import { requireLiving } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { invalid, notFound } from '../kernel/words/errors.ts';
import { freeText, rowFacts } from '../kernel/words/text-schemas.ts';
import { noteDocument } from './document.ts';
import { enqueueExtraction } from './extraction-job.ts';
import { findLeadContact } from './lead-queries.ts';
import { findTicketContact } from './queries.ts';

/** `pending`: its facts are still to be found; `none`: nobody asked for that (NOT-01). */
export const extractionStatuses = ['none', 'pending', 'done'] as const;

export const noteRow = z.object({
  id: z.string(),
  reference: z.string(),
  contact_id: z.string().nullable(),
  ticket_id: z.string().nullable(),
  lead_id: z.string().nullable(),
  content: z.string(),
  source: z.string(),
  extraction_status: z.enum(extractionStatuses),
  extracted_by: z.enum(extractors).nullable(),
  import_batch_id: z.string().nullable(),
  deleted_at: z.string().nullable(),
  ...rowFacts,
});
export type Note = z.infer<typeof noteRow>;

export const noteWritable = z.strictObject({
  contact_id: ref('contact').optional(),
  ticket_id: ref('ticket').optional(),
  lead_id: ref('lead').optional(),
  content: freeText,
});

/** A dated entry about a customer, a visit or a lead (CFL-28). May be written about a closed visit too (GAP-02). */
export const noteRecord = defineRecord({
  name: 'note',
  plural: 'notes',
  table: 'notes',
  summary: 'Dated notes on customers and visits, newest first with sort=-created_at.',
  keywords: ['remark', 'memo', 'comment', 'gate code', 'dog'],
  reference: { prefix: 'N', start: 1001 },
  columns: {
    id: 'uuid',
    reference: 'text',
    contact_id: 'uuid',
    ticket_id: 'uuid',
    lead_id: 'uuid',
    content: 'text',
    source: 'text',
    extraction_status: 'text',
    extracted_by: 'text',
    import_batch_id: 'uuid',
    deleted_at: 'timestamptz',
    version: 'bigint',
    created_at: 'timestamptz',
    updated_at: 'timestamptz',
  },
  row: noteRow,
  label: row => String(row.content).slice(0, 60),
  writable: noteWritable,
  default_fields: [
    'id',
    'reference',
    'contact_id',
    'ticket_id',
    'lead_id',
    'content',
    'source',
    'extraction_status',
    'extracted_by',
    'created_at',
  ],
  sorts: ['created_at'],
  params: z.strictObject({
    contact_id: ref('contact').optional(),
    ticket_id: ref('ticket').optional(),
    lead_id: ref('lead').optional(),
    extraction_status: z.enum(extractionStatuses).optional(),
  }),
  where: params => [
    ...(params.contact_id ? [sql`contact_id = ${params.contact_id}::uuid`] : []),
    ...(params.ticket_id ? [sql`ticket_id = ${params.ticket_id}::uuid`] : []),
    ...(params.lead_id ? [sql`lead_id = ${params.lead_id}::uuid`] : []),
    ...(params.extraction_status ? [sql`extraction_status = ${params.extraction_status}`] : []),
  ],
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
  async afterWrite(context, row, before) {
    const note = noteRow.parse(row);
    const known = before === undefined ? undefined : noteRow.parse(before);
    if (note.extraction_status === 'pending' && isNews(note, known)) await enqueueExtraction(context, note);
    // What it said is about somebody else now.
    if (known && known.contact_id !== note.contact_id) await dropStaleOfNote(context, note.id, [], true);
  },
  async afterDelete(context, id) {
    await dropStaleOfNote(context, id, [], true);
  },
  afterRestore: (context, id, before) => restoreWithNote(context, id, String(before.deleted_at)),
  documentOf: row => noteDocument(noteRow.parse(row)),
  alsoIndexed: row => [
    { kind: 'contact', id: row.contact_id },
    { kind: 'lead', id: row.lead_id },
  ],
});

/** The members of a note with the customer it is about: its own, or that of its visit or lead. */
async function aboutSomebody(context: Context, input: Row, before: Row | undefined): Promise<Row> {
  await requireLiving(context, contactRecord, input.contact_id, 'contact_id');
  const ofLead = await leadCustomer(context, input.lead_id);
  const ticketId = input.ticket_id ?? before?.ticket_id;
  if (typeof ticketId !== 'string') {
    if (ofLead !== undefined) {
      if ((input.contact_id ?? ofLead) !== ofLead) throw notOfCustomer('lead_id', 'lead');
      return { ...input, contact_id: ofLead };
    }
    if (before || input.contact_id) return input;
    throw invalid('contact_id', 'A note is about somebody.', {
      hint: 'Give contact_id, lead_id or ticket_id.',
    });
  }
  const contact_id = await findTicketContact(context, ticketId);
  if ((input.contact_id ?? ofLead ?? before?.contact_id ?? contact_id) !== contact_id) {
    throw notOfCustomer('ticket_id', 'visit');
  }
  return { ...input, contact_id };
}

const notOfCustomer = (field: string, what: string) =>
  invalid(field, `This ${what} is another customer’s.`, {
    hint: `Leave contact_id out: the note goes to the customer of the ${what}.`,
  });

/** The customer of the lead a note is about; null when it has none yet, undefined without a lead. */
async function leadCustomer(context: Context, id: unknown): Promise<string | null | undefined> {
  if (typeof id !== 'string') return undefined;
  const contactId = await findLeadContact(context, id);
  if (contactId === undefined) throw notFound('lead', id, { field: 'lead_id' });
  return contactId;
}

/**
 * Whether its facts are to be found (NOT-01): of a new note unless the caller says otherwise, of a corrected one that
 * was looked at before, and of one that has a customer from now on. Facts are about customers, so there must be one.
 */
function extractionOf(columns: Row, before: Row | undefined): Row {
  if (columns.extraction_status !== undefined) return {};
  if (before === undefined) return { extraction_status: columns.contact_id ? 'pending' : 'none' };
  const known = noteRow.parse(before);
  const contactId = columns.contact_id === undefined ? known.contact_id : columns.contact_id;
  if (contactId === null) return known.contact_id === null ? {} : nobodyAsked;
  const isCorrected = columns.content !== undefined && columns.content !== known.content;
  const isMoved = contactId !== known.contact_id;
  const wasLookedAt = known.extraction_status !== 'none' || known.contact_id === null;
  return (isCorrected || isMoved) && wasLookedAt ? { extraction_status: 'pending', extracted_by: null } : {};
}

const nobodyAsked = { extraction_status: 'none', extracted_by: null };

const isNews = (note: Note, before: Note | undefined) =>
  before === undefined || before.content !== note.content || before.contact_id !== note.contact_id;
