import { z } from 'zod';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { requireChange } from '../kernel/words/errors.ts';
import { lineKey } from '../lines/pick-line.ts';
import { lineAmounts } from '../lines/totals.ts';
import { invoiceAnswer, lockDraft } from './invoice.ts';
import { answerFollowed, chooseLine, newLine } from './lines.ts';
import { updateLine as writeLine } from './queries.ts';

const { service_id: _, ...changeable } = newLine.shape;

/** What a line of a draft says and costs (INV-20). */
export const updateLine = defineAction({
  domain: 'invoice',
  name: 'update_line',
  summary: 'Change wording, quantity, price or tax of a line of a draft invoice.',
  input: z.strictObject({
    invoice_id: ref('invoice', { fitting: 'draft' }),
    line_id: lineKey.optional(),
    ...changeable,
  }),
  output: invoiceAnswer,
  permission: { level: 'unrestricted' },
  effect: 'update',
  several: { as: 'lines', apart_by: ['invoice_id', 'line_id'] },
  example: { invoice_id: 'INV-2026-001', line_id: '1', quantity: 9 },
  keywords: ['change price', 'tax', 'correct the bill'],
  async run(context, { invoice_id, line_id, ...changes }) {
    requireChange(changes, 'line_id', Object.keys(changeable));
    const invoice = await lockDraft(context, invoice_id);
    const before = await chooseLine(context, invoice, line_id);
    const { description, quantity, unit_price_cents, tax_rate } = { ...before, ...changes };
    const priced = {
      quantity: quantity ?? before.quantity,
      unit_price_cents: unit_price_cents ?? before.unit_price_cents,
      tax_rate: tax_rate ?? before.tax_rate,
    };
    await writeLine(context, {
      ...before,
      description: description ?? before.description,
      ...priced,
      ...lineAmounts(priced),
    });
    return answerFollowed(context, invoice);
  },
});
