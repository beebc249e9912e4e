import { defineDomain } from '../kernel/registry/define.ts';
import { timeline } from '../reading/timeline.ts';
import { cancelFollowUp, completeFollowUp, setFollowUp } from './follow-up.ts';
import { followUps } from './follow-ups.ts';
import { interactionRecord } from './interaction.ts';

export const interactions = defineDomain({
  name: 'interaction',
  summary: 'What was said with customers and leads, and what has to follow.',
  records: [interactionRecord],
  actions: [setFollowUp, completeFollowUp, cancelFollowUp],
  views: [followUps, timeline],
});
