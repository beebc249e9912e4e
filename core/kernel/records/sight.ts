import { z } from 'zod';
import type { Tx } from '../database/db.ts';
import { identifier, join, raw, type Sql, sql } from '../database/sql.ts';
import type { ReadContext } from '../pipeline/context.ts';
import { mayRead } from '../pipeline/roles.ts';
import { columnsOf } from './columns.ts';
import type { RecordSpec } from './record.ts';

/**
 * Which rows of a record a caller may point to, as a condition on `r`; undefined for all of them (PLT-41, TEN-20). Whoever
 * reads the list points to what they read of it. A person who may not read it points to what a row of theirs points to (the
 * customer of their visit), and to what is a part of that (another address of this customer). Whatever else there is
 * answers like what there is not, wherever a caller can name it: every reference is resolved through this.
 */
export function sightOf(context: ReadContext, record: RecordSpec): Sql | undefined {
  const { actor, registry } = context;
  if (actor.kind !== 'user' || mayRead(actor, registry.view(record.plural).spec))
    return record.restrict?.(context);
  const ways = [...pointedTo(context, record), ...partsOf(context, record)];
  return ways.length === 0 ? sql`false` : sql`(${join(ways, ' or ')})`;
}

/** By the rows that this person reads and that point here. */
function pointedTo(context: ReadContext, record: RecordSpec): Sql[] {
  const children = context.registry.relations.get(record.name) ?? [];
  return children
    .filter(({ child }) => mayRead(context.actor, context.registry.view(child.plural).spec))
    .map(({ child, column }) => {
      const restriction = child.restrict?.(context);
      return sql`r.id in (
        select r.${identifier(column)}
        from ${identifier(child.table)} as r
        where r.organization_id = ${context.organization.id}::uuid
          and r.${identifier(column)} is not null
          ${child.soft_deletes ? raw('and r.deleted_at is null') : raw('')}
          ${restriction ? sql`and ${restriction}` : raw('')}
      )`;
    });
}

/** By what it is a part of: it would go along with it. */
function partsOf(context: ReadContext, record: RecordSpec): Sql[] {
  return record.refs.flatMap(({ column, field: { to } }) => {
    const whole = to?.on_delete === 'cascade' ? context.registry.records.get(to.record) : undefined;
    if (!whole || whole === record) return [];
    const sight = sightOf(context, whole);
    return [
      sql`r.${identifier(column)} in (
        select r.id
        from ${identifier(whole.table)} as r
        where r.organization_id = ${context.organization.id}::uuid
          ${sight ? sql`and ${sight}` : raw('')}
      )`,
    ];
  });
}

/** More rows than anybody who sees but some of them has. The newest count. */
const mostSeen = 10_000;

/** The ids of all rows in sight; undefined for whoever sees all of them. */
export function idsInSight(context: ReadContext, record: RecordSpec): Promise<string[]> | undefined {
  const sight = sightOf(context, record);
  return sight && listInSight(context, record, sight);
}

async function listInSight(context: ReadContext, record: RecordSpec, sight: Sql): Promise<string[]> {
  const rows = await context.tx.many(
    z.object({ id: z.string() }),
    sql`
    select r.id
    from ${identifier(record.table)} as r
    where r.organization_id = ${context.organization.id}::uuid
      and ${sight}
    order by r.id desc
    limit ${mostSeen}::integer`,
  );
  return rows.map(({ id }) => id);
}

/** A row that a caller may point to. Of an id that is passed on as it is, nobody knows yet whether the row is there. */
export interface Sighted {
  id: string;
  /** Whether it was deleted. */
  is_gone?: boolean;
}

/** Rows that a call names by their references, asked for before it was known who calls. */
export interface Ahead {
  named: ReadonlyMap<RecordSpec, Promise<readonly (Sighted & { reference: string })[]>>;
  locked: LockedRows;
}

/** Living rows that were read whole and locked on the way, by id: each for the first that wants it so (`findRow`). */
export type LockedRows = Map<string, { record: RecordSpec; row: unknown }>;

/**
 * Asks for the rows that some references name in the round trip in which the database learns who calls; the statement finds
 * the organization there. Counts for whoever sees all rows of a record: `findInSight` looks whether that is so. The rows of
 * `changed` come whole, and nobody else changes them until the transaction ends.
 */
export function lookAhead(
  tx: Tx,
  named: ReadonlyMap<RecordSpec, readonly string[]>,
  changed?: RecordSpec,
): Ahead {
  const locked: LockedRows = new Map();
  const asked = [...named].map(([record, references]) => {
    const rows =
      record === changed ? lockNamed(tx, record, references, locked) : findNamed(tx, record, references);
    // Who is not let in is told so, and nobody asks for these.
    rows.catch(() => undefined);
    return [record, rows] as const;
  });
  return { named: new Map(asked), locked };
}

const found = z.object({ id: z.string(), reference: z.string(), is_gone: z.boolean() });

/** Its columns are the record's own, and met by its schema when somebody takes it. */
const whole = z.custom<z.output<typeof found>>(value => typeof value === 'object');

const findNamed = (tx: Tx, record: RecordSpec, references: readonly string[]) =>
  tx.many(
    found,
    sql`
    select r.id, r.reference, ${isGone(record)} as is_gone
    from ${identifier(record.table)} as r
    where r.organization_id = current_organization()
      and r.reference = any (${[...references]}::text[])`,
  );

async function lockNamed(
  tx: Tx,
  record: RecordSpec,
  references: readonly string[],
  locked: LockedRows,
): Promise<z.output<typeof found>[]> {
  const rows = await tx.many(
    whole,
    sql`
    select ${columnsOf(record)}, ${isGone(record)} as is_gone
    from ${identifier(record.table)} as r
    where r.organization_id = current_organization()
      and r.reference = any (${[...references]}::text[])
    for no key update`,
  );
  for (const row of rows) if (!row.is_gone) locked.set(row.id, { record, row });
  return rows;
}

const isGone = (record: RecordSpec) => raw(record.soft_deletes ? 'r.deleted_at is not null' : 'false');

/** The one row in sight that has this value in its id or reference; undefined when there is none. */
export async function findInSight(
  context: ReadContext,
  record: RecordSpec,
  by: { id: string } | { reference: string },
  ahead?: Ahead,
): Promise<Sighted | undefined> {
  const sight = sightOf(context, record);
  if (!sight && 'id' in by) return { id: by.id };
  const known = sight || 'id' in by ? undefined : await ahead?.named.get(record);
  if (known && 'reference' in by) return known.find(({ reference }) => reference === by.reference);
  return context.tx.maybe(
    z.object({ id: z.string(), is_gone: z.boolean() }),
    sql`
    select r.id, ${isGone(record)} as is_gone
    from ${identifier(record.table)} as r
    where r.organization_id = ${context.organization.id}::uuid
      and ${'id' in by ? sql`r.id = ${by.id}::uuid` : sql`r.reference = ${by.reference}`}
      ${sight ? sql`and ${sight}` : raw('')}`,
  );
}
