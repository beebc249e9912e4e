import { z } from 'zod';
import { type Sql, sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { inTime } from './in-time.ts';
import { boundsOf, type Span } from './periods.ts';

// What was worked, billed and received in some periods, by currency. Reads tickets, ticket_lines, invoices, payments, refunds.

/**
 * What is summed up. Work: closed visits, on the day they were planned for. Billed: invoices on their day of issue, without
 * drafts, cancelled and void ones. Received: payments on the day they came, less what was given back on the day that went.
 */
export const measures = ['work', 'billed', 'received'] as const;
export type Measure = (typeof measures)[number];

/**
 * The lines of a visit `t`, looked up visit by visit (`offset 0`): before a table that was just filled is analysed, the database takes
 * it for nearly empty and would compare every line with every visit.
 */
export const linesOf = sql`
  select l.service_id, l.quantity, l.total_cents
  from ticket_lines as l
  where l.organization_id = t.organization_id and l.ticket_id = t.id and l.deleted_at is null
  offset 0`;

const sums = z.object({
  /** Which of the periods. */
  n: z.number(),
  currency: z.string(),
  cents: z.coerce.number(),
  /** Visits, invoices or payments. */
  count: z.coerce.number(),
  customers: z.coerce.number(),
  /** Those whose first visit ever was in the period; null for other measures than work. */
  new_customers: z.coerce.number().nullable(),
});
export type Sums = z.infer<typeof sums>;

/** Periods as a table `p`: its number, both ends as moments and as days. */
export function periodTable(context: ReadContext, periods: readonly Span[]): Sql {
  const all = periods.map(period => boundsOf(period, context.organization.time_zone));
  return sql`unnest(
    ${all.map((_, n) => n)}::integer[],
    ${all.map(({ from_at }) => from_at)}::timestamptz[],
    ${all.map(({ to_at }) => to_at)}::timestamptz[],
    ${all.map(({ from_on }) => from_on)}::date[],
    ${all.map(({ to_on }) => to_on)}::date[]
  ) as p (n, from_at, to_at, from_on, to_on)`;
}

/** A closed visit `t` within a period `p`. */
export const doneIn = (context: ReadContext): Sql => sql`
  t.organization_id = ${context.organization.id}::uuid
  and t.status = 'closed'
  and t.scheduled_at >= p.from_at
  and t.scheduled_at < p.to_at`;

/**
 * The sums of a measure in each of some periods, which may overlap; a period without any is left out. Who is new is asked only
 * `withNew`: the first visit of everybody is looked for then.
 */
export const listSums = (
  context: ReadContext,
  measure: Measure,
  periods: readonly Span[],
  withNew = true,
): Promise<Sums[]> => {
  const select = measure === 'work' && !withNew ? workAlone : sumsOf[measure];
  return inTime(context, () => context.tx.many(sums, select(context, periodTable(context, periods))));
};

/** What `rows` of a customer (`currency`, `contact_id`, `cents`, `entries`) come to in a currency: period by period, each small. */
const byCurrency = (rows: Sql): Sql => sql`
  select c.currency, sum(c.cents) as cents, sum(c.entries) as count, count(*) as customers
  from (${rows}) as c
  group by c.currency`;

const workIn = (context: ReadContext): Sql =>
  byCurrency(sql`
    select t.currency, t.contact_id, sum(t.total_cents) as cents, count(*) as entries
    from tickets as t
    where ${doneIn(context)}
    group by t.currency, t.contact_id`);

const workAlone = (context: ReadContext, periods: Sql): Sql => sql`
  select p.n, d.*, null as new_customers
  from ${periods}
  cross join lateral (${workIn(context)}) as d`;

const sumsOf: Readonly<Record<Measure, (context: ReadContext, periods: Sql) => Sql>> = {
  work: (context, periods) => sql`
    with p as materialized (select * from ${periods}),
    since as (
      -- In the order of an index, without a row being fetched.
      select f.contact_id, min(f.scheduled_at) as first_at
      from tickets as f
      where f.organization_id = ${context.organization.id}::uuid
        and f.status = 'closed'
      group by f.contact_id
      having min(f.scheduled_at) >= (select min(from_at) from p)
    ), fresh as (
      select p.n, v.currency, count(*) as new_customers
      from p
      join since on since.first_at >= p.from_at and since.first_at < p.to_at
      cross join lateral (
        select distinct t.currency
        from tickets as t
        where ${doneIn(context)} and t.contact_id = since.contact_id
      ) as v
      group by p.n, v.currency
    )
    select p.n, d.*, coalesce(fresh.new_customers, 0) as new_customers
    from p
    cross join lateral (${workIn(context)}) as d
    left join fresh on fresh.n = p.n and fresh.currency = d.currency`,
  billed: (context, periods) => sql`
    select p.n, d.*, null as new_customers
    from ${periods}
    cross join lateral (${byCurrency(sql`
      select i.currency, i.contact_id, sum(i.total_cents) as cents, count(*) as entries
      from invoices as i
      where i.organization_id = ${context.organization.id}::uuid
        and i.status not in ('draft', 'cancelled', 'void')
        and i.issued_on between p.from_on and p.to_on
      group by i.currency, i.contact_id`)}) as d`,
  received: (context, periods) => sql`
    select p.n, d.*, null as new_customers
    from ${periods}
    cross join lateral (
      select c.currency, sum(c.cents) as cents, sum(c.entries) as count, count(*) filter (where c.entries > 0) as customers
      from (
        select m.currency, m.contact_id, sum(m.cents) as cents, count(*) filter (where m.cents > 0) as entries
        from (${movedIn(context)}) as m
        group by m.currency, m.contact_id
      ) as c
      group by c.currency
    ) as d`,
};

/** Money that came in within a period `p`, and below nothing what was given back. */
const movedIn = (context: ReadContext): Sql => sql`
  select m.currency, m.contact_id, m.amount_cents as cents
  from payments as m
  where m.organization_id = ${context.organization.id}::uuid
    and m.status = 'succeeded'
    and m.deleted_at is null
    and m.received_at >= p.from_at
    and m.received_at < p.to_at
  union all
  select b.currency, b.contact_id, - b.amount_cents
  from refunds as b
  where b.organization_id = ${context.organization.id}::uuid
    and b.status = 'succeeded'
    and b.refunded_at >= p.from_at
    and b.refunded_at < p.to_at`;

const firstRow = z.object({ day: z.string().nullable() });

/** The first day of all on which there was anything of a measure, `2025-09-29`; undefined while there is nothing. */
export async function findFirstDay(context: ReadContext, measure: Measure): Promise<string | undefined> {
  const { id, time_zone } = context.organization;
  const first: Readonly<Record<Measure, Sql>> = {
    work: sql`select (min(scheduled_at) at time zone ${time_zone})::date::text as day
      from tickets where organization_id = ${id}::uuid and status = 'closed'`,
    billed: sql`select min(issued_on)::text as day
      from invoices where organization_id = ${id}::uuid and status not in ('draft', 'cancelled', 'void')`,
    received: sql`select (min(received_at) at time zone ${time_zone})::date::text as day
      from payments where organization_id = ${id}::uuid and status = 'succeeded' and deleted_at is null`,
  };
  const [row] = await inTime(context, () => context.tx.many(firstRow, first[measure]));
  return row?.day ?? undefined;
}

const movedRow = z.object({
  n: z.number(),
  currency: z.string(),
  received_cents: z.coerce.number(),
  refunded_cents: z.coerce.number(),
  payments: z.coerce.number(),
});

/** What came in and what was given back in each of some periods. */
export const listMoved = (context: ReadContext, periods: readonly Span[]) =>
  inTime(context, () =>
    context.tx.many(
      movedRow,
      sql`
      select p.n, m.currency, coalesce(sum(m.cents) filter (where m.cents > 0), 0) as received_cents,
        coalesce(- sum(m.cents) filter (where m.cents < 0), 0) as refunded_cents,
        count(*) filter (where m.cents > 0) as payments
      from ${periodTable(context, periods)}
      cross join lateral (${movedIn(context)}) as m
      group by p.n, m.currency`,
    ),
  );

const ofServiceRow = sums.omit({ new_customers: true });

/** The sums of the lines of one service on closed visits, in each of some periods. */
export const listSumsOfService = (context: ReadContext, service_id: string, periods: readonly Span[]) =>
  inTime(context, () =>
    context.tx.many(
      ofServiceRow,
      sql`
      select p.n, t.currency, sum(l.total_cents) as cents, count(distinct t.id) as count,
        count(distinct t.contact_id) as customers
      from ${periodTable(context, periods)}
      join tickets as t on ${doneIn(context)}
      cross join lateral (${linesOf}) as l
      where l.service_id = ${service_id}::uuid
      group by p.n, t.currency`,
    ),
  );

const openRow = z.object({
  age: z.enum(['not_due', 'days_1_30', 'days_31_60', 'days_61_90', 'days_over_90']),
  currency: z.string(),
  invoices: z.coerce.number(),
  customers: z.coerce.number(),
  due_cents: z.coerce.number(),
});

/** What is still to be paid on bills that are out, by how long it is overdue on a day. */
export const listOpen = (context: ReadContext, today: string) =>
  inTime(context, () =>
    context.tx.many(
      openRow,
      sql`
      select case
          when i.due_on >= ${today}::date then 'not_due'
          when i.due_on >= ${today}::date - 30 then 'days_1_30'
          when i.due_on >= ${today}::date - 60 then 'days_31_60'
          when i.due_on >= ${today}::date - 90 then 'days_61_90'
          else 'days_over_90'
        end as age,
        i.currency, count(*) as invoices, count(distinct i.contact_id) as customers,
        sum(greatest(i.total_cents - i.paid_cents, 0)) as due_cents
      from invoices as i
      where i.organization_id = ${context.organization.id}::uuid
        and i.status in ('sent', 'partial')
      group by 1, 2`,
    ),
  );
