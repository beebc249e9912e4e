import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';

// Who waits for an earlier time, and where technicians are. Reads waitlist_entries, contacts, tickets, ticket_lines,
// ticket_technicians, services and addresses.

const waiting = z.object({
  id: z.string(),
  reference: z.string(),
  contact_id: z.string(),
  customer: z.string(),
  minutes: z.number(),
  created_at: z.string(),
  earliest_on: z.string().nullable(),
  latest_on: z.string().nullable(),
  days: z.array(z.string()),
  time_of_day: z.enum(['any', 'morning', 'afternoon']),
  technician_id: z.string().nullable(),
  city: z.string().nullable(),
  postal_code: z.string().nullable(),
  ticket_id: z.string().nullable(),
  ticket: z.string().nullable(),
  scheduled_at: z.string().nullable(),
  crew: z.array(z.string()).nullable(),
  value_cents: z.number(),
});
export type WaitingRow = z.infer<typeof waiting>;

/** More than this nobody calls; those who wait longest come first. */
const mostWaiting = 500;

/**
 * Everybody who waits and can be offered something: their visit is still to come, or they have none. Where nothing is said the
 * place is that of the visit, or the oldest address of the customer.
 */
export const listWaiting = (context: ReadContext, today: string): Promise<WaitingRow[]> =>
  context.tx.many(
    waiting,
    sql`
    select w.id, w.reference, w.contact_id, c.full_name as customer,
      coalesce(w.duration_minutes, t.duration_minutes, 60) as minutes,
      w.created_at, w.earliest_on::text as earliest_on, w.latest_on::text as latest_on, w.days, w.time_of_day,
      w.technician_id, a.city, a.postal_code, t.id as ticket_id, t.reference as ticket, t.scheduled_at,
      (
        select array_agg(p.technician_id::text order by p.technician_id)
        from ticket_technicians as p
        where p.organization_id = t.organization_id and p.ticket_id = t.id
      ) as crew,
      coalesce(t.total_cents, (
        select sum(
          round((l ->> 'quantity')::numeric * coalesce((l ->> 'unit_price_cents')::numeric, s.price_cents, 0))
        )
        from jsonb_array_elements(w.lines) as l
        left join services as s on s.organization_id = w.organization_id and s.id = (l ->> 'service_id')::uuid
      ), 0)::bigint as value_cents
    from waitlist_entries as w
    join contacts as c on c.organization_id = w.organization_id and c.id = w.contact_id and c.deleted_at is null
    left join tickets as t on t.organization_id = w.organization_id and t.id = w.ticket_id
    left join addresses as a on a.organization_id = w.organization_id and a.id = coalesce(w.address_id, t.address_id, (
      select o.id
      from addresses as o
      where o.organization_id = w.organization_id and o.contact_id = w.contact_id and o.deleted_at is null
      order by o.id
      limit 1
    ))
    where w.organization_id = ${context.organization.id}::uuid
      and w.status = 'waiting'
      and w.deleted_at is null
      and (w.ticket_id is null or (t.status = 'scheduled' and t.scheduled_at > ${context.now.toString()}::timestamptz))
      and (w.latest_on is null or w.latest_on >= ${today}::date)
    order by w.created_at, w.id
    limit ${mostWaiting}::integer`,
  );

const stop = z.object({
  technician_id: z.string(),
  from: z.string(),
  to: z.string(),
  city: z.string().nullable(),
  postal_code: z.string().nullable(),
});
export type Stop = z.infer<typeof stop>;

/** Where technicians are in a period, by time. */
export const listStops = (
  context: ReadContext,
  technicianIds: readonly string[],
  period: { from: string; to: string },
): Promise<Stop[]> =>
  context.tx.many(
    stop,
    sql`
    select p.technician_id, t.scheduled_at as "from", t.ends_at as "to", a.city, a.postal_code
    from ticket_technicians as p
    join tickets as t on t.organization_id = p.organization_id and t.id = p.ticket_id
    left join addresses as a on a.organization_id = t.organization_id and a.id = t.address_id
    where p.organization_id = ${context.organization.id}::uuid
      and p.technician_id = any (${[...technicianIds]}::uuid[])
      and p.period && tstzrange(${period.from}::timestamptz, ${period.to}::timestamptz)
      and p.is_active
    order by t.scheduled_at, t.id`,
  );
