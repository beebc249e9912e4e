import { moveInteractionsOfLead } from '../interactions/move-with-lead.ts';
import { raw, sql } from '../kernel/database/sql.ts';
import type { Context, ReadContext } from '../kernel/pipeline/context.ts';
import { searchCandidates } from '../kernel/records/candidates.ts';
import { type Candidate, defineRecord } from '../kernel/records/record.ts';
import { findRow, getRow, listByIds } from '../kernel/records/record-queries.ts';
import { historyOf } from '../kernel/records/relations.ts';
import type { SearchDocument } from '../kernel/search/document.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import { moveNotesOfLead } from '../notes/move-with-lead.ts';
import { notesOfLeads } from '../notes/notes-of-leads.ts';
import { moveTasksOfLead } from '../tasks/follow.ts';
import { readLead } from './columns.ts';
import { labelOf, leadDocument } from './document.ts';
import { queueAgain } from './extraction-job.ts';
import { type Lead, leadColumns } from './record.ts';

/** Still to be won (CFL-16). */
const openStatuses = `'new', 'working', 'contacted', 'qualified'`;
const isOpen = sql`status in (${raw(openStatuses)})`;

/** An inquiry before it is a customer (LED-01). */
export const leadRecord = defineRecord({
  name: 'lead',
  noun: 'inquiry',
  nouns: 'inquiries',
  plural: 'leads',
  summary: 'Inquiries that are no customers yet: who asks for what, status, stage, and what was understood.',
  keywords: ['inquiry', 'enquiry', 'prospect', 'request', 'caller', 'new customer'],
  often: { rank: 2, members: ['status', 'owner_user_id', 'contact_id'] },
  reference: { prefix: 'L', start: 1001 },
  fields: leadColumns,
  lists_created_at: true,
  default_sort: 'created_at',
  label: labelOf,
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
  actions: {
    update: {
      summary: 'Change facts about an open lead.',
      permission: { level: 'unrestricted' },
      often: { rank: 3, members: ['lead_id', 'full_name', 'phone', 'email', 'service_interest', 'urgency'] },
    },
    delete: {
      summary: 'Remove a lead made by mistake; can be restored. Spam and lost ones: disqualify.',
      permission: { level: 'soft_limit' },
    },
  },
  toColumns(context, input, before) {
    if (before) requireOpen(before);
    return readLead(context, input, before);
  },
  // What was said goes with the customer it is about.
  async afterWrite(context, row, before) {
    if (before === undefined || before.contact_id === row.contact_id) return;
    await followCustomer(context, row.id, row.contact_id);
  },
  async queueAgain(context, id) {
    await queueAgain(context, await findRow(context, leadRecord, id));
  },
  history: historyOfLead,
  findByName: (context, text, among): Promise<Candidate[]> =>
    searchCandidates(context, leadRecord, text, among),
  documents: leadDocuments,
});

const isDue = (now: Context['now']) => sql`reminder_at <= ${now.toString()}::timestamptz`;

async function leadDocuments(context: ReadContext, ids: readonly string[]): Promise<SearchDocument[]> {
  const [leads, notes] = await Promise.all([listByIds(context, leadRecord, ids), notesOfLeads(context, ids)]);
  return leads.map(lead => leadDocument({ ...lead, entries: notes.get(lead.id) ?? null }));
}

async function historyOfLead(context: ReadContext, id: string): Promise<string | undefined> {
  const { status } = await getRow(context, leadRecord, id);
  return status === 'converted' ? 'this lead has become a customer' : historyOf(context, leadRecord, id);
}

/** Gives the notes, interactions and tasks of a lead its customer, or none. */
async function followCustomer(context: Context, leadId: string, contactId: string | null): Promise<void> {
  await moveInteractionsOfLead(context, leadId, contactId);
  await moveNotesOfLead(context, leadId, contactId);
  await moveTasksOfLead(context, leadId, contactId);
}

/** What the verbs of a lead answer: the lead without the text the caller knows and what was proposed once. */
export const leadAnswer = leadRecord.row.omit({ raw_notes: true, extraction: true, form_digest: true });

/** The locked row of a lead, whatever its status. Throws NOT_FOUND. */
export const lockLead = (context: Context, id: string): Promise<Lead> =>
  getRow(context, leadRecord, id, { lock: true });

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
