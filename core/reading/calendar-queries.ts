import { z } from 'zod';
import { raw, sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { totalsOf } from '../kernel/records/totals.ts';
import { assignedTo, ticketRecord } from '../tickets/ticket.ts';
import { serviceNames, visitsWithPlaces } from './visit-parts.ts';

// What is planned, with who is visited where, by whom and for what. Reads tickets, ticket_technicians, time_entries,
// contacts, addresses and members.

export const calendarRow = z.object({
  id: z.string(),
  reference: z.string(),
  status: z.string(),
  confirmation_status: z.string(),
  scheduled_at: z.string(),
  ends_at: z.string(),
  duration_minutes: z.number(),
  total_cents: z.number(),
  is_price_estimated: z.boolean(),
  contact_id: z.string(),
  customer: z.string(),
  phone: z.string().nullable(),
  address: z.string().nullable(),
  services: z.array(z.string()).nullable(),
  technicians: z.array(z.string()).nullable(),
  technician_ids: z.array(z.string()).nullable(),
  /** Why nobody could be sent to a visit of a series when it was made. */
  to_place_why: z.string().nullable(),
});

/** The address `a` of a visit in one line. */
const addressLine = raw(`nullif(
  concat_ws(', ', a.line1, a.line2, a.city, nullif(concat_ws(' ', a.state, a.postal_code), '')), ''
)`);

interface Wanted {
  from: string;
  to: string;
  technicianId: string | undefined;
  contactId: string | undefined;
}

/** What the visits of a period come to, cancelled ones left out. */
export const totalsOfCalendar = (context: ReadContext, { from, to, technicianId, contactId }: Wanted) =>
  totalsOf(context, ticketRecord, {
    whole: true,
    conditions: [
      sql`scheduled_at >= ${from}::timestamptz`,
      sql`scheduled_at < ${to}::timestamptz`,
      sql`status <> 'cancelled'`,
      ...(contactId === undefined ? [] : [sql`contact_id = ${contactId}::uuid`]),
      ...(technicianId === undefined ? [] : [assignedTo(technicianId)]),
    ],
  });

/** Visits that begin in a period, cancelled ones left out, by time; of one technician when given. */
export function listCalendar(context: ReadContext, filter: Wanted & { limit: number; after: number }) {
  return context.tx.many(
    calendarRow,
    sql`
    select t.id, t.reference, t.status, t.confirmation_status, t.scheduled_at, t.ends_at, t.duration_minutes,
      t.total_cents, t.is_price_estimated, t.to_place_why, t.contact_id, c.full_name as customer, c.phone, ${addressLine} as address,
      ${serviceNames} as services,
      crew.technicians, crew.technician_ids
    from ${visitsWithPlaces}
    cross join lateral (
      select array_agg(m.name order by m.name, m.id) as technicians,
        array_agg(m.id order by m.name, m.id) as technician_ids
      from ticket_technicians as p
      join members as m on m.organization_id = p.organization_id and m.id = p.technician_id
      where p.organization_id = t.organization_id and p.ticket_id = t.id
    ) as crew
    where t.organization_id = ${context.organization.id}::uuid
      and t.scheduled_at >= ${filter.from}::timestamptz
      and t.scheduled_at < ${filter.to}::timestamptz
      and t.status <> 'cancelled'
      ${filter.contactId === undefined ? raw('') : sql`and t.contact_id = ${filter.contactId}::uuid`}
      ${
        filter.technicianId === undefined
          ? raw('')
          : sql`and exists (
              select 1
              from ticket_technicians as p
              where p.organization_id = t.organization_id
                and p.ticket_id = t.id
                and p.technician_id = ${filter.technicianId}::uuid
            )`
      }
    order by t.scheduled_at, t.id
    offset ${filter.after}::integer
    limit ${filter.limit}::integer`,
  );
}

/** Why a visit is the current one, the strongest reason first. */
const reasons = ['clocked_in', 'in_progress', 'now', 'ended', 'next'] as const;

export const currentTicketRow = z.object({
  id: z.string(),
  reference: z.string(),
  why: z.enum(reasons),
  status: z.string(),
  scheduled_at: z.string(),
  ends_at: z.string(),
  clocked_in_at: z.string().nullable(),
  customer: z.string(),
  phone: z.string().nullable(),
  address: z.string().nullable(),
  services: z.array(z.string()).nullable(),
});

/**
 * The visit a technician is at: the open one their clock runs on, else the best of those that touch the day from `from`
 * to `to`. No visit is longer than a day, so what touches this one began at most a day before it. Of several in
 * progress the one they clocked in on last comes first, of several that are over the latest.
 */
export function findCurrentTicket(context: ReadContext, technicianId: string, from: string, to: string) {
  const { id } = context.organization;
  const now = context.now.toString();
  return context.tx.maybe(
    currentTicketRow,
    sql`
    with candidate as (
      select ticket_id as id, clocked_in_at
      from time_entries
      where organization_id = ${id}::uuid
        and technician_id = ${technicianId}::uuid
        and clocked_out_at is null
      union all
      select t.id, null
      from tickets as t
      where t.organization_id = ${id}::uuid
        and t.scheduled_at > ${from}::timestamptz - interval '24 hours'
        and t.scheduled_at < ${to}::timestamptz
        and t.ends_at > ${from}::timestamptz
        and t.status in ('scheduled', 'in_progress')
        and exists (
          select 1
          from ticket_technicians as p
          where p.organization_id = t.organization_id
            and p.ticket_id = t.id
            and p.technician_id = ${technicianId}::uuid
        )
    ),
    judged as (
      select t.organization_id, t.id, t.reference, t.status, t.scheduled_at, t.ends_at, t.contact_id, t.address_id,
        candidate.clocked_in_at,
        case
          when candidate.clocked_in_at is not null then 'clocked_in'
          when t.status = 'in_progress' then 'in_progress'
          when t.scheduled_at > ${now}::timestamptz then 'next'
          when t.ends_at > ${now}::timestamptz then 'now'
          else 'ended'
        end as why,
        case
          when t.status = 'in_progress' then coalesce((
            select max(e.clocked_in_at)
            from time_entries as e
            where e.organization_id = t.organization_id
              and e.ticket_id = t.id
              and e.technician_id = ${technicianId}::uuid
          ), t.scheduled_at)
          when t.scheduled_at > ${now}::timestamptz then t.scheduled_at
          else t.ends_at
        end as at
      from candidate
      join tickets as t on t.organization_id = ${id}::uuid and t.id = candidate.id
      where t.status in ('scheduled', 'in_progress')
    )
    select t.id, t.reference, t.why, t.status, t.scheduled_at, t.ends_at, t.clocked_in_at,
      c.full_name as customer, c.phone, ${addressLine} as address, ${serviceNames} as services
    from judged as t
    join contacts as c on c.organization_id = t.organization_id and c.id = t.contact_id
    left join addresses as a on a.organization_id = t.organization_id and a.id = t.address_id
    order by array_position(${[...reasons]}::text[], t.why),
      abs(extract(epoch from t.at - ${now}::timestamptz)), t.id
    limit 1`,
  );
}
