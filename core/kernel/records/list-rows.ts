import { eachById } from '../database/each-by-id.ts';
import { identifier, join, plannedOnce, raw, type Sql, sql } from '../database/sql.ts';
import type { ReadContext } from '../pipeline/context.ts';
import { columnList } from './columns.ts';
import type { RecordSpec, Row, StoredRow } from './record.ts';
import { parameter, typeOf } from './record-queries.ts';

// One page of a record's list. Table and column names come from the record's definition, values are parameters.

// The columns are the record's own and chosen by name; the row's schema is met by `read`. Which row it is, everybody needs to know.
const anyRow = {
  parse(row: Row): StoredRow {
    if (hasId(row)) return row;
    throw new Error('a list was read without its ids');
  },
};

const hasId = (row: Row): row is StoredRow => typeof row.id === 'string';

export interface ListQuery {
  columns: readonly string[];
  conditions: readonly Sql[];
  sort: { column: string; descending: boolean };
  after?: { value: unknown; id: string };
  limit: number;
  /** Those that were deleted too. */
  deleted?: boolean;
}

/** Living rows by id for which some conditions hold, in the order of the ids. */
export function listRowsById(
  context: ReadContext,
  record: RecordSpec,
  { ids, columns, conditions }: Pick<ListQuery, 'columns' | 'conditions'> & { ids: readonly string[] },
): Promise<StoredRow[]> {
  return context.tx.many(
    anyRow,
    sql`
    select ${columnList(columns)}
    from ${eachById({ table: record.table, alias: 'r', organization: context.organization, ids })}
    where organization_id = ${context.organization.id}::uuid
      ${record.soft_deletes ? raw('and deleted_at is null') : raw('')}
      ${conditions.length > 0 ? sql`and ${join(conditions, ' and ')}` : raw('')}
    order by wanted_place`,
  );
}

/** One page by key: rows after a sort value and id, never an offset. */
export function listRows(context: ReadContext, record: RecordSpec, query: ListQuery): Promise<StoredRow[]> {
  const column = identifier(query.sort.column);
  const direction = raw(query.sort.descending ? 'desc' : 'asc');
  const conditions = [...query.conditions];
  if (query.after) {
    const after = placeAfter(context, record, query.sort.column, query.after);
    conditions.push(
      sql`(${column}, id) ${raw(query.sort.descending ? '<' : '>')} (${after}, ${query.after.id}::uuid)`,
    );
  }
  if (record.soft_deletes && !query.deleted) conditions.push(sql`deleted_at is null`);
  const page = sql`
    select ${columnList(query.columns)}
    from ${identifier(record.table)} as r
    where organization_id = ${context.organization.id}::uuid
      ${conditions.length > 0 ? sql`and ${join(conditions, ' and ')}` : raw('')}
    order by ${column} ${direction}, id ${direction}
    limit ${limitOf(query.limit)}`;
  // A large business among small ones looks so much cheaper than the average that its first page would be planned anew each time.
  const isFirst = query.conditions.length === 0 && !query.after && usualLimits.has(query.limit);
  return context.tx.many(anyRow, isFirst ? plannedOnce(page) : page);
}

/**
 * How many rows, for usual pages in the text of the statement: what PostgreSQL does not know when it plans, it takes for a tenth of all
 * rows, and plans the list anew each time because that looks dear (decision 063).
 */
const limitOf = (limit: number) => (usualLimits.has(limit) ? raw(String(limit)) : sql`${limit}::integer`);

/** One more than fits, of pages of these lengths. */
const usualLimits: ReadonlySet<number> = new Set([5, 10, 20, 25, 50, 100].map(rows => rows + 1));

/**
 * Where the page before ended. A moment is told in milliseconds and kept in microseconds: taken as it was told, rows of the same
 * millisecond would be left out, or come twice. While the row still stands where it did, its own moment counts.
 */
function placeAfter(
  { organization }: ReadContext,
  record: RecordSpec,
  name: string,
  { value, id }: NonNullable<ListQuery['after']>,
): Sql {
  const told = parameter(record, name, value);
  if (typeOf(record, name) !== 'timestamptz' || value === null) return told;
  const column = identifier(name);
  return sql`coalesce(
    (
      select e.${column}
      from ${identifier(record.table)} as e
      where e.organization_id = ${organization.id}::uuid
        and e.id = ${id}::uuid
        and date_trunc('milliseconds', e.${column}) = ${told}
    ),
    ${told}
  )`;
}
