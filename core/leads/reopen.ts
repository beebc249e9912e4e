import { z } from 'zod';
import { updateRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import { leadAnswer, leadRecord, lockLead, requireOpen } from './lead.ts';

/** Takes up a disqualified or archived lead again (CFL-16). A converted one is a customer and stays one. */
export const reopenLead = defineAction({
  domain: 'lead',
  name: 'reopen',
  summary: 'Take up a disqualified or archived lead again.',
  input: z.strictObject({ lead_id: ref('lead') }),
  output: leadAnswer,
  permission: { level: 'unrestricted' },
  effect: 'update',
  locks: 'lead_id',
  example: { lead_id: 'L-1001' },
  keywords: ['bring back', 'revive', 'undo'],
  async run(context, { lead_id }) {
    const lead = await lockLead(context, lead_id);
    if (lead.status === 'converted') requireOpen(lead);
    if (lead.status !== 'disqualified' && lead.status !== 'archived') {
      throw new DeskhandError('INVALID_STATE', `${lead.reference} is open: it is ${lead.status}.`, {
        state: lead.status,
      });
    }
    return updateRow(context, leadRecord, lead.id, {
      status: 'working',
      disqualification_reason: null,
      closed_reason: null,
    });
  },
});
