import { z } from 'zod';
import type { Context } from '../kernel/pipeline/context.ts';
import { getRow, updateRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { settingOf } from '../kernel/registry/settings.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import { lineAmounts } from '../lines/totals.ts';
import { receivePayment } from '../payments/receive.ts';
import type { Payment } from '../payments/record.ts';
import { formatDuration } from '../reading/booking-context.ts';
import { findPaidAtDoor, type PaidAtDoor } from '../reading/paid-at-door.ts';
import type { Line as TicketLine } from '../tickets/record.ts';
import { linesOf, type Ticket, ticketRecord } from '../tickets/ticket.ts';
import { insertDraft } from './draft.ts';
import {
  answerInvoice,
  answerWith,
  type Invoice,
  invoiceAnswer,
  invoiceRecord,
  issuedNow,
  lockInvoice,
} from './invoice.ts';
import { makePayLink } from './pay-link.ts';
import { choosePayer, payingCompany } from './payer.ts';
import { findOfTicket, type NewLine } from './queries.ts';
import { balanceOf, type InvoiceLine } from './record.ts';
import { defaultTaxRate } from './settings.ts';

export const createInvoiceFromTicket = defineAction({
  domain: 'invoice',
  name: 'create_from_ticket',
  summary:
    'Bill a closed visit: makes a draft of its services and final prices, and sends it with send: true. Never bills twice.',
  input: z.strictObject({
    ticket_id: ref('ticket', { fitting: 'to_bill', or_others: true }),
    company_id: payingCompany,
    send: z.boolean().optional().meta({ description: 'e-mail it at once, as invoice.send' }),
  }),
  also: {
    send: {
      uses: ['invoice.send'],
      run: (context, { answer }) => context.call('invoice.send', { invoice_id: answer.id }),
    },
  },
  output: invoiceAnswer,
  permission: { level: 'unrestricted' },
  effect: 'create',
  locks: 'ticket_id',
  several: { as: 'tickets', word: 'ticket_id', apart_by: ['ticket_id'] },
  often: { rank: 1 },
  undo: 'invoice.cancel',
  object: 'invoice from a visit',
  says: 'an invoice[ {made}] of {total_cents} from the visit {ticket}[ for {whose}]',
  example: { ticket_id: 'T-2001' },
  keywords: ['bill', 'charge', 'new invoice', 'convert'],
  async run(context, { ticket_id, company_id }) {
    const { invoice, lines, payment } = await billTicket(context, ticket_id, { company_id });
    return payment ? answerInvoice(context, invoice.id) : answerWith(context, invoice, lines);
  },
});

/**
 * Makes a draft of a closed visit: its lines in their words and at their prices, due in 30 days (INV-01, CFL-39, GAP-31).
 * Throws INVALID_STATE while the visit is not closed, for its prices are not final (GAP-03), CONFLICT when it has a bill that
 * is neither void nor cancelled, NOT_FOUND. The company of its customer pays where it does so for its people, unless
 * `company_id` says another one, or null.
 */
export const createFromTicket = async (
  context: Context,
  ticketId: string,
  said: { company_id?: string | null | undefined } = {},
): Promise<Invoice> => (await billTicket(context, ticketId, said)).invoice;

async function billTicket(
  context: Context,
  ticketId: string,
  { company_id }: { company_id?: string | null | undefined },
): Promise<{ invoice: Invoice; lines: InvoiceLine[]; payment: Payment | undefined }> {
  // Of two at once the second waits here, and then learns of the bill of the first.
  const ticket = await getRow(context, ticketRecord, ticketId, { lock: true });
  requireClosed(ticket);
  const { contact_id, currency } = ticket;
  const [known, work, door, payer] = await Promise.all([
    findOfTicket(context, ticket.id),
    linesOf(context, ticket.id),
    findPaidAtDoor(context, ticket.id),
    choosePayer(context, { contact_id, company_id }),
  ]);
  if (known) {
    throw new DeskhandError('CONFLICT', `${ticket.reference} is billed already with ${known.reference}.`, {
      field: 'ticket_id',
      invoice: known.reference,
      status: known.status,
      hint: `Use ${known.reference}; if it is wrong, void or cancel it first.`,
    });
  }
  const tax = settingOf(context, defaultTaxRate);
  const { invoice, lines } = await insertDraft(context, {
    ...payer,
    ticket_id: ticket.id,
    currency,
    lines: work.map(line => asBilled(line, tax)),
  });
  return { invoice, lines, payment: door && (await takeFromDoor(context, door, invoice)) };
}

/**
 * The bill of a closed visit, issued without a mail, with a page where its payer finds it: the one there is, or a new one. Throws
 * INVALID_STATE while the visit is not closed, and for a bill on which nothing is due; NOT_FOUND.
 */
export async function issueForTicket(context: Context, ticketId: string): Promise<Invoice> {
  await getRow(context, ticketRecord, ticketId, { lock: true });
  const known = await findOfTicket(context, ticketId);
  const { id } = known ?? (await createFromTicket(context, ticketId));
  const invoice = await lockInvoice(context, id);
  if (balanceOf(invoice, '').due_cents === 0)
    throw new DeskhandError('INVALID_STATE', `Nothing is due on ${invoice.reference}.`, {
      field: 'ticket_id',
    });
  const issued =
    invoice.status === 'draft'
      ? await updateRow(context, invoiceRecord, id, await issuedNow(context, invoice))
      : invoice;
  await makePayLink(context, issued);
  return issued;
}

/**
 * What was taken at the door and checked is paid on the bill, once (GAP-32): the draft stays a draft and asks for what is left.
 * Of what nobody has checked the bill asks for the whole price, and says so before anybody sends it.
 */
async function takeFromDoor(
  context: Context,
  door: PaidAtDoor,
  invoice: Invoice,
): Promise<Payment | undefined> {
  const { words, reference, payment_cents, check_number, recorded_as } = door;
  if (recorded_as !== null) {
    context.warn(
      `${words} was taken at the door of ${reference} and is ${recorded_as} of another invoice. Give it to this one with payment.move before it is sent.`,
    );
  } else if (door.payment_checked_at === null) {
    context.warn(
      `${words} was taken at the door of ${reference}, and this invoice still asks for the whole price. Record what was paid with invoice.record_payment before it is sent; the invoice then asks for what is left.`,
    );
  } else {
    const payment = await receivePayment(context, invoice, {
      amount_cents: payment_cents,
      method: door.payment_method,
      received_at: door.payment_at ?? door.payment_checked_at,
      note: `At the door of ${reference}${check_number === null ? '' : `, check ${check_number}`}`,
      closeout_session_id: door.session_id,
    });
    context.warn(
      `${words} was taken at the door of ${reference} and checked: it is ${payment.reference}, and the invoice asks for what is left.`,
    );
    return payment;
  }
  return undefined;
}

/** A flexible price was agreed on for a time, which stands beside it (SVC-03, GAP-31); other times are the office's plan. */
function asBilled(line: TicketLine, tax_rate: number): NewLine {
  const { service_id, pricing, quantity, unit_price_cents, duration_minutes } = line;
  const time = pricing === 'flexible' && duration_minutes ? ` (${formatDuration(duration_minutes)})` : '';
  const priced = { quantity, unit_price_cents, tax_rate };
  return { service_id, description: `${line.description}${time}`, ...priced, ...lineAmounts(priced) };
}

function requireClosed({ reference, status }: Pick<Ticket, 'reference' | 'status'>): void {
  if (status === 'closed') return;
  if (status === 'cancelled') {
    throw new DeskhandError('INVALID_STATE', `${reference} is cancelled; there is nothing to bill.`, {
      field: 'ticket_id',
      hint: 'Bill the visit that was done instead.',
    });
  }
  throw new DeskhandError('INVALID_STATE', `${reference} is not closed yet, so its prices are not final.`, {
    field: 'ticket_id',
    hint: 'Close the visit first with ticket.close, then bill it.',
  });
}
