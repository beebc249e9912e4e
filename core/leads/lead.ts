import { z } from 'zod';
import { historyInclude } from '../audit/history.ts';
import { interactionsOfLeads } from '../interactions/include.ts';
import { moveInteractionsOfLead } from '../interactions/of-lead.ts';
import { raw, type Sql, sql } from '../kernel/database/sql.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { defineRecord } from '../kernel/records/record.ts';
import { getRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { searchDocuments } from '../kernel/search/index-documents.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import { moveNotesOfLead, notesOfLeads } from '../notes/of-lead.ts';
import { readLead } from './columns.ts';
import { labelOf, leadDocument } from './document.ts';
import { countHistory, listCandidates, listDocumentSources } from './queries.ts';
import {
  extractionStatuses,
  type Lead,
  leadClearable,
  leadColumns,
  leadRow,
  leadSources,
  leadStatuses,
  leadWritable,
  pipelineStages,
} from './record.ts';

/** Still to be won (CFL-16). */
const openStatuses = `'new', 'working', 'contacted', 'qualified'`;
const isOpen = sql`status in (${raw(openStatuses)})`;

/** An inquiry before it is a customer (LED-01). */
export const leadRecord = defineRecord({
  name: 'lead',
  plural: 'leads',
  table: 'leads',
  summary: 'Inquiries that are no customers yet: who asks for what, status, stage, and what was understood.',
  keywords: ['inquiry', 'enquiry', 'prospect', 'request', 'caller', 'new customer'],
  reference: { prefix: 'L', start: 1001 },
  columns: leadColumns,
  row: leadRow,
  label: row => labelOf(leadRow.parse(row)),
  writable: leadWritable,
  clearable: leadClearable,
  default_fields: [
    'id',
    'reference',
    'title',
    'full_name',
    'phone',
    'email',
    'status',
    'pipeline_stage',
    'extraction_status',
    'contact_id',
    'reminder_at',
    'created_at',
  ],
  sorts: ['created_at', 'updated_at', 'title'],
  params: z.strictObject({
    status: z.enum(leadStatuses).optional(),
    pipeline_stage: z.enum(pipelineStages).optional(),
    source: z.enum(leadSources).optional(),
    extraction_status: z.enum(extractionStatuses).optional(),
    owner_user_id: ref('member').optional(),
    contact_id: ref('contact').optional(),
    tag: z.string().max(50).optional(),
  }),
  where: (params): Sql[] => [
    ...(params.status ? [sql`status = ${params.status}`] : []),
    ...(params.pipeline_stage ? [sql`pipeline_stage = ${params.pipeline_stage}`] : []),
    ...(params.source ? [sql`source = ${params.source}`] : []),
    ...(params.extraction_status ? [sql`extraction_status = ${params.extraction_status}`] : []),
    ...(params.owner_user_id ? [sql`owner_user_id = ${params.owner_user_id}::uuid`] : []),
    ...(params.contact_id ? [sql`contact_id = ${params.contact_id}::uuid`] : []),
    ...(params.tag ? [sql`${params.tag} = any (tags)`] : []),
  ],
  filters: {
    open: { summary: 'still to be won', where: isOpen },
    pending: {
      summary: 'new, working or contacted, or with a reminder due',
      where: context =>
        sql`(status in ('new', 'working', 'contacted') or (${isOpen} and ${isDue(context.now)}))`,
    },
    unconfirmed: {
      summary: 'open, and nobody has confirmed what was understood',
      where: sql`${isOpen} and extraction_status = 'unconfirmed'`,
    },
    reminder_due: {
      summary: 'open, and its reminder is due',
      where: context => sql`${isOpen} and ${isDue(context.now)}`,
    },
  },
  includes: {
    interactions: interactionsOfLeads,
    notes: notesOfLeads,
    audit_trail: historyInclude('lead'),
  },
  actions: {
    update: { summary: 'Change facts about an open lead.', permission: { level: 'unrestricted' } },
    delete: { summary: 'Remove a lead; can be restored.', permission: { level: 'soft_limit' } },
  },
  toColumns(context, input, before) {
    const lead = before === undefined ? undefined : leadRow.parse(before);
    if (lead) requireOpen(lead);
    return readLead(context, input, lead);
  },
  // What was said goes with the customer it is about.
  async afterWrite(context, row, before) {
    if (before === undefined || before.contact_id === row.contact_id) return;
    const contactId = row.contact_id === null ? null : String(row.contact_id);
    await followCustomer(context, String(row.id), contactId);
  },
  async history(context, id) {
    const lead = leadRow.parse(await getRow(context, leadRecord, id));
    if (lead.status === 'converted') return 'this lead has become a customer';
    const { notes, interactions } = await countHistory(context, id);
    if (notes + interactions === 0) return undefined;
    return `this lead has ${count(notes, 'note')} and ${count(interactions, 'further interaction')}`;
  },
  async findByName(context, text) {
    const hits = await searchDocuments(context, ['lead'], text, 6);
    return listCandidates(
      context,
      hits.map(hit => hit.record_id),
    );
  },
  documents: async (context, ids) => (await listDocumentSources(context, ids)).map(leadDocument),
});

const isDue = (now: Context['now']) => sql`reminder_at <= ${now.toString()}::timestamptz`;

const count = (n: number, noun: string) => `${n} ${noun}${n === 1 ? '' : 's'}`;

/** Gives the notes and interactions of a lead its customer, or none. */
async function followCustomer(context: Context, leadId: string, contactId: string | null): Promise<void> {
  await moveInteractionsOfLead(context, leadId, contactId);
  await moveNotesOfLead(context, leadId, contactId);
}

/** The locked row of a lead, whatever its status. Throws NOT_FOUND. */
export const lockLead = async (context: Context, id: string): Promise<Lead> =>
  leadRow.parse(await getRow(context, leadRecord, id, { lock: true }));

/** The locked row of a lead that may still change. Throws NOT_FOUND, INVALID_STATE. */
export async function lockOpenLead(context: Context, id: string): Promise<Lead> {
  const lead = await lockLead(context, id);
  requireOpen(lead);
  return lead;
}

/** A converted lead is a customer for good; the other ends can be taken back (CFL-16). */
export function requireOpen({ reference, status, contact_id }: Lead): void {
  if (status === 'converted') {
    throw new DeskhandError('INVALID_STATE', `${reference} has become a customer; the lead is final.`, {
      contact_id,
      hint: 'Work on with the customer; notes and interactions may still be added.',
    });
  }
  if (status === 'disqualified' || status === 'archived') {
    throw new DeskhandError('INVALID_STATE', `${reference} is ${status}.`, {
      hint: 'Bring it back with lead.reopen first; notes and interactions may be added anyway.',
    });
  }
}
