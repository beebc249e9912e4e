import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';

const busy = z.object({ technician_id: z.string(), from: z.string(), to: z.string() });

/** Times in a period at which technicians have living visits. */
export function listBusy(
  context: ReadContext,
  {
    technicianIds,
    from,
    to,
    exceptTicket,
  }: { technicianIds: readonly string[]; from: string; to: string; exceptTicket?: string | undefined },
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

const placed = busy.extend({
  technician: z.string(),
  reference: z.string(),
  city: z.string().nullable(),
  postal_code: z.string().nullable(),
});

/** A living visit of a technician, and where it is. */
export type PlacedVisit = z.infer<typeof placed>;

/** The same with where these visits are. */
export function listBusyWithPlaces(
  context: ReadContext,
  {
    technicianIds,
    from,
    to,
    exceptTicket,
  }: { technicianIds: readonly string[]; from: string; to: string; exceptTicket?: string | undefined },
): Promise<PlacedVisit[]> {
  return context.tx.many(
    placed,
    sql`
    select p.technician_id, lower(p.period) as "from", upper(p.period) as "to", m.name as technician, t.reference, a.city,
      a.postal_code
    from ticket_technicians as p
    join tickets as t on t.organization_id = p.organization_id and t.id = p.ticket_id
    join members as m on m.organization_id = p.organization_id and m.id = p.technician_id
    left join addresses as a on a.organization_id = t.organization_id and a.id = t.address_id
    where p.organization_id = ${context.organization.id}::uuid
      and p.technician_id = any (${[...technicianIds]}::uuid[])
      and p.period && tstzrange(${from}::timestamptz, ${to}::timestamptz)
      and p.is_active
      and p.ticket_id is distinct from ${exceptTicket ?? null}::uuid
    order by p.technician_id, p.period`,
  );
}

/** The postal code of where a visit is; undefined when nobody wrote it down. */
export async function findPostalCode(context: ReadContext, ticketId: string): Promise<string | undefined> {
  const row = await context.tx.maybe(
    z.object({ postal_code: z.string().nullable() }),
    sql`
    select a.postal_code
    from tickets as t
    join addresses as a on a.organization_id = t.organization_id and a.id = t.address_id
    where t.organization_id = ${context.organization.id}::uuid
      and t.id = ${ticketId}::uuid`,
  );
  return row?.postal_code ?? undefined;
}

/** The postal code of an address; undefined when nobody wrote it down. */
export async function findPostalCodeAt(context: ReadContext, addressId: string): Promise<string | undefined> {
  const row = await context.tx.maybe(
    z.object({ postal_code: z.string().nullable() }),
    sql`
    select postal_code
    from addresses
    where organization_id = ${context.organization.id}::uuid
      and id = ${addressId}::uuid`,
  );
  return row?.postal_code ?? undefined;
}
