import { z } from 'zod';
import { identifier, join, raw, type Sql, sql } from '../database/sql.ts';
import type { ReadContext } from '../pipeline/context.ts';
import { sqlState } from '../words/errors.ts';
import type { Row, StoredRow } from './record.ts';

// Rows as the history of a call knows them, of records and of their parts. Names of tables and columns come from the
// catalog of the database, values are parameters.

/** The table whose rows the history calls by a name. */
export interface AuditedTable {
  table: string;
  /** Those that are written; what the database works out is not. */
  columns: readonly string[];
  /** Whether its rows may be deleted outright. */
  can_delete: boolean;
}

const tableRow = z.object({ table: z.string(), columns: z.array(z.string()), can_delete: z.boolean() });

/** By the `audit` trigger, which says what its entries are called; undefined for what is no table, such as a call. */
export function findAuditedTable({ tx }: ReadContext, entityType: string): Promise<AuditedTable | undefined> {
  return tx.maybe(
    tableRow,
    sql`
    select c.relname as table,
      has_table_privilege(c.oid, 'delete') as can_delete,
      array(
        select a.attname::text
        from pg_attribute as a
        where a.attrelid = c.oid
          and a.attnum > 0
          and not a.attisdropped
          and a.attgenerated = ''
      ) as columns
    from pg_trigger as t
    join pg_class as c on c.oid = t.tgrelid
    where t.tgname = 'audit'
      and not t.tgisinternal
      and c.relnamespace = 'public'::regnamespace
      and split_part(encode(t.tgargs, 'escape'), '\\000', 1) = ${entityType}`,
  );
}

const seenRow = z.object({ row: z.looseObject({ id: z.string() }), differs: z.array(z.string()) });

/** A row as it is now, locked, and which of some values it has no longer; undefined when it is not there. */
export function lockAsWritten(
  { tx, organization }: ReadContext,
  { table }: AuditedTable,
  id: string,
  values: Row,
): Promise<{ row: StoredRow; differs: string[] } | undefined> {
  const compared = Object.keys(values).map(
    name =>
      sql`case when r.${identifier(name)} is distinct from p.${identifier(name)} then ${name}::text end`,
  );
  return tx.maybe(
    seenRow,
    sql`
    select to_jsonb(r) as row, array_remove(array[${join([...compared, sql`null::text`], ', ')}]::text[], null) as differs
    from ${identifier(table)} as r
    cross join ${populated(table, values)} as p
    where r.organization_id = ${organization.id}::uuid
      and r.id = ${id}::uuid
    for no key update of r`,
  );
}

/** Writes columns of a row as they stood in the history. */
export async function putBack(
  { tx, organization }: ReadContext,
  { table }: AuditedTable,
  id: string,
  values: Row,
): Promise<void> {
  const names = columnList(values);
  await tx.run(sql`
    update ${identifier(table)}
    set (${names}) = (
      select ${names}
      from ${populated(table, values)} as p
    )
    where organization_id = ${organization.id}::uuid
      and id = ${id}::uuid`);
}

/** Writes a row anew that was deleted outright. */
export async function insertAsWritten(
  { tx, organization }: ReadContext,
  { table }: AuditedTable,
  values: Row,
): Promise<void> {
  const all = { ...values, organization_id: organization.id };
  const names = columnList(all);
  await tx.run(sql`
    insert into ${identifier(table)} (${names})
    select ${names}
    from ${populated(table, all)} as p`);
}

/** Takes a row away: by its mark where it has one. */
async function takeAway(
  { tx, organization }: ReadContext,
  { table, columns }: AuditedTable,
  id: string,
): Promise<void> {
  const which = sql`where organization_id = ${organization.id}::uuid and id = ${id}::uuid`;
  await tx.run(
    columns.includes('deleted_at')
      ? sql`update ${identifier(table)} set deleted_at = now() ${which} and deleted_at is null`
      : sql`delete from ${identifier(table)} ${which}`,
  );
}

const columnList = (values: Row) =>
  raw(
    Object.keys(values)
      .map(name => identifier(name).raw)
      .join(', '),
  );

const populated = (table: string, values: Row): Sql =>
  sql`jsonb_populate_record(null::${identifier(table)}, ${JSON.stringify(values)}::jsonb)`;

/** Takes it away unless something points to it; answers whether it went. */
export async function takeAwayUnused(
  context: ReadContext,
  table: AuditedTable,
  id: string,
): Promise<boolean> {
  try {
    await attempt(context, () => takeAway(context, table, id));
    return true;
  } catch (error) {
    if (sqlState(error) === pointedTo) return false;
    throw error;
  }
}

// foreign_key_violation
const pointedTo = '23503';

/** Does something of which nothing is left when it throws; the transaction goes on. */
export async function attempt<T>({ tx }: ReadContext, work: () => Promise<T>): Promise<T> {
  await tx.run(sql`savepoint attempt`);
  try {
    return await work();
  } catch (error) {
    await tx.run(sql`rollback to savepoint attempt`);
    throw error;
  }
}

const aboutRow = z.object({ id: z.string() });

/** Which of some rows somebody has done anything about since a moment, by another action than the one that made them. */
export async function listTouchedSince(
  { tx, organization }: ReadContext,
  { name, ids, after, maker }: { name: string; ids: readonly string[]; after: string; maker: string },
): Promise<string[]> {
  const rows = await tx.many(
    aboutRow,
    sql`
    select distinct subject_id as id
    from audit_log
    where organization_id = ${organization.id}::uuid
      and subject_type = ${name}
      and subject_id = any (${[...ids]}::uuid[])
      and id >= uuid7_floor(${after}::timestamptz)
      and domain_action is distinct from ${maker}
      and actor_kind <> 'system'`,
  );
  return rows.map(({ id }) => id);
}

const childRow = z.object({ id: z.string(), name: z.string() });

/** Living rows that point to another one, but for some; what they are called, at most six. */
export function listPointing(
  { tx, organization }: ReadContext,
  { child, column }: { child: { table: string; soft_deletes: boolean; reference?: unknown }; column: string },
  id: string,
  except: readonly string[],
): Promise<{ id: string; name: string }[]> {
  return tx.many(
    childRow,
    sql`
    select id, ${raw(child.reference ? 'reference' : "''")} as name
    from ${identifier(child.table)}
    where organization_id = ${organization.id}::uuid
      and ${identifier(column)} = ${id}::uuid
      and not id = any (${[...except]}::uuid[])
      ${raw(child.soft_deletes ? 'and deleted_at is null' : '')}
    order by id
    limit 6`,
  );
}
