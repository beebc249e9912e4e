import { z } from 'zod';
import { type Sql, sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { inTime } from './in-time.ts';
import { splitPeriods } from './kept-days-queries.ts';
import type { Span } from './periods.ts';
import { doneIn, periodTable } from './queries.ts';

// Work by who did it, in a period and in the one it is compared with. Reads tickets, ticket_lines, ticket_technicians, time_entries,
// members, summed_technicians.

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
      with ${splitPeriods(context, periodTable(context, spans))},
      each_day as (
        select d.n, k.*
        from kept_days as d
        cross join lateral (
          select s.technician_id, s.currency, s.visits, s.minutes, s.cents, s.timed_cents, s.callbacks
          from summed_technicians as s
          where s.organization_id = ${context.organization.id}::uuid and s.day = d.day
          offset 0
        ) as k
        union all
        (${technicianSums(context, sql`p.n`)})
      ), done as (
        select n, technician_id, currency, sum(visits) as visits, sum(minutes) as minutes, sum(cents) as cents,
          sum(timed_cents) as timed_cents, sum(callbacks) as callbacks
        from each_day
        group by n, technician_id, currency
      )
      select done.*, m.name as technician
      from done
      join members as m on m.organization_id = ${context.organization.id}::uuid and m.id = done.technician_id`,
    ),
  );

/** What each technician did on the closed visits within the stretches of a table `p`, which do not overlap, by `n`. */
export const technicianSums = (context: ReadContext, n: Sql): Sql => sql`
  with called_back as materialized (${calledBack(context)}),
  crew as (
    select ${n} as n, t.id, t.currency, t.total_cents, t.actual_minutes, a.technician_id
    from p
    cross join lateral (
      select t.id, t.scheduled_at, t.currency, t.total_cents, t.actual_minutes from tickets as t where ${doneIn(context)} offset 0
    ) as t
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
    select s.n, s.technician_id, s.currency, s.cents, coalesce(clock.minutes, s.actual_minutes) as minutes,
      b.id is not null as is_called_back
    from shared as s
    left join lateral (
      select round(sum(extract(epoch from e.clocked_out_at - e.clocked_in_at)) / 60) as minutes
      from time_entries as e
      where e.organization_id = ${context.organization.id}::uuid
        and e.ticket_id = s.id
        and e.technician_id = s.technician_id
        and e.clocked_out_at is not null
    ) as clock on true
    left join called_back as b on b.id = s.id
  )
  select n, technician_id, currency, count(*) as visits, coalesce(sum(minutes), 0) as minutes, sum(cents) as cents,
    coalesce(sum(cents) filter (where minutes > 0), 0) as timed_cents,
    count(*) filter (where is_called_back) as callbacks
  from timed
  group by n, technician_id, currency`;

/**
 * The visits of the stretches after which somebody came back for the same, and nobody was there in between: the next visit at the
 * address, read once in order. Two that began at the same moment are the next one both.
 */
const calledBack = (context: ReadContext): Sql => {
  const { id } = context.organization;
  const soon = sql`make_interval(hours => ${callbackDays * 24}::integer)`;
  return sql`
  select distinct near.id
  from (
    select t.id, t.address_id, t.scheduled_at,
      first_value(t.scheduled_at) over (
        partition by p.from_at, t.address_id order by t.scheduled_at groups between 1 following and 1 following
      ) as next_at
    from p
    cross join lateral (
      select t.id, t.address_id, t.scheduled_at
      from tickets as t
      where t.organization_id = ${id}::uuid
        and t.status = 'closed'
        and t.scheduled_at >= p.from_at
        and t.scheduled_at < p.to_at + ${soon}
        and t.address_id is not null
      offset 0
    ) as t
  ) as near
  cross join lateral (
    select b.id, b.total_cents
    from tickets as b
    where b.organization_id = ${id}::uuid
      and b.address_id = near.address_id
      and b.status = 'closed'
      and b.series_id is null
      and b.scheduled_at = near.next_at
    offset 0
  ) as b
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
