import { z } from 'zod';
import { contactRecord } from '../contacts/contact.ts';
import { type Invoice, invoiceAnswer, invoiceRecord } from '../invoices/invoice.ts';
import { billOfVisit, billsOf } from '../invoices/of-customer.ts';
import { payerOf } from '../invoices/payer.ts';
import { balanceOf } from '../invoices/record.ts';
import type { WorkflowContext } from '../kernel/pipeline/context.ts';
import { getRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineWorkflow } from '../kernel/registry/define.ts';
import { DeskhandError, invalid } from '../kernel/words/errors.ts';
import { formatMoney } from '../kernel/words/money.ts';
import { quote } from '../kernel/words/quote.ts';
import { emailAddress } from '../kernel/words/text-schemas.ts';
import { localTime } from '../kernel/words/time.ts';
import { mailOfBill } from '../messages/of-bill.ts';
import { notClosedOf, unbilledOf } from '../reading/unbilled.ts';
import { ticketRecord } from '../tickets/ticket.ts';

const input = z.strictObject({
  ticket_id: ref('ticket', { fitting: 'to_bill', or_others: true }).optional(),
  contact_id: ref('contact').optional(),
  invoice_id: ref('invoice', { fitting: 'open', or_others: true }).optional(),
  email: emailAddress.optional(),
  again: z.boolean().optional().meta({ description: 'one that was sent already' }),
});
type Wish = z.output<typeof input>;

/**
 * The bill of what was done goes out (MCP-09, MCP-13): of a visit, which is billed by it where it is not yet, of a customer who
 * has one thing to be billed or paid, or the bill itself. All in one transaction, asked once, with a reasoning. What is paid is not
 * asked for, and what went out already goes out again only when that is said.
 */
export const sendInvoice = defineWorkflow({
  name: 'send_invoice',
  title: 'Send a bill',
  deed: { verb: 'send', past: 'sent', object: 'bill', about: 'invoice' },
  summary:
    'E-mail the bill of a closed visit (made if need be), of a customer with one to send, or an invoice; the mail brings the PDF.',
  input,
  output: z.object({
    sent: z.boolean(),
    invoice: z.string().optional(),
    customer: z.string().optional(),
    to: z.string().optional(),
    total: z.string().optional(),
    /** What is still to be paid, and until when. */
    due: z.string().optional(),
    due_on: z.string().nullable().optional(),
    /** How it can be paid: `by the link in the mail`. */
    paid_by: z.string().optional(),
    /** What may be meant, one line each. */
    choose: z.array(z.string()).optional(),
    hint: z.string().optional(),
  }),
  uses: ['invoice.create_from_ticket', 'invoice.send'],
  refusalIn: ({ sent, hint }) =>
    sent === true ? undefined : { code: 'CONFLICT', message: String(hint ?? 'Nothing would be sent.') },
  example: { invoice_id: 'INV-2026-001' },
  card: 'invoice',
  keywords: ['bill', 'invoice', 'charge', 'ask for money', 'send again', 'resend'],
  async run(context, wish) {
    const meant = await meantBill(context, wish);
    if ('choose' in meant) return { sent: false, ...meant };
    if ('bill' in meant) {
      const why = whyNotSent(meant.bill, wish);
      if (why !== undefined) return { sent: false, ...factsOf(meant.bill), hint: why };
    }
    const id = 'bill' in meant ? meant.bill.id : await billVisit(context, meant.ticket_id);
    const { email } = wish;
    const answer = invoiceAnswer.parse(
      await context.call('invoice.send', { invoice_id: id, ...(email === undefined ? {} : { email }) }),
    );
    return answerSent(context, answer);
  },
});

type Meant = { bill: Invoice } | { ticket_id: string } | { choose: string[]; hint: string };

/**
 * Which bill, or which visit without one, is meant: what is named most exactly, of whoever and whatever else is named. Throws
 * VALIDATION_ERROR when nothing is named, or what does not belong together; INVALID_STATE when there is none.
 */
async function meantBill(context: WorkflowContext, wish: Wish): Promise<Meant> {
  const { ticket_id, contact_id, invoice_id } = wish;
  if (invoice_id !== undefined) {
    const bill = await getRow(context, invoiceRecord, invoice_id);
    requireOf(wish, bill);
    return { bill };
  }
  if (ticket_id !== undefined) {
    const visit = await getRow(context, ticketRecord, ticket_id);
    requireOf({ contact_id }, visit);
    const known = await billOfVisit(context, ticket_id);
    return known ? { bill: await getRow(context, invoiceRecord, known) } : { ticket_id };
  }
  if (contact_id !== undefined) return meantOf(context, contact_id, wish.again ?? false);
  throw invalid('ticket_id', 'Say what to bill: a visit, a customer or an invoice.', {
    hint: 'Give ticket, contact or invoice, by reference or in words: "Mrs Hart yesterday".',
  });
}

