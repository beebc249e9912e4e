import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { pickRows } from '../kernel/records/record-queries.ts';
import { paymentMethods } from './record.ts';

const paymentOfBill = z.object({
  reference: z.string(),
  amount_cents: z.number(),
  refunded_cents: z.number(),
  method: z.enum(paymentMethods),
  received_at: z.string(),
  status: z.enum(['pending', 'succeeded']),
});

/** What came in for a bill or is on its way, in the order it came. What failed never came. */
export const listOfBill = (context: ReadContext, invoiceId: string) =>
  pickRows(
    context,
    { from: 'payments', soft_deletes: true },
    paymentOfBill,
    sql`invoice_id = ${invoiceId}::uuid and status in ('pending', 'succeeded') order by received_at, id`,
  );
