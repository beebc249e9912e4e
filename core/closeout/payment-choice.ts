import { z } from 'zod';
import { createFromTicket, issueForTicket } from '../invoices/create-from-ticket.ts';
import { lockInvoice } from '../invoices/invoice.ts';
import { makePayLink } from '../invoices/pay-link.ts';
import { balanceOf } from '../invoices/record.ts';
import { sendInvoice } from '../invoices/send.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { DeskhandError, invalid } from '../kernel/words/errors.ts';
import { cents } from '../kernel/words/money.ts';
import { emailAddress, freeText } from '../kernel/words/text-schemas.ts';
import { answerCloseout } from './answer.ts';
import { paymentChoices, paymentMethods, type Session } from './record.ts';
import { closeoutStep, completedSession, saveSession } from './session.ts';

/** Of a check, as it is printed on it: digits only, so that no card number fits. */
export const checkNumber = z
  .string()
  .trim()
  .regex(/^\d{1,12}$/, 'write the number of the check, digits only');

/**
 * Says how a completed visit is paid (CLO-09): by an invoice that is sent now, at the door, or otherwise (GAP-32). What was
 * taken at the door waits for the office: whoever takes money is not who says that it is there.
 */
export const choosePayment = defineAction({
  ...closeoutStep,
  name: 'payment_choice',
  verb: 'say',
  past: 'said',
  object: 'how the visit is paid',
  example: { ticket_id: 'T-2001', payment_choice: 'skip', reason: 'Paid in cash' },
  summary:
    'Say how a visit you completed is paid: cash, check or card at the door, on the customer’s phone, the invoice sent, or later.',
  keywords: ['payment', 'invoice', 'paid already', 'skip', 'cash', 'check', 'card', 'at the door'],
  touches: ['email'],
  input: z.strictObject({
    ticket_id: ref('ticket'),
    payment_choice: z.enum(paymentChoices),
    reason: freeText.optional().meta({ description: 'with skip: paid already, handled separately, …' }),
    payment_method: z.enum(paymentMethods).optional().meta({ description: 'with at_door' }),
    amount_cents: cents
      .min(1)
      .optional()
      .meta({ description: 'with at_door: what was taken; all of it when left out' }),
    check_number: checkNumber.optional().meta({ description: 'with check' }),
    email: emailAddress.optional().meta({ description: 'with send_invoice, when the customer has none' }),
  }),
  async run(context, { ticket_id, ...said }) {
    requireFitting(said);
    const { payment_choice, reason, email, payment_method, amount_cents, check_number } = said;
    const session = await completedSession(context, ticket_id);
    if (session.payment_choice !== null && !mayFollow(session.payment_choice, payment_choice)) {
      throw new DeskhandError('INVALID_STATE', 'It was said already how this visit is paid.', {
        payment_choice: session.payment_choice,
        hint: 'The office can send or void its invoice.',
      });
    }
    const payment_cents = payment_choice === 'at_door' ? (amount_cents ?? requireTotal(session)) : null;
    const invoice_id = await billFor(context, session, payment_choice);
    if (payment_choice === 'send_invoice' && invoice_id !== null)
      await sendInvoice(context, invoice_id, email === undefined ? {} : { email });
    const saved = await saveSession(context, session.id, {
      // A bill that was mailed may be paid at the door all the same, on the phone of its payer.
      payment_choice: session.payment_choice === 'send_invoice' ? 'send_invoice' : payment_choice,
      payment_reason: reason ?? null,
      payment_method: payment_method ?? null,
      payment_cents,
      check_number: check_number ?? null,
      payment_at: context.now.toString(),
      invoice_id,
    });
    return answerCloseout(context, ticket_id, saved);
  },
});

type Choice = (typeof paymentChoices)[number];

/**
 * Whether something else may be said afterwards. A code that was shown is no payment: the customer may want the bill by mail, or pay
 * in cash. And who was to pay later may want to pay now.
 */
function mayFollow(said: Choice, choice: Choice): boolean {
  if (said === 'card_now') return true;
  return choice === 'card_now' && said !== 'at_door';
}

/** The bill of the visit, where the choice needs one; that of an earlier choice stays. Throws INVALID_STATE once it is paid. */
async function billFor(context: Context, session: Session, choice: Choice): Promise<string | null> {
  if (session.invoice_id !== null) {
    const invoice = await lockInvoice(context, session.invoice_id);
    if (balanceOf(invoice, '').due_cents === 0) {
      throw new DeskhandError('INVALID_STATE', `Nothing is due on ${invoice.reference} any more.`, {
        hint: 'There is nothing left to be done.',
      });
    }
    await makePayLink(context, invoice);
    return invoice.id;
  }
  if (choice === 'send_invoice') return (await createFromTicket(context, session.ticket_id)).id;
  if (choice !== 'card_now') return null;
  requireTotal(session);
  return (await issueForTicket(context, session.ticket_id)).id;
}

interface Said {
  payment_choice: (typeof paymentChoices)[number];
  reason?: string | undefined;
  email?: string | undefined;
  payment_method?: (typeof paymentMethods)[number] | undefined;
  amount_cents?: number | undefined;
  check_number?: string | undefined;
}

/** With which choice each of the others is said; said with another one it would be lost. */
const goesWith = {
  email: 'send_invoice',
  reason: 'skip',
  payment_method: 'at_door',
  amount_cents: 'at_door',
  check_number: 'at_door',
} as const;

function requireFitting(said: Said): void {
  const { payment_choice, payment_method, check_number } = said;
  for (const [member, choice] of Object.entries(goesWith)) {
    const isSaid = Object.entries(said).some(([name, value]) => name === member && value !== undefined);
    if (isSaid && payment_choice !== choice) throw invalid(member, `This goes with ${choice} only.`);
  }
  if (payment_choice === 'at_door' && payment_method === undefined) {
    throw invalid('payment_method', 'Say how it was paid: cash, check or card.');
  }
  if (check_number !== undefined && payment_method !== 'check') {
    throw invalid('check_number', 'This goes with a check only.');
  }
}

function requireTotal({ total_cents }: Session): number {
  if (total_cents !== null && total_cents > 0) return total_cents;
  throw invalid('amount_cents', 'There is nothing to be paid.', { hint: 'Say skip.' });
}
