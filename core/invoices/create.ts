import { z } from 'zod';
import { contactRecord } from '../contacts/contact.ts';
import { requireLiving } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { insertDraft } from './draft.ts';
import { answerInvoice, invoiceAnswer, invoiceRecord } from './invoice.ts';
import { newLine, readLines } from './lines.ts';

/** Bills what was no visit (INV-01, GAP-03): a draft like every other. */
export const createInvoice = defineAction({
  domain: 'invoice',
  name: 'create',
  summary: 'Draft an invoice without a visit; a visit is billed with invoice.create_from_ticket.',
  input: z.strictObject({
    contact_id: ref('contact'),
    lines: z.array(newLine).min(1).max(50),
    ...invoiceRecord.writable.shape,
  }),
  output: invoiceAnswer,
  permission: { level: 'unrestricted' },
  effect: 'create',
  often: { rank: 3 },
  undo: 'invoice.cancel',
  example: {
    contact_id: 'Jane Smith',
    lines: [{ service_id: 'Screen Cleaning', description: 'Screens, front only', quantity: 8 }],
  },
  keywords: ['bill', 'charge', 'new', 'standalone'],
  async run(context, { contact_id, lines, ...terms }) {
    await requireLiving(context, contactRecord, contact_id, 'contact_id');
    const { id } = await insertDraft(context, {
      contact_id,
      ...terms,
      lines: await readLines(context, lines),
    });
    return answerInvoice(context, id);
  },
});
