import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { daysLookedAhead } from './kept-days-queries.ts';
import { serviceSums } from './service-queries.ts';
import { technicianSums } from './technician-queries.ts';

// Sums up the days that have changed (decision 043). Reads tickets and their parts; writes summed_days, summed_services,
// summed_technicians, changed_days.

/** So many days are summed up in one transaction. */
const daysAtOnce = 31;

const stretch = z.object({ from_on: z.string(), to_on: z.string() });
export type Stretch = z.infer<typeof stretch>;

/** The earliest days that have changed, with those before them on which somebody may have been called back by one; undefined without any. */
export const findChangedDays = (context: Context): Promise<Stretch | undefined> =>
  context.tx.maybe(
    stretch,
    sql`
    with first as (
      select min(day) as day from changed_days where organization_id = ${context.organization.id}::uuid
    )
    select (first.day - ${daysLookedAhead}::integer)::text as from_on, max(c.day)::text as to_on
    from first
    join changed_days as c
      on c.organization_id = ${context.organization.id}::uuid
      and c.day < first.day + ${daysAtOnce}::integer
    group by first.day`,
  );

/** Forgets what these days came to; until they are summed up anew they are counted from their visits. */
export async function forgetDays(context: Context, { from_on, to_on }: Stretch): Promise<void> {
  const which = sql`organization_id = ${context.organization.id}::uuid and day between ${from_on}::date and ${to_on}::date`;
  await context.tx.run(sql`delete from summed_services where ${which}`);
  await context.tx.run(sql`delete from summed_technicians where ${which}`);
  await context.tx.run(sql`delete from summed_days where ${which}`);
}

/**
 * Sums these days up, and takes away who said that they have changed: in one statement, so that what is taken away is what was counted,
 * and a visit that is closed at this very moment is told of by a row that stays.
 */
export const sumDays = (context: Context, { from_on, to_on }: Stretch): Promise<number> => {
  const { id } = context.organization;
  const day = sql`(t.scheduled_at at time zone 'UTC')::date`;
  return context.tx.run(sql`
    with p as materialized (
      select ${from_on}::date::timestamp at time zone 'UTC' as from_at,
        (${to_on}::date + 1)::timestamp at time zone 'UTC' as to_at
    ), said as (
      delete from changed_days
      where organization_id = ${id}::uuid and day between ${from_on}::date and ${to_on}::date
    ), services as (
      insert into summed_services (organization_id, day, position, service_id, currency, visits, quantity, cents)
      select ${id}::uuid, s.n, row_number() over (partition by s.n order by s.service_id, s.currency),
        s.service_id, s.currency, s.visits, s.quantity, s.cents
      from (${serviceSums(context, day)}) as s
    ), technicians as (
      insert into summed_technicians (
        organization_id, day, technician_id, currency, visits, minutes, cents, timed_cents, callbacks
      )
      select ${id}::uuid, s.n, s.technician_id, s.currency, s.visits, s.minutes, s.cents, s.timed_cents, s.callbacks
      from (${technicianSums(context, day)}) as s
    )
    insert into summed_days (organization_id, day)
    select ${id}::uuid, each.day::date
    from generate_series(${from_on}::date, ${to_on}::date, interval '1 day') as each (day)`);
};
