import type { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import type { Context, ReadContext } from '../kernel/pipeline/context.ts';
import { defineRecord } from '../kernel/records/record.ts';
import { getRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { settingOf } from '../kernel/registry/settings.ts';
import { DeskhandError, invalid } from '../kernel/words/errors.ts';
import { freeText } from '../kernel/words/text-schemas.ts';
import { day, readDay } from '../kernel/words/time.ts';
import { invoiceDocuments } from './document.ts';
import { listAmounts, listHistory, listLines, listRelated } from './queries.ts';
import {
  balanceOf,
  type Invoice,
  type invoiceAnswer,
  invoiceColumns,
  invoiceRow,
  invoiceStatuses,
} from './record.ts';
import { daysUntilDue } from './settings.ts';

/** Bills (INV-01): drafts until they are sent, then only paid, cancelled or void (CFL-38). */
export const invoiceRecord = defineRecord({
  name: 'invoice',
  plural: 'invoices',
  table: 'invoices',
  summary: 'Invoices: customer, visit, amounts, status, due date. from and to are days of issue.',
  keywords: ['bill', 'billing', 'payment', 'money', 'owed', 'unpaid', 'overdue'],
  reference: { prefix: 'INV', start: 1, is_yearly: true },
  columns: invoiceColumns,
  row: invoiceRow,
  label: row => String(row.reference),
  writable: z.strictObject({ due_on: day.optional(), notes: freeText.optional() }),
  clearable: ['notes'],
  default_fields: [
    'id',
    'reference',
    'contact_id',
    'ticket_id',
    'status',
    'issued_on',
    'due_on',
    'total_cents',
    'paid_cents',
  ],
  sorts: ['created_at', 'due_on', 'total_cents'],
  params: z.strictObject({
    contact_id: ref('contact').optional(),
    ticket_id: ref('ticket').optional(),
    status: z.enum(invoiceStatuses).optional(),
    from: day.optional(),
    to: day.optional(),
  }),
  where: params => [
    ...(params.contact_id ? [sql`contact_id = ${params.contact_id}::uuid`] : []),
    ...(params.ticket_id ? [sql`ticket_id = ${params.ticket_id}::uuid`] : []),
    ...(params.status ? [sql`status = ${params.status}`] : []),
    ...(params.from ? [sql`issued_on >= ${readDay(params.from, 'from').toString()}::date`] : []),
    ...(params.to ? [sql`issued_on <= ${readDay(params.to, 'to').toString()}::date`] : []),
  ],
  filters: {
    draft: { summary: 'not sent yet', where: sql`status = 'draft'` },
    open: { summary: 'sent and not fully paid', where: sql`status in ('sent', 'partial')` },
    overdue: {
      summary: 'sent, not fully paid and past the due date',
      where: context => sql`status in ('sent', 'partial') and due_on < ${today(context).toString()}::date`,
    },
  },
  includes: {
    customer: { summary: 'who is billed', load: (context, ids) => loadRelated(context, ids, 'customer') },
    visit: {
      summary: 'the visit that is billed',
      load: (context, ids) => loadRelated(context, ids, 'visit'),
    },
    line_items: {
      summary: 'what is billed, in order',
      async load(context, ids) {
        const lines = await listLines(context, ids);
        return byInvoice(lines.map(({ invoice_id, ...line }) => [invoice_id, line]));
      },
    },
    balance: {
      summary: 'the amount still due, and whether it is overdue',
      async load(context, ids) {
        const amounts = await listAmounts(context, ids);
        const now = today(context).toString();
        return new Map(amounts.map(invoice => [invoice.id, balanceOf(invoice, now)]));
      },
    },
    audit_trail: {
      summary: 'who changed what, when and why, newest first',
      async load(context, ids) {
        const entries = await listHistory(context, ids, 50);
        return byInvoice(entries.map(({ invoice_id, ...entry }) => [invoice_id, entry]));
      },
    },
  },
  actions: {
    update: {
      summary: 'Change due date or notes of a draft invoice.',
      permission: { level: 'unrestricted' },
      keywords: ['due date', 'payment terms', 'bill'],
    },
  },
  toColumns(context, input, before) {
    if (before) requireDraft(invoiceRow.parse(before));
    if (typeof input.due_on !== 'string') return input;
    return { ...input, due_on: readDueDay(context, input.due_on) };
  },
  documents: invoiceDocuments,
});

const loadRelated = async (context: ReadContext, ids: readonly string[], member: 'customer' | 'visit') =>
  new Map((await listRelated(context, ids)).map(row => [row.invoice_id, row[member]]));

function byInvoice(rows: readonly (readonly [string, unknown])[]): Map<string, unknown[]> {
  const found = new Map<string, unknown[]>();
  for (const [id, row] of rows) found.set(id, [...(found.get(id) ?? []), row]);
  return found;
}

// What was sent is what the customer holds in hands (INV-20).
function requireDraft({ reference, status }: Invoice): void {
  if (status === 'draft') return;
  throw new DeskhandError('INVALID_STATE', `${reference} is ${status}; only a draft can be changed.`, {
    hint: 'If it is wrong, void it with invoice.void and create a new one.',
  });
}

/** The day a bill is due, as written. Throws VALIDATION_ERROR for one that is past or does not exist. */
export function readDueDay(context: ReadContext, text: string): string {
  const due = readDay(text, 'due_on').toString();
  if (due >= today(context).toString()) return due;
  throw invalid('due_on', 'This day is past.', { got: text, hint: 'Choose today or a day to come.' });
}

/** The day in the business time zone: bills are dated, due and overdue by it. */
export const today = (context: ReadContext): Temporal.PlainDate =>
  context.now.toZonedDateTimeISO(context.organization.time_zone).toPlainDate();

/** When a bill of today has to be paid: in 30 days, or as the business has set it (INV-18). */
export function dueDay(context: ReadContext): string {
  return today(context)
    .add({ days: settingOf(context, daysUntilDue) })
    .toString();
}

/** The locked row of a bill. Throws NOT_FOUND. */
export const lockInvoice = async (context: Context, id: string): Promise<Invoice> =>
  invoiceRow.parse(await getRow(context, invoiceRecord, id, { lock: true }));

/** What every invoice action answers: the bill with its lines and what is still due. */
export async function answerInvoice(
  context: ReadContext,
  id: string,
): Promise<z.output<typeof invoiceAnswer>> {
  const invoice = invoiceRow.parse(await getRow(context, invoiceRecord, id));
  const lines = await listLines(context, [id]);
  return {
    ...invoice,
    ...balanceOf(invoice, today(context).toString()),
    lines: lines.map(({ invoice_id: _, ...line }) => line),
  };
}
