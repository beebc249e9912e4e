import type { ProposedAttribute } from '../extraction/record.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { tellRedaction } from '../kernel/pipeline/redact-input.ts';
import { redact } from '../kernel/words/redaction.ts';
import type { Attribute } from './attribute.ts';
import type { CatalogKey } from './key-queries.ts';
import { confirmFact, deleteOthers, type Fact, type Gone, insertFact, lockSame } from './queries.ts';

/** A fact that stands, and what it took the place of. */
export interface Kept {
  row: Attribute;
  isNew: boolean;
  replaced: Gone[];
}

/**
 * Writes a fact down, once: the same fact again is the one that is there, and a person's word confirms it. Where a key
 * can have one value only, the older one goes; what somebody has confirmed gives way to nothing unconfirmed. The
 * customer's row must be locked.
 */
export async function keepFact(context: Context, key: CatalogKey, fact: Fact): Promise<Kept> {
  const before = await lockSame(context, fact);
  const inserted = before ? undefined : await insertFact(context, fact);
  const found = before ?? inserted ?? (await lockSame(context, fact));
  if (!found) throw new Error('a fact was neither there nor could it be written');
  const row =
    fact.is_confirmed && !found.is_confirmed ? await confirmFact(context, found.id, fact.said_by) : found;
  touch(context, row);
  return { row, isNew: inserted !== undefined, replaced: await replaceOthers(context, key, row) };
}

/** Deletes the values a single-valued key had besides this one. */
export async function replaceOthers(context: Context, key: CatalogKey, row: Attribute): Promise<Gone[]> {
  if (!key.is_single) return [];
  const replaced = await deleteOthers(context, row, row.is_confirmed ? 'all' : 'unconfirmed');
  for (const other of replaced) touch(context, other);
  return replaced;
}

/** The words of a fact are words of its customer too. */
export function touch(context: Context, fact: { id: string; contact_id: string }): void {
  context.reindex('attribute', fact.id);
  context.reindex('contact', fact.contact_id);
}

/** Card and social security numbers do not stay in facts either, whatever member they hide in; it is told (SAN-01, SAN-05). */
export async function withoutSecrets<T extends ProposedAttribute>(
  context: Context,
  action: string,
  fact: T,
): Promise<T> {
  await tellRedaction(context, action, 'value', String(fact.value));
  for (const [name, member] of Object.entries(fact.details ?? {})) {
    await tellRedaction(context, action, `details.${name}`, String(member));
  }
  return redactFact(fact);
}

/** The same without telling anybody. */
export function redactFact<T extends ProposedAttribute>(fact: T): T {
  const { value, details } = fact;
  return { ...fact, value: clean(value), ...(details ? { details: mapValues(details, clean) } : {}) };
}

const mapValues = <T>(members: Readonly<Record<string, T>>, change: (member: T) => T) =>
  Object.fromEntries(Object.entries(members).map(([name, member]) => [name, change(member)]));

function clean(member: ProposedAttribute['value']): ProposedAttribute['value'] {
  const { text, found } = redact(String(member));
  return found.length > 0 ? text : member;
}
