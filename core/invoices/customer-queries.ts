import { sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { pickRows } from '../kernel/records/record-queries.ts';
import { type Invoice, invoiceRecord } from './invoice.ts';

/** The bills of a customer that have not ended, the newest first. */
export const listBillsOf = (context: ReadContext, contactId: string, limit: number): Promise<Invoice[]> =>
  pickRows(
    context,
    invoiceRecord,
    invoiceRecord.row,
    sql`contact_id = ${contactId}::uuid and status not in ('cancelled', 'void')
    order by (status = 'paid'), created_at desc, id desc
    limit ${limit}::integer`,
  );
