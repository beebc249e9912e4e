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

/** Who pays: a company, or else a customer (CFL-06). */
export interface BilledTo {
  contact_id: string | null;
  company_id: string | null;
}

/** The bills that somebody pays which are overdue on a day and of which they are reminded, the longest first. */
export const listOverdueOf = (
  context: ReadContext,
  { contact_id, company_id }: BilledTo,
  day: string,
): Promise<Invoice[]> =>
  pickRows(
    context,
    invoiceRecord,
    invoiceRecord.row,
    sql`company_id is not distinct from ${company_id}::uuid
    and (company_id is not null or contact_id = ${contact_id}::uuid) and status in ('sent', 'partial') and due_on < ${day}::date and is_reminded
    order by due_on, id
    limit 50`,
  );
