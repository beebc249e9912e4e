import { defineDomain } from '../kernel/define.ts';
import { usageView } from './usage.ts';

export const llm = defineDomain({
  name: 'llm',
  summary: 'What asking the language model costs.',
  views: [usageView],
});
