import { z } from 'zod';
import type { Context } from '../kernel/pipeline/context.ts';
import type { Rule } from '../kernel/pipeline/permission.ts';
import { findRow, updateRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import { formatMoney } from '../kernel/words/money.ts';
import { freeText } from '../kernel/words/text-schemas.ts';
import { answerInvoice, type Invoice, invoiceAnswer, invoiceRecord, lockInvoice } from './invoice.ts';

const input = z.strictObject({ invoice_id: ref('invoice'), reason: freeText.max(2000) });

/** Takes back a bill on which nothing was paid (CFL-38). The visit can be billed again. */
export const cancelInvoice = defineAction({
  domain: 'invoice',
  name: 'cancel',
  summary: 'Cancel an invoice on which nothing was paid; this is final, the visit can be billed again.',
  input,
  output: invoiceAnswer,
  permission: { level: 'soft_limit' },
  effect: 'delete',
  undo: 'none',
  example: { invoice_id: 'INV-2026-001', reason: 'Billed twice' },
  keywords: ['withdraw', 'drop', 'discard', 'draft'],
  async run(context, { invoice_id, reason }) {
    const invoice = await lockInvoice(context, invoice_id);
    requireLiving(invoice);
    if (invoice.paid_cents > 0) {
      const paid = formatMoney(invoice.paid_cents, invoice.currency);
      throw new DeskhandError('INVALID_STATE', `${paid} was paid on ${invoice.reference}.`, {
        hint: 'Void it with invoice.void instead.',
      });
    }
    await end(context, invoice, 'cancelled', reason);
    return answerInvoice(context, invoice.id);
  },
});

const voidPaid: Rule<z.output<typeof input>> = {
  name: 'void_paid',
  level: 'requires_authorization',
  summary: 'when something was paid on it',
  async applies(context, { invoice_id }) {
    const invoice = await findRow(context, invoiceRecord, invoice_id);
    if (!invoice) return undefined;
    const { paid_cents, currency } = invoice;
    return paid_cents > 0 ? `${formatMoney(paid_cents, currency)} was paid on this invoice` : undefined;
  },
};

/** Ends any bill that was sent (INV-05, GAP-06); an agent asks the owner as soon as something was paid (MAQ-14). */
export const voidInvoice = defineAction({
  domain: 'invoice',
  name: 'void',
  summary: 'Void a sent or paid invoice; this is final, the visit can be billed again.',
  input,
  output: invoiceAnswer,
  permission: { level: 'soft_limit', rules: [voidPaid] },
  effect: 'delete',
  undo: 'none',
  example: { invoice_id: 'INV-2026-001', reason: 'Wrong customer' },
  keywords: ['annul', 'wrong invoice', 'write off', 'reverse'],
  async run(context, { invoice_id, reason }) {
    const invoice = await lockInvoice(context, invoice_id);
    requireLiving(invoice);
    if (invoice.status === 'draft') {
      throw new DeskhandError('INVALID_STATE', `${invoice.reference} is a draft; nobody has it yet.`, {
        hint: 'Take it back with invoice.cancel instead.',
      });
    }
    await end(context, invoice, 'void', reason);
    return answerInvoice(context, invoice.id);
  },
});

function requireLiving({ reference, status }: Invoice): void {
  if (status !== 'cancelled' && status !== 'void') return;
  throw new DeskhandError('INVALID_STATE', `${reference} is ${status} already, which is final.`, {
    hint: 'Bill the visit again with invoice.create_from_ticket if it is still owed.',
  });
}

const end = (context: Context, invoice: Invoice, status: 'cancelled' | 'void', reason: string) =>
  updateRow(context, invoiceRecord, invoice.id, {
    status,
    ended_at: context.now.toString(),
    end_reason: reason,
  });
