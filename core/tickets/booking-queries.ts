import { z } from 'zod';
import { raw, sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';

// What a booking must know about others: who is free, who is visited where, what it costs and how long it takes.

const bookable = z.object({ id: z.string(), name: z.string(), is_bookable: z.boolean() });

/** Some living members; locked in the order of their ids when what is decided about them must stay true. */
export function listMembers(context: ReadContext, ids: readonly string[], lock: 'lock' | 'look') {
  return context.tx.many(
    bookable,
    sql`
    select id, name, is_bookable
    from members
    where organization_id = ${context.organization.id}::uuid
      and id = any (${[...ids]}::uuid[])
      and deleted_at is null
    order by id
    ${raw(lock === 'lock' ? 'for no key update' : '')}`,
  );
}

const overlap = z.object({
  technician_id: z.string(),
  technician: z.string(),
  reference: z.string(),
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
    select p.technician_id, m.name as technician, t.reference, t.scheduled_at, t.ends_at
    from ticket_technicians as p
    join tickets as t on t.organization_id = p.organization_id and t.id = p.ticket_id
    join members as m on m.organization_id = p.organization_id and m.id = p.technician_id
    where p.organization_id = ${context.organization.id}::uuid
      and p.technician_id = any (${[...technicianIds]}::uuid[])
      and p.period && tstzrange(${period.from}::timestamptz, ${period.to}::timestamptz)
      and p.is_active
      and p.ticket_id is distinct from ${exceptTicket ?? null}::uuid
    order by t.scheduled_at`,
  );
}

const customer = z.object({
  id: z.string(),
  reference: z.string(),
  full_name: z.string(),
  email: z.string().nullable(),
  phone: z.string().nullable(),
});

/** The living customers with these ids, kept from being deleted until this transaction ends. */
export function listCustomers(context: ReadContext, ids: readonly string[]) {
  return context.tx.many(
    customer,
    sql`
    select id, reference, full_name, email, phone
    from contacts
    where organization_id = ${context.organization.id}::uuid
      and id = any (${[...ids]}::uuid[])
      and deleted_at is null
    for share`,
  );
}

const place = z.object({
  id: z.string(),
  reference: z.string(),
  contact_id: z.string().nullable(),
  line1: z.string(),
  line2: z.string().nullable(),
  city: z.string().nullable(),
  state: z.string().nullable(),
  postal_code: z.string().nullable(),
});

export type Place = z.infer<typeof place>;

/** The living addresses of a customer, oldest first. */
export function listPlaces(context: ReadContext, contactId: string) {
  return context.tx.many(
    place,
    sql`
    select id, reference, contact_id, line1, line2, city, state, postal_code
    from addresses
    where organization_id = ${context.organization.id}::uuid
      and contact_id = ${contactId}::uuid
      and deleted_at is null
    order by id`,
  );
}

const pricedService = z.object({
  id: z.string(),
  name: z.string(),
  pricing: z.enum(['fixed', 'flexible', 'per_unit']),
  price_cents: z.number().nullable(),
  duration_minutes: z.number().nullable(),
  is_active: z.boolean(),
});
export type PricedService = z.infer<typeof pricedService>;

export function listServices(context: ReadContext, ids: readonly string[]) {
  return context.tx.many(
    pricedService,
    sql`
    select id, name, pricing, price_cents, duration_minutes, is_active
    from services
    where organization_id = ${context.organization.id}::uuid
      and id = any (${[...ids]}::uuid[])
      and deleted_at is null`,
  );
}

const booked = z.object({
  contact_id: z.string(),
  scheduled_at: z.string(),
  total_cents: z.number(),
  currency: z.string(),
  is_price_estimated: z.boolean(),
});

/** What a customer is told of a visit, whoever books it and whoever goes there. */
export function getBooked(context: ReadContext, ticketId: string) {
  return context.tx.one(
    booked,
    sql`
    select contact_id, scheduled_at, total_cents, currency, is_price_estimated
    from tickets
    where organization_id = ${context.organization.id}::uuid
      and id = ${ticketId}::uuid`,
  );
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
