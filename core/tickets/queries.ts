import { z } from 'zod';
import type { ReadContext } from '../kernel/context.ts';
import { newId } from '../kernel/ids.ts';
import { raw, sql } from '../kernel/sql.ts';
import { lineRow, timeEntryRow } from './record.ts';

const lineColumns = raw(Object.keys(lineRow.shape).join(', '));
const entryColumns = raw(Object.keys(timeEntryRow.shape).join(', '));

/** The living lines of some visits, in order. */
export function listLines(context: ReadContext, ticketIds: readonly string[]) {
  return context.tx.many(
    lineRow,
    sql`
    select ${lineColumns}
    from ticket_lines
    where organization_id = ${context.organization.id}::uuid
      and ticket_id = any (${[...ticketIds]}::uuid[])
      and deleted_at is null
    order by position, id`,
  );
}

export interface NewLine {
  ticket_id: string;
  service_id: string | null;
  description: string;
  pricing: string;
  quantity: number;
  unit_price_cents: number;
  total_cents: number;
  duration_minutes: number | null;
}

export function insertLine(context: ReadContext, line: NewLine) {
  const { id } = context.organization;
  return context.tx.one(
    lineRow,
    sql`
    insert into ticket_lines (
      organization_id, id, ticket_id, service_id, position, description, pricing, quantity, unit_price_cents,
      total_cents, duration_minutes
    )
    values (
      ${id}::uuid, ${newId()}::uuid, ${line.ticket_id}::uuid, ${line.service_id}::uuid,
      (
        select coalesce(max(position), 0) + 1
        from ticket_lines
        where organization_id = ${id}::uuid
          and ticket_id = ${line.ticket_id}::uuid
      ),
      ${line.description}, ${line.pricing}, ${line.quantity}::numeric, ${line.unit_price_cents}::bigint,
      ${line.total_cents}::bigint, ${line.duration_minutes}::integer
    )
    returning ${lineColumns}`,
  );
}

export function findLine(context: ReadContext, ticketId: string, lineId: string) {
  return context.tx.maybe(
    lineRow,
    sql`
    select ${lineColumns}
    from ticket_lines
    where organization_id = ${context.organization.id}::uuid
      and ticket_id = ${ticketId}::uuid
      and id = ${lineId}::uuid
      and deleted_at is null`,
  );
}

export async function updateLine(
  context: ReadContext,
  line: Pick<
    NewLine,
    'description' | 'quantity' | 'unit_price_cents' | 'total_cents' | 'duration_minutes'
  > & { id: string },
): Promise<void> {
  await context.tx.run(sql`
    update ticket_lines
    set description = ${line.description},
      quantity = ${line.quantity}::numeric,
      unit_price_cents = ${line.unit_price_cents}::bigint,
      total_cents = ${line.total_cents}::bigint,
      duration_minutes = ${line.duration_minutes}::integer
    where organization_id = ${context.organization.id}::uuid
      and id = ${line.id}::uuid
      and deleted_at is null`);
}

export async function removeLine(context: ReadContext, lineId: string): Promise<void> {
  await context.tx.run(sql`
    update ticket_lines
    set deleted_at = now()
    where organization_id = ${context.organization.id}::uuid
      and id = ${lineId}::uuid
      and deleted_at is null`);
}

/** Makes the visit's total the sum of its lines. */
export async function refreshTotal(context: ReadContext, ticketId: string): Promise<void> {
  const { id } = context.organization;
  await context.tx.run(sql`
    update tickets
    set total_cents = (
      select coalesce(sum(total_cents), 0)
      from ticket_lines
      where organization_id = ${id}::uuid
        and ticket_id = ${ticketId}::uuid
        and deleted_at is null
    )
    where organization_id = ${id}::uuid
      and id = ${ticketId}::uuid`);
}

const assigned = z.object({ ticket_id: z.string(), id: z.string(), name: z.string() });

