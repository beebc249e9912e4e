import { defineDomain } from '../kernel/registry/domain.ts';
import { requestsPerDay } from './settings.ts';
import { usageView } from './usage.ts';

export const llm = defineDomain({
  name: 'llm',
  label: 'language model',
  summary: 'What asking the language model costs.',
  whose: 'ours',
  views: [usageView],
  settings: [requestsPerDay],
});
