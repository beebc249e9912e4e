import { z } from 'zod';
import { identifier, join, raw, type Sql, sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import type { RecordSpec } from '../kernel/records/record.ts';
import { inTime } from './in-time.ts';

const groupRow = z.object({
  group: z.string().nullable(),
  currency: z.string().nullable(),
  count: z.coerce.number(),
  sum: z.coerce.number().nullable(),
});

/** By which column rows are put together, and how. */
export interface Grouping {
  name: string;
  by: 'word' | 'tag' | 'month of a moment' | 'month of a day';
}

/** Rows of any record, counted and summed by group; amounts of money by currency besides, never across. */
export function aggregateRows(
  context: ReadContext,
  record: RecordSpec,
  {
    of,
    by,
    isByCurrency,
    conditions,
    page,
  }: {
    of: string | undefined;
    by: Grouping | undefined;
    isByCurrency: boolean;
    conditions: readonly Sql[];
    page: { after: number; limit: number };
  },
) {
  const where = [
    sql`r.organization_id = ${context.organization.id}::uuid`,
    ...(record.soft_deletes ? [raw('r.deleted_at is null')] : []).map(part => sql`${part}`),
    ...conditions,
  ];
  const tags =
    by?.by === 'tag' ? sql`left join lateral unnest(r.${identifier(by.name)}) as g (tag) on true` : sql``;
  const isMonth = by?.by.startsWith('month') ?? false;
  return inTime(context, () =>
    context.tx.many(
      groupRow,
      sql`
      select ${isMonth ? sql`to_char(x.part, 'YYYY-MM')` : sql`x.part`} as group, x.currency, x.count, x.sum
      from (
        select ${by ? groupOf(context, by) : sql`null`} as part,
          ${isByCurrency ? sql`r.currency` : sql`null`} as currency,
          count(*) as count,
          ${of === undefined ? sql`null` : sql`coalesce(sum(r.${identifier(of)}), 0)`} as sum
        from ${identifier(record.table)} as r ${tags}
        where ${join(where, ' and ')}
        group by 1, 2
      ) as x
      order by ${isMonth ? sql`x.part desc nulls last` : sql`x.count desc, x.part`}, x.currency
      offset ${page.after}::integer
      limit ${page.limit}::integer`,
    ),
  );
}

function groupOf({ organization }: ReadContext, { name, by }: Grouping): Sql {
  const column = identifier(name);
  switch (by) {
    case 'tag':
      return sql`g.tag`;
    case 'month of a moment':
      // A month is written out once for a group, not once for a row.
      return sql`date_trunc('month', r.${column} at time zone ${organization.time_zone})`;
    case 'month of a day':
      return sql`date_trunc('month', r.${column}::timestamp)`;
    default:
      return sql`r.${column}::text`;
  }
}
