import { z } from 'zod';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { invoiceAnswer, lockDraft } from './invoice.ts';
import { answerFollowed, newLine, readLines } from './lines.ts';
import { insertLines } from './queries.ts';

/** A bill is written line by line while it is a draft (INV-20). */
export const addLine = defineAction({
  domain: 'invoice',
  name: 'add_line',
  summary: 'Add a line to a draft invoice: a service, or words with a price.',
  input: z.strictObject({ invoice_id: ref('invoice', { fitting: 'draft' }), ...newLine.shape }),
  output: invoiceAnswer,
  permission: { level: 'unrestricted' },
  effect: 'update',
  locks: 'invoice_id',
  several: { as: 'lines', word: 'service_id' },
  undo: 'invoice.remove_line',
  example: { invoice_id: 'INV-2026-001', service_id: 'Screen Cleaning', quantity: 20 },
  keywords: ['line item', 'charge more', 'add service'],
  async run(context, { invoice_id, ...input }) {
    const invoice = await lockDraft(context, invoice_id);
    const lines = await readLines(context, [input], () => '');
    await insertLines(context, invoice.id, lines);
    return answerFollowed(context, invoice);
  },
});
