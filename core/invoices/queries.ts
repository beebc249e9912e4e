import { z } from 'zod';
import { newId } from '../kernel/database/ids.ts';
import { raw, sql, valueRows } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { invoiceLineRow } from './record.ts';

const lineColumns = raw(Object.keys(invoiceLineRow.shape).join(', '));

export interface NewLine {
  description: string;
  quantity: number;
  unit_price_cents: number;
  total_cents: number;
}

/** Writes the lines of a new bill in their order. */
export async function insertLines(
  context: ReadContext,
  invoiceId: string,
  lines: readonly NewLine[],
): Promise<void> {
  if (lines.length === 0) return;
  const types = ['uuid', 'uuid', 'uuid', 'integer', 'text', 'numeric', 'bigint', 'bigint'];
  const rows = lines.map((line, index) => [
    context.organization.id,
    newId(),
    invoiceId,
    index + 1,
    line.description,
    line.quantity,
    line.unit_price_cents,
    line.total_cents,
  ]);
  await context.tx.run(sql`
    insert into invoice_lines (
      organization_id, id, invoice_id, position, description, quantity, unit_price_cents, total_cents
    )
    values ${valueRows(types, rows)}`);
}

/** The lines of some bills, in order. */
export function listLines(context: ReadContext, invoiceIds: readonly string[]) {
  return context.tx.many(
    invoiceLineRow,
    sql`
    select ${lineColumns}
    from invoice_lines
    where organization_id = ${context.organization.id}::uuid
      and invoice_id = any (${[...invoiceIds]}::uuid[])
    order by position`,
  );
}

/** The one bill of a visit that is neither void nor cancelled (CFL-39). */
export function findOfTicket(context: ReadContext, ticketId: string) {
  return context.tx.maybe(
    z.object({ id: z.string(), reference: z.string(), status: z.string() }),
    sql`
    select id, reference, status
    from invoices
    where organization_id = ${context.organization.id}::uuid
      and ticket_id = ${ticketId}::uuid
      and status not in ('void', 'cancelled')`,
  );
}

const historyRow = z.object({
  invoice_id: z.string(),
  entity_type: z.string(),
  action: z.string(),
  domain_action: z.string().nullable(),
  changes: z.record(z.string(), z.unknown()),
  actor_kind: z.string(),
  actor_name: z.string(),
  reasoning: z.string().nullable(),
  created_at: z.string(),
});

/**
 * The newest entries about each of some bills. What changes a bill is told in the history of its customer; its lines and
 * payments stand in its own.
 */
export function listHistory(context: ReadContext, invoiceIds: readonly string[], each: number) {
  const { id } = context.organization;
  return context.tx.many(
    historyRow,
    sql`
    select i.id as invoice_id, h.entity_type, h.action, h.domain_action, h.changes, h.actor_kind, h.actor_name,
      h.reasoning, h.created_at
    from invoices as i
    cross join lateral (
      select id, entity_type, action, domain_action, changes, actor_kind, actor_name, reasoning, created_at
      from (
        select id, entity_type, action, domain_action, changes, actor_kind, actor_name, reasoning, created_at
        from audit_log
        where organization_id = ${id}::uuid
          and subject_type = 'contact'
          and subject_id = i.contact_id
          and entity_type = 'invoice'
          and entity_id = i.id
        union all
        select id, entity_type, action, domain_action, changes, actor_kind, actor_name, reasoning, created_at
        from audit_log
        where organization_id = ${id}::uuid
          and subject_type = 'invoice'
          and subject_id = i.id
      ) as both_places
      order by id desc
      limit ${each}::integer
    ) as h
    where i.organization_id = ${id}::uuid
      and i.id = any (${[...invoiceIds]}::uuid[])
    order by h.id desc`,
  );
}

/** Writes a payment into the history of its bill (INV-06): the amount and what was said of it. */
export async function insertPaymentEntry(
  context: ReadContext,
  invoiceId: string,
  payment: { amount_cents: number; note: string | undefined },
): Promise<void> {
  const changes = {
    amount_cents: { old: null, new: payment.amount_cents },
    ...(payment.note === undefined ? {} : { note: { old: null, new: payment.note } }),
  };
  await context.tx.one(
    z.object({ id: z.string() }),
    sql`select log_audit('invoice', ${invoiceId}::uuid, 'payment', ${JSON.stringify(changes)}::jsonb) as id`,
  );
}
