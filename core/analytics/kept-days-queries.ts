import { type Sql, sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';

// Which days of a period stand summed up, and what is left of it to be counted (decision 043). Reads summed_days, changed_days.

/** A visit of so many days after a day may say something about it: that somebody had to come back. One more than a callback takes. */
export const daysLookedAhead = 15;

/**
 * Two tables of some periods (`n`, `from_at`, `to_at`) for the statement that follows: `kept_days`, the whole days of UTC in them that
 * are summed up and have not changed since, nor any day their callbacks depend on; and `p`, the stretches around and between these.
 * Every moment of a period lies in exactly one of the two.
 */
export const splitPeriods = (context: ReadContext, periods: Sql): Sql => {
  const { id } = context.organization;
  return sql`
  asked as materialized (select * from ${periods}),
  kept_days as materialized (
    select a.n, d.day
    from asked as a
    join summed_days as d
      on d.organization_id = ${id}::uuid
      and d.day >= (a.from_at at time zone 'UTC')::date
      and d.day < (a.to_at at time zone 'UTC')::date
    where d.day::timestamp at time zone 'UTC' >= a.from_at
      and not exists (
        select 1
        from changed_days as c
        where c.organization_id = ${id}::uuid
          and c.day >= d.day
          and c.day <= d.day + ${daysLookedAhead}::integer
      )
  ),
  p as materialized (
    select n, from_at, to_at
    from (
      select n, lag(ends_at) over (partition by n order by begins_at, ends_at) as from_at, begins_at as to_at
      from (
        select n, from_at as begins_at, from_at as ends_at from asked
        union all
        select n, day::timestamp at time zone 'UTC', (day + 1)::timestamp at time zone 'UTC' from kept_days
        union all
        select n, to_at, to_at from asked
      ) as bounds
    ) as gaps
    where from_at < to_at
  )`;
};