/** Who goes to some visits. */
export function listTechnicians(context: ReadContext, ticketIds: readonly string[]) {
  return context.tx.many(
    assigned,
    sql`
    select t.ticket_id, m.id, m.name
    from ticket_technicians as t
    join members as m on m.organization_id = t.organization_id and m.id = t.technician_id
    where t.organization_id = ${context.organization.id}::uuid
      and t.ticket_id = any (${[...ticketIds]}::uuid[])
    order by m.name, m.id`,
  );
}

/** Answers false when the technician is on the visit already. */
export async function insertTechnician(context: ReadContext, ticketId: string, technicianId: string) {
  const inserted = await context.tx.run(sql`
    insert into ticket_technicians (organization_id, id, ticket_id, technician_id, period, is_active)
    values (
      ${context.organization.id}::uuid, ${newId()}::uuid, ${ticketId}::uuid, ${technicianId}::uuid, 'empty', false
    )
    on conflict (organization_id, ticket_id, technician_id) do nothing`);
  return inserted === 1;
}

/** Answers false when the technician was not on the visit. */
export async function deleteTechnician(context: ReadContext, ticketId: string, technicianId: string) {
  const deleted = await context.tx.run(sql`
    delete from ticket_technicians
    where organization_id = ${context.organization.id}::uuid
      and ticket_id = ${ticketId}::uuid
      and technician_id = ${technicianId}::uuid`);
  return deleted === 1;
}

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

export function insertTimeEntry(context: ReadContext, ticketId: string, technicianId: string, at: string) {
  return context.tx.one(
    timeEntryRow,
    sql`
    insert into time_entries (organization_id, id, ticket_id, technician_id, clocked_in_at)
    values (
      ${context.organization.id}::uuid, ${newId()}::uuid, ${ticketId}::uuid, ${technicianId}::uuid, ${at}::timestamptz
    )
    returning ${entryColumns}`,
  );
}

/** Ends the technician's open entry on the visit; undefined when there is none. */
export function endTimeEntry(context: ReadContext, ticketId: string, technicianId: string, at: string) {
  return context.tx.maybe(
    timeEntryRow,
    sql`
    update time_entries
    set clocked_out_at = ${at}::timestamptz
    where organization_id = ${context.organization.id}::uuid
      and ticket_id = ${ticketId}::uuid
      and technician_id = ${technicianId}::uuid
      and clocked_out_at is null
    returning ${entryColumns}`,
  );
}

/** Ends whatever clock still runs on the visit. */
export async function endTimeEntries(context: ReadContext, ticketId: string): Promise<void> {
  await context.tx.run(sql`
    update time_entries
    set clocked_out_at = greatest(clocked_in_at, ${context.now.toString()}::timestamptz)
    where organization_id = ${context.organization.id}::uuid
      and ticket_id = ${ticketId}::uuid
      and clocked_out_at is null`);
}

const openEntry = timeEntryRow.extend({ reference: z.string() });

export function findOpenEntry(context: ReadContext, technicianId: string) {
  return context.tx.maybe(
    openEntry,
    sql`
    select e.id, e.ticket_id, e.technician_id, e.clocked_in_at, e.clocked_out_at, t.reference
    from time_entries as e
    join tickets as t on t.organization_id = e.organization_id and t.id = e.ticket_id
    where e.organization_id = ${context.organization.id}::uuid
      and e.technician_id = ${technicianId}::uuid
      and e.clocked_out_at is null`,
  );
}

export function listTimeEntries(context: ReadContext, ticketIds: readonly string[]) {
  return context.tx.many(
    timeEntryRow,
    sql`
    select ${entryColumns}
    from time_entries
    where organization_id = ${context.organization.id}::uuid
      and ticket_id = any (${[...ticketIds]}::uuid[])
    order by clocked_in_at, id`,
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

/** Whether a technician is assigned to a visit. */
export async function isAssigned(
  context: ReadContext,
  ticketId: string,
  technicianId: string,
): Promise<boolean> {
  const { assigned: yes } = await context.tx.one(
    z.object({ assigned: z.boolean() }),
    sql`
    select exists (
      select 1
      from ticket_technicians
      where organization_id = ${context.organization.id}::uuid
        and ticket_id = ${ticketId}::uuid
        and technician_id = ${technicianId}::uuid
    ) as assigned`,
  );
  return yes;
}
