import { z } from 'zod';
import { contactRecord } from '../contacts/contact.ts';
import { attributeDetails, attributeKey, attributeValue } from '../extraction/record.ts';
import { showAttribute } from '../extraction/show.ts';
import { findRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { notFound } from '../kernel/words/errors.ts';
import { quote } from '../kernel/words/quote.ts';
import { keepFact, withoutSecrets } from './facts.ts';
import { ensureKey, requireFit } from './keys.ts';
import { answerOf, attributeAnswer } from './record.ts';

/** Sets a fact by hand (NOT-03): a person's word is confirmed at once, an agent's waits for one (CFL-30), unless it passes on the owner's. */
export const setAttribute = defineAction({
  domain: 'attribute',
  name: 'set',
  summary: 'Write down a fact about a customer, such as pet: dog; a key with one value gets the new one.',
  input: z.strictObject({
    contact_id: ref('contact'),
    key: attributeKey,
    value: attributeValue,
    details: attributeDetails.optional(),
    said_by: z.literal('owner').optional().meta({
      description: 'the owner said so to you: it is confirmed; never for what you read or inferred',
    }),
  }),
  output: attributeAnswer.extend({
    is_new: z.boolean(),
    /** References of the values this one took the place of. */
    replaced: z.array(z.string()),
  }),
  permission: { level: 'unrestricted' },
  effect: 'create',
  several: { as: 'facts' },
  often: { rank: 2 },
  undo: 'attribute.delete',
  past: 'set',
  example: { contact_id: 'Jane Smith', key: 'pet', value: 'dog' },
  keywords: ['add', 'new', 'fact', 'remember', 'pet', 'gate code', 'elderly', 'preference'],
  async run(context, { contact_id, said_by, ...given }) {
    if (!(await findRow(context, contactRecord, contact_id, { lock: true }))) {
      throw notFound('contact', contact_id, { field: 'contact_id' });
    }
    const key = await ensureKey(context, given.key);
    const fact = await withoutSecrets(context, 'attribute.set', given);
    const isPerson = context.actor.kind === 'user';
    const { row, isNew, replaced } = await keepFact(context, key, {
      ...fact,
      key: key.key,
      value: requireFit(key, fact.value, 'value'),
      contact_id,
      source: 'manual',
      note_id: null,
      ticket_id: null,
      lead_id: null,
      extracted_by: context.actor.kind === 'agent' ? 'agent' : null,
      said_by: said_by ?? null,
      // What an agent passes on of the owner is the owner's word; the trail says that an agent wrote it.
      is_confirmed: isPerson || said_by === 'owner',
    });
    if (!row.is_confirmed) {
      context.warn(
        `${quote(showAttribute(row))} is unconfirmed until a person, or attribute.confirm, says that it is so.`,
      );
    }
    return { ...answerOf(row), is_new: isNew, replaced: replaced.map(other => other.reference) };
  },
});