/** Throws VALIDATION_ERROR for a bill or visit of somebody else, and a bill of another visit, than were named beside it. */
function requireOf(
  { ticket_id, contact_id }: Pick<Wish, 'ticket_id' | 'contact_id'>,
  found: { reference: string; contact_id: string | null; ticket_id?: string | null },
): void {
  const { reference } = found;
  const hint = `Leave it out, or say another one instead of ${reference}.`;
  if (contact_id !== undefined && found.contact_id !== null && contact_id !== found.contact_id)
    throw invalid('contact_id', `${reference} is not of this customer.`, { hint });
  if (ticket_id !== undefined && found.ticket_id && ticket_id !== found.ticket_id)
    throw invalid('ticket_id', `${reference} bills another visit.`, { hint });
}

/** More than these are read in the lists. */
const mostChoices = 8;

/** What a customer is to be sent: what is not out yet goes before what is; with `again` it is the other way round. */
async function meantOf(context: WorkflowContext, contact_id: string, again: boolean): Promise<Meant> {
  const visits = await unbilledOf(context, contact_id, mostChoices + 1);
  const bills = await billsOf(context, contact_id, mostChoices + 1);
  const drafts = bills.filter(({ status }) => status === 'draft');
  const open = bills.filter(({ status }) => status === 'sent' || status === 'partial');
  const { time_zone } = context.organization;
  const fresh = [
    ...visits.map(({ id, reference, closed_at, total_cents, currency }) => ({
      meant: { ticket_id: id },
      line: `ticket ${reference}, done ${localTime(closed_at, time_zone)}, ${formatMoney(total_cents, currency)}, not billed yet`,
    })),
    ...drafts.map(billChoice),
  ];
  const sent = open.map(billChoice);
  const [first, others] = again ? [sent, fresh] : [fresh, sent];
  const found = first.length > 0 ? first : others;
  if (found.length > 1)
    return {
      choose: found.slice(0, mostChoices).map(({ line }) => line),
      hint: 'Nothing was sent: several may be meant. Call again with one of them as ticket or invoice.',
    };
  const [only] = found;
  if (only) return only.meant;
  throw await nothingToSend(context, contact_id, bills);
}

const billChoice = (bill: Invoice) => ({
  meant: { bill },
  line: `invoice ${bill.reference}, ${bill.status}, ${formatMoney(balanceOf(bill, '').due_cents, bill.currency)} due${bill.due_on === null ? '' : ` on ${bill.due_on}`}`,
});

/** Says why there is nothing: all is paid, or what was done is not closed yet. */
async function nothingToSend(
  context: WorkflowContext,
  contact_id: string,
  bills: readonly Invoice[],
): Promise<DeskhandError> {
  const { reference, full_name } = await getRow(context, contactRecord, contact_id);
  const who = `${reference} ${quote(full_name)}`;
  const [paid] = bills.filter(({ status }) => status === 'paid');
  const visit = await notClosedOf(context, contact_id);
  const last = paid ? ` The last bill, ${paid.reference}, is paid.` : '';
  return new DeskhandError('INVALID_STATE', `There is nothing to bill ${who} for.${last}`, {
    field: 'contact_id',
    hint: visit
      ? `${visit.reference} of ${localTime(visit.scheduled_at, context.organization.time_zone)} is not closed; if it was done, close it with ticket.close, then send its bill.`
      : 'What is no visit is billed with invoice.create.',
  });
}

/** Why a bill that is there is left alone; undefined when it goes out. What has ended is refused by invoice.send. */
function whyNotSent(bill: Invoice, { again }: Wish): string | undefined {
  const { reference, status, sent_at, sent_to } = bill;
  if (status === 'paid' || status === 'refunded')
    return `${reference} is ${status}; nothing was sent. A receipt with its PDF goes out with invoice.send.`;
  if (again || sent_at === null || status === 'draft') return undefined;
  return `${reference} went out to ${quote(sent_to ?? '')} already; nothing was sent. again: true sends it once more.`;
}

async function billVisit(context: WorkflowContext, ticket_id: string): Promise<string> {
  const { id } = invoiceAnswer.parse(await context.call('invoice.create_from_ticket', { ticket_id }));
  return id;
}

const factsOf = (bill: Sent) => ({
  invoice: bill.reference,
  total: formatMoney(bill.total_cents, bill.currency),
  due: formatMoney(balanceOf(bill, '').due_cents, bill.currency),
  due_on: bill.due_on,
});

type Sent = Pick<
  Invoice,
  | 'id'
  | 'reference'
  | 'contact_id'
  | 'status'
  | 'currency'
  | 'total_cents'
  | 'paid_cents'
  | 'due_on'
  | 'sent_to'
>;

/** What went out; a mail that a person looks at first has not. */
async function answerSent(context: WorkflowContext, bill: Sent) {
  const mail = await mailOfBill(context, bill.id);
  const { name } = await payerOf(context, await getRow(context, invoiceRecord, bill.id));
  const facts = { ...factsOf(bill), customer: name, to: bill.sent_to ?? undefined };
  if (mail?.status === 'draft')
    return {
      sent: false,
      ...facts,
      hint: `${mail.reference} waits until somebody has looked at it on the page /messages.`,
    };
  return { sent: true, ...facts, ...(mail?.has_link ? { paid_by: 'the link in the mail' } : {}) };
}
