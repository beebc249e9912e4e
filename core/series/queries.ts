import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { pickRows } from '../kernel/records/record-queries.ts';
import { seriesStatuses } from './record.ts';

// Visits are tickets; of a series are those that say so.

const plan = z.object({
  id: z.string(),
  rule: z.string(),
  starts_on: z.string(),
  start_time: z.string(),
  ends_on: z.string().nullable(),
  skipped: z.array(z.string()),
  status: z.enum(seriesStatuses),
});

const seriesTable = { from: 'series', soft_deletes: false };
const ticketTable = { from: 'tickets', soft_deletes: false };

/** When some series come. */
export const listPlans = (context: ReadContext, ids: readonly string[]) =>
  pickRows(context, seriesTable, plan, sql`id = any (${[...ids]}::uuid[])`);

/** Active series whose visits do not reach to a day yet, longest behind first. */
export const listBehind = (context: ReadContext, until: string, most: number) =>
  pickRows(
    context,
    seriesTable,
    z.object({ id: z.string() }),
    sql`status = 'active' and (made_until is null or made_until < ${until}::date)
    order by made_until nulls first, id limit ${most}::integer`,
  );

const visit = z.object({
  id: z.string(),
  reference: z.string(),
  status: z.string(),
  occurrence_on: z.string(),
  scheduled_at: z.string(),
  duration_minutes: z.number(),
  address_id: z.string().nullable(),
  notes: z.string().nullable(),
  as_planned: z.string().nullable(),
  to_place_why: z.string().nullable(),
});
export type Visit = z.infer<typeof visit>;

/** The visits of a series from a date on, cancelled ones too, by date; locked until commit. */
export const lockVisits = (context: ReadContext, seriesId: string, from: string) =>
  pickRows(
    context,
    ticketTable,
    visit,
    sql`series_id = ${seriesId}::uuid and occurrence_on >= ${from}::date
    order by occurrence_on, id for no key update`,
  );

/** The visits to come of a series that nobody could be sent to. */
export const lockToPlace = (context: ReadContext, seriesId: string) =>
  pickRows(
    context,
    ticketTable,
    visit,
    sql`series_id = ${seriesId}::uuid and to_place_why is not null and status = 'scheduled'
      and scheduled_at > ${context.now.toString()}::timestamptz
    order by occurrence_on, id for no key update`,
  );

/** Active series of which a visit to come has nobody who goes. */
export const listWithToPlace = (context: ReadContext) =>
  context.tx.many(
    z.object({ id: z.string() }),
    sql`
    select s.id
    from series as s
    where s.organization_id = ${context.organization.id}::uuid
      and s.status = 'active'
      and exists (
        select 1
        from tickets as t
        where t.organization_id = s.organization_id
          and t.series_id = s.id
          and t.to_place_why is not null
          and t.status = 'scheduled'
          and t.scheduled_at > ${context.now.toString()}::timestamptz
      )
    order by s.id`,
  );

/** Visits of series to come before a moment whose customers are to hear of them and of which nothing is planned yet, by time. */
export const listToPlanMailsFor = (context: ReadContext, before: string, most: number) =>
  context.tx.many(
    z.object({ id: z.string(), confirmation_status: z.string() }),
    sql`
    select t.id, t.confirmation_status
    from tickets as t
    join series as s on s.organization_id = t.organization_id and s.id = t.series_id
    where t.organization_id = ${context.organization.id}::uuid
      and s.notify_customer
      and t.status = 'scheduled'
      and not t.is_reminded
      and t.scheduled_at > ${context.now.toString()}::timestamptz
      and t.scheduled_at < ${before}::timestamptz
    order by t.scheduled_at, t.id
    limit ${most}::integer
    for no key update of t`,
  );

/** The first visit of a series, by its reference; undefined while none is made. */
export const firstVisit = (context: ReadContext, reference: string) =>
  context.tx.maybe(
    z.object({ id: z.string() }),
    sql`
    select t.id
    from tickets as t
    join series as s on s.organization_id = t.organization_id and s.id = t.series_id
    where t.organization_id = ${context.organization.id}::uuid
      and s.reference = ${reference}
    order by t.occurrence_on, t.id
    limit 1`,
  );
