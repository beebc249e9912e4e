import { z } from 'zod';
import { openFirstPage } from '../checkout/first-page.ts';
import { confirmBillingAddress } from '../companies/billing-address.ts';
import { type Company, companyRecord } from '../companies/company.ts';
import { contactRecord } from '../contacts/contact.ts';
import { callInstead, whyNotWrittenTo } from '../contacts/mail-trouble.ts';
import type { Contact } from '../contacts/record.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { updateRecord } from '../kernel/records/record-actions.ts';
import { findRow, updateRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import { inOwnMoney } from '../kernel/words/money.ts';
import { quote } from '../kernel/words/quote.ts';
import { emailAddress } from '../kernel/words/text-schemas.ts';
import { planMessage } from '../messages/plan.ts';
import {
  answerInvoice,
  type Invoice,
  invoiceAnswer,
  invoiceRecord,
  issuedNow,
  lockInvoice,
} from './invoice.ts';
import { paidAtDoor } from './paid-at-door.ts';
import { makePayLink } from './pay-link.ts';
import { balanceOf } from './record.ts';
import { setupReference } from './setup-bill.ts';

/** Agents say why (MAQ-16, CFL-60): a bill that is out cannot be called back. */
export const sendInvoiceAction = defineAction({
  domain: 'invoice',
  name: 'send',
  summary: 'E-mail an invoice to the customer, a draft for the first time or a sent one again.',
  input: z.strictObject({
    invoice_id: ref('invoice', { fitting: 'draft' }),
    email: emailAddress
      .optional()
      .meta({ description: 'where to, when not to the customer’s own address; kept when they have none' }),
  }),
  output: invoiceAnswer,
  permission: {
    level: 'soft_limit',
    rules: [paidAtDoor],
    // What is asked for: an owner may let bills up to an amount go out alone.
    async amount(context, { invoice_id }) {
      const invoice = await findRow(context, invoiceRecord, invoice_id);
      return invoice ? inOwnMoney(context, invoice.currency, balanceOf(invoice, '').due_cents) : 0;
    },
  },
  effect: 'send',
  undo: 'none',
  past: 'sent',
  example: { invoice_id: 'INV-2026-001' },
  touches: ['email'],
  keywords: ['mail', 'bill', 'deliver', 'resend', 'reminder', 'issue'],
  async run(context, { invoice_id, email }) {
    const { id } = await sendInvoice(context, invoice_id, { email });
    return answerInvoice(context, id);
  },
});

/**
 * Queues the mail with a bill and answers the bill as it now stands (INV-02, EML-06): a draft becomes sent, a sent or partly
 * paid one goes out once more, and one that is paid says so. `email` is used instead of the customer's address, and becomes theirs when they have none.
 * Throws INVALID_STATE for a bill that has ended, that asks for nothing, or that nobody can be sent; NOT_FOUND.
 */
export async function sendInvoice(
  context: Context,
  invoiceId: string,
  { email }: { email?: string | undefined } = {},
): Promise<Invoice> {
  const invoice = await lockInvoice(context, invoiceId);
  requireSendable(invoice);
  const { customer, company } = await payersOf(context, invoice);
  const own = company ? (company.billing_email ?? customer?.email ?? null) : (customer?.email ?? null);
  const to = email ?? own;
  if (to === null) throw noAddress(company ?? customer);
  await requireWritten(context, { customer, company }, to);
  if (own === null) await keepAddress(context, { customer, company }, to);
  // Whoever sends it there by hand has read where it goes.
  if (company && context.actor.kind === 'user') await confirmBillingAddress(context, company.id, to);
  const sent = await updateRow(context, invoiceRecord, invoice.id, {
    ...(invoice.status === 'draft' ? { ...(await issuedNow(context, invoice)), billing_email: to } : {}),
    sent_at: context.now.toString(),
    sent_to: to,
  });
  await makePayLink(context, sent);
  await planMessage(context, {
    kind: 'invoice',
    contact_id: sent.contact_id,
    company_id: sent.company_id,
    invoice_id: sent.id,
    ticket_id: sent.ticket_id ?? undefined,
    to,
  });
  await openFirstPage(context, sent);
  return sent;
}

/** Throws INVALID_STATE for a bill that has ended, that asks for nothing, or that is none. */
export function requireSendable({ reference, status, total_cents }: Invoice): void {
  if (reference === setupReference) {
    throw new DeskhandError(
      'INVALID_STATE',
      `${reference} is no bill: it has set Stripe up, and nobody gets it.`,
      {
        hint: 'Throw it away with invoice.cancel; nothing else goes with it.',
      },
    );
  }
  if (status === 'cancelled' || status === 'void') {
    throw new DeskhandError('INVALID_STATE', `${reference} is ${status}; it asks for nothing any more.`, {
      hint: 'Only a draft, or an invoice that stands, can be sent.',
    });
  }
  if (total_cents > 0) return;
  throw new DeskhandError('INVALID_STATE', `${reference} comes to nothing; there is nothing to ask for.`, {
    hint: 'Cancel it with invoice.cancel: what is free needs no invoice.',
  });
}

interface Payers {
  customer: Contact | undefined;
  company: Company | undefined;
}

/** The customer and the company of a bill. Throws INVALID_STATE when who pays was removed. */
async function payersOf(context: Context, { reference, contact_id, company_id }: Invoice): Promise<Payers> {
  const customer = contact_id === null ? undefined : await findRow(context, contactRecord, contact_id);
  const company = company_id === null ? undefined : await findRow(context, companyRecord, company_id);
  if (company_id === null ? customer : company) return { customer, company };
  const what = company_id === null ? 'customer' : 'company';
  throw new DeskhandError('INVALID_STATE', `The ${what} of ${reference} was removed.`, {
    hint: `Bring them back first with ${company_id === null ? 'contact' : 'company'}.restore.`,
  });
}

/** An address that was asked for is kept with who pays. */
async function keepAddress(context: Context, { customer, company }: Payers, to: string): Promise<void> {
  if (company) await updateRecord(context, companyRecord, company.id, { billing_email: to });
  else if (customer) await updateRecord(context, contactRecord, customer.id, { email: to });
}

/** Throws INVALID_STATE for an address from which mail came back, with whom to call. */
async function requireWritten(context: Context, { customer, company }: Payers, to: string): Promise<void> {
  const phone = customer?.phone ?? company?.main_phone ?? null;
  const nobody = { email: null, email_status: 'ok', email_status_at: null };
  const written = { ...nobody, ...customer, phone };
  const trouble = await whyNotWrittenTo(context, written, to);
  if (trouble === undefined) return;
  const message = `Nothing was sent. ${trouble} ${callInstead(context, written)}`;
  throw new DeskhandError('INVALID_STATE', message, {
    field: 'email',
    hint: company
      ? 'Ask for another address and change it with company.update, billing_email.'
      : 'Ask for another address and change it with contact.update; a person who knows that it is right says contact.write_again.',
  });
}

function noAddress(payer: Contact | Company | undefined): DeskhandError {
  const name = payer && ('full_name' in payer ? payer.full_name : payer.name);
  return new DeskhandError(
    'INVALID_STATE',
    `${payer?.reference} ${quote(name ?? '')} has no e-mail address.`,
    {
      field: 'email',
      hint: 'Ask for the address and give it as email; it is kept with the customer.',
    },
  );
}
