import type { z } from 'zod';
import { eachById } from '../database/each-by-id.ts';
import { isUuid } from '../database/ids.ts';
import { identifier, join, raw, type Sql, sql } from '../database/sql.ts';
import type { Context, ReadContext } from '../pipeline/context.ts';
import { markForSearch, markNewForSearch } from '../search/indexed.ts';
import { notFound } from '../words/errors.ts';
import { columnList, columnsOf } from './columns.ts';
import { lockNumbers, nextReference, numberingOf } from './numbering.ts';
import type { RecordSpec, StoredRow } from './record.ts';
import { hintOfSuccessor } from './successor.ts';

// The statements every record shares. Table and column names come from the record's definition, values are parameters.

/** A row by id, deleted ones included only when asked for; NOT_FOUND otherwise. */
export async function getRow<R>(
  context: ReadContext,
  record: RecordSpec<R>,
  id: string,
  options: { lock?: boolean; deleted?: boolean } = {},
): Promise<R> {
  const row = await findRow(context, record, id, options);
  if (!row) throw notFound(record.name, id, await hintOfSuccessor(context, record.name, id));
  return row;
}

/**
 * Throws NOT_FOUND at `field` when it names a row that is not there or deleted; what is not given is fine. Until this
 * transaction ends it does not become part of another row, so that what is written for it does not stay behind.
 */
export async function requireLiving(
  context: ReadContext,
  record: RecordSpec,
  id: unknown,
  field: string,
): Promise<void> {
  if (typeof id !== 'string' || (await findRow(context, record, id, { lock: 'kept' }))) return;
  throw notFound(record.name, id, { field, ...(await hintOfSuccessor(context, record.name, id)) });
}

/**
 * A row by id or undefined. `lock` keeps others from changing it until this transaction ends; `kept` only from ending what it
 * is (`alone`).
 */
export function findRow<R>(
  context: ReadContext,
  record: RecordSpec<R>,
  id: string,
  options: { lock?: boolean | 'kept'; deleted?: boolean } = {},
): Promise<R | undefined> {
  const restriction = record.restrict?.(context);
  if (options.lock === true && !restriction) {
    const known = takeLocked(context, record, id);
    if (known) return Promise.resolve(known);
  }
  return context.tx.maybe(
    record.parsed,
    sql`
    select ${columnsOf(record)}
    from ${identifier(record.table)} as r
    where organization_id = ${context.organization.id}::uuid
      and id = ${id}::uuid
      ${record.soft_deletes && !options.deleted ? raw('and deleted_at is null') : raw('')}
      ${restriction ? sql`and ${restriction}` : raw('')}
    ${raw(options.lock === 'kept' ? locks.kept : options.lock ? locks.change : '')}`,
  );
}

/** The row that was locked when the call named it, once: whoever asks again may have changed it since. */
function takeLocked<R>({ locked }: ReadContext, record: RecordSpec<R>, id: string): R | undefined {
  const known = locked?.get(id);
  if (known?.record !== record) return undefined;
  locked?.delete(id);
  return record.parsed.parse(known.row);
}

/**
 * The living rows with these ids, in the order of the ids, deleted ones too when asked for. What is locked for `change`
 * nobody else changes until this transaction ends; for `share` others may keep it as well; while it is locked `alone` nobody
 * writes anything that points to it either.
 */
export function listByIds<R>(
  context: ReadContext,
  record: RecordSpec<R>,
  ids: readonly string[],
  options: { lock?: keyof typeof locks | undefined; deleted?: boolean } = {},
): Promise<R[]> {
  const restriction = record.restrict?.(context);
  return context.tx.many(
    record.parsed,
    sql`
    select ${columnsOf(record)}
    from ${
      // Rows are locked in the order in which they are read, so in that of the ids.
      options.lock === undefined
        ? eachById({ table: record.table, alias: 'r', organization: context.organization, ids })
        : sql`${identifier(record.table)} as r`
    }
    where organization_id = ${context.organization.id}::uuid
      ${options.lock === undefined ? raw('') : sql`and id = any (${[...ids]}::uuid[])`}
      ${record.soft_deletes && !options.deleted ? raw('and deleted_at is null') : raw('')}
      ${restriction ? sql`and ${restriction}` : raw('')}
    order by id
    ${raw(options.lock === undefined ? '' : locks[options.lock])}`,
  );
}

const locks = {
  change: 'for no key update',
  share: 'for share',
  alone: 'for update',
  kept: 'for key share',
} as const;

/**
 * The living rows that these ids and references name, in no order, deleted ones too when asked for; what is neither an id nor
 * a reference names none.
 */
export function listNamed<R>(
  context: ReadContext,
  record: RecordSpec<R>,
  names: readonly string[],
  options: { deleted?: boolean } = {},
): Promise<R[]> {
  const restriction = record.restrict?.(context);
  const ids = names.filter(isUuid);
  const references = names.filter(name => !isUuid(name));
  return context.tx.many(
    record.parsed,
    sql`
    select ${columnsOf(record)}
    from ${namedRows(context, record, ids, references)}
    where organization_id = ${context.organization.id}::uuid
      ${record.soft_deletes && !options.deleted ? raw('and deleted_at is null') : raw('')}
      ${restriction ? sql`and ${restriction}` : raw('')}`,
  );
}

