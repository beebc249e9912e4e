import { z } from 'zod';
import { newId } from '../kernel/database/ids.ts';
import { sql, valueRows } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { pickRows } from '../kernel/records/record-queries.ts';
import { invoiceLineRow } from './record.ts';

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

const lineTable = { from: 'invoice_lines', soft_deletes: false };

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
