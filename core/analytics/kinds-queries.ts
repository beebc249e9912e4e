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
  visits: z.coerce.number(),
  quantity: z.coerce.number(),
  cents: z.coerce.number(),
});

/** What each service came to on closed visits; what is on no price list has none. */
export const listServices = (context: ReadContext, spans: readonly Span[]) =>
  inTime(context, () =>
    context.tx.many(
      serviceRow,
      sql`
      with done as (
        select p.n, l.service_id, t.currency, count(distinct t.id) as visits, sum(l.quantity) as quantity,
          sum(l.total_cents) as cents
        from ${periodTable(context, spans)}
        join tickets as t on ${doneIn(context)}
        cross join lateral (${linesOf}) as l
        group by p.n, l.service_id, t.currency
      )
      select done.*, s.name as service, s.reference, s.kind
      from done
      left join services as s on s.organization_id = ${context.organization.id}::uuid and s.id = done.service_id`,
    ),
  );

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
        select p.n, t.address_id, t.currency, t.contact_id, count(*) as visits, sum(t.total_cents) as cents
        from ${periodTable(context, spans)}
        join tickets as t on ${doneIn(context)}
        group by p.n, t.address_id, t.currency, t.contact_id
      )
      select d.n, ${neighborhoodOf('a')} as neighborhood, min(nullif(btrim(a.city), '')) as city, d.currency,
        sum(d.visits) as visits, count(distinct d.contact_id) as customers, sum(d.cents) as cents
      from at_address as d
      left join addresses as a on a.organization_id = ${context.organization.id}::uuid and a.id = d.address_id
      group by 1, 2, 4`,
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
 * series and was for a service of the first one or for nothing; it counts for those who were there last before it.
 */
export const listTechnicians = (context: ReadContext, spans: readonly Span[]) =>
  inTime(context, () =>
    context.tx.many(
      technicianRow,
      sql`
      with done as (
        select p.n, t.id, t.currency, t.total_cents, t.actual_minutes, exists (${laterVisit(context)}) as is_called_back
        from ${periodTable(context, spans)}
        join tickets as t on ${doneIn(context)}
      ), shared as (
        select d.n, d.id, d.currency, d.is_called_back, a.technician_id,
          d.total_cents / count(*) over of_visit
            + case when row_number() over (of_visit order by a.technician_id) <= d.total_cents % count(*) over of_visit
                then 1 else 0 end as cents,
          coalesce(c.minutes, d.actual_minutes) as minutes
        from done as d
        cross join lateral (
          select g.technician_id
          from ticket_technicians as g
          where g.organization_id = ${context.organization.id}::uuid and g.ticket_id = d.id
          offset 0
        ) as a
        left join lateral (
          select round(sum(extract(epoch from e.clocked_out_at - e.clocked_in_at)) / 60) as minutes
          from time_entries as e
          where e.organization_id = ${context.organization.id}::uuid
            and e.ticket_id = d.id
            and e.technician_id = a.technician_id
            and e.clocked_out_at is not null
        ) as c on true
        window of_visit as (partition by d.n, d.id)
      )
      select s.n, s.technician_id, m.name as technician, s.currency, count(*) as visits,
        coalesce(sum(s.minutes), 0) as minutes, sum(s.cents) as cents,
        coalesce(sum(s.cents) filter (where s.minutes > 0), 0) as timed_cents,
        count(*) filter (where s.is_called_back) as callbacks
      from shared as s
      join members as m on m.organization_id = ${context.organization.id}::uuid and m.id = s.technician_id
      group by s.n, s.technician_id, m.name, s.currency`,
    ),
  );

/** The visit that came back for what the visit `t` was about, and no other was there in between. */
const laterVisit = ({ organization }: ReadContext): Sql => sql`
  select 1
  from tickets as b
  where b.organization_id = ${organization.id}::uuid
    and b.address_id = t.address_id
    and b.status = 'closed'
    and b.series_id is null
    and b.scheduled_at > t.scheduled_at
    and b.scheduled_at < t.scheduled_at + make_interval(days => ${callbackDays}::integer)
    and (
      b.total_cents = 0
      or exists (
        select 1
        from ticket_lines as x
        join ticket_lines as y
          on y.organization_id = x.organization_id and y.ticket_id = t.id and y.service_id = x.service_id
          and y.deleted_at is null
        where x.organization_id = ${organization.id}::uuid
          and x.ticket_id = b.id
          and x.deleted_at is null
      )
    )
    and not exists (
      select 1
      from tickets as m
      where m.organization_id = ${organization.id}::uuid
        and m.address_id = t.address_id
        and m.status = 'closed'
        and m.scheduled_at > t.scheduled_at
        and m.scheduled_at < b.scheduled_at
    )`;

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

/** All customers of the two spans with how they stand; `whole` selects what is answered of them. */
const standings = (context: ReadContext, spans: readonly [Span, Span]): Sql => sql`
  select t.contact_id, t.currency,
    count(*) filter (where p.n = 0) as visits,
    coalesce(sum(t.total_cents) filter (where p.n = 0), 0) as cents,
    coalesce(sum(t.total_cents) filter (where p.n = 1), 0) as last_year_cents,
    max(t.scheduled_at) as last_visit_at,
    min(p.from_at) filter (where p.n = 0) as from_at
  from ${periodTable(context, spans)}
  join tickets as t on ${doneIn(context)}
  group by t.contact_id, t.currency`;

const standingOf = ({ organization }: ReadContext): Sql => sql`
  case
    when s.visits = 0 then 'lost'
    when exists (
      select 1
      from tickets as e
      where e.organization_id = ${organization.id}::uuid
        and e.contact_id = s.contact_id
        and e.status = 'closed'
        and e.scheduled_at < s.from_at
    ) then 'repeat'
    else 'new'
  end`;

/** Served in the year before and not since, and nothing is planned: those alone are lost. */
const notToCome = ({ organization }: ReadContext): Sql => sql`
  s.visits > 0
  or not exists (
    select 1
    from tickets as f
    where f.organization_id = ${organization.id}::uuid
      and f.contact_id = s.contact_id
      and (f.status in ('scheduled', 'in_progress') or f.status = 'closed' and f.scheduled_at > s.last_visit_at)
  )`;

/** Customers of one standing, or all who were served; those who brought most first, lost ones by what they brought before. */
export const listCustomers = (
  context: ReadContext,
  spans: readonly [Span, Span],
  {
    standing,
    limit,
    after,
  }: { standing: CustomerSums['standing'] | undefined; limit: number; after: number },
) =>
  inTime(context, () =>
    context.tx.many(
      customerRow,
      sql`
      with sums as (${standings(context, spans)}),
      s as (
        select * from sums where ${standing === undefined ? sql`visits > 0` : standing === 'lost' ? sql`visits = 0` : sql`visits > 0`}
      ), told as (
        select s.*, ${standingOf(context)} as standing
        from s
        where ${standing === 'lost' ? notToCome(context) : sql`true`}
      )
      select told.contact_id, c.reference, c.full_name as customer, told.currency, told.standing, told.visits,
        told.cents, told.last_year_cents, told.last_visit_at
      from told
      join contacts as c on c.organization_id = ${context.organization.id}::uuid and c.id = told.contact_id
      where ${standing === undefined ? sql`true` : sql`told.standing = ${standing}`}
      order by told.currency <> ${context.organization.currency}, told.currency,
        ${standing === 'lost' ? sql`told.last_year_cents` : sql`told.cents`} desc, told.contact_id, told.currency
      offset ${after}::integer
      limit ${limit}::integer`,
    ),
  );

const standingCounts = z.object({
  currency: z.string(),
  new: z.coerce.number(),
  repeat: z.coerce.number(),
  lost: z.coerce.number(),
});

/** How many customers of each standing there are. */
export const countCustomers = (context: ReadContext, spans: readonly [Span, Span]) =>
  inTime(context, () =>
    context.tx.many(
      standingCounts,
      sql`
      with s as (${standings(context, spans)}),
      told as (
        select s.currency, ${standingOf(context)} as standing
        from s
        where ${notToCome(context)}
      )
      select currency, count(*) filter (where standing = 'new') as new,
        count(*) filter (where standing = 'repeat') as repeat,
        count(*) filter (where standing = 'lost') as lost
      from told
      group by currency`,
    ),
  );
