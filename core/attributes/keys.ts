import type { ProposedAttribute } from '../extraction/record.ts';
import { lockInBusiness } from '../kernel/database/lock.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { invalid } from '../kernel/words/errors.ts';
import { type CatalogKey, catalogLock, holdKey, insertKey } from './key-queries.ts';
import { findKnownKey } from './known-keys.ts';

/**
 * The catalog's key for a name (OPQ-04): the key itself, the one that has it as alias, the one every business knows, or
 * a new one. It cannot be merged into another before this transaction ends.
 */
export async function ensureKey(context: Context, name: string): Promise<CatalogKey> {
  const usual = findKnownKey(name);
  const key = usual?.key ?? name;
  const found = await holdKey(context, [name, key]);
  if (found) return found;
  await lockInBusiness(context, catalogLock);
  return (await holdKey(context, [name, key])) ?? insertKey(context, key, usual);
}

type Value = ProposedAttribute['value'];

const truths: Readonly<Record<string, boolean>> = { yes: true, true: true, no: false, false: false };

/** The value in the type the owner wants for this key; undefined when it cannot be one. */
export function fitValue({ value_type }: CatalogKey, value: Value): Value | undefined {
  if (value_type === null) return value;
  if (value_type === 'text') return String(value);
  const said = String(value).trim().toLowerCase();
  if (value_type === 'boolean') return truths[said];
  return /^-?\d+(\.\d+)?$/.test(said) ? Number(said) : undefined;
}

/** The same. Throws VALIDATION_ERROR at `field`. */
export function requireFit(key: CatalogKey, value: Value, field: string): Value {
  const fitting = fitValue(key, value);
  if (fitting !== undefined) return fitting;
  throw invalid(field, `${key.key} is a ${key.value_type ?? 'text'} here.`, {
    got: value,
    hint:
      key.value_type === 'boolean'
        ? 'Say true or false.'
        : 'Give a plain number; what does not fit into one goes into a key of its own.',
  });
}
