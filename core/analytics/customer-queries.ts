import { z } from 'zod';
import { type Sql, sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { inTime } from './in-time.ts';
import type { Span } from './periods.ts';
import { doneIn, periodTable } from './queries.ts';

// Work by whom it was done for, in a period and in the one it is compared with. Reads tickets, contacts.

const customerRow = z.object({
  contact_id: z.string(),
  reference: z.string(),
  customer: z.string(),
  currency: z.string(),
  /** What they are now: `new`, `repeat`, or `lost`. */
  standing: z.enum(['new', 'repeat', 'lost']),
  visits: z.coerce.number(),
  cents: z.coerce.number(),
  last_year_cents: z.coerce.number(),
  last_visit_at: z.string(),
});
export type CustomerSums = z.infer<typeof customerRow>;

/** All customers of the two spans, with how they stand: `new`, `repeat`, or `lost`. */
const standings = (context: ReadContext, spans: readonly [Span, Span]): Sql => {
  const { id } = context.organization;
  return sql`
  with p as materialized (select * from ${periodTable(context, spans)}),
  sums as (
    select t.contact_id, t.currency,
      count(*) filter (where p.n = 0) as visits,
      coalesce(sum(t.total_cents) filter (where p.n = 0), 0) as cents,
      coalesce(sum(t.total_cents) filter (where p.n = 1), 0) as last_year_cents,
      min(t.scheduled_at) as first_visit_at,
      max(t.scheduled_at) as last_visit_at
    from p
    join tickets as t on ${doneIn(context)}
    group by t.contact_id, t.currency
  ), told as materialized (
    select s.*,
      case
        when s.visits = 0 then 'lost'
        when s.first_visit_at < span.from_at then 'repeat'
        when earlier.is_found then 'repeat'
        else 'new'
      end as standing
    from sums as s
    cross join (select from_at from p where n = 0) as span
    left join lateral (
      select true as is_found
      from tickets as e
      where e.organization_id = ${id}::uuid
        and e.contact_id = s.contact_id
        and e.status = 'closed'
        and e.scheduled_at < span.from_at
        and s.visits > 0
        and s.first_visit_at >= span.from_at
      limit 1
    ) as earlier on true
    left join lateral (
      -- Served in the year before and not since, and nothing is planned: those alone are lost.
      select true as is_found
      from tickets as f
      where f.organization_id = ${id}::uuid
        and f.contact_id = s.contact_id
        and (f.status in ('scheduled', 'in_progress') or f.status = 'closed' and f.scheduled_at > s.last_visit_at)
        and s.visits = 0
      limit 1
    ) as later on true
    where s.visits > 0 or later.is_found is null
  ), counts as (
    select currency, count(*) filter (where standing = 'new') as new, count(*) filter (where standing = 'repeat') as repeat,
      count(*) filter (where standing = 'lost') as lost
    from told
    group by currency
  )`;
};

const standingCounts = z.object({
  currency: z.string(),
  new: z.coerce.number(),
  repeat: z.coerce.number(),
  lost: z.coerce.number(),
});
export type StandingCounts = z.infer<typeof standingCounts>;

/** A currency of which nobody is on the page has its counts all the same. */
const countedRow = z.looseObject({ ...standingCounts.shape, contact_id: z.string().nullable() });

/**
 * Customers of one standing, or all who were served, those who brought most first, lost ones by what they brought before; and how many
 * of each standing there are, by currency.
 */
export async function listCustomers(
  context: ReadContext,
  spans: readonly [Span, Span],
  {
    standing,
    limit,
    after,
  }: { standing: CustomerSums['standing'] | undefined; limit: number; after: number },
): Promise<{ customers: CustomerSums[]; counts: StandingCounts[] }> {
  const { id, currency: own } = context.organization;
  const rows = await inTime(context, () =>
    context.tx.many(
      countedRow,
      sql`
      ${standings(context, spans)},
      page as (
        select *
        from told
        where ${standing === undefined ? sql`visits > 0` : sql`standing = ${standing}`}
        order by currency <> ${own}, currency,
          ${standing === 'lost' ? sql`last_year_cents` : sql`cents`} desc, contact_id
        offset ${after}::integer
        limit ${limit}::integer
      )
      select counts.*, page.contact_id, c.reference, c.full_name as customer, page.standing, page.visits, page.cents,
        page.last_year_cents, page.last_visit_at
      from counts
      left join page on page.currency = counts.currency
      left join contacts as c on c.organization_id = ${id}::uuid and c.id = page.contact_id
      order by counts.currency <> ${own}, counts.currency,
        ${standing === 'lost' ? sql`page.last_year_cents` : sql`page.cents`} desc, page.contact_id`,
    ),
  );
  const counts = new Map(rows.map(row => [row.currency, standingCounts.parse(row)]));
  return {
    customers: rows.filter(({ contact_id }) => contact_id !== null).map(row => customerRow.parse(row)),
    counts: [...counts.values()],
  };
}
