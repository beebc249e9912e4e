import type { z } from 'zod';
import { isUuid } from '../database/ids.ts';
import { identifier, join, raw, type Sql, sql } from '../database/sql.ts';
import type { ReadContext } from '../pipeline/context.ts';
import { defineView, type View, type ViewSpec } from '../registry/define.ts';
import { pageOf, strangeCursor } from '../registry/paging.ts';
import type { NamedFilter } from './field-shape.ts';
import { readFilters } from './filters.ts';
import type { Row } from './record.ts';

/** What has happened, newest first: rows that nobody changes as records are changed. */
export interface LogSpec<R extends z.ZodObject = z.ZodObject>
  extends Omit<ViewSpec<z.ZodObject, R>, 'params' | 'run'> {
  row: R;
  /** The table, or a select in parentheses that stands for one. It has `organization_id`, and time-ordered ids. */
  from: string | Sql;
  /** What is read, when that is more than the members of `row` by their names. */
  columns?: Sql;
  /** Filters that compare a column with what is asked for. */
  exactly?: Readonly<Record<string, z.ZodType>>;
  /** Other filters. */
  named?: Readonly<Record<string, NamedFilter>>;
  /** What holds for every row this caller is shown, when that has been asked for. */
  only?(context: ReadContext, params: Row): Sql[];
}

/** The list of a log: filtered, and paged by id. */
export function defineLog<R extends z.ZodObject>({
  from,
  columns,
  exactly = {},
  named = {},
  only,
  ...spec
}: LogSpec<R>): View {
  const same = Object.entries(exactly).map(([name, input]): [string, NamedFilter] => [
    name,
    // An empty field of a form asks for nothing.
    { input, where: (_context, value) => (value === '' ? sql`true` : sql`${identifier(name)} = ${value}`) },
  ]);
  const filters = readFilters({}, { ...Object.fromEntries(same), ...named });
  const read = columns ?? raw(Object.keys(spec.row.shape).join(', '));
  const table = typeof from === 'string' ? identifier(from) : from;
  return defineView({
    ...spec,
    params: filters.params,
    async run(context, { params, cursor, limit }) {
      const conditions = [
        sql`organization_id = ${context.organization.id}::uuid`,
        ...filters.where(params, context),
        ...(only?.(context, params) ?? []),
        ...before(cursor),
      ];
      const rows = await context.tx.many(
        spec.row,
        sql`
        select ${read}
        from ${table}
        where ${join(conditions, ' and ')}
        order by id desc
        limit ${limit + 1}::integer`,
      );
      return pageOf(rows, limit, last => String(last.id));
    },
  });
}

function before(cursor: string | undefined): Sql[] {
  if (cursor === undefined) return [];
  if (isUuid(cursor)) return [sql`id < ${cursor}::uuid`];
  throw strangeCursor();
}
