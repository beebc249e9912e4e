import { boolean, choice, customFields, longText, text } from '../kernel/records/field.ts';
import { defineRecord, type RowIn } from '../kernel/records/record.ts';
import { messageKinds } from '../messages/record.ts';
import { checkWords } from '../messages/words.ts';

/** The words of the business for a kind of mail (EML-02, EML-03); one of a kind is in use. */
export const templateRecord = defineRecord({
  name: 'template',
  plural: 'templates',
  summary: 'The words of our mails by kind, with names such as {{customer_name}}; one of a kind is in use.',
  keywords: ['mail text', 'e-mail text', 'wording', 'letter', 'confirmation text', 'reminder text'],
  reference: { prefix: 'TPL', start: 1 },
  fields: {
    name: text({ required: true, list: true, sort: true, label: true, search: 'names', whose: 'ours' }),
    kind: choice(messageKinds, {
      required: true,
      writable: 'create',
      list: true,
      filter: true,
      search: 'body',
    }),
    subject: text({ required: true, list: true, search: 'body', whose: 'ours' }),
    body: longText({ required: true, search: 'body', whose: 'ours' }),
    is_active: boolean({ default: true, list: true, filter: true }),
    custom_fields: customFields(),
  },
  actions: {
    create: {
      summary: 'Write the words for a kind of mail; they go out from then on.',
      permission: { level: 'requires_authorization' },
    },
    update: {
      summary: 'Change the words of a kind of mail.',
      permission: { level: 'requires_authorization' },
    },
    delete: {
      summary: 'Take words of a kind of mail away; those of the house are used again.',
      permission: { level: 'requires_authorization' },
    },
  },
  toColumns(_context, input, before) {
    const kind = input.kind ?? before?.kind ?? 'other';
    if (input.subject) checkWords(kind, 'subject', input.subject);
    if (input.body) checkWords(kind, 'body', input.body);
    return input;
  },
});

export type Template = RowIn<typeof templateRecord>;
