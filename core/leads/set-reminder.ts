import { z } from 'zod';
import { updateRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { DeskhandError, invalid } from '../kernel/words/errors.ts';
import { localTime, moment } from '../kernel/words/time.ts';
import { readReminder } from './create.ts';
import { leadAnswer, leadRecord, lockOpenLead } from './lead.ts';

/** Reminds of an open lead at a moment, or no more (LED-07). */
export const setReminder = defineAction({
  domain: 'lead',
  name: 'set_reminder',
  summary: 'Be reminded of an open lead at reminder_at; clear takes the reminder away.',
  input: z.strictObject({
    lead_id: ref('lead'),
    reminder_at: moment.optional(),
    clear: z.boolean().optional(),
  }),
  output: leadAnswer.extend({ reminder_local: z.string().nullable() }),
  permission: { level: 'unrestricted' },
  effect: 'update',
  locks: 'lead_id',
  often: { rank: 2 },
  past: 'set',
  example: { lead_id: 'L-1001', reminder_at: '2026-12-01T09:00' },
  keywords: ['remind', 'call later', 'snooze'],
  async run(context, { lead_id, reminder_at, clear = false }) {
    const lead = await lockOpenLead(context, lead_id);
    if (clear === (reminder_at !== undefined)) {
      throw invalid('reminder_at', 'Say when, or clear.', { hint: 'Give reminder_at, or clear: true.' });
    }
    if (clear && lead.reminder_at === null) {
      throw new DeskhandError('INVALID_STATE', `${lead.reference} has no reminder.`, { field: 'clear' });
    }
    const at = reminder_at === undefined ? null : readReminder(context, reminder_at);
    const row = await updateRow(context, leadRecord, lead.id, { reminder_at: at });
    const { time_zone } = context.organization;
    return {
      ...row,
      reminder_local: row.reminder_at === null ? null : localTime(row.reminder_at, time_zone),
    };
  },
});
