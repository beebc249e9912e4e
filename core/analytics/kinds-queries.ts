import { z } from 'zod';
import { type Sql, sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { neighborhoodOf } from '../reading/visit-parts.ts';
import { inTime } from './in-time.ts';
import type { Span } from './periods.ts';
import { doneIn, linesOf, periodTable } from './queries.ts';

// Work by what was done, where, by whom and for whom, in a period and in the one it is compared with. Reads tickets,
// ticket_lines, ticket_technicians, time_entries, services, addresses, members, contacts.

const serviceRow = z.object({
  n: z.number(),
  service_id: z.string().nullable(),
  service: z.string().nullable(),
  reference: z.string().nullable(),
  kind: z.string().nullable(),
  currency: z.string(),
  /** Of the first span alone. */
  visits: z.coerce.number(),
  quantity: z.coerce.number(),
  cents: z.coerce.number(),
});

/** What each service came to on closed visits; what is on no price list has none. How many visits there were is told of the first span. */
export const listServices = (context: ReadContext, spans: readonly Span[]) => {
  const of = (n: number, visits: Sql) => sql`
    select p.n, l.service_id, t.currency, ${visits} as visits, sum(l.quantity) as quantity, sum(l.total_cents) as cents
    from p
    join tickets as t on ${doneIn(context)}
    cross join lateral (${linesOf}) as l
    where p.n = ${n}::integer
    group by p.n, l.service_id, t.currency`;
  return inTime(context, () =>
    context.tx.many(
      serviceRow,
      sql`
      with p as (select * from ${periodTable(context, spans)}),
      done as (
        ${of(0, sql`count(distinct t.id)`)}
        union all
        ${of(1, sql`null`)}
      )
      select done.*, s.name as service, s.reference, s.kind
      from done
      left join services as s on s.organization_id = ${context.organization.id}::uuid and s.id = done.service_id`,
    ),
  );
};

const placeRow = z.object({
  n: z.number(),
  neighborhood: z.string().nullable(),
  city: z.string().nullable(),
  currency: z.string(),
  visits: z.coerce.number(),
  customers: z.coerce.number(),
  cents: z.coerce.number(),
});

/** What each neighbourhood came to: by postal code, else by town. */
export const listNeighborhoods = (context: ReadContext, spans: readonly Span[]) =>
  inTime(context, () =>
    context.tx.many(
      placeRow,
      sql`
      with at_address as (
        select p.n, d.*
        from ${periodTable(context, spans)}
        cross join lateral (
          select t.address_id, t.currency, t.contact_id, count(*) as visits, sum(t.total_cents) as cents
          from tickets as t
          where ${doneIn(context)}
          group by t.address_id, t.currency, t.contact_id
        ) as d
      ), of_customer as (
        select d.n, ${neighborhoodOf('a')} as neighborhood, min(nullif(btrim(a.city), '')) as city, d.currency,
          d.contact_id, sum(d.visits) as visits, sum(d.cents) as cents
        from at_address as d
        left join addresses as a on a.organization_id = ${context.organization.id}::uuid and a.id = d.address_id
        group by d.n, 2, d.currency, d.contact_id
      )
      select n, neighborhood, min(city) as city, currency, sum(visits) as visits, count(*) as customers, sum(cents) as cents
      from of_customer
      group by n, neighborhood, currency`,
    ),
  );

const technicianRow = z.object({
  n: z.number(),
  technician_id: z.string(),
  technician: z.string(),
  currency: z.string(),
  visits: z.coerce.number(),
  minutes: z.coerce.number(),
  cents: z.coerce.number(),
  timed_cents: z.coerce.number(),
  callbacks: z.coerce.number(),
});

/** How soon somebody comes back for the same work, or for nothing, when the first visit had not done it. */
export const callbackDays = 14;

/**
 * What each technician did. A visit of several is shared between them to the cent; hours are those on the clock, else those the
 * visit was closed with. A callback is a later closed visit at the same address, within so many days, that belongs to no
 * series and was for a service of the first one or for nothing; it counts for those who were there last before it. Hours and callbacks
 * are told of the first span.
 */
export const listTechnicians = (context: ReadContext, spans: readonly Span[]) =>
  inTime(context, () =>
    context.tx.many(
      technicianRow,
      sql`
      with p as materialized (select * from ${periodTable(context, spans)}),
      called_back as materialized (${calledBack(context)}),
      crew as (
        select p.n, t.id, t.currency, t.total_cents, t.actual_minutes, a.technician_id
        from p
        join tickets as t on ${doneIn(context)}
        cross join lateral (
          select g.technician_id
          from ticket_technicians as g
          where g.organization_id = ${context.organization.id}::uuid and g.ticket_id = t.id
          offset 0
        ) as a
      ), shared as (
        select c.*,
          c.total_cents / count(*) over of_visit
            + case when row_number() over of_visit <= c.total_cents % count(*) over of_visit then 1 else 0 end as cents
        from crew as c
        window of_visit as (
          partition by c.n, c.id order by c.technician_id rows between unbounded preceding and unbounded following
        )
      ), timed as (
        select s.n, s.technician_id, s.currency, s.cents, case when s.n = 0 then coalesce(clock.minutes, s.actual_minutes) end as minutes,
          s.n = 0 and b.id is not null as is_called_back
        from shared as s
        left join lateral (
          select round(sum(extract(epoch from e.clocked_out_at - e.clocked_in_at)) / 60) as minutes
          from time_entries as e
          where s.n = 0
            and e.organization_id = ${context.organization.id}::uuid
            and e.ticket_id = s.id
            and e.technician_id = s.technician_id
            and e.clocked_out_at is not null
        ) as clock on true
        left join called_back as b on b.id = s.id
      ), done as (
        select n, technician_id, currency, count(*) as visits, coalesce(sum(minutes), 0) as minutes, sum(cents) as cents,
          coalesce(sum(cents) filter (where minutes > 0), 0) as timed_cents,
          count(*) filter (where is_called_back) as callbacks
        from timed
        group by n, technician_id, currency
      )
      select done.*, m.name as technician
      from done
      join members as m on m.organization_id = ${context.organization.id}::uuid and m.id = done.technician_id`,
    ),
  );

/**
 * The visits of the first span after which somebody came back for the same, and nobody was there in between: the next visit at the
 * address, read once in order. Two that began at the same moment are the next one both.
 */
const calledBack = (context: ReadContext): Sql => {
  const { id } = context.organization;
  const soon = sql`make_interval(days => ${callbackDays}::integer)`;
  return sql`
  select distinct near.id
  from (
    select t.id, t.address_id, t.scheduled_at,
      first_value(t.scheduled_at) over (
        partition by t.address_id order by t.scheduled_at groups between 1 following and 1 following
      ) as next_at
    from p
    join tickets as t
      on t.organization_id = ${id}::uuid
      and t.status = 'closed'
      and t.scheduled_at >= p.from_at
      and t.scheduled_at < p.to_at + ${soon}
      and t.address_id is not null
    where p.n = 0
  ) as near
  join tickets as b
    on b.organization_id = ${id}::uuid
    and b.address_id = near.address_id
    and b.status = 'closed'
    and b.series_id is null
    and b.scheduled_at = near.next_at
  where near.next_at < near.scheduled_at + ${soon}
    and (
      b.total_cents = 0
      or exists (
        select 1
        from ticket_lines as x
        join ticket_lines as y
          on y.organization_id = x.organization_id and y.ticket_id = near.id and y.service_id = x.service_id
          and y.deleted_at is null
        where x.organization_id = ${id}::uuid
          and x.ticket_id = b.id
          and x.deleted_at is null
      )
    )`;
};

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
