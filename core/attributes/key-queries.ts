import { z } from 'zod';
import { newId } from '../kernel/database/ids.ts';
import { join, type Sql, sql } from '../kernel/database/sql.ts';
import type { Context, ReadContext } from '../kernel/pipeline/context.ts';
import { pickRows } from '../kernel/records/record-queries.ts';
import type { KnownKey } from './known-keys.ts';

export const valueTypes = ['text', 'number', 'boolean'] as const;

const keyRow = z.object({
  id: z.string(),
  key: z.string(),
  aliases: z.array(z.string()),
  description: z.string().nullable(),
  value_type: z.enum(valueTypes).nullable(),
  is_known: z.boolean(),
  is_single: z.boolean(),
});
export type CatalogKey = z.infer<typeof keyRow>;

const columns = sql`id, key, aliases, description, value_type, is_known, is_single`;

const keyTable = { from: 'attribute_keys', soft_deletes: false };

/** A key, or one that has it as alias. */
const isCalled = (names: readonly string[]): Sql =>
  sql`(key = any (${[...names]}::text[]) or aliases && ${[...names]}::text[])`;

/** The key one of the names means, the first name before the others; it stays in the catalog until this commits. */
export async function holdKey(
  context: Context,
  names: readonly [string, ...string[]],
): Promise<CatalogKey | undefined> {
  const order = sql`key = ${names[0]} desc, ${names[0]} = any (aliases) desc, key limit 1 for key share`;
  const [held] = await pickRows(context, keyTable, keyRow, sql`${isCalled(names)} order by ${order}`);
  return held;
}

/** Held by whoever changes the catalog, so that two who add a key wait for each other. */
export const catalogLock = 'attribute_keys';

/** A new key, with those of its usual aliases that mean nothing else here. The catalog must be locked. */
export function insertKey(context: Context, key: string, known: KnownKey | undefined): Promise<CatalogKey> {
  return context.tx.one(
    keyRow,
    sql`
    insert into attribute_keys (organization_id, id, key, aliases, description, is_single)
    select ${context.organization.id}::uuid, ${newId()}::uuid, ${key},
      coalesce(
        (
          select array_agg(alias order by place)
          from unnest(${[...(known?.aliases ?? [])]}::text[]) with ordinality as usual (alias, place)
          where not exists (
            select 1
            from attribute_keys as k
            where k.organization_id = ${context.organization.id}::uuid
              and (k.key = alias or alias = any (k.aliases))
          )
        ),
        '{}'
      ),
      ${known?.description ?? null}, ${known?.is_single === true}::boolean
    returning ${columns}`,
  );
}

/** Keys and those that have one of these names as alias, locked against any other use. The catalog must be locked. */
export function lockKeys(context: Context, names: readonly string[]): Promise<CatalogKey[]> {
  return pickRows(context, keyTable, keyRow, sql`${isCalled(names)} order by key for update`);
}

/** What may be written of a key; what is undefined stays. */
export type KeyChanges = { [Name in Exclude<keyof CatalogKey, 'id' | 'key'>]?: CatalogKey[Name] | undefined };

/** Writes what is given. */
export async function updateKey(context: Context, id: string, changes: KeyChanges): Promise<void> {
  const { aliases, description, value_type, is_known, is_single } = changes;
  const assignments = [
    ...(aliases === undefined ? [] : [sql`aliases = ${aliases}::text[]`]),
    ...(description === undefined ? [] : [sql`description = ${description}::text`]),
    ...(value_type === undefined ? [] : [sql`value_type = ${value_type}::text`]),
    ...(is_known === undefined ? [] : [sql`is_known = ${is_known}::boolean`]),
    ...(is_single === undefined ? [] : [sql`is_single = ${is_single}::boolean`]),
  ];
  if (assignments.length === 0) return;
  await context.tx.run(sql`
    update attribute_keys
    set ${join(assignments, ', ')}
    where organization_id = ${context.organization.id}::uuid
      and id = ${id}::uuid`);
}

const touched = z.object({ id: z.string(), contact_id: z.string() });

