import { z } from 'zod';
import { identifier, join, raw, type Sql, sql } from '../database/sql.ts';
import type { ReadContext } from '../pipeline/context.ts';
import type { RecordSpec } from './record.ts';

/** So many groups of one kind are told, such as the days of two months; more are not summed up by it. */
const mostGroups = 62;

/** How a record is summed up beyond its own fields. */
export interface TotalsSpec {
  /** Rows that do not count, unless a state or preset was asked for, and why: `cancelled`. */
  without?: { where: Sql; why: string };
  /** Groups that another table says. */
  groups?: Readonly<Record<string, JoinedGroup>>;
}

export interface JoinedGroup {
  /** On `r`. */
  join: Sql;
  /** What the group is called there. */
  key: Sql;
  /** When a row may stand in several groups, what is said of it: `a visit of two technicians counts for each`. */
  shared?: string;
}

const sum = z.record(z.string(), z.coerce.number());
type Sums = z.output<typeof sum>;

/** `{count: 12, total_cents: 340000, by_status: {scheduled: {count: 11, …}, …}, by_day: …}` */
export type Totals = Record<string, unknown>;

/** What a list can be summed up by: its amounts of money, its states, its day, and what the record says. */
export function summedUp({ fields, totals }: Pick<RecordSpec, 'fields' | 'totals'>) {
  const named = Object.entries(fields);
  return {
    sums: named.filter(([, { kind, list }]) => kind === 'money' && list).map(([name]) => name),
    choices: named
      .filter(([, { kind, list, filter }]) => kind === 'choice' && list && filter)
      .map(([name]) => name),
    day: named.find(([, { filter }]) => filter === 'range'),
    groups: totals?.groups ?? {},
  };
}

/**
 * How many rows of a list there are and what they come to, all pages together: the count, the sum of each amount shown in
 * lists, and both by each state, day of the business, and whatever else the record says. `whole` counts every row, because
 * a state was asked for. What is left out stands in no group, so that each kind of groups comes to the total; where a row
 * stands in several groups, and they come to more, a hint says so.
 */
export async function totalsOf(
  context: ReadContext,
  record: RecordSpec,
  { conditions, whole }: { conditions: readonly Sql[]; whole: boolean },
): Promise<Totals> {
  const { sums, choices, day, groups } = summedUp(record);
  const without = whole ? undefined : record.totals?.without;
  const rows = from(context, record, conditions);
  const counted = without ? from(context, record, [...conditions, sql`not (${without.where})`]) : rows;
  const what = join([sql`count(*) as count`, ...sums.map(sumOf)], ', ');
  const group = async (name: string, source: Sql, key: Sql) =>
    [`by_${name}`, await groupsOf(context, sql`select ${key} as key, ${what} from ${source}`)] as const;
  const [all, { count: inAll = 0 }, ...by] = await Promise.all([
    context.tx.one(sum, sql`select ${what} from ${counted}`),
    context.tx.one(sum, sql`select count(*) as count from ${rows}`),
    ...choices.map(name => group(name, counted, sql`coalesce(r.${identifier(name)}, 'none')`)),
    ...(day ? [group('day', counted, dayOf(context, day))] : []),
    ...Object.entries(groups).map(([name, { join: joined, key }]) =>
      group(name, sql`${counted} ${joined}`, key),
    ),
  ]);
  const leftOut = inAll - (all.count ?? 0);
  const byName = Object.fromEntries(by);
  const shared = Object.entries(groups).flatMap(([name, { shared: why }]) =>
    why !== undefined && countOf(byName[`by_${name}`]) > (all.count ?? 0) ? `by_${name}: ${why}` : [],
  );
  return {
    ...all,
    ...(sums.length > 0 ? { currency: context.organization.currency } : {}),
    ...(leftOut > 0 ? { left_out: { count: leftOut, why: without?.why } } : {}),
    ...byName,
    ...(shared.length > 0 ? { hint: `${shared.join('; ')}.` } : {}),
  };
}

const groupCounts = z.record(z.string(), z.looseObject({ count: z.number() }));

/** How many rows stand in some groups; 0 when they are too many to be told. */
function countOf(groups: unknown): number {
  const { data = {} } = groupCounts.safeParse(groups);
  return Object.values(data).reduce((sum, { count }) => sum + count, 0);
}

const sumOf = (name: string): Sql => sql`coalesce(sum(r.${identifier(name)}), 0) as ${identifier(name)}`;

function dayOf({ organization }: ReadContext, [name, { kind }]: readonly [string, { kind: string }]): Sql {
  const column = identifier(name);
  return kind === 'date'
    ? sql`coalesce(r.${column}::text, 'none')`
    : sql`coalesce((r.${column} at time zone ${organization.time_zone})::date::text, 'none')`;
}

/** The rows as this caller may see them, called `r`; conditions name columns as they are. */
const from = (context: ReadContext, record: RecordSpec, conditions: readonly Sql[]): Sql => sql`(
    select r.*
    from ${identifier(record.table)} as r
    where organization_id = ${context.organization.id}::uuid
      ${record.soft_deletes ? raw('and deleted_at is null') : raw('')}
      ${conditions.length > 0 ? sql`and ${join(conditions, ' and ')}` : raw('')}
  ) as r`;

const groupRow = z.looseObject({ key: z.string() });

/** A part of the groups would read like all of them, so too many are not told at all. */
async function groupsOf(context: ReadContext, select: Sql): Promise<Record<string, Sums> | { hint: string }> {
  const rows = await context.tx.many(
    groupRow,
    sql`${select} group by 1 order by 1 limit ${mostGroups + 1}::integer`,
  );
  if (rows.length > mostGroups)
    return { hint: `More than ${mostGroups}. Ask for fewer, such as a shorter period.` };
  return Object.fromEntries(rows.map(({ key, ...sums }) => [key, sum.parse(sums)]));
}
