import { z } from 'zod';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { lineKey } from '../lines/pick-line.ts';
import { invoiceAnswer, lockDraft } from './invoice.ts';
import { answerFollowed, chooseLine } from './lines.ts';
import { removeLine as deleteLine } from './queries.ts';

export const removeLine = defineAction({
  domain: 'invoice',
  name: 'remove_line',
  summary: 'Take a line off a draft invoice.',
  input: z.strictObject({ invoice_id: ref('invoice', { fitting: 'draft' }), line_id: lineKey.optional() }),
  output: invoiceAnswer,
  permission: { level: 'unrestricted' },
  effect: 'update',
  locks: 'invoice_id',
  several: { as: 'lines', word: 'line_id' },
  undo: 'invoice.add_line',
  example: { invoice_id: 'INV-2026-001', line_id: '1' },
  keywords: ['line item', 'without', 'do not charge'],
  async run(context, { invoice_id, line_id }) {
    const invoice = await lockDraft(context, invoice_id);
    await deleteLine(context, (await chooseLine(context, invoice, line_id)).id);
    return answerFollowed(context, invoice);
  },
});
