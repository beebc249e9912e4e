import { z } from 'zod';
import { contactRecord } from '../contacts/contact.ts';
import { callInstead, whyNotWrittenTo } from '../contacts/mail-trouble.ts';
import { getRow } from '../kernel/records/record-queries.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import { formatMoney } from '../kernel/words/money.ts';
import { quote } from '../kernel/words/quote.ts';
import { emailAddress, freeText } from '../kernel/words/text-schemas.ts';
import { planMessage } from '../messages/plan.ts';
import { asked, oneStatement } from './statements-of.ts';

/** E-mails a customer what they owe and why, with the paper. Agents say why: what is out cannot be called back. */
export const sendStatement = defineAction({
  domain: 'statement',
  name: 'send',
  summary:
    'E-mail a customer their statement as a PDF: bills, payments and what is open, of the last year unless from and to say else.',
  input: z.strictObject({
    ...asked,
    email: emailAddress.optional().meta({ description: 'where to, when not to the customer’s own address' }),
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
  says: 'a statement to {contact}',
  example: { contact_id: 'Jane Smith' },
  touches: ['email'],
  keywords: ['account', 'balance', 'what do I owe', 'open bills', 'mail'],
  async run(context, { email, custom_message, ...input }) {
    const customer = await getRow(context, contactRecord, input.contact_id);
    const { from, to, currency, closing_cents } = await oneStatement(context, input);
    const address = email ?? customer.email;
    if (address === null)
      throw new DeskhandError(
        'INVALID_STATE',
        `${customer.reference} ${quote(customer.full_name)} has no e-mail address.`,
        {
          field: 'email',
          hint: 'Ask for the address and give it as email; or print the statement from the page of the customer.',
        },
      );
    const trouble = await whyNotWrittenTo(context, customer, address);
    if (trouble !== undefined)
      throw new DeskhandError(
        'INVALID_STATE',
        `Nothing was sent. ${trouble} ${callInstead(context, customer)}`,
        {
          field: 'email',
          hint: 'Ask for another address and change it with contact.update; a person who knows that it is right says contact.write_again.',
        },
      );
    const { told, message } = await planMessage(context, {
      kind: 'statement',
      contact_id: customer.id,
      statement: { from, to, currency },
      custom_message,
      to: email,
    });
    return {
      customer: customer.full_name,
      from,
      to,
      balance: formatMoney(closing_cents, currency),
      told,
      message: message?.reference ?? null,
    };
  },
});
