import { newId } from '../kernel/database/ids.ts';
import { sql, valueRows } from '../kernel/database/sql.ts';
import type { Context, ReadContext } from '../kernel/pipeline/context.ts';
import type { NewLine } from './queries.ts';

/** Writes lines of visits that are still open, in their order. */
export async function insertPastLines(
  context: ReadContext,
  lines: readonly (NewLine & { position: number })[],
): Promise<void> {
  if (lines.length === 0) return;
  const types = [
    'uuid',
    'uuid',
    'uuid',
    'uuid',
    'integer',
    'text',
    'text',
    'numeric',
    'bigint',
    'bigint',
    'integer',
  ];
  const rows = lines.map(line => [
    context.organization.id,
    newId(),
    line.ticket_id,
    line.service_id,
    line.position,
    line.description,
    line.pricing,
    line.quantity,
    line.unit_price_cents,
    line.total_cents,
    line.duration_minutes,
  ]);
  await context.tx.run(sql`
    insert into ticket_lines (
      organization_id, id, ticket_id, service_id, position, description, pricing, quantity, unit_price_cents,
      total_cents, duration_minutes
    )
    values ${valueRows(types, rows)}`);
}

/** Says who went. */
export async function insertPastCrew(
  context: ReadContext,
  crew: readonly { ticket_id: string; technician_id: string }[],
): Promise<void> {
  if (crew.length === 0) return;
  const rows = crew.map(({ ticket_id, technician_id }) => [
    context.organization.id,
    newId(),
    ticket_id,
    technician_id,
    'empty',
    false,
  ]);
  await context.tx.run(sql`
    insert into ticket_technicians (organization_id, id, ticket_id, technician_id, period, is_active)
    values ${valueRows(['uuid', 'uuid', 'uuid', 'uuid', 'tstzrange', 'boolean'], rows)}`);
}

/** Closes visits when they were over, or calls those off that never took place: both final, as of every other visit. */
export async function endPast(
  context: Context,
  visits: readonly { id: string; status: 'closed' | 'cancelled' }[],
  closedBy: string,
): Promise<void> {
  const rows = visits.map(({ id, status }) => [id, status]);
  await context.tx.run(sql`
    update tickets as t
    set status = v.status,
      closed_at = case when v.status = 'closed' then t.ends_at end,
      closed_by = case when v.status = 'closed' then ${closedBy} end,
      cancelled_at = case when v.status = 'cancelled' then t.scheduled_at end
    from (values ${valueRows(['uuid', 'text'], rows)}) as v (id, status)
    where t.organization_id = ${context.organization.id}::uuid
      and t.id = v.id`);
}
