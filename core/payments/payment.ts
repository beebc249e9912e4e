import { sql } from '../kernel/database/sql.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { defineRecord, filterBy } from '../kernel/records/record.ts';
import { getRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { DeskhandError, invalid } from '../kernel/words/errors.ts';
import { formatMoney } from '../kernel/words/money.ts';
import { followPayments } from './follow-payments.ts';
import { type Payment, paymentFields, refundFields } from './record.ts';

/**
 * Money that came in (D7). What has moved is kept, whatever its bill says (D8); what is paid of a bill follows from these
 * rows, by the database. One that was written down by mistake is taken out again and can be restored; what was handed back is
 * a refund. What Stripe tells is changed by Stripe alone.
 */
export const paymentRecord = defineRecord({
  name: 'payment',
  plural: 'payments',
  summary:
    'Money that came in: for which bill, how much, how, when, and what was given back. from and to are days it came.',
  keywords: ['paid', 'money', 'received', 'cash', 'check', 'transfer', 'card', 'deposit', 'income'],
  totals: { without: { where: sql`status <> 'succeeded'`, why: 'not received' } },
  reference: { prefix: 'PAY', start: 1 },
  fields: paymentFields,
  default_sort: 'received_at',
  is_found: false,
  label: ({ amount_cents, currency }) => formatMoney(amount_cents, currency),
  filters: {
    refunded: { summary: 'given back, whole or in part', where: sql`refunded_cents > 0` },
  },
  actions: {
    update: {
      summary: 'Correct how or when a payment came, or its note.',
      permission: { level: 'soft_limit' },
    },
    delete: {
      summary:
        'Take out a payment that was written down by mistake; can be restored. Money handed back: payment.refund.',
      permission: { level: 'requires_authorization' },
      keywords: ['take back', 'wrong entry', 'bounced', 'undo'],
    },
  },
  toColumns(context, input, before) {
    if (before) requireManual(before);
    if (input.received_at) requirePast(context, input.received_at);
    return input;
  },
  async afterDelete(context, _id, before) {
    requireManual(before);
    requireWhole(before);
    await followPayments(context, before.invoice_id);
  },
  async afterPutBack(context, _id, columns, before) {
    for (const invoice of new Set([columns.invoice_id, before.invoice_id]))
      if (typeof invoice === 'string') await followPayments(context, invoice);
  },
  afterRestore: (context, _id, before) => followPayments(context, before.invoice_id),
});

/** Money that was given back. */
export const refundRecord = defineRecord({
  name: 'refund',
  plural: 'refunds',
  domain: 'payment',
  summary:
    'Money that was given back: of which payment, how much, how, when and why. from and to are days it went.',
  keywords: ['given back', 'money back', 'returned', 'reimbursed'],
  totals: { without: { where: sql`status <> 'succeeded'`, why: 'not given back' } },
  reference: { prefix: 'RFD', start: 1 },
  fields: refundFields,
  default_sort: 'refunded_at',
  is_found: false,
  label: ({ amount_cents, currency }) => formatMoney(amount_cents, currency),
  params: {
    invoice_id: filterBy(
      ref('invoice'),
      ({ organization }, id) => sql`payment_id in (
        select p.id
        from payments as p
        where p.organization_id = ${organization.id}::uuid
          and p.invoice_id = ${id}::uuid
      )`,
    ),
  },
  actions: {},
});

/** The locked row of a payment. Throws NOT_FOUND. */
export const lockPayment = (context: Context, id: string): Promise<Payment> =>
  getRow(context, paymentRecord, id, { lock: true });

/** Throws INVALID_STATE for what Stripe told: it changes there. */
export function requireManual({ reference, provider }: Payment): void {
  if (provider === 'manual') return;
  throw new DeskhandError('INVALID_STATE', `${reference} came by Stripe; it is changed there.`, {
    hint: 'Do it in Stripe; what happens there is written down here by itself.',
  });
}

/** Throws INVALID_STATE once a part of it was given back: it stays where it is. */
export function requireWhole({ reference, refunded_cents, currency }: Payment): void {
  if (refunded_cents === 0) return;
  const back = formatMoney(refunded_cents, currency);
  throw new DeskhandError('INVALID_STATE', `${back} of ${reference} was given back; it stays as it is.`, {
    hint: 'Give back what is left of it with payment.refund.',
  });
}

/** Throws VALIDATION_ERROR for a moment to come. */
export function requirePast({ now }: Pick<Context, 'now'>, received_at: string): void {
  if (Date.parse(received_at) <= now.epochMilliseconds) return;
  throw invalid('received_at', 'This is still to come.', {
    got: received_at,
    hint: 'Say when the money came; leave it out for now.',
  });
}
