import { z } from 'zod';
import { type Sql, sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';

// The list of customers as people look through it: by last name, by the next visit or the last one, with the town. Reads
// contacts, addresses and tickets.

/** What customers are put in order by. */
export const customerSorts = ['name', 'next_visit', 'last_visit'] as const;
export type CustomerSort = (typeof customerSorts)[number];

/** What a customer `c` is found under in a list by last names. */
const sortName = sql`contact_sort_name(c.kind, c.first_name, c.last_name, c.full_name) collate "C"`;

const letter = z.object({ letter: z.string(), count: z.number() });

/** How many customers begin with which letter, in the order of the list. */
export const countLetters = (context: ReadContext) =>
  context.tx.many(
    letter,
    sql`
    select left(${sortName}, 1) as letter, count(*)::integer as count
    from contacts as c
    where c.organization_id = ${context.organization.id}::uuid
      and c.deleted_at is null
      and not c.is_system
    group by 1
    order by 1`,
  );

const idRow = z.object({ id: z.string() });

/** The ids of one page. Whoever has no such visit comes after those who have one. */
export async function listInOrder(
  context: ReadContext,
  { by, limit, after }: { by: CustomerSort; limit: number; after: number },
): Promise<string[]> {
  const rows = await context.tx.many(
    idRow,
    sql`
    select c.id
    from contacts as c
    ${by === 'name' ? sql`` : sql`left join ${visitBy(context, by)} as v on v.contact_id = c.id`}
    where c.organization_id = ${context.organization.id}::uuid
      and c.deleted_at is null
      and not c.is_system
    order by ${by === 'name' ? sql`` : by === 'next_visit' ? sql`v.at nulls last,` : sql`v.at desc nulls last,`} ${sortName}, c.id
    limit ${limit}::integer
    offset ${after}::integer`,
  );
  return rows.map(({ id }) => id);
}

const isToCome = ({ now }: ReadContext): Sql =>
  sql`status = 'scheduled' and ends_at > ${now.toString()}::timestamptz`;

const wasThere = sql`status in ('closed', 'in_progress')`;

const visitBy = (context: ReadContext, by: 'next_visit' | 'last_visit'): Sql => sql`(
      select contact_id, ${by === 'next_visit' ? sql`min(scheduled_at)` : sql`max(scheduled_at)`} as at
      from tickets
      where organization_id = ${context.organization.id}::uuid
        and ${by === 'next_visit' ? isToCome(context) : wasThere}
      group by contact_id
    )`;

export const listedCustomer = z.object({
  id: z.string(),
  reference: z.string(),
  full_name: z.string(),
  phone: z.string().nullable(),
  status: z.string(),
  lifecycle_stage: z.string(),
  town: z.string().nullable(),
  next_visit: z.object({ reference: z.string(), scheduled_at: z.string() }).nullable(),
  last_visit: z.object({ reference: z.string(), scheduled_at: z.string() }).nullable(),
});

/** What the list shows of some customers, in the order of the ids. */
export const listListed = (context: ReadContext, ids: readonly string[]) =>
  context.tx.many(
    listedCustomer,
    sql`
    select c.id, c.reference, c.full_name, c.phone, c.status, c.lifecycle_stage, a.city as town,
      l.visit as last_visit, x.visit as next_visit
    from unnest(${[...ids]}::uuid[]) with ordinality as wanted (id, place)
    join contacts as c on c.organization_id = ${context.organization.id}::uuid and c.id = wanted.id
    left join lateral (
      select city
      from addresses
      where organization_id = c.organization_id
        and contact_id = c.id
        and deleted_at is null
      order by id
      limit 1
    ) as a on true
    left join lateral ${nearest(sql`${wasThere} order by scheduled_at desc`)} as l on true
    left join lateral ${nearest(sql`${isToCome(context)} order by scheduled_at`)} as x on true
    where c.deleted_at is null
    order by wanted.place`,
  );

/** The first visit of the customer `c` of which something holds. */
const nearest = (which: Sql): Sql => sql`(
      select jsonb_build_object('reference', reference, 'scheduled_at', scheduled_at) as visit
      from tickets
      where organization_id = c.organization_id
        and contact_id = c.id
        and ${which}
      limit 1
    )`;
