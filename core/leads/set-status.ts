import { z } from 'zod';
import { updateRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { DeskhandError, invalid } from '../kernel/words/errors.ts';
import { leadAnswer, leadRecord, lockOpenLead } from './lead.ts';
import { type LeadStatus, leadStatuses } from './record.ts';

/** Where an open lead may go from where it is; it is new only once. */
const next: Readonly<Partial<Record<LeadStatus, readonly LeadStatus[]>>> = {
  new: ['working', 'contacted', 'qualified'],
  working: ['contacted', 'qualified'],
  contacted: ['working', 'qualified'],
  qualified: ['working', 'contacted'],
};

/** The ends of a lead say more than a word, so they have verbs of their own. */
const verbs: Readonly<Partial<Record<LeadStatus, string>>> = {
  converted: 'Make it a customer with lead.convert.',
  disqualified: 'Say why with lead.disqualify.',
  archived: 'Put it away with lead.archive.',
};

/** Says how far an open lead is (LED-05, CFL-16). */
export const setStatus = defineAction({
  domain: 'lead',
  name: 'set_status',
  summary: 'Say how far an open lead is: working, contacted or qualified.',
  // All of them, so that whoever asks for an end is told its verb.
  input: z.strictObject({ lead_id: ref('lead'), status: z.enum(leadStatuses) }),
  output: leadAnswer,
  permission: { level: 'unrestricted' },
  effect: 'update',
  locks: 'lead_id',
  several: { as: 'leads', word: 'lead_id', apart_by: ['lead_id'] },
  past: 'set',
  example: { lead_id: 'L-1001', status: 'contacted' },
  keywords: ['qualify', 'contacted', 'progress'],
  async run(context, { lead_id, status }) {
    const lead = await lockOpenLead(context, lead_id);
    const options = next[lead.status] ?? [];
    if (options.includes(status)) {
      return updateRow(context, leadRecord, lead.id, { status });
    }
    if (status === lead.status) {
      throw new DeskhandError('INVALID_STATE', `${lead.reference} is ${status} already.`, {
        field: 'status',
        valid_options: options,
      });
    }
    throw invalid('status', `${lead.reference} is ${lead.status} and cannot be set to ${status}.`, {
      got: status,
      valid_options: options,
      hint: verbs[status] ?? 'Nothing is new a second time.',
    });
  },
});
