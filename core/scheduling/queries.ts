import { z } from 'zod';
import type { ReadContext } from '../kernel/context.ts';
import { raw, sql } from '../kernel/sql.ts';

const busy = z.object({ technician_id: z.string(), from: z.string(), to: z.string() });

/** Times in a period at which technicians have living visits. */
export function listBusy(
  context: ReadContext,
  technicianIds: readonly string[],
  from: string,
  to: string,
  exceptTicket?: string,
) {
  return context.tx.many(
    busy,
    sql`
    select technician_id, lower(period) as "from", upper(period) as "to"
    from ticket_technicians
    where organization_id = ${context.organization.id}::uuid
      and technician_id = any (${[...technicianIds]}::uuid[])
      and period && tstzrange(${from}::timestamptz, ${to}::timestamptz)
      and is_active
      and ticket_id is distinct from ${exceptTicket ?? null}::uuid
    order by technician_id, period`,
  );
}

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
});

/** Visits that begin in a period, cancelled ones left out, by time; of one technician when given. */
export function listCalendar(
  context: ReadContext,
  filter: { from: string; to: string; technicianId: string | undefined; limit: number; after: number },
) {
  return context.tx.many(
    calendarRow,
    sql`
    select t.id, t.reference, t.status, t.confirmation_status, t.scheduled_at, t.ends_at, t.duration_minutes,
      t.total_cents, t.is_price_estimated, t.contact_id, c.full_name as customer, c.phone,
      nullif(
        concat_ws(', ', a.line1, a.line2, a.city, nullif(concat_ws(' ', a.state, a.postal_code), '')), ''
      ) as address,
      (
        select array_agg(l.description order by l.position)
        from ticket_lines as l
        where l.organization_id = t.organization_id and l.ticket_id = t.id and l.deleted_at is null
      ) as services,
      (
        select array_agg(m.name order by m.name)
        from ticket_technicians as p
        join members as m on m.organization_id = p.organization_id and m.id = p.technician_id
        where p.organization_id = t.organization_id and p.ticket_id = t.id
      ) as technicians
    from tickets as t
    join contacts as c on c.organization_id = t.organization_id and c.id = t.contact_id
    left join addresses as a on a.organization_id = t.organization_id and a.id = t.address_id
    where t.organization_id = ${context.organization.id}::uuid
      and t.scheduled_at >= ${filter.from}::timestamptz
      and t.scheduled_at < ${filter.to}::timestamptz
      and t.status <> 'cancelled'
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
