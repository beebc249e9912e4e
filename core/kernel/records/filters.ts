import { z } from 'zod';
import { identifier, type RawSql, type Sql, sql } from '../database/sql.ts';
import type { ReadContext } from '../pipeline/context.ts';
import { day, dayBounds, readDay } from '../words/time.ts';
import type { Field, Fields, NamedFilter } from './field-shape.ts';
import type { RecordSpec } from './record.ts';
import { ref } from './references.ts';
import type { ChildRelation } from './relations.ts';
import { leavable } from './shared-schemas.ts';

/** What a list can be asked for by name, and the conditions that makes. */
type Filters = Pick<RecordSpec, 'params' | 'where'>;

/** The named filters of a list: those its fields say, and those no column says by itself. */
export const readFilters = (fields: Fields, named: Readonly<Record<string, NamedFilter>>): Filters =>
  filtersFrom({
    ...Object.fromEntries(Object.entries(fields).flatMap(([name, field]) => filtersOf(name, field))),
    ...named,
  });

/** Those of a record, and those its children say of it. */
export function filtersWith(record: Filters, children: readonly ChildRelation[]): Filters {
  const said = filtersFrom(Object.assign({}, ...children.map(({ to }) => to.parent_filters)));
  return {
    params: z.strictObject({ ...record.params.shape, ...said.params.shape }),
    where: (params, context) => [...record.where(params, context), ...said.where(params, context)],
  };
}

function filtersFrom(filters: Readonly<Record<string, NamedFilter>>): Filters {
  const known = Object.entries(filters);
  return {
    params: z.strictObject(Object.fromEntries(known.map(([name, { input }]) => [name, leavable(input)]))),
    where: (params, context) =>
      known.flatMap(([name, filter]) =>
        params[name] === undefined ? [] : [filter.where(context, params[name])],
      ),
  };
}

function filtersOf(name: string, field: Field): [string, NamedFilter][] {
  const { filter } = field;
  if (filter === undefined) return [];
  const column = identifier(name);
  if (filter === 'range') return rangeOf(field, column);
  return [[filter === true ? name : filter, filterOf(field, column)]];
}

/** A whole day at both ends: of a moment, the business’s day. */
function rangeOf({ kind }: Field, column: RawSql): [string, NamedFilter][] {
  const isDay = kind === 'date';
  const bounds = ({ organization }: ReadContext, text: unknown, name: string) =>
    dayBounds(readDay(String(text), name), organization.time_zone);
  return [
    [
      'from',
      {
        input: day,
        where: (context, value) =>
          isDay
            ? sql`${column} >= ${readDay(String(value), 'from').toString()}::date`
            : sql`${column} >= ${bounds(context, value, 'from').from.toString()}::timestamptz`,
      },
    ],
    [
      'to',
      {
        input: day,
        where: (context, value) =>
          isDay
            ? sql`${column} <= ${readDay(String(value), 'to').toString()}::date`
            : sql`${column} < ${bounds(context, value, 'to').to.toString()}::timestamptz`,
      },
    ],
  ];
}

function filterOf(field: Field, column: RawSql): NamedFilter {
  switch (field.kind) {
    case 'ref':
      return { input: ref(field.to?.record ?? ''), where: (_, id) => sql`${column} = ${id}::uuid` };
    case 'choice':
      return { input: z.enum(field.options ?? []), where: (_, word) => sql`${column} = ${word}` };
    case 'boolean':
      return { input: z.boolean(), where: (_, value) => sql`${column} = ${value}::boolean` };
    case 'number':
    case 'money':
    case 'percent':
      return { input: z.int(), where: (_, value) => sql`${column} = ${value}::bigint` };
    case 'tags':
      return { input: z.string().max(50), where: (_, tag) => sql`${tag} = any (${column})` };
    case 'custom_fields':
      return { input: wanted, where: (_, value) => holds(column, value) };
    default:
      return {
        input: z.string().max(200),
        where: (_, text) => sql`lower(${column}) = lower(${text}::text)`,
      };
  }
}

/** `gate_code=1234`, `gate_code` alone for any value, or `{gate_code: "1234"}`. */
const wanted = z.union([
  z.string().min(1).max(2100),
  z.record(z.string().max(63), z.union([z.string().max(2000), z.number(), z.boolean()])),
]);

/** Values are compared as they are written: 5 and "5" are alike. */
function holds(column: RawSql, value: unknown): Sql {
  if (typeof value !== 'string') {
    const text = JSON.stringify(value);
    return sql`not exists (
      select 1 from jsonb_each_text(${text}::jsonb) as w (key, value)
      where ${column} ->> w.key is distinct from w.value
    )`;
  }
  const [key = '', ...rest] = value.split('=');
  const name = key.trim();
  return rest.length === 0
    ? sql`${column} ->> ${name}::text is not null`
    : sql`lower(${column} ->> ${name}::text) = lower(${rest.join('=').trim()}::text)`;
}
