import { moneyText } from '../kernel/database/money-text.ts';
import { sql } from '../kernel/database/sql.ts';
import { choice, currency, longText, moment, money, ref, text } from '../kernel/records/field.ts';
import type { Field } from '../kernel/records/field-shape.ts';
import type { Numbering, PlainAction } from '../kernel/records/record.ts';
import type { RowOf } from '../kernel/records/row-of.ts';
import { dayBounds, momentOrDay, readDayAlone, readMoment } from '../kernel/words/time.ts';

/** How money came, or was given back (INV-10). */
export const paymentMethods = ['card', 'bank_transfer', 'check', 'cash', 'other'] as const;
export type PaymentMethod = (typeof paymentMethods)[number];

export const methodWords: Readonly<Record<PaymentMethod, string>> = {
  card: 'by card',
  bank_transfer: 'by bank transfer',
  check: 'by check',
  cash: 'in cash',
  other: 'otherwise',
};

/** Who knows that it moved: somebody of the business, or Stripe. */
const providers = ['manual', 'stripe'] as const;
const states = ['pending', 'succeeded', 'failed'] as const;

/** Why money was given back. */
export const refundReasons = [
  'overpaid',
  'duplicate',
  'wrong_invoice',
  'not_done',
  'goodwill',
  'other',
] as const;

/** Reads a moment; a day alone is its beginning, for nobody knows the hour of a check that came on Friday. */
export function readWhen(timeZone: string, text: string, name: string): string {
  const day = readDayAlone(text, name);
  return (day === undefined ? readMoment(text, timeZone, name) : dayBounds(day, timeZone).from).toString();
}

/** Only our own code writes it, and nobody reads it: what Stripe calls things. */
const ofProvider = { writable: false, internal: true, told: false, whose: 'ours' } as const;

/** Money that came in for a bill (D7). */
export const paymentFields = {
  invoice_id: ref('invoice', {
    filled: true,
    writable: false,
    list: true,
    filter: true,
    as: 'payments',
    summary: 'what came in for it, newest first, and what of that was given back',
    order: '-received_at',
    shows: [
      'reference',
      'amount_cents',
      'method',
      'received_at',
      'note',
      'provider',
      'status',
      'dispute_status',
      'refunded_cents',
    ],
    told_with_parent: true,
    include: { as: 'bill', summary: 'the bill it is for', shows: ['reference', 'status', 'total_cents'] },
  }),
  /** Whose it is follows from its bill: the customer, the company that pays, or both. The database keeps it. */
  contact_id: ref('contact', {
    writable: false,
    list: true,
    filter: true,
    as: 'payments',
    summary: 'what they have paid, newest first',
    order: '-received_at',
    // A bill may be paid whose customer was removed since.
    living: false,
    timeline: {
      kind: 'payment',
      at: sql`r.received_at`,
      what: sql`concat('payment ', r.status)`,
      text: sql`concat_ws(' ', ${moneyText(sql`r.amount_cents`, sql`r.currency`)}, r.currency, r.method, r.note)`,
    },
    include: { as: 'customer', summary: 'who paid', shows: ['reference', 'full_name'] },
  }),
  company_id: ref('company', {
    writable: false,
    list: true,
    filter: true,
    as: 'payments',
    summary: 'what it has paid, newest first',
    order: '-received_at',
    living: false,
    include: { as: 'company', summary: 'the company that paid', shows: ['reference', 'name'] },
  }),
  amount_cents: money({ filled: true, writable: false, list: true, sort: true }),
  currency: currency(),
  method: choice(paymentMethods, { filled: true, list: true, filter: true }),
  received_at: {
    ...moment({ filled: true, clear: false, list: true, sort: true, filter: 'range', input: momentOrDay }),
    store: ({ organization }, value, name) => readWhen(organization.time_zone, String(value), name),
  },
  note: longText({ list: true }),
  provider: choice(providers, { default: 'manual', writable: false, filter: true }),
  payment_intent_id: text(ofProvider),
  charge_id: text(ofProvider),
  checkout_session_id: text(ofProvider),
  /** The close-out in which it was taken at the door. */
  closeout_session_id: ref('closeout_session', {
    writable: false,
    internal: true,
    told: false,
    living: false,
  }),
  status: choice(states, { default: 'succeeded', writable: false, list: true, filter: true }),
  /** Of a payment the customer has told their bank was not theirs: how that stands. */
  dispute_status: choice(['open', 'won', 'lost'], { writable: false, filter: true }),
  stripe_dispute_id: text(ofProvider),
  dispute_opened_at: moment({ writable: false }),
  /** Until when the bank wants to hear from us. */
  dispute_due_at: moment({ writable: false }),
  /** What its refunds come to, which the database works out. */
  refunded_cents: money({ default: 0, writable: false, list: true }),
} satisfies Readonly<Record<string, Field>>;

export type Payment = RowOf<typeof paymentFields, { delete: PlainAction }, Numbering>;

/** Money that was given back (OPQ-11): a row of its own, for it moves on a day of its own and in a way of its own. */
export const refundFields = {
  payment_id: ref('payment', {
    filled: true,
    writable: false,
    list: true,
    filter: true,
    as: 'refunds',
    summary: 'what of it was given back, newest first',
    order: '-refunded_at',
    told_with_parent: true,
    living: false,
    include: { as: 'payment', summary: 'what it was given back of', shows: ['reference', 'amount_cents'] },
  }),
  contact_id: ref('contact', {
    writable: false,
    list: true,
    filter: true,
    living: false,
    timeline: {
      kind: 'refund',
      at: sql`r.refunded_at`,
      what: sql`concat('refund ', r.status)`,
      text: sql`concat_ws(' ', ${moneyText(sql`r.amount_cents`, sql`r.currency`)}, r.currency, r.reason, r.note)`,
    },
    include: { as: 'customer', summary: 'who got it', shows: ['reference', 'full_name'] },
  }),
  company_id: ref('company', {
    writable: false,
    list: true,
    filter: true,
    living: false,
    include: { as: 'company', summary: 'the company that got it', shows: ['reference', 'name'] },
  }),
  amount_cents: money({ filled: true, writable: false, list: true, sort: true }),
  currency: currency(),
  method: choice(paymentMethods, { filled: true, writable: false, list: true, filter: true }),
  reason: choice(refundReasons, { filled: true, writable: false, list: true, filter: true }),
  note: longText({ writable: false, list: true }),
  refunded_at: moment({ filled: true, writable: false, list: true, sort: true, filter: 'range' }),
  /** `pending`: Stripe was asked, or will be in a moment. Only what succeeded is given back (decision 037). */
  status: choice(states, { default: 'succeeded', writable: false, list: true, filter: true }),
  /** Why it did not go through, as a code of Stripe's: `expired_or_canceled_card`. */
  failure: text({ writable: false, list: true, whose: 'ours' }),
  stripe_refund_id: text(ofProvider),
  /** The dispute that took it. */
  stripe_dispute_id: text(ofProvider),
} satisfies Readonly<Record<string, Field>>;

export type Refund = RowOf<typeof refundFields, Record<never, never>, Numbering>;
