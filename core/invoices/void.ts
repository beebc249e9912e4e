import type { z } from 'zod';
import type { Rule } from '../kernel/pipeline/permission.ts';
import { findRow } from '../kernel/records/record-queries.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import { formatMoney } from '../kernel/words/money.ts';
import { endInput, endInvoice, requireLivingInvoice } from './end.ts';
import { answerInvoice, invoiceAnswer, invoiceRecord, lockInvoice } from './invoice.ts';

const voidInput = endInput({ fitting: 'open', or_others: true });

const voidPaid: Rule<z.output<typeof voidInput>> = {
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
  input: voidInput,
  output: invoiceAnswer,
  permission: { level: 'soft_limit', rules: [voidPaid] },
  effect: 'delete',
  locks: 'invoice_id',
  undo: 'none',
  why_not_undone: 'a void invoice is final',
  example: { invoice_id: 'INV-2026-001', reason: 'Wrong customer' },
  often: { rank: 2 },
  keywords: ['annul', 'wrong invoice', 'write off', 'reverse'],
  async run(context, { invoice_id, reason }) {
    const invoice = await lockInvoice(context, invoice_id);
    requireLivingInvoice(invoice);
    if (invoice.status === 'draft') {
      throw new DeskhandError('INVALID_STATE', `${invoice.reference} is a draft; nobody has it yet.`, {
        hint: 'Take it back with invoice.cancel instead.',
      });
    }
    await endInvoice(context, invoice, 'void', reason);
    return answerInvoice(context, invoice.id);
  },
});
