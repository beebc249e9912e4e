import { z } from 'zod';
import { type Sql, sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { neighborhoodOf } from '../reading/visit-parts.ts';
import { inTime } from './in-time.ts';
import type { Span } from './periods.ts';
import { doneIn, periodTable } from './queries.ts';

// Work by where it was done, in a period and in the one it is compared with. Reads tickets, addresses.

const bothRow = z.object({
  neighborhood: z.string().nullable(),
  city: z.string().nullable(),
  currency: z.string(),
  visits: z.coerce.number(),
  customers: z.coerce.number(),
  cents: z.coerce.number(),
  visits_before: z.coerce.number(),
  cents_before: z.coerce.number(),
});

/** What each neighbourhood came to, by postal code, else by town: in a span (0) and in the one before (1). */
export const listNeighborhoods = async (context: ReadContext, spans: readonly [Span, Span]) => {
  const found = await inTime(context, () => context.tx.many(bothRow, bySpans(context, spans)));
  return found.flatMap(
    ({ neighborhood, city, currency, visits, customers, cents, visits_before, cents_before }) => {
      const place = { neighborhood, city, currency };
      return [
        ...(visits > 0 ? [{ ...place, n: 0, visits, customers, cents }] : []),
        ...(visits_before > 0
          ? [{ ...place, n: 1, visits: visits_before, customers: 0, cents: cents_before }]
          : []),
      ];
    },
  );
};

/** Both spans side by side: an address is looked up once, and its neighbourhood worked out once, for all its visits. */
const bySpans = (context: ReadContext, spans: readonly [Span, Span]): Sql => sql`
  with at_address as (
    select t.address_id, t.currency, t.contact_id,
      count(*) filter (where p.n = 0) as visits, count(*) filter (where p.n = 1) as visits_before,
      coalesce(sum(t.total_cents) filter (where p.n = 0), 0)::bigint as cents,
      coalesce(sum(t.total_cents) filter (where p.n = 1), 0)::bigint as cents_before
    from ${periodTable(context, spans)}
    cross join lateral (
      select t.address_id, t.currency, t.contact_id, t.total_cents from tickets as t where ${doneIn(context)} offset 0
    ) as t
    group by t.address_id, t.currency, t.contact_id
  ), of_customer as (
    select ${neighborhoodOf('a')} as neighborhood, min(nullif(btrim(a.city), '')) as city, d.currency, d.contact_id,
      sum(d.visits)::bigint as visits, sum(d.visits_before)::bigint as visits_before,
      sum(d.cents)::bigint as cents, sum(d.cents_before)::bigint as cents_before
    from at_address as d
    left join addresses as a on a.organization_id = ${context.organization.id}::uuid and a.id = d.address_id
    group by 1, d.currency, d.contact_id
  )
  select neighborhood, min(city) as city, currency, sum(visits) as visits, count(*) filter (where visits > 0) as customers,
    sum(cents) as cents, sum(visits_before) as visits_before, sum(cents_before) as cents_before
  from of_customer
  group by neighborhood, currency`;
