import { z } from 'zod';
import { moment, text } from '../kernel/records/field.ts';

/** Overdue is no status: it follows from the due date, the open amount and the day (CFL-38). */
export const invoiceStatuses = ['draft', 'sent', 'partial', 'paid', 'refunded', 'cancelled', 'void'] as const;

/** What a bill is for (INV-09); `setup` is the draft that one-click invoicing makes. */
export const invoiceSubtypes = ['sales', 'subscription', 'one_time', 'recurring', 'setup'] as const;

/** By when a bill is paid, counted from the day it goes out (INV-10). */
export const paymentTerms = ['due_on_receipt', 'net_30', 'net_60', 'net_90'] as const;

export const collectionMethods = ['checkout', 'stripe_invoice', 'manual'] as const;

/** Only our own code writes it, and nobody reads it unless they ask: what Stripe calls things. */
const atStripe = { writable: false, internal: true, told: false, whose: 'ours' } as const;

/** What Stripe calls a bill and what it was paid by (5.3); `last_synced_at` is when that was last read there. */
export const stripeFields = {
  stripe_checkout_session_id: text(atStripe),
  stripe_payment_intent_id: text(atStripe),
  stripe_charge_id: text(atStripe),
  stripe_customer_id: text(atStripe),
  stripe_invoice_id: text(atStripe),
  stripe_invoice_url: text(atStripe),
  stripe_pdf_url: text(atStripe),
  last_synced_at: moment({ writable: false, internal: true, told: false }),
};

/** Columns that answers of actions leave out. */
export const notAnswered = {
  stripe_checkout_session_id: true,
  stripe_payment_intent_id: true,
  stripe_charge_id: true,
  stripe_customer_id: true,
  stripe_invoice_id: true,
  stripe_invoice_url: true,
  stripe_pdf_url: true,
  last_synced_at: true,
} as const satisfies Record<keyof typeof stripeFields, true>;

/** One line of a bill, at the price of the visit (GAP-31); its total is with tax (CFL-42). */
export const invoiceLineRow = z.object({
  id: z.string(),
  invoice_id: z.string(),
  position: z.number(),
  service_id: z.string().nullable(),
  description: z.string(),
  quantity: z.coerce.number(),
  unit_price_cents: z.number(),
  /** In percent. */
  tax_rate: z.coerce.number(),
  subtotal_cents: z.number(),
  tax_cents: z.number(),
  total_cents: z.number(),
});
export type InvoiceLine = z.infer<typeof invoiceLineRow>;

/** What decides how much of a bill is still owed. */
interface Amounts {
  status: (typeof invoiceStatuses)[number];
  due_on: string | null;
  total_cents: number;
  paid_cents: number;
}

/** What is still to be paid of a bill (INV-12), and since when too late. */
export const balanceShape = z.object({
  due_cents: z.number(),
  is_overdue: z.boolean(),
  /** What came in beyond what it asks for, or for a bill that has ended; left out when there is none. */
  owed_back_cents: z.number().optional(),
});

const ended = new Set<string>(['cancelled', 'void']);

/** What is paid, or was and is given back, asks for nothing more. */
const settled = new Set<string>(['paid', 'refunded']);

/**
 * Total less what was paid; nothing once the bill has ended or is settled. Overdue is computed from the day in the business
 * time zone and never stored, so it is never stale (CFL-38, INV-04).
 */
export function balanceOf(invoice: Amounts, today: string): z.infer<typeof balanceShape> {
  const { status, due_on, total_cents, paid_cents } = invoice;
  const owed_back_cents = owedBackOf(invoice);
  return {
    due_cents: ended.has(status) || settled.has(status) ? 0 : Math.max(total_cents - paid_cents, 0),
    is_overdue: (status === 'sent' || status === 'partial') && due_on !== null && due_on < today,
    ...(owed_back_cents > 0 ? { owed_back_cents } : {}),
  };
}

/** What a customer is to get back (D8): what is beyond the total, and all that came for a bill that has ended. */
export function owedBackOf({ status, total_cents, paid_cents }: Omit<Amounts, 'due_on'>): number {
  return Math.max(ended.has(status) ? paid_cents : paid_cents - total_cents, 0);
}
