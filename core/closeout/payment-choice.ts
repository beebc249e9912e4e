import { z } from 'zod';
import { createFromTicket } from '../invoices/create-from-ticket.ts';
import { sendInvoice } from '../invoices/send.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { DeskhandError, invalid } from '../kernel/words/errors.ts';
import { emailAddress, freeText } from '../kernel/words/text-schemas.ts';
import { answerCloseout } from './answer.ts';
import { paymentChoices } from './record.ts';
import { closeoutStep, completedSession, saveSession } from './session.ts';

/** Says how a completed visit is paid (CLO-09): by an invoice that is sent now, or otherwise (GAP-32). */
export const choosePayment = defineAction({
  ...closeoutStep,
  name: 'payment_choice',
  verb: 'say',
  past: 'said',
  object: 'how the visit is paid',
  example: { ticket_id: 'T-2001', payment_choice: 'skip', reason: 'Paid in cash' },
  summary: 'Say how a visit you completed is paid: send the invoice, or skip.',
  keywords: ['payment', 'invoice', 'paid already', 'skip'],
  touches: ['email'],
  input: z.strictObject({
    ticket_id: ref('ticket'),
    payment_choice: z.enum(paymentChoices),
    reason: freeText.optional().meta({ description: 'with skip: paid already, handled separately, …' }),
    email: emailAddress.optional().meta({ description: 'with send_invoice, when the customer has none' }),
  }),
  async run(context, { ticket_id, payment_choice, reason, email }) {
    if (payment_choice === 'skip' && email !== undefined) {
      throw invalid('email', 'This goes with send_invoice only.');
    }
    if (payment_choice === 'send_invoice' && reason !== undefined) {
      throw invalid('reason', 'This goes with skip only.');
    }
    const session = await completedSession(context, ticket_id);
    if (session.payment_choice !== null) {
      throw new DeskhandError('INVALID_STATE', 'It was said already how this visit is paid.', {
        payment_choice: session.payment_choice,
        hint: 'The office can send or void its invoice.',
      });
    }
    const invoice =
      payment_choice === 'send_invoice' ? await createFromTicket(context, ticket_id) : undefined;
    if (invoice) await sendInvoice(context, invoice.id, email === undefined ? {} : { email });
    const saved = await saveSession(context, session.id, {
      payment_choice,
      payment_reason: reason ?? null,
      payment_at: context.now.toString(),
      invoice_id: invoice?.id ?? null,
    });
    return answerCloseout(context, ticket_id, saved);
  },
});
