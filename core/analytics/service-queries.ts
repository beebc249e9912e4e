import { z } from 'zod';
import { type Sql, sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { inTime } from './in-time.ts';
import { splitPeriods } from './kept-days-queries.ts';
import type { Span } from './periods.ts';
import { doneIn, linesOf, periodTable } from './queries.ts';

// Work by what was done, in a period and in the one it is compared with. Reads tickets, ticket_lines, services, summed_services.

/** What each service came to on the closed visits within the periods of a table `p`, by `n`. */
export const serviceSums = (context: ReadContext, n: Sql): Sql => sql`
  select ${n} as n, l.service_id, t.currency, count(distinct t.id) as visits, sum(l.quantity) as quantity,
    sum(l.total_cents) as cents
  from p
  cross join lateral (
    select t.organization_id, t.id, t.scheduled_at, t.currency from tickets as t where ${doneIn(context)} offset 0
  ) as t
  cross join lateral (${linesOf}) as l
  group by 1, l.service_id, t.currency`;

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
      with ${splitPeriods(context, periodTable(context, spans))},
      each_day as (
        select d.n, k.*
        from kept_days as d
        cross join lateral (
          select s.service_id, s.currency, s.visits, s.quantity, s.cents
          from summed_services as s
          where s.organization_id = ${context.organization.id}::uuid and s.day = d.day
          offset 0
        ) as k
        union all
        (${serviceSums(context, sql`p.n`)})
      ), done as (
        select n, service_id, currency, sum(visits) as visits, sum(quantity) as quantity, sum(cents) as cents
        from each_day
        group by n, service_id, currency
      )
      select done.*, s.name as service, s.reference, s.kind
      from done
      left join services as s on s.organization_id = ${context.organization.id}::uuid and s.id = done.service_id`,
    ),
  );
