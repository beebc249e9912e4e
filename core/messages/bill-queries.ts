import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { pickRows } from '../kernel/records/record-queries.ts';
import { messageStatuses, plannedLink } from './record.ts';

const mailOfBill = z.object({
  reference: z.string(),
  status: z.enum(messageStatuses),
  links: z.record(z.string(), plannedLink),
});

/** The newest message that carries a bill; undefined while none was written. */
export async function findMailOfBill(context: ReadContext, invoiceId: string) {
  const [found] = await pickRows(
    context,
    { from: 'scheduled_messages', soft_deletes: false },
    mailOfBill,
    sql`invoice_id = ${invoiceId}::uuid and kind = 'invoice' order by created_at desc, id desc limit 1`,
  );
  return found;
}

/** The reminders of a bill that have not gone out, kept as they are until this transaction ends. */
export const lockRemindersOf = (context: ReadContext, invoiceId: string) =>
  pickRows(
    context,
    { from: 'scheduled_messages', soft_deletes: false },
    z.object({ id: z.string() }),
    sql`invoice_id = ${invoiceId}::uuid and kind = 'overdue' and status in ('draft', 'pending')
    order by id
    for no key update`,
  );
