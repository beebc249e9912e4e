import { endFollowUpsOfLead } from '../interactions/cancel-with-lead.ts';
import { updateRow } from '../kernel/records/record-queries.ts';
import { defineAutomation } from '../kernel/registry/automation.ts';
import { leadConverted } from './events.ts';
import { leadRecord, lockLead } from './lead.ts';

/**
 * Whoever has become a customer need not be called back as a lead any more. What was agreed on with the customer since the
 * conversion stays.
 */
export const endCallBacks = defineAutomation({
  name: 'lead.end_call_backs',
  summary: 'When a lead has become a customer, its call-backs and its reminder end.',
  on: leadConverted,
  keywords: ['call back', 'follow up', 'reminder', 'converted'],
  async run(context, { payload: { lead_id }, created_at }) {
    const lead = await lockLead(context, lead_id);
    const follow_ups = await endFollowUpsOfLead(context, lead.id, created_at);
    const reminders = lead.reminder_at === null ? 0 : 1;
    if (reminders > 0) await updateRow(context, leadRecord, lead.id, { reminder_at: null });
    return { follow_ups, reminders };
  },
});
