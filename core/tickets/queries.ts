import { z } from 'zod';
import { newId } from '../kernel/database/ids.ts';
import { raw, type Sql, sql } from '../kernel/database/sql.ts';
import type { Context, ReadContext } from '../kernel/pipeline/context.ts';
import { pickRows } from '../kernel/records/record-queries.ts';
import { serviceNames } from '../reading/visit-parts.ts';
import { lineRow, timeEntryRow } from './record.ts';

const lineColumns = raw(Object.keys(lineRow.shape).join(', '));
const entryColumns = raw(Object.keys(timeEntryRow.shape).join(', '));

const lineTable = { from: 'ticket_lines', soft_deletes: true };

/** The living lines of some visits, in order. */
export const listLines = (context: ReadContext, ticketIds: readonly string[]) =>
  pickRows(
    context,
    lineTable,
    lineRow,
    sql`ticket_id = any (${[...ticketIds]}::uuid[]) order by position, id`,
  );

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

/** Makes the visit's total the sum of its lines, and the lines words that visit and customer are found by. */
export async function refreshTotal(context: Context, ticketId: string): Promise<void> {
  const { id } = context.organization;
  const { contact_id } = await context.tx.one(
    z.object({ contact_id: z.string() }),
    sql`
    update tickets
    set total_cents = (
      select coalesce(sum(total_cents), 0)
      from ticket_lines
      where organization_id = ${id}::uuid
        and ticket_id = ${ticketId}::uuid
        and deleted_at is null
    )
    where organization_id = ${id}::uuid
      and id = ${ticketId}::uuid
    returning contact_id`,
  );
  context.reindex('ticket', ticketId);
  context.reindex('contact', contact_id);
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

const entryTable = { from: 'time_entries', soft_deletes: false };

export const listTimeEntries = (context: ReadContext, ticketIds: readonly string[]) =>
  pickRows(
    context,
    entryTable,
    timeEntryRow,
    sql`ticket_id = any (${[...ticketIds]}::uuid[]) order by clocked_in_at, id`,
  );

/** Whether a technician is assigned to a visit. */
export async function isAssigned(context: ReadContext, ticketId: string, technicianId: string) {
  const which = sql`ticket_id = ${ticketId}::uuid and technician_id = ${technicianId}::uuid`;
  return (await pickRows(context, crewTable, z.object({ id: z.string() }), which)).length > 0;
}

const crewTable = { from: 'ticket_technicians', soft_deletes: false };

const replacement = z.object({
  rescheduled_from_id: z.string(),
  id: z.string(),
  reference: z.string(),
  scheduled_at: z.string(),
  status: z.string(),
});

/** The visits that took the place of some others. */
export const listReplacements = (
  context: ReadContext,
  ticketIds: readonly string[],
  restriction: Sql = sql`true`,
) =>
  pickRows(
    context,
    { from: 'tickets', soft_deletes: false },
    replacement,
    sql`rescheduled_from_id = any (${[...ticketIds]}::uuid[]) and ${restriction} order by id`,
  );

/** Visits of a customer that are planned from a moment on and have not begun, the next ones first. */
export function listPlanned(context: ReadContext, contactId: string, from: string, most: number) {
  return context.tx.many(
    z.object({
      id: z.string(),
      reference: z.string(),
      scheduled_at: z.string(),
      services: z.array(z.string()).nullable(),
    }),
    sql`
    select t.id, t.reference, t.scheduled_at, ${serviceNames} as services
    from tickets as t
    where t.organization_id = ${context.organization.id}::uuid
      and t.contact_id = ${contactId}::uuid
      and t.status = 'scheduled'
      and t.scheduled_at >= ${from}::timestamptz
    order by t.scheduled_at, t.id
    limit ${most}::integer`,
  );
}
