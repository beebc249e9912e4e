import { defineDomain } from '../kernel/registry/domain.ts';
import { templateKinds, templatePreview } from './preview.ts';
import { templateRecord } from './template.ts';

export const templates = defineDomain({
  name: 'template',
  area: 'messages',
  summary: 'The words of our mails, by kind.',
  whose: 'ours',
  records: [templateRecord],
  views: [templateKinds, templatePreview],
  examples: {
    template: {
      name: 'Friendly reminder',
      kind: 'reminder',
      subject: 'See you tomorrow',
      body: 'Hello,\n\nwe look forward to seeing you tomorrow.',
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
