import { defineDomain } from '../kernel/registry/domain.ts';
import { callBacksWait, tasksWait } from '../reading/due-counts.ts';
import { followUps } from '../reading/follow-ups.ts';
import { timeline } from '../reading/timeline.ts';
import { cancelFollowUp } from './cancel-follow-up.ts';
import { completeFollowUp } from './complete-follow-up.ts';
import { interactionRecord } from './interaction.ts';
import { setFollowUp } from './set-follow-up.ts';

export const interactions = defineDomain({
  name: 'interaction',
  area: 'customers',
  summary: 'What was said with customers and leads, and what has to follow.',
  aliases: { occurred_at: ['timestamp'], follow_up_at: ['follow_up_date'] },
  examples: {
    interaction: {
      type: 'phone_call',
      direction: 'inbound',
      contact_id: 'Jane Smith',
      follow_up_at: '2026-12-01T09:00',
      subject: 'Asked for a date in spring',
    },
  },
  records: [interactionRecord],
  actions: [setFollowUp, completeFollowUp, cancelFollowUp],
  views: [followUps, timeline],
  waits: [callBacksWait, tasksWait],
});
