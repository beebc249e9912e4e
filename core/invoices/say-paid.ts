import { z } from 'zod';
import type { Context, ReadContext } from '../kernel/pipeline/context.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { DeskhandError, invalid } from '../kernel/words/errors.ts';
import { formatMoney } from '../kernel/words/money.ts';
import { quote } from '../kernel/words/quote.ts';
import { todayOf } from '../kernel/words/time.ts';
import { methodWords } from '../payments/record.ts';
import { keepTask } from '../tasks/made-for.ts';
import { type Invoice, lockInvoice } from './invoice.ts';
import { payerOf } from './payer.ts';
import { balanceOf } from './record.ts';

/** As much as a payer may write. */
export const mostWords = 1000;

/** How a payer says they have paid; what came by card the office knows. */
export const saidMethods = ['check', 'bank_transfer', 'cash', 'other'] as const;

/**
 * The payer says that a bill is paid, by the link of its mail. Nothing of it is believed: no amount changes, and somebody of the
 * office looks whether the money is there, once, with what was said last. The words for what is refused are read by the payer.
 * Throws VALIDATION_ERROR for nothing said, INVALID_STATE for a bill that asks for nothing, FORBIDDEN for the link of another bill.
 */
export const sayPaid = defineAction({
  domain: 'invoice',
  name: 'say_paid',
  summary: 'Say as its payer that a bill is paid already; done by the link in a mail.',
  input: z.strictObject({
    invoice_id: ref('invoice'),
    how: z.enum(saidMethods).optional(),
    words: z.string().trim().max(mostWords).optional(),
  }),
  output: z.object({ reference: z.string(), is_noted: z.literal(true) }),
  permission: { level: 'requires_authorization' },
  effect: 'update',
  verb: 'say',
  past: 'said to be paid',
  undo: 'none',
  example: { invoice_id: 'INV-2026-001', how: 'check', words: 'Check 1042, mailed on Monday' },
  open_to: ['customer'],
  human_only: true,
  roles: [],
  async run(context, { invoice_id, how, words }) {
    if (context.actor.kind === 'customer' && context.link?.subject_id !== invoice_id)
      throw new DeskhandError('FORBIDDEN', 'This link is for another bill.');
    const said = words === '' ? undefined : words;
    if (how === undefined && said === undefined)
      throw invalid('how', 'Please say how you have paid, or write us a few words.');
    const invoice = await lockInvoice(context, invoice_id);
    requireOwed(context, invoice);
    await noteSaid(context, invoice, { how, words: said });
    return { reference: invoice.reference, is_noted: true as const };
  },
});

function requireOwed(context: ReadContext, invoice: Invoice): void {
  if (invoice.status !== 'draft' && balanceOf(invoice, todayOf(context).toString()).due_cents > 0) return;
  throw new DeskhandError('INVALID_STATE', 'Nothing is to be paid on this bill any more.', {
    state: invoice.status,
  });
}

async function noteSaid(
  context: Context,
  invoice: Invoice,
  { how, words }: { how: (typeof saidMethods)[number] | undefined; words: string | undefined },
): Promise<void> {
  const { id, reference, contact_id, company_id, currency, ...amounts } = invoice;
  const { name } = await payerOf(context, invoice);
  const { due_cents } = balanceOf(amounts, '');
  const said = how === undefined || how === 'other' ? 'is paid' : `is paid ${methodWords[how]}`;
  const note = [
    `${name || 'The customer'} says on the page of the bill that it ${said}.`,
    ...(words === undefined ? [] : [`In their words: ${quote(words)}`]),
    `${formatMoney(due_cents, currency)} is still due. If the money is there, write it down on the bill.`,
  ];
  await keepTask(
    context,
    { made_for: 'said_paid', invoice_id: id },
    {
      title: `Look whether ${reference} is paid: ${name || 'the customer'} says so`,
      note: note.join('\n'),
      contact_id,
      company_id,
      assignee_id: null,
    },
  );
}

/** A bill that asks for nothing any more needs no looking after; called behind whatever changed what is due. */
export async function followSaidPaid(
  context: Context,
  invoice: Pick<Invoice, 'id' | 'status' | 'due_on' | 'total_cents' | 'paid_cents'>,
): Promise<void> {
  if (balanceOf(invoice, '').due_cents > 0) return;
  await keepTask(context, { made_for: 'said_paid', invoice_id: invoice.id }, undefined);
}