/** Each row once: whoever is named by id and by reference is no second one. */
function namedRows(
  { organization }: ReadContext,
  { table, reference }: Pick<RecordSpec, 'table' | 'reference'>,
  ids: readonly string[],
  references: readonly string[],
): Sql {
  const byId = eachById({ table, alias: 'r', organization, ids });
  if (!reference || references.length === 0) return byId;
  return sql`(
      ${ids.length === 0 ? raw('') : sql`select r.* from ${byId} union all`}
      select *
      from ${identifier(table)}
      where organization_id = ${organization.id}::uuid
        and reference = any (${[...references]}::text[])
        and not id = any (${[...ids]}::uuid[])
    ) as r`;
}

/**
 * Inserts a row; its search document is made before the transaction ends. A record with references gives it the next
 * number, unless it brings one.
 */
export async function insertRow<R extends StoredRow>(
  context: Context,
  record: RecordSpec<R>,
  values: Partial<R>,
): Promise<R> {
  const row = await insertUnmarked(context, record, values);
  markNewForSearch(context, record, row, record.documentOf?.(row));
  return row;
}

/** The next reference of a record whose numbers may have gaps; undefined for others, which are numbered with their rows. */
export const referenceAhead = async (
  context: ReadContext,
  { reference }: Pick<RecordSpec, 'reference'>,
): Promise<string | undefined> =>
  reference && !reference.is_gapless ? nextReference(context, reference) : undefined;

/** As `insertRow`, for who knows the search document already. */
export async function insertUnmarked<R extends StoredRow>(
  context: ReadContext,
  record: RecordSpec<R>,
  values: Partial<R>,
): Promise<R> {
  const called = values.reference ?? (await referenceAhead(context, record));
  return insertCalled(context, record, values, called === undefined ? {} : { reference: called });
}

/** As `insertUnmarked`, on its way when it returns, for who has asked for the reference (`referenceAhead`). */
export function insertCalled<R extends StoredRow>(
  context: ReadContext,
  record: RecordSpec<R>,
  values: Partial<R>,
  called: { id?: string; reference?: unknown },
): Promise<R> {
  const own = { organization_id: context.organization.id, ...called };
  const entries = [
    ...Object.entries(values).filter(([name]) => !Object.hasOwn(own, name)),
    ...Object.entries(own),
  ];
  const names = entries.map(([name]) => name);
  const cells = entries.map(([name, value]) => parameter(record, name, value));
  const { reference } = record;
  const numbered = reference !== undefined && called.reference === undefined;
  const { kind, digits } = reference ? numberingOf(context, reference) : { kind: '', digits: 0 };
  return context.tx.one(
    record.parsed,
    sql`
    ${numbered ? sql`with numbered as (${lockNumbers(context, { kind, start: reference.start }, 1)})` : raw('')}
    insert into ${identifier(record.table)} (${columnList(numbered ? [...names, 'reference'] : names)})
    select ${join(cells, ', ')}${numbered ? sql`, ${kind} || '-' || lpad(value::text, greatest(${digits}::integer, length(value::text)), '0') from numbered` : raw('')}
    returning ${columnsOf(record)}`,
  );
}

/** Writes some columns of a row; its search document is made again before the transaction ends. */
export async function updateRow<R extends StoredRow>(
  context: Context,
  record: RecordSpec<R>,
  id: string,
  values: Partial<R>,
): Promise<R> {
  const assignments = Object.entries(values).map(
    ([name, value]) => sql`${identifier(name)} = ${parameter(record, name, value)}`,
  );
  context.locked?.delete(id);
  const row = await context.tx.one(
    record.parsed,
    sql`
    update ${identifier(record.table)}
    set ${join(assignments, ', ')}
    where organization_id = ${context.organization.id}::uuid
      and id = ${id}::uuid
    returning ${columnsOf(record)}`,
  );
  markForSearch(context, record, row, record.documentOf?.(row));
  return row;
}

/** Sets or clears `deleted_at`; answers whether a row was in the other state before. */
export async function setDeleted(context: ReadContext, record: RecordSpec, id: string, deleted: boolean) {
  context.locked?.delete(id);
  const touched = await context.tx.run(sql`
    update ${identifier(record.table)}
    set deleted_at = ${deleted ? raw('now()') : raw('null')}
    where organization_id = ${context.organization.id}::uuid
      and id = ${id}::uuid
      and deleted_at is ${deleted ? raw('null') : raw('not null')}`);
  return touched === 1;
}

/** What one picks rows of: a record, or a table that is none. */
type Source = Pick<RecordSpec, 'table' | 'soft_deletes'> | { from: string; soft_deletes: boolean };

/**
 * Some columns of the living rows for which a condition holds: those of `row`, by their names. Order, limit and lock follow
 * the condition, in which the row is `r`.
 */
export const pickRows = <T>(
  context: ReadContext,
  source: Source,
  row: z.ZodType<T> & { shape: object },
  which: Sql,
): Promise<T[]> =>
  context.tx.many(
    row,
    sql`
    select ${columnList(Object.keys(row.shape))}
    from ${identifier('from' in source ? source.from : source.table)} as r
    where organization_id = ${context.organization.id}::uuid
      ${source.soft_deletes ? raw('and deleted_at is null') : raw('')}
      and ${which}`,
  );

export function parameter(record: RecordSpec, name: string, value: unknown): Sql {
  const type = typeOf(record, name);
  return sql`${asSent(value, type)}::${raw(type)}`;
}

export function typeOf(record: RecordSpec, name: string): string {
  const type = name === 'organization_id' ? 'uuid' : record.columns[name];
  if (type === undefined) throw new Error(`${record.table} has no column ${name}`);
  return type;
}

const asSent = (value: unknown, type: string | undefined): unknown =>
  value === undefined || value === null ? null : type === 'jsonb' ? JSON.stringify(value) : value;
