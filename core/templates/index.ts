import { defineDomain } from '../kernel/registry/define.ts';
import { templateRecord } from './template.ts';

export const templates = defineDomain({
  name: 'template',
  area: 'messages',
  summary: 'The words of our mails, by kind.',
  whose: 'ours',
  records: [templateRecord],
  examples: {
    template: {
      name: 'Friendly reminder',
      kind: 'reminder',
      subject: 'See you tomorrow at {{appointment_time}}',
      body: 'Hello {{customer_first_name}},\n\nwe see you tomorrow at {{appointment_time}}.',
    },
  },
  constraints: {
    templates_active: {
      code: 'CONFLICT',
      field: 'is_active',
      message: 'Other words of this kind are in use already.',
    },
  },
});