/** Living facts under `from` that are known under `to` as well: deleted, and what confirmed them is kept. */
export async function mergeDuplicates(context: Context, from: string, to: string) {
  const same = sql`
    d.organization_id = ${context.organization.id}::uuid
    and d.key = ${from}
    and d.deleted_at is null
    and a.organization_id = d.organization_id
    and a.key = ${to}
    and a.contact_id = d.contact_id
    and a.value = d.value
    and a.details = d.details
    and a.deleted_at is null`;
  await context.tx.run(sql`
    update attributes as a
    set confirmed_at = d.confirmed_at, confirmed_by = d.confirmed_by
    from attributes as d
    where ${same}
      and a.confirmed_at is null
      and d.confirmed_at is not null`);
  return context.tx.many(
    touched,
    sql`
    update attributes as d
    set deleted_at = now()
    from attributes as a
    where ${same}
    returning d.id, d.contact_id`,
  );
}

/** Gives all facts of a key another one, deleted ones too; answers the living. */
export async function moveFacts(context: Context, from: string, to: string) {
  const moved = await context.tx.many(
    touched.extend({ deleted_at: z.string().nullable() }),
    sql`
    update attributes
    set key = ${to}
    where organization_id = ${context.organization.id}::uuid
      and key = ${from}
    returning id, contact_id, deleted_at`,
  );
  return moved.filter(row => row.deleted_at === null);
}

/** Takes a key out of the catalog that no fact has any longer. */
export async function deleteKey(context: Context, id: string): Promise<void> {
  await context.tx.run(sql`
    delete from attribute_keys
    where organization_id = ${context.organization.id}::uuid
      and id = ${id}::uuid`);
}

/** The living facts of a key, for their documents. */
export const listFactsOf = (context: Context, key: string) =>
  pickRows(context, { from: 'attributes', soft_deletes: true }, touched, sql`key = ${key}`);

/** How many living facts of a key are of another type. */
export async function countOtherTypes(context: ReadContext, key: string, type: string): Promise<number> {
  const { others } = await context.tx.one(
    z.object({ others: z.number() }),
    sql`
    select count(*) as others
    from attributes
    where organization_id = ${context.organization.id}::uuid
      and key = ${key}
      and deleted_at is null
      and jsonb_typeof(value) <> ${type === 'text' ? 'string' : type}`,
  );
  return others;
}

export const catalogRow = keyRow.extend({
  uses: z.number(),
  customers: z.number(),
  unconfirmed: z.number(),
  examples: z.array(z.string()),
});

/** The catalog in the order of its keys, from after `after`; with what is in use of it. */
export function listCatalog(
  context: ReadContext,
  filter: {
    key?: string | undefined;
    is_known?: boolean | undefined;
    after?: string | undefined;
    limit: number;
  },
) {
  const conditions = [
    sql`k.organization_id = ${context.organization.id}::uuid`,
    ...(filter.key === undefined ? [] : [sql`(k.key = ${filter.key} or ${filter.key} = any (k.aliases))`]),
    ...(filter.is_known === undefined ? [] : [sql`k.is_known = ${filter.is_known}::boolean`]),
    ...(filter.after === undefined ? [] : [sql`k.key > ${filter.after}`]),
  ];
  return context.tx.many(
    catalogRow,
    sql`
    select k.id, k.key, k.aliases, k.description, k.value_type, k.is_known, k.is_single,
      u.uses, u.customers, u.unconfirmed, coalesce(e.examples, '{}') as examples
    from attribute_keys as k
    cross join lateral (
      select count(*) as uses, count(distinct contact_id) as customers,
        count(*) filter (where confirmed_at is null) as unconfirmed
      from attributes
      where organization_id = k.organization_id
        and key = k.key
        and deleted_at is null
    ) as u
    cross join lateral (
      select array_agg(value order by n desc, value) as examples
      from (
        select value #>> '{}' as value, count(*) as n
        from attributes
        where organization_id = k.organization_id
          and key = k.key
          and deleted_at is null
        group by 1
        order by n desc, value
        limit 3
      ) as common
    ) as e
    where ${join(conditions, ' and ')}
    order by k.key
    limit ${filter.limit}::integer`,
  );
}
