import { z } from 'zod';
import { rowFacts } from '../kernel/words/text-schemas.ts';

/** Overdue is no status: it follows from the due date, the open amount and the day (CFL-38). */
export const invoiceStatuses = ['draft', 'sent', 'partial', 'paid', 'cancelled', 'void'] as const;

/** A bill (INV-01, CFL-38, CFL-39). */
export const invoiceRow = z.object({
  id: z.string(),
  reference: z.string(),
  source: z.enum(['ticket', 'standalone']),
  contact_id: z.string(),
  ticket_id: z.string().nullable(),
  status: z.enum(invoiceStatuses),
  issued_on: z.string().nullable(),
  due_on: z.string().nullable(),
  currency: z.string(),
  subtotal_cents: z.number(),
  tax_cents: z.number(),
  total_cents: z.number(),
  paid_cents: z.number(),
  notes: z.string().nullable(),
  sent_at: z.string().nullable(),
  sent_to: z.string().nullable(),
  paid_at: z.string().nullable(),
  ended_at: z.string().nullable(),
  end_reason: z.string().nullable(),
  ...rowFacts,
});
export type Invoice = z.infer<typeof invoiceRow>;

export const invoiceColumns = {
  id: 'uuid',
  reference: 'text',
  source: 'text',
  contact_id: 'uuid',
  ticket_id: 'uuid',
  status: 'text',
  issued_on: 'date',
  due_on: 'date',
  currency: 'text',
  subtotal_cents: 'bigint',
  tax_cents: 'bigint',
  total_cents: 'bigint',
  paid_cents: 'bigint',
  notes: 'text',
  sent_at: 'timestamptz',
  sent_to: 'text',
  paid_at: 'timestamptz',
  ended_at: 'timestamptz',
  end_reason: 'text',
  version: 'bigint',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
} as const;

/** One line of a bill, at the price of the visit (GAP-31). */
export const invoiceLineRow = z.object({
  id: z.string(),
  invoice_id: z.string(),
  position: z.number(),
  description: z.string(),
  quantity: z.coerce.number(),
  unit_price_cents: z.number(),
  total_cents: z.number(),
});
export type InvoiceLine = z.infer<typeof invoiceLineRow>;

/** What is still to be paid of a bill (INV-12), and since when too late. */
export const balanceShape = z.object({
  due_cents: z.number(),
  is_overdue: z.boolean(),
});

/** A bill with what people want to see at once. Answers of the invoice actions. */
export const invoiceAnswer = invoiceRow.extend({
  ...balanceShape.shape,
  lines: z.array(invoiceLineRow.omit({ invoice_id: true })),
});

const ended = new Set<string>(['cancelled', 'void']);

/**
 * Total less what was paid; nothing once the bill has ended. Overdue is computed from the day in the business time zone and
 * never stored, so it is never stale (CFL-38, INV-04).
 */
export function balanceOf(
  invoice: Pick<Invoice, 'status' | 'due_on' | 'total_cents' | 'paid_cents'>,
  today: string,
): z.infer<typeof balanceShape> {
  const { status, due_on, total_cents, paid_cents } = invoice;
  return {
    due_cents: ended.has(status) ? 0 : total_cents - paid_cents,
    is_overdue: (status === 'sent' || status === 'partial') && due_on !== null && due_on < today,
  };
}
