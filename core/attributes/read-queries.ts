import { type Sql, sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { pickRows } from '../kernel/records/record-queries.ts';
import { type Attribute, attributeRecord } from './attribute.ts';
import { findKnownKey, plainKey } from './known-keys.ts';

/** Living facts of customers: what is confirmed first, then by key. */
export const listOfContacts = (context: ReadContext, contactIds: readonly string[]): Promise<Attribute[]> =>
  pickRows(
    context,
    attributeRecord,
    attributeRecord.row,
    sql`contact_id = any (${[...contactIds]}::uuid[]) order by contact_id, is_confirmed desc, key, id`,
  );

/** The key that a name means here: one of the catalog, else the one every business knows, else the name itself. */
export function keyNamed(context: ReadContext, name: string): Sql {
  const plain = plainKey(name);
  const usual = findKnownKey(plain)?.key ?? plain;
  return sql`coalesce(
    (
      select k.key
      from attribute_keys as k
      where k.organization_id = ${context.organization.id}::uuid
        and (k.key = any (${[plain, usual]}::text[]) or k.aliases && ${[plain, usual]}::text[])
      order by k.key = ${plain} desc, ${plain} = any (k.aliases) desc, k.key
      limit 1
    ),
    ${usual}
  )`;
}

/** A value as people write it: without case, and `longer than usual` is `longer_than_usual`. */
export function valueIs(column: Sql, text: string): Sql {
  const said = text.trim().replaceAll('_', ' ').toLowerCase();
  const plain = { yes: 'true', no: 'false' }[said] ?? said;
  return sql`lower(replace(${column} #>> '{}', '_', ' ')) = any (${[said, plain]}::text[])`;
}

/** A condition on the row `r` of contacts: of them `pet` or `elderly` is known, or `pet=dog`, or `pet: Biscuit`. */
export function knownOf(context: ReadContext, text: string): Sql {
  const [, said = '', value = ''] = /^([^=:]*)[=:]?(.*)$/su.exec(text) ?? [];
  const isKey = sql`a.key = ${keyNamed(context, said)}`;
  return sql`exists (
    select 1
    from attributes as a
    where a.organization_id = r.organization_id
      and a.contact_id = r.id
      and a.deleted_at is null
      and ${value.trim() === '' ? sql`(${isKey} or ${says(said)})` : sql`${isKey} and ${says(value)}`}
  )`;
}

/** Whether the value of a fact, or a name in it, is this. */
const says = (value: string): Sql => sql`(
  ${valueIs(sql`a.value`, value)}
  or exists (
    select 1
    from jsonb_each(a.details) as d
    where ${valueIs(sql`d.value`, value)}
  )
)`;
