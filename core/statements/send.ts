import { z } from 'zod';
import { callInstead, whyNotWrittenTo } from '../contacts/mail-trouble.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import { formatMoney } from '../kernel/words/money.ts';
import { quote } from '../kernel/words/quote.ts';
import { emailAddress, freeText } from '../kernel/words/text-schemas.ts';
import { planMessage } from '../messages/plan.ts';
import { findRecipient, type Recipient } from '../messages/recipient.ts';
import { type Account, accountOf } from './payer.ts';
import { asked, oneStatement } from './statements-of.ts';

/** E-mails a customer or a company what they owe and why, with the paper. Agents say why: what is out cannot be called back. */
export const sendStatement = defineAction({
  domain: 'statement',
  name: 'send',
  summary:
    'E-mail a customer their statement as a PDF: bills, payments and what is open, of the last year unless from and to say else.',
  input: z.strictObject({
    ...asked,
    email: emailAddress.optional().meta({ description: 'where to, when not to their own address' }),
    custom_message: freeText.max(2_000).optional(),
  }),
  output: z.object({
    customer: z.string(),
    from: z.string(),
    to: z.string(),
    balance: z.string(),
    told: z.string(),
    message: z.string().nullable(),
  }),
  permission: { level: 'soft_limit' },
  effect: 'send',
  undo: 'none',
  past: 'sent',
  object: 'statement',
  says: 'a statement[ to {contact}][ to {company}]',
  example: { contact_id: 'Jane Smith' },
  touches: ['email'],
  keywords: ['account', 'balance', 'what do I owe', 'open bills', 'mail'],
  async run(context, { email, custom_message, ...input }) {
    const account = await accountOf(context, input);
    const { from, to, currency, closing_cents } = await oneStatement(context, account, input);
    const { contact_id = null, company_id = null } = account.payer;
    const recipient = await findRecipient(context, { contact_id, company_id });
    await requireReached(context, { account, recipient, email });
    const { told, message } = await planMessage(context, {
      kind: 'statement',
      contact_id,
      company_id,
      statement: { from, to, currency },
      custom_message,
      to: email,
    });
    return {
      customer: account.name,
      from,
      to,
      balance: formatMoney(closing_cents, currency),
      told,
      message: message?.reference ?? null,
    };
  },
});

/** Throws INVALID_STATE where there is no address to write to, or one from which mail comes back. */
async function requireReached(
  context: Context,
  {
    account,
    recipient,
    email,
  }: { account: Account; recipient: Recipient | undefined; email: string | undefined },
): Promise<void> {
  const { reference, name, is_company } = account;
  const address = email ?? recipient?.email ?? null;
  if (address === null || !recipient)
    throw new DeskhandError('INVALID_STATE', `${reference} ${quote(name)} has no e-mail address.`, {
      field: 'email',
      hint: `Ask for the address and give it as email; or print the statement from the page of the ${is_company ? 'company' : 'customer'}.`,
    });
  const trouble = await whyNotWrittenTo(context, recipient, address);
  if (trouble === undefined) return;
  throw new DeskhandError(
    'INVALID_STATE',
    `Nothing was sent. ${trouble} ${callInstead(context, recipient)}`,
    {
      field: 'email',
      hint: is_company
        ? 'Ask for another address and change it with company.update, billing_email.'
        : 'Ask for another address and change it with contact.update; a person who knows that it is right says contact.write_again.',
    },
  );
}
