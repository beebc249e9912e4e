import { z } from 'zod';
import { cancelFollowUpsOfLead } from '../interactions/cancel-with-lead.ts';
import { updateRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { freeText } from '../kernel/words/text-schemas.ts';
import { cancelTasksOfLead } from '../tasks/follow.ts';
import { tellEnded } from './ending.ts';
import { leadAnswer, leadRecord, lockOpenLead } from './lead.ts';
import { disqualificationReasons } from './record.ts';

/** Ends a lead that will not become a customer, with the reason (CFL-16). Nobody has to call back any more. */
export const disqualifyLead = defineAction({
  domain: 'lead',
  name: 'disqualify',
  summary:
    'End a real inquiry that came to nothing, or spam, with the reason; kept and counted, cancels its follow-ups.',
  input: z.strictObject({
    lead_id: ref('lead'),
    reason: z.enum(disqualificationReasons),
    note: freeText.optional(),
  }),
  output: leadAnswer,
  permission: { level: 'unrestricted' },
  effect: 'update',
  locks: 'lead_id',
  several: { as: 'leads', word: 'lead_id', apart_by: ['lead_id'] },
  often: { rank: 2 },
  undo: 'lead.reopen',
  example: { lead_id: 'L-1001', reason: 'budget' },
  keywords: ['lost', 'spam', 'too expensive', 'not interested', 'reject', 'close'],
  async run(context, { lead_id, reason, note }) {
    const lead = await lockOpenLead(context, lead_id);
    await tellEnded(context, lead);
    await cancelFollowUpsOfLead(context, lead.id);
    await cancelTasksOfLead(context, lead.id);
    return updateRow(context, leadRecord, lead.id, {
      status: 'disqualified',
      disqualification_reason: reason,
      closed_reason: note ?? null,
    });
  },
});
