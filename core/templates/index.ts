import { defineDomain } from '../kernel/registry/define.ts';
import { templateRecord } from './template.ts';

export const templates = defineDomain({
  name: 'template',
  area: 'messages',
  summary: 'The words of our mails, by kind.',
  whose: 'ours',
  records: [templateRecord],
  examples: {},
  constraints: {
    templates_active: {
      code: 'CONFLICT',
      field: 'is_active',
      message: 'Other words of this kind are in use already.',
      hint: 'Change those, or take them out of use first with is_active: false.',
    },
  },
});
