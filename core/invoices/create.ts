import { z } from 'zod';
import { contactRecord } from '../contacts/contact.ts';
import { requireLiving } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { insertDraft } from './draft.ts';
import { answerInvoice, invoiceAnswer, invoiceRecord } from './invoice.ts';
import { newLine, readLines } from './lines.ts';
import { choosePayer, payingCompany } from './payer.ts';

/** Bills what was no visit (INV-01, GAP-03): a draft like every other. */
export const createInvoice = defineAction({
  domain: 'invoice',
  name: 'create',
  summary: 'Draft an invoice without a visit; a visit is billed with invoice.create_from_ticket.',
  input: z.strictObject({
    contact_id: ref('contact').optional().meta({ description: 'needed unless a company pays' }),
    lines: z.array(newLine).min(1).max(50),
    ...invoiceRecord.writable.shape,
    company_id: payingCompany,
  }),
  output: invoiceAnswer,
  permission: { level: 'unrestricted' },
  effect: 'create',
  often: { rank: 3, members: ['contact_id', 'lines', 'due_on', 'notes', 'discount_cents'] },
  undo: 'invoice.cancel',
  example: {
    contact_id: 'Jane Smith',
    lines: [{ service_id: 'Screen Cleaning', description: 'Screens, front only', quantity: 8 }],
  },
  keywords: ['bill', 'charge', 'new', 'standalone'],
  async run(context, { contact_id, company_id, lines, ...terms }) {
    if (contact_id !== undefined) await requireLiving(context, contactRecord, contact_id, 'contact_id');
    const { id } = await insertDraft(context, {
      ...terms,
      ...(await choosePayer(context, { contact_id, company_id })),
      lines: await readLines(context, lines),
    });
    return answerInvoice(context, id);
  },
});
