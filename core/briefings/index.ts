import { defineDomain } from '../kernel/registry/domain.ts';
import { inbox } from '../reading/inbox.ts';
import { briefings, recordBriefing } from './record.ts';

export const briefing = defineDomain({
  name: 'briefing',
  summary: 'What the owner is told in the morning.',
  actions: [recordBriefing],
  views: [briefings, inbox],
});
