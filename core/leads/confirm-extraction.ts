import { z } from 'zod';
import { leadFields } from '../extraction/record.ts';
import type { Row } from '../kernel/records/record.ts';
import { updateRecord } from '../kernel/records/record-actions.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { DeskhandError, invalid } from '../kernel/words/errors.ts';
import { extractedMembers, proposedColumns } from './extraction.ts';
import { leadAnswer, leadRecord, lockOpenLead } from './lead.ts';

const clearable = extractedMembers.filter(name => name !== 'title' && name !== 'source');

/**
 * Somebody says that what was understood is right, or what is right instead (LED-04, CFL-29). From then on nothing is
 * read out of the notes again.
 */
export const confirmExtraction = defineAction({
  domain: 'lead',
  name: 'confirm_extraction',
  summary: 'Confirm what was understood of a lead, with corrections where it is wrong.',
  input: z.strictObject({
    lead_id: ref('lead'),
    corrections: leadFields.optional(),
    clear: z.array(z.enum(clearable)).max(clearable.length).optional(),
  }),
  output: leadAnswer,
  permission: { level: 'soft_limit' },
  effect: 'update',
  locks: 'lead_id',
  object: 'what was understood of an inquiry',
  example: { lead_id: 'L-1001', corrections: { full_name: 'Robert Miles' } },
  keywords: ['correct', 'verify', 'validate', 'check'],
  async run(context, { lead_id, corrections = {}, clear = [] }) {
    const lead = await lockOpenLead(context, lead_id);
    if (lead.extraction_status !== 'unconfirmed') {
      throw new DeskhandError('INVALID_STATE', `${lead.reference} ${notToConfirm[lead.extraction_status]}.`, {
        state: lead.extraction_status,
        hint: 'Change facts with lead.update.',
      });
    }
    const { columns, unreadable } = proposedColumns(context, corrections);
    const [wrong] = unreadable;
    if (wrong !== undefined) {
      throw invalid(`corrections.${wrong}`, `This ${wrong} cannot be read.`, {
        hint: 'Write it in full: name@example.com, (256) 555-0142.',
      });
    }
    const emptied: Row = Object.fromEntries(
      clear.map(name => [name, name === 'property_details' ? [] : null]),
    );
    const { actor, now } = context;
    return updateRecord(context, leadRecord, lead.id, {
      ...emptied,
      ...columns,
      extraction_status: 'confirmed',
      confirmed_by: actor.kind === 'user' ? actor.id : null,
      confirmed_at: now.toString(),
    });
  },
});

const notToConfirm = {
  none: 'has nothing that was understood of notes',
  pending: 'waits for its notes to be read',
  confirmed: 'was confirmed already',
} as const;
