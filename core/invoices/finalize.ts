import { z } from 'zod';
import { openFirstPage } from '../checkout/first-page.ts';
import { updateRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { answerInvoice, invoiceAnswer, invoiceRecord, issuedNow, lockDraft } from './invoice.ts';
import { makePayLink } from './pay-link.ts';
import { requireSendable } from './send.ts';

/** For a bill that goes out some other way: on paper, through another program. */
export const finalizeInvoice = defineAction({
  domain: 'invoice',
  name: 'finalize',
  summary:
    'Issue a draft invoice without e-mailing it; nothing on it changes any more. To mail it: invoice.send.',
  input: z.strictObject({ invoice_id: ref('invoice', { fitting: 'draft' }) }),
  output: invoiceAnswer,
  permission: { level: 'soft_limit' },
  effect: 'update',
  locks: 'invoice_id',
  undo: 'invoice.void',
  why_not_undone: 'what is issued stays as it is, invoice.void ends it',
  past: 'issued',
  example: { invoice_id: 'INV-2026-001' },
  keywords: ['issue', 'print', 'by hand', 'paper'],
  async run(context, { invoice_id }) {
    const invoice = await lockDraft(context, invoice_id);
    requireSendable(invoice);
    const issued = await updateRow(context, invoiceRecord, invoice.id, await issuedNow(context, invoice));
    await makePayLink(context, invoice);
    // Stripe asks for it from the day it is issued (WF-005); a page to pay at is opened when somebody presses Pay.
    if (issued.collection_method === 'stripe_invoice') await openFirstPage(context, issued);
    return answerInvoice(context, invoice.id);
  },
});
