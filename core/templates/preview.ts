import { z } from 'zod';
import { defineView } from '../kernel/registry/define.ts';
import { freeText, line } from '../kernel/words/text-schemas.ts';
import { compose, footerOf, wordsOf } from '../messages/compose.ts';
import { sampleValues, valuesOf } from '../messages/facts.ts';
import { htmlOf, textOf } from '../messages/frame.ts';
import { kinds } from '../messages/kinds.ts';
import { isUnasked, messageKinds } from '../messages/record.ts';
import { isLinkName, type Values } from '../messages/variables.ts';
import { checkWords } from '../messages/words.ts';
import { newestVisit } from '../tickets/told-visit.ts';

const preview = z.object({
  kind: z.enum(messageKinds),
  /** Whose words these are: those that are tried, those of the business, or those of the house. */
  words: z.enum(['tried', 'business', 'house']),
  subject: z.string().nullable(),
  text: z.string().nullable(),
  html: z.string().nullable(),
  /** The names in the words for which there is nothing to put in. */
  missing: z.array(z.string()),
});

/** How a kind of mail reads: with a visit there is, or a made-up one (WEB-04). Links lead nowhere. */
export const templatePreview = defineView({
  type: 'template_preview',
  domain: 'template',
  summary:
    'How a kind of mail reads, with a visit there is or a made-up one; words can be tried before they are saved.',
  keywords: ['preview', 'mail', 'wording', 'what does the customer read'],
  // A visit there is puts its customer's words in.
  whose: 'theirs',
  row: preview,
  params: z.strictObject({
    kind: z.enum(messageKinds),
    subject: line.optional(),
    body: freeText.optional(),
    /** `true`: with the customer of the newest visit there is, where it can be. */
    real: z.stringbool().or(z.boolean()).optional(),
  }),
  default_fields: ['kind', 'words', 'subject', 'text', 'missing'],
  async run(context, { params: { kind, subject, body, real } }) {
    if (subject !== undefined) checkWords(kind, 'subject', subject);
    if (body !== undefined) checkWords(kind, 'body', body);
    const used = await wordsOf(context, { kind, is_bounded: false });
    const isTried = subject !== undefined || body !== undefined;
    const words = {
      ...used,
      ...(isTried ? { whose: 'theirs' as const } : {}),
      subject: subject ?? used.subject,
      body: body ?? used.body,
    };
    const values: Values = {
      ...sampleValues,
      business_name: context.organization.name,
      ...(real ? await realValues(context, kind) : {}),
    };
    const { mail, missing = [] } = compose(words, values);
    const whose = isTried ? 'tried' : used.template_id === null ? 'house' : 'business';
    if (!mail)
      return { rows: [{ kind, words: whose, subject: null, text: null, html: null, missing: [...missing] }] };
    const framed = {
      subject: mail.subject,
      text: mail.text,
      footer: footerOf(context),
      links: nowhere,
      unsubscribe: isUnasked(kind) ? '#unsubscribe' : undefined,
    };
    return {
      rows: [
        {
          kind,
          words: whose,
          subject: mail.subject,
          text: textOf(framed),
          html: htmlOf(framed),
          missing: [],
        },
      ],
    };
  },
});

/** What the newest visit there is puts in; what it does not say is made up. */
async function realValues(
  context: Parameters<typeof newestVisit>[0],
  kind: (typeof messageKinds)[number],
): Promise<Values> {
  const visit = await newestVisit(context);
  if (!visit) return {};
  return valuesOf(context, {
    kind,
    contact_id: visit.contact_id,
    ticket_id: visit.id,
    invoice_id: null,
    custom_message: null,
    facts: {},
    links: {},
    is_bounded: false,
  });
}

const nowhere = Object.fromEntries(
  Object.keys(sampleValues)
    .filter(isLinkName)
    .map(name => [name, `#${name}`]),
);

/** What a text of each kind may name, and the words the house has for it. */
export const templateKinds = defineView({
  type: 'template_kinds',
  domain: 'template',
  summary: 'The kinds of mail: when each goes out, what its words may name, and the words of the house.',
  keywords: ['variables', 'mail', 'placeholders', 'wording'],
  whose: 'ours',
  row: z.object({
    kind: z.enum(messageKinds),
    label: z.string(),
    summary: z.string(),
    variables: z.array(z.string()),
    subject: z.string(),
    body: z.string(),
  }),
  params: z.strictObject({ kind: z.enum(messageKinds).optional() }),
  async run(_context, { params }) {
    const wanted = messageKinds.filter(kind => params.kind === undefined || kind === params.kind);
    return { rows: wanted.map(kind => ({ kind, ...kinds[kind], variables: [...kinds[kind].variables] })) };
  },
});
