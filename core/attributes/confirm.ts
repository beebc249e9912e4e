import { z } from 'zod';
import { contactRecord } from '../contacts/contact.ts';
import { attributeDetails, attributeKey, attributeValue } from '../extraction/record.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { findRow, listByIds } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { invalid, notFound } from '../kernel/words/errors.ts';
import { type Attribute, attributeRecord } from './attribute.ts';
import { replaceOthers, touch, withoutSecrets } from './facts.ts';
import type { CatalogKey } from './key-queries.ts';
import { ensureKey, requireFit } from './keys.ts';
import { confirmFact, deleteFact, lockSame, rewriteFact } from './queries.ts';
import { listOfContacts } from './read-queries.ts';
import { type AttributeLine, attributeLine, lineOf } from './record.ts';

const correction = z.strictObject({
  attribute_id: ref('attribute'),
  key: attributeKey.optional(),
  value: attributeValue.optional(),
  details: attributeDetails.optional(),
});
type Correction = z.output<typeof correction>;

/** Makes extracted facts reliable (CFL-30), as they are or corrected. Confirming what is confirmed changes nothing. */
export const confirmAttributes = defineAction({
  domain: 'attribute',
  name: 'confirm',
  summary: 'Confirm facts, some or all of one customer; corrections change key, value or details first.',
  input: z.strictObject({
    attribute_ids: z.array(ref('attribute')).max(100).optional(),
    contact_id: ref('contact').optional(),
    corrections: z.array(correction).max(50).optional(),
  }),
  output: z.object({
    confirmed: z.array(attributeLine),
    /** References of facts that were confirmed before. */
    already_confirmed: z.array(z.string()),
    /** References of facts that gave way: an older value of a key with one value, a fact that was there twice. */
    replaced: z.array(z.string()),
  }),
  permission: { level: 'soft_limit' },
  effect: 'update',
  often: { rank: 3, members: ['attribute_ids', 'contact_id', 'corrections'] },
  example: {
    attribute_ids: ['AT-1001'],
    corrections: [{ attribute_id: 'AT-1001', details: { name: 'Biscuit' } }],
  },
  many: true,
  keywords: ['verify', 'approve', 'correct', 'extraction'],
  async run(context, { attribute_ids = [], contact_id, corrections = [] }) {
    const named = [...new Set([...attribute_ids, ...corrections.map(one => one.attribute_id)])];
    if (named.length === 0 && contact_id === undefined) {
      throw invalid('attribute_ids', 'Say which facts to confirm.', {
        hint: 'Give attribute_ids, corrections, or contact_id for all of a customer.',
      });
    }
    const fixes = new Map(corrections.map(one => [one.attribute_id, one]));
    const answer: Answer = { confirmed: [], already_confirmed: [], replaced: [] };
    for (const row of await choose(context, named, contact_id)) {
      // It gave way to one that was confirmed a moment ago, in this same call.
      if (answer.replaced.includes(row.reference)) continue;
      await confirmOne(context, row, fixes.get(row.id), answer);
    }
    return answer;
  },
});

interface Answer {
  confirmed: AttributeLine[];
  already_confirmed: string[];
  replaced: string[];
}

/** The facts to confirm, locked after their customers. Throws NOT_FOUND, and VALIDATION_ERROR for another customer's. */
async function choose(
  context: Context,
  named: readonly string[],
  contactId: string | undefined,
): Promise<Attribute[]> {
  const facts = await listByIds(context, attributeRecord, named);
  const owners = [
    ...new Set([...facts.map(fact => fact.contact_id), ...(contactId ? [contactId] : [])]),
  ].sort();
  for (const owner of owners) {
    const isThere = await findRow(context, contactRecord, owner, {
      lock: true,
      deleted: owner !== contactId,
    });
    if (!isThere) throw notFound('contact', owner, { field: 'contact_id' });
  }
  const all = contactId === undefined ? [] : await listOfContacts(context, [contactId]);
  const unconfirmed = all.filter(fact => !fact.is_confirmed).map(fact => fact.id);
  const rows = await listByIds(context, attributeRecord, [...new Set([...named, ...unconfirmed])], {
    lock: 'change',
  });
  const missing = named.find(id => !rows.some(row => row.id === id));
  if (missing !== undefined) throw notFound('attribute', missing, { field: 'attribute_ids' });
  const stranger = contactId === undefined ? undefined : rows.find(row => row.contact_id !== contactId);
  if (!stranger) return rows;
  throw invalid('attribute_ids', `${stranger.reference} is about another customer.`, {
    hint: 'Leave contact_id out, or name facts of this customer only.',
  });
}

async function confirmOne(
  context: Context,
  before: Attribute,
  fix: Correction | undefined,
  answer: Answer,
): Promise<void> {
  const key = await ensureKey(context, fix?.key ?? before.key);
  const row = fix ? await correct(context, before, key, fix) : before;
  if (row.id !== before.id) answer.replaced.push(before.reference);
  if (row.is_confirmed) answer.already_confirmed.push(row.reference);
  const confirmed = await confirmFact(context, row.id);
  touch(context, confirmed);
  const replaced = await replaceOthers(context, key, confirmed);
  answer.replaced.push(...replaced.map(other => other.reference));
  if (!row.is_confirmed || fix) answer.confirmed.push(lineOf(confirmed));
}

/** The fact with its correction; the other one, when that is what is known already. */
async function correct(
  context: Context,
  before: Attribute,
  key: CatalogKey,
  fix: Correction,
): Promise<Attribute> {
  const fact = await withoutSecrets(context, 'attribute.confirm', {
    key: key.key,
    value: requireFit(key, fix.value ?? before.value, 'corrections'),
    details: fix.details ?? before.details,
  });
  const same = await lockSame(context, { ...fact, contact_id: before.contact_id });
  if (!same || same.id === before.id) return rewriteFact(context, before.id, fact);
  await deleteFact(context, before.id);
  touch(context, before);
  return same;
}
