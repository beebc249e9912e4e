import { z } from 'zod';
import { tellOwner } from '../checkout/tell-owner.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { freeText } from '../kernel/words/text-schemas.ts';
import { lockInvoice } from './invoice.ts';
import { payerOf } from './payer.ts';
import { balanceOf } from './record.ts';
import { setupReference } from './setup-bill.ts';

/**
 * Tells the owner that Stripe does not ask for a bill which it was to ask for: one task, done by itself once it does, or nothing is
 * due any more. Done by the job that asked; a bill that asks for nothing by now needs no task.
 */
export const noteNotAtStripe = defineAction({
  domain: 'invoice',
  name: 'note_not_at_stripe',
  summary: 'Tell the owner that Stripe does not ask for an invoice; done by the job that asked it to.',
  input: z.strictObject({
    invoice_id: ref('invoice'),
    said: freeText.max(300).meta({ description: 'why not, in a sentence' }),
  }),
  output: z.object({ reference: z.string() }),
  permission: { level: 'requires_authorization' },
  effect: 'update',
  locks: 'invoice_id',
  undo: 'none',
  why_not_undone: 'the task says what is so at Stripe',
  past: 'noted as not at Stripe',
  example: { invoice_id: 'INV-2026-001', said: 'Stripe would ask for $170.00 instead of $180.00.' },
  human_only: true,
  roles: [],
  async run(context, { invoice_id, said }) {
    const invoice = await lockInvoice(context, invoice_id);
    const { reference } = invoice;
    if (balanceOf(invoice, '').due_cents === 0) {
      context.unchanged();
      return { reference };
    }
    if (reference === setupReference) {
      await tellOwner(context, invoice, 'stripe_bill', {
        title: 'Stripe could not be set up to ask for bills',
        note: `${said} Bills that were to be asked for there can be paid otherwise. Mend it at Stripe, then press the button under Connected services once more.`,
      });
      return { reference };
    }
    const { name } = await payerOf(context, invoice);
    await tellOwner(context, invoice, 'stripe_bill', {
      title: `Stripe does not ask for ${reference}${name === '' ? '' : `: ${name}`}`,
      note: `${said} Nobody can pay it online until that is mended at Stripe; then send the bill once more. Its customer has the bill, and can pay in another way.`,
    });
    return { reference };
  },
});
