import { z } from 'zod';
import { attributeKey } from '../extraction/record.ts';
import { lockInBusiness } from '../kernel/database/lock.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { didYouMean } from '../kernel/words/did-you-mean.ts';
import { DeskhandError, invalid, notFound, requireChange } from '../kernel/words/errors.ts';
import { line } from '../kernel/words/text-schemas.ts';
import { touch } from './facts.ts';
import {
  type CatalogKey,
  catalogLock,
  catalogRow,
  countOtherTypes,
  deleteKey,
  listCatalog,
  listFactsOf,
  lockKeys,
  mergeDuplicates,
  moveFacts,
  updateKey,
  valueTypes,
} from './key-queries.ts';

const clearable = ['description', 'value_type'] as const;
const changeable = [
  'description',
  'value_type',
  'is_known',
  'is_single',
  'add_aliases',
  'remove_aliases',
  'clear',
];

/**
 * Shapes the catalog (OPQ-04): what a key means, its type, its other names. A key that becomes another name of this one
 * gives it its facts; what is then there twice is kept once.
 */
export const updateAttributeKey = defineAction({
  domain: 'attribute',
  name: 'update_key',
  summary: 'Describe an attribute key, give it a type or aliases; facts under an alias move to the key.',
  input: z.strictObject({
    key: attributeKey,
    description: line.optional(),
    value_type: z.enum(valueTypes).optional(),
    is_known: z.boolean().optional(),
    /** A customer has one value of it; a new one takes the place of the old. */
    is_single: z.boolean().optional(),
    add_aliases: z.array(attributeKey).max(20).optional(),
    remove_aliases: z.array(attributeKey).max(20).optional(),
    clear: z.array(z.enum(clearable)).max(clearable.length).optional(),
  }),
  output: catalogRow.extend({
    /** Facts that came over from aliases, and those of them that were known here already. */
    moved: z.number(),
    merged: z.number(),
  }),
  permission: { level: 'requires_authorization' },
  roles: ['owner', 'admin'],
  effect: 'update',
  object: 'kind of fact',
  example: { key: 'pet', description: 'Animals at home' },
  many: true,
  keywords: ['catalog', 'alias', 'synonym', 'rename', 'merge', 'type', 'schema'],
  async run(context, { key: name, add_aliases = [], remove_aliases = [], clear = [], ...given }) {
    requireChange({ ...given, ...nonEmpty({ add_aliases, remove_aliases, clear }) }, 'key', changeable);
    await lockInBusiness(context, catalogLock);
    const keys = await lockKeys(context, [name, ...add_aliases]);
    const own = keys.find(key => key.key === name) ?? keys.find(key => key.aliases.includes(name));
    if (!own) throw await unknownKey(context, name);
    const others = othersOf(own, keys, add_aliases);
    const moving = await moveAll(context, own, others);
    const removed = new Set(remove_aliases);
    const aliases = [...own.aliases, ...add_aliases, ...others.flatMap(key => key.aliases)];
    await updateKey(context, own.id, {
      ...given,
      ...Object.fromEntries(clear.map(member => [member, null])),
      aliases: [...new Set(aliases)].filter(alias => !removed.has(alias) && alias !== own.key),
    });
    await tellMisfits(context, own, given.value_type);
    for (const fact of await listFactsOf(context, own.key)) touch(context, fact);
    const [row] = await listCatalog(context, { key: own.key, limit: 1 });
    if (!row) throw new Error('a key went while its catalog was locked');
    return { ...row, ...moving };
  },
});

const nonEmpty = (lists: Record<string, readonly string[]>) =>
  Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0));

async function unknownKey(context: Context, name: string): Promise<DeskhandError> {
  const known = (await listCatalog(context, { limit: 200 })).map(row => row.key);
  return notFound('attribute key', name, {
    field: 'key',
    did_you_mean: didYouMean(name, known),
    hint: 'attribute_catalog lists the keys; a key appears there with its first fact.',
  });
}

/** The keys that become aliases. Throws CONFLICT for an alias that is somebody else's already. */
function othersOf(own: CatalogKey, keys: readonly CatalogKey[], aliases: readonly string[]): CatalogKey[] {
  for (const alias of aliases) {
    if (alias === own.key) throw invalid('add_aliases', `${alias} is the key itself.`, { got: alias });
    const holder = keys.find(key => key.id !== own.id && key.aliases.includes(alias));
    if (!holder) continue;
    throw new DeskhandError('CONFLICT', `"${alias}" is an alias of ${holder.key} already.`, {
      field: 'add_aliases',
      got: alias,
      hint: `Take it from ${holder.key} first (remove_aliases), or make ${holder.key} itself an alias.`,
    });
  }
  return keys.filter(key => key.id !== own.id && aliases.includes(key.key));
}

async function moveAll(context: Context, own: CatalogKey, others: readonly CatalogKey[]) {
  let moved = 0;
  let merged = 0;
  for (const other of others) {
    const twice = await mergeDuplicates(context, other.key, own.key);
    const came = await moveFacts(context, other.key, own.key);
    await deleteKey(context, other.id);
    for (const fact of twice) touch(context, fact);
    merged += twice.length;
    moved += came.length;
  }
  return { moved, merged };
}

async function tellMisfits(context: Context, own: CatalogKey, type: CatalogKey['value_type'] | undefined) {
  if (type === undefined || type === null) return;
  const others = await countOtherTypes(context, own.key, type);
  if (others === 0) return;
  const what = others === 1 ? `1 fact of ${own.key} is` : `${others} facts of ${own.key} are`;
  context.warn(`${what} no ${type}; what is there stays as it is.`);
}
