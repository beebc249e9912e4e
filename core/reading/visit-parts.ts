import { raw, type Sql, sql } from '../kernel/database/sql.ts';

// What one wants to see of a visit `t` beside its own row. Reads tickets, ticket_lines, ticket_technicians, members, contacts,
// addresses, invoices and audit_log.

/** Visits `t` with their customers `c`. */
export const visits = sql`
  tickets as t
    join contacts as c on c.organization_id = t.organization_id and c.id = t.contact_id`;

/** The same with the addresses `a` where they are. */
export const visitsWithPlaces = sql`${visits}
    left join addresses as a on a.organization_id = t.organization_id and a.id = t.address_id`;

/** What is done there, in order. */
export const serviceNames = sql`(
  select array_agg(l.description order by l.position, l.id)
  from ticket_lines as l
  where l.organization_id = t.organization_id and l.ticket_id = t.id and l.deleted_at is null
)`;

/** Who goes there, by name. */
export const crewNames = sql`(
  select array_agg(m.name order by m.name, m.id)
  from ticket_technicians as p
  join members as m on m.organization_id = p.organization_id and m.id = p.technician_id
  where p.organization_id = t.organization_id and p.ticket_id = t.id
)`;

/** A condition on a visit, called `t` or otherwise: nobody goes there yet. */
export const nobodyGoesTo = (visit: 't' | 'r'): Sql => sql`not exists (
  select 1
  from ticket_technicians as p
  where p.organization_id = ${raw(visit)}.organization_id and p.ticket_id = ${raw(visit)}.id
)`;

/** A condition on it: no living bill was made out for it, and no program used before had it to bill. */
export const notBilled = (visit: 't' | 'r'): Sql => sql`not ${raw(visit)}.is_imported and not exists (
  select 1
  from invoices as i
  where i.organization_id = ${raw(visit)}.organization_id
    and i.ticket_id = ${raw(visit)}.id
    and i.status not in ('void', 'cancelled')
)`;

/** A condition on it: one of some services is done there. */
export const hasService = (ids: readonly string[]): Sql => sql`exists (
  select 1
  from ticket_lines as l
  where l.organization_id = t.organization_id
    and l.ticket_id = t.id
    and l.service_id = any (${[...ids]}::uuid[])
    and l.deleted_at is null
)`;

/** Who cancelled the visit `r`, as the trail has it. */
export const whoCancelled = sql`(
  select h.actor_name
  from audit_log as h
  where h.organization_id = r.organization_id
    and h.subject_type = 'ticket'
    and h.subject_id = r.id
    and h.entity_id = r.id
    and h.changes -> 'status' ->> 'new' = 'cancelled'
  order by h.id desc
  limit 1
)`;

/**
 * The neighbourhood of an address `a`: its postal code, of one in the United States the first five digits; else its town;
 * nothing where neither is known.
 */
export const neighborhoodOf = (address: 'a'): Sql => sql`
  coalesce(
    nullif(upper(btrim(case when ${raw(address)}.country = 'US' then left(btrim(${raw(address)}.postal_code), 5) else ${raw(address)}.postal_code end)), ''),
    nullif(btrim(${raw(address)}.city), '')
  )`;

const neighborhood = sql`(
  select ${neighborhoodOf('a')}
  from addresses as a
  where a.organization_id = r.organization_id and a.id = r.address_id
)`;

/** A condition on a visit `r`: it is in this neighbourhood. */
export const inNeighborhood = (name: string): Sql => sql`${neighborhood} = ${name}`;

/** A condition on a visit `r`: nobody knows in which neighbourhood it is. */
export const nowhereKnown = sql`${neighborhood} is null`;

/** A condition on a visit `r`: this service is done there. */
export const withService = (id: string): Sql => sql`exists (
  select 1
  from ticket_lines as l
  where l.organization_id = r.organization_id
    and l.ticket_id = r.id
    and l.service_id = ${id}::uuid
    and l.deleted_at is null
)`;

/** A condition on a visit `r`: something is done there that is on no price list. */
export const withUnlisted = sql`exists (
  select 1
  from ticket_lines as l
  where l.organization_id = r.organization_id
    and l.ticket_id = r.id
    and l.service_id is null
    and l.deleted_at is null
)`;
