import { z } from 'zod';
import { newId } from '../kernel/database/ids.ts';
import { rowsAs } from '../kernel/database/many-rows.ts';
import { raw, sql, valueRows } from '../kernel/database/sql.ts';
import type { Context, ReadContext } from '../kernel/pipeline/context.ts';
import { pickRows } from '../kernel/records/record-queries.ts';
import { type InvoiceLine, invoiceLineRow } from './record.ts';

const lineColumns = raw(Object.keys(invoiceLineRow.shape).join(', '));

/** A line as it is written: what it is for, and what it comes to. */
export type NewLine = Omit<InvoiceLine, 'id' | 'invoice_id' | 'position'>;

/** Writes lines of a bill in their order, behind those it has or had: a number once given means no other line. Answers them. */
export async function insertLines(
  context: ReadContext,
  invoiceId: string,
  lines: readonly NewLine[],
): Promise<InvoiceLine[]> {
  if (lines.length === 0) return [];
  const { id: organization } = context.organization;
  const types = [
    ...['uuid', 'integer', 'uuid', 'text', 'numeric', 'bigint'],
    ...['numeric', 'bigint', 'bigint', 'bigint'],
  ];
  const rows = lines.map((line, index) => [
    newId(),
    index + 1,
    line.service_id,
    line.description,
    line.quantity,
    line.unit_price_cents,
    line.tax_rate,
    line.subtotal_cents,
    line.tax_cents,
    line.total_cents,
  ]);
  const written = await context.tx.many(
    invoiceLineRow,
    sql`
    insert into invoice_lines (
      organization_id, invoice_id, id, position, service_id, description, quantity, unit_price_cents,
      tax_rate, subtotal_cents, tax_cents, total_cents
    )
    select ${organization}::uuid, ${invoiceId}::uuid, line.id, last.position + line.position, line.service_id,
      line.description, line.quantity, line.unit_price_cents, line.tax_rate, line.subtotal_cents, line.tax_cents,
      line.total_cents
    from (values ${valueRows(types, rows)}) as line (
      id, position, service_id, description, quantity, unit_price_cents, tax_rate, subtotal_cents, tax_cents,
      total_cents
    )
    cross join (
      select coalesce(max(position), 0) as position
      from invoice_lines
      where organization_id = ${organization}::uuid
        and invoice_id = ${invoiceId}::uuid
    ) as last
    returning ${lineColumns}`,
  );
  return written.sort((a, b) => a.position - b.position);
}

/** Writes a line of a draft anew. */
export async function updateLine(context: ReadContext, line: InvoiceLine): Promise<void> {
  await context.tx.run(sql`
    update invoice_lines
    set service_id = ${line.service_id}::uuid,
      description = ${line.description},
      quantity = ${line.quantity}::numeric,
      unit_price_cents = ${line.unit_price_cents}::bigint,
      tax_rate = ${line.tax_rate}::numeric,
      subtotal_cents = ${line.subtotal_cents}::bigint,
      tax_cents = ${line.tax_cents}::bigint,
      total_cents = ${line.total_cents}::bigint
    where organization_id = ${context.organization.id}::uuid
      and id = ${line.id}::uuid
      and deleted_at is null`);
}

/** Takes a line off a draft. */
export async function removeLine(context: Context, lineId: string): Promise<void> {
  await context.tx.run(sql`
    update invoice_lines
    set deleted_at = ${context.now.toString()}::timestamptz
    where organization_id = ${context.organization.id}::uuid
      and id = ${lineId}::uuid
      and deleted_at is null`);
}

const lineTable = { from: 'invoice_lines', soft_deletes: true };

/** The lines of some bills, in order. */
export const listLines = (context: ReadContext, invoiceIds: readonly string[]) =>
  pickRows(
    context,
    lineTable,
    invoiceLineRow,
    sql`invoice_id = any (${[...invoiceIds]}::uuid[]) order by position`,
  );

const ofTicket = z.object({ id: z.string(), reference: z.string(), status: z.string() });

/** The one bill of a visit that is neither void nor cancelled (CFL-39). */
export async function findOfTicket(context: ReadContext, ticketId: string) {
  const which = sql`ticket_id = ${ticketId}::uuid and status not in ('void', 'cancelled')`;
  const [found] = await pickRows(context, { from: 'invoices', soft_deletes: false }, ofTicket, which);
  return found;
}

/** The bill of this reference, whatever became of it. */
export async function findByReference(context: ReadContext, reference: string) {
  const which = sql`reference = ${reference}`;
  const [found] = await pickRows(context, { from: 'invoices', soft_deletes: false }, ofTicket, which);
  return found;
}

/** A line of a bill that another program has sent; its total is with tax. */
export interface PastLine {
  id: string;
  invoice_id: string;
  position: number;
  description: string;
  subtotal_cents: number;
  tax_rate: number;
  tax_cents: number;
}

const pastLineColumns = [
  ['id', 'uuid'],
  ['invoice_id', 'uuid'],
  ['position', 'integer'],
  ['description', 'text'],
  ['subtotal_cents', 'bigint'],
  ['tax_rate', 'numeric'],
  ['tax_cents', 'bigint'],
] as const;

export async function insertPastLines(context: Context, lines: readonly PastLine[]): Promise<void> {
  await context.tx.run(sql`
    insert into invoice_lines (
      organization_id, id, invoice_id, position, description, quantity, unit_price_cents, subtotal_cents, tax_rate, tax_cents,
      total_cents
    )
    select
      ${context.organization.id}::uuid, id, invoice_id, "position", description, 1, subtotal_cents, subtotal_cents, tax_rate,
      tax_cents, subtotal_cents + tax_cents
    from ${rowsAs(pastLineColumns, lines)}`);
}

/** Says of bills that were written as drafts that they are out, or void. */
export async function issuePast(
  context: Context,
  bills: readonly { id: string; is_void: boolean }[],
): Promise<void> {
  await context.tx.run(sql`
    update invoices as i
    set status = case when r.is_void then 'void' else 'sent' end,
      ended_at = case when r.is_void then ${context.now.toString()}::timestamptz end,
      end_reason = case when r.is_void then 'void in the program before' end
    from ${rowsAs(issuedColumns, bills)}
    where i.organization_id = ${context.organization.id}::uuid
      and i.id = r.id`);
}

const issuedColumns = [
  ['id', 'uuid'],
  ['is_void', 'boolean'],
] as const;
