import { z } from 'zod';
import { type Sql, sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { pickRows } from '../kernel/records/record-queries.ts';
import { notFound } from '../kernel/words/errors.ts';
import { nobodyGoesTo, visits } from '../reading/visit-parts.ts';

// What a booking must know about other visits: who is busy, how long the last one took.

const overlap = z.object({
  technician_id: z.string(),
  technician: z.string(),
  reference: z.string(),
  customer: z.string(),
  scheduled_at: z.string(),
  ends_at: z.string(),
});

/** Living visits of some technicians that overlap a period. */
export function listOverlaps(
  context: ReadContext,
  technicianIds: readonly string[],
  period: { from: string; to: string },
  exceptTicket: string | undefined,
) {
  return context.tx.many(
    overlap,
    sql`
    select p.technician_id, m.name as technician, t.reference, c.full_name as customer, t.scheduled_at, t.ends_at
    from ${visits}
    join ticket_technicians as p on p.organization_id = t.organization_id and p.ticket_id = t.id
    join members as m on m.organization_id = p.organization_id and m.id = p.technician_id
    where p.organization_id = ${context.organization.id}::uuid
      and p.technician_id = any (${[...technicianIds]}::uuid[])
      and p.period && tstzrange(${period.from}::timestamptz, ${period.to}::timestamptz)
      and p.is_active
      and p.ticket_id is distinct from ${exceptTicket ?? null}::uuid
      -- The same once more: who begins with the visits begins with those of a day. No visit is longer than one.
      and t.scheduled_at < ${period.to}::timestamptz
      and t.scheduled_at > ${period.from}::timestamptz - interval '25 hours'
    order by t.scheduled_at, m.name, m.id`,
  );
}

/** The other visits to come that overlap a period and that nobody goes to; none when somebody goes to this one. */
export function listOthersOfNobody(
  context: ReadContext,
  ticketId: string,
  period: { from: string; to: string },
) {
  return context.tx.many(
    z.object({ reference: z.string(), scheduled_at: z.string() }),
    sql`
    select t.reference, t.scheduled_at
    from tickets as t
    join tickets as r on r.organization_id = t.organization_id and r.id = ${ticketId}::uuid
    where t.organization_id = ${context.organization.id}::uuid
      and t.status = 'scheduled'
      and t.id <> r.id
      and t.ends_at > ${period.from}::timestamptz
      and t.scheduled_at < ${period.to}::timestamptz
      -- No visit is longer than a day.
      and t.scheduled_at > ${period.from}::timestamptz - interval '25 hours'
      and ${nobodyGoesTo('t')}
      and ${nobodyGoesTo('r')}
    order by t.scheduled_at, t.id`,
  );
}

/** Closed visits of some technicians that overlap a period, by the time they took. */
export function listClosedOverlaps(
  context: ReadContext,
  technicianIds: readonly string[],
  period: { from: string; to: string },
) {
  return context.tx.many(
    z.object({ technician: z.string(), reference: z.string() }),
    sql`
    select m.name as technician, t.reference
    from ticket_technicians as p
    join tickets as t on t.organization_id = p.organization_id and t.id = p.ticket_id
    join members as m on m.organization_id = p.organization_id and m.id = p.technician_id
    where p.organization_id = ${context.organization.id}::uuid
      and p.technician_id = any (${[...technicianIds]}::uuid[])
      and t.status = 'closed'
      and t.scheduled_at < ${period.to}::timestamptz
      and t.scheduled_at + make_interval(mins => coalesce(t.actual_minutes, t.duration_minutes))
        > ${period.from}::timestamptz
    order by t.scheduled_at, t.id
    limit 1`,
  );
}

const booked = z.object({
  contact_id: z.string(),
  address_id: z.string().nullable(),
  scheduled_at: z.string(),
  total_cents: z.number(),
  currency: z.string(),
  is_price_estimated: z.boolean(),
});

/** What a customer is told of a visit, whoever books it and whoever goes there. */
export async function getBooked(context: ReadContext, ticketId: string) {
  const [visit] = await pickRows(
    context,
    { from: 'tickets', soft_deletes: false },
    booked,
    sql`id = ${ticketId}::uuid`,
  );
  if (!visit) throw notFound('ticket', ticketId);
  return visit;
}

/** How long the last visit of a customer took, in minutes; when none has begun yet, how long one is planned. */
export async function findLastDuration(context: ReadContext, contactId: string): Promise<number | undefined> {
  const row = await context.tx.maybe(
    z.object({ minutes: z.number() }),
    sql`
    select coalesce(actual_minutes, duration_minutes) as minutes
    from tickets
    where organization_id = ${context.organization.id}::uuid
      and contact_id = ${contactId}::uuid
      and status <> 'cancelled'
    order by scheduled_at > ${context.now.toString()}::timestamptz, scheduled_at desc
    limit 1`,
  );
  return row?.minutes;
}

/** The visit that was booked last. */
export async function findNewestVisit(
  context: ReadContext,
): Promise<{ id: string; contact_id: string } | undefined> {
  const [visit] = await pickRows(
    context,
    { from: 'tickets', soft_deletes: false },
    z.object({ id: z.string(), contact_id: z.string() }),
    sql`status <> 'cancelled' order by created_at desc, id desc limit 1`,
  );
  return visit;
}

const metVisit = z.object({
  id: z.string(),
  reference: z.string(),
  customer: z.string(),
  scheduled_at: z.string(),
  ends_at: z.string(),
  series_id: z.string().nullable(),
  to_place_why: z.string().nullable(),
  technician_ids: z.array(z.string()),
});
export type MetVisit = z.infer<typeof metVisit>;

/** The visits to come that lie in a stretch, of one technician or of all and of nobody; locked until commit. */
export function lockVisitsDuring(
  context: ReadContext,
  { member_id, starts_at, ends_at }: { member_id: string | null; starts_at: string; ends_at: string },
): Promise<MetVisit[]> {
  const crew = (which: Sql) => sql`
    from ticket_technicians as p
    where p.organization_id = t.organization_id and p.ticket_id = t.id ${which}`;
  return context.tx.many(
    metVisit,
    sql`
    select t.id, t.reference, c.full_name as customer, t.scheduled_at, t.ends_at, t.series_id, t.to_place_why,
      coalesce((select array_agg(p.technician_id::text) ${crew(sql``)}), '{}') as technician_ids
    from ${visits}
    where t.organization_id = ${context.organization.id}::uuid
      and t.status = 'scheduled'
      and t.ends_at > ${starts_at}::timestamptz
      and t.ends_at > ${context.now.toString()}::timestamptz
      and t.scheduled_at < ${ends_at}::timestamptz
      -- No visit is longer than a day.
      and t.scheduled_at > ${starts_at}::timestamptz - interval '25 hours'
      ${member_id === null ? sql`` : sql`and exists (select 1 ${crew(sql`and p.technician_id = ${member_id}::uuid`)})`}
    order by t.scheduled_at, t.id
    for no key update of t`,
  );
}
