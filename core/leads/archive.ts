import { z } from 'zod';
import { cancelFollowUpsOfLead } from '../interactions/cancel-with-lead.ts';
import { updateRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { freeText } from '../kernel/words/text-schemas.ts';
import { cancelTasksOfLead } from '../tasks/follow.ts';
import { leadAnswer, leadRecord, lockOpenLead } from './lead.ts';

/** Puts a lead away without a verdict on it (LED-05); agents say why (LED-08). Nobody has to call back any more. */
export const archiveLead = defineAction({
  domain: 'lead',
  name: 'archive',
  summary:
    'Put a lead away without a verdict (went quiet, duplicate); cancels its follow-ups. With a verdict: disqualify.',
  input: z.strictObject({ lead_id: ref('lead'), reason: freeText.optional() }),
  output: leadAnswer,
  permission: { level: 'soft_limit' },
  effect: 'update',
  locks: 'lead_id',
  several: { as: 'leads', word: 'lead_id', apart_by: ['lead_id'] },
  undo: 'lead.reopen',
  example: { lead_id: 'L-1001', reason: 'Never called back' },
  keywords: ['put away', 'duplicate', 'shelve'],
  async run(context, { lead_id, reason }) {
    const lead = await lockOpenLead(context, lead_id);
    await cancelFollowUpsOfLead(context, lead.id);
    await cancelTasksOfLead(context, lead.id);
    return updateRow(context, leadRecord, lead.id, {
      status: 'archived',
      closed_reason: reason ?? context.request.reasoning ?? null,
    });
  },
});
