import { z } from 'zod';
import { type Account, missing, type Params, Refusal, type StripeEvent } from './account.ts';
import { newStripeId, type StripeObject } from './objects.ts';
import type { Route } from './routes.ts';

// Invoices of the stand-in: what requests make of them, and what people do at their pages or in the dashboard.

const invalidAt = (param: string, message: string) => new Refusal(400, { param, message });

const find = (account: Account, id: unknown): StripeObject => account.find('invoice', id, 'invoice');

const line = z.object({
  amount: z.coerce.number().int(),
  description: z.string().max(500),
  tax_amounts: z
    .array(
      z.object({
        amount: z.coerce.number().int(),
        taxable_amount: z.coerce.number().int(),
        tax_rate_data: z.object({ percentage: z.coerce.number() }),
      }),
    )
    .default([]),
});
type Line = z.output<typeof line>;
const added = z.object({ lines: z.array(line).min(1).max(250) });

/** What the account holds against who pays, or for them (below zero), by their id. */
export const balances = new WeakMap<Account, Map<string, number>>();

const balanceOf = (account: Account, customer: unknown): number =>
  balances.get(account)?.get(String(customer)) ?? 0;

/** Sums as Stripe works them out. */
function count(account: Account, invoice: StripeObject, lines: readonly Line[]): void {
  const subtotal = lines.reduce((sum, { amount }) => sum + amount, 0);
  const taxes = lines.flatMap(({ tax_amounts }) => tax_amounts);
  const total = subtotal + taxes.reduce((sum, { amount }) => sum + amount, 0);
  const balance = balanceOf(account, invoice.customer);
  // What is too little to be charged is added to the balance of who pays.
  const asked = Math.max(0, total + balance);
  const due = asked < 50 ? 0 : asked;
  Object.assign(invoice, {
    subtotal,
    subtotal_excluding_tax: subtotal,
    total,
    total_excluding_tax: subtotal,
    amount_due: due,
    amount_remaining: due,
    starting_balance: balance,
  });
}

function create({ account, params }: Parameters<Route>[0]): StripeObject {
  const { customer, number, currency, collection_method, days_until_due, metadata, auto_advance } = params;
  const found = account.objects.get(String(customer));
  if (found?.object !== 'customer' || found.deleted) throw missing('customer', String(customer));
  if (account.list('invoice').some(each => each.number === number && !each.deleted))
    throw invalidAt('number', 'Invoice number is already used.');
  if (String(number).length > 26) throw invalidAt('number', 'Invoice number is too long.');
  if (collection_method === 'send_invoice' && days_until_due === undefined)
    throw invalidAt('days_until_due', 'You must specify days_until_due.');
  const invoice = account.add('invoice', {
    customer,
    number,
    currency,
    collection_method,
    metadata: metadata ?? {},
    auto_advance: String(auto_advance) === 'true',
    due_date: account.now() + Number(days_until_due) * 86_400,
    status: 'draft',
    lines: { object: 'list', data: [], has_more: false, url: '/v1/invoices/lines' },
  });
  count(account, invoice, []);
  account.tell('invoice.created', invoice);
  return invoice;
}

function addLines({ account, id, params }: Parameters<Route>[0]): StripeObject {
  const invoice = find(account, id);
  if (invoice.status !== 'draft') throw invalidAt('invoice', 'Only drafts can be changed.');
  const { lines } = added.parse(params);
  const data = lines.map(({ amount, description, tax_amounts }) => ({
    id: newStripeId('il'),
    object: 'line_item',
    amount,
    currency: invoice.currency,
    description,
    discount_amounts: [],
    discountable: false,
    discounts: [],
    invoice: invoice.id,
    livemode: false,
    metadata: {},
    parent: null,
    period: { start: account.now(), end: account.now() },
    pretax_credit_amounts: null,
    pricing: null,
    quantity: 1,
    quantity_decimal: '1',
    subscription: null,
    subtotal: amount,
    taxes: tax_amounts.map(tax => ({
      amount: tax.amount,
      tax_behavior: 'exclusive',
      tax_rate_details: { tax_rate: newStripeId('txr') },
      taxability_reason: 'standard_rated',
      taxable_amount: tax.taxable_amount,
      type: 'tax_rate_details',
    })),
  }));
  Object.assign(invoice, { lines: { ...Object(invoice.lines), data } });
  count(account, invoice, lines);
  return invoice;
}

function finalize({ account, id, url }: Parameters<Route>[0]): StripeObject {
  const invoice = find(account, id);
  if (invoice.status !== 'draft') throw invalidAt('invoice', 'This invoice is already finalized.');
  const isAsked = Number(invoice.amount_due) > 0;
  Object.assign(invoice, {
    status: isAsked ? 'open' : 'paid',
    hosted_invoice_url: `${url}/i/${invoice.id}`,
    invoice_pdf: `${url}/i/${invoice.id}/pdf`,
    status_transitions: { ...Object(invoice.status_transitions), finalized_at: account.now() },
  });
  if (isAsked) attach(account, invoice, Number(invoice.amount_due));
  account.tell('invoice.finalized', invoice);
  return invoice;
}

/** The payment that is to be made on it, and its entry. */
function attach(account: Account, invoice: StripeObject, amount: number, is_default = true): StripeObject {
  const intent = account.add('payment_intent', {
    amount,
    currency: invoice.currency,
    customer: invoice.customer,
    status: 'requires_payment_method',
    automatic_payment_methods: null,
    metadata: {},
  });
  account.add('invoice_payment', {
    amount_requested: amount,
    currency: invoice.currency,
    invoice: invoice.id,
    is_default,
    payment: { type: 'payment_intent', payment_intent: intent.id },
    status: 'open',
  });
  return intent;
}

const entriesOf = (account: Account, invoiceId: string): StripeObject[] =>
  account.list('invoice_payment').filter(each => each.invoice === invoiceId);

const listed = (data: readonly StripeObject[], url: string) => ({
  object: 'list',
  url,
  has_more: false,
  data,
});

/** An invoice with the entries about its payments, which stand in no answer that did not ask for them. */
const withEntries = (account: Account, invoice: StripeObject, { expand }: Params): Params =>
  Array.isArray(expand) && expand.includes('payments')
    ? { ...invoice, payments: listed(entriesOf(account, invoice.id), '/v1/invoice_payments') }
    : invoice;

const whole =
  (route: (asked: Parameters<Route>[0]) => StripeObject): Route =>
  asked =>
    withEntries(asked.account, route(asked), asked.params);

export const invoiceRoutes: Readonly<Record<string, Route>> = {
  'POST /v1/invoices': whole(create),
  'GET /v1/invoices': ({ account, params }) =>
    listed(
      account
        .list('invoice')
        .filter(each => each.customer === params.customer && !each.deleted)
        .reverse(),
      '/v1/invoices',
    ),
  'GET /v1/invoices/{id}': whole(({ account, id }) => find(account, id)),
  'POST /v1/invoices/{id}/add_lines': whole(addLines),
  'POST /v1/invoices/{id}/finalize': whole(finalize),
  'POST /v1/invoices/{id}/void': whole(({ account, id }) => voidInvoice(account, id)),
  'DELETE /v1/invoices/{id}': ({ account, id }) => {
    const { status } = find(account, id);
    if (status !== 'draft') throw invalidAt('invoice', 'You can only delete draft invoices.');
    return deleteDraft(account, id);
  },
  'GET /v1/invoice_payments': ({ account, params }) => {
    const { payment_intent } = Object(params.payment);
    return listed(
      account.list('invoice_payment').filter(each => Object(each.payment).payment_intent === payment_intent),
      '/v1/invoice_payments',
    );
  },
  'GET /v1/invoice_payments/{id}': ({ account, id }) => account.find('invoice_payment', id, 'id'),
};

/** What people do. */

export function voidInvoice(account: Account, id: string): StripeObject {
  const invoice = find(account, id);
  if (invoice.status !== 'open') throw invalidAt('invoice', 'You can only void open invoices.');
  invoice.status = 'void';
  for (const entry of entriesOf(account, id)) {
    entry.status = 'canceled';
    Object.assign(intentOf(account, entry), { status: 'canceled' });
  }
  account.tell('invoice.voided', invoice);
  return invoice;
}

export function deleteDraft(account: Account, id: string): StripeObject {
  const invoice = find(account, id);
  const gone: StripeObject = { id, object: 'invoice', deleted: true };
  account.objects.set(id, { ...gone, object: 'deleted' });
  account.tell('invoice.deleted', invoice);
  return gone;
}

const intentOf = (account: Account, entry: StripeObject): StripeObject =>
  account.find('payment_intent', Object(entry.payment).payment_intent, 'payment_intent');

function openEntry(account: Account, id: string): { entry: StripeObject; intent: StripeObject } {
  const entry = entriesOf(account, id).find(({ status }) => status === 'open');
  if (!entry) throw new Error(`${id} is not to be paid`);
  return { entry, intent: intentOf(account, entry) };
}

/** Money of a payment has arrived: the invoice counts it. */
function arrive(account: Account, id: string, { entry, intent }: ReturnType<typeof openEntry>): StripeEvent {
  const invoice = find(account, id);
  const amount = Number(intent.amount);
  Object.assign(intent, { status: 'succeeded', amount_received: amount, last_payment_error: null });
  Object.assign(entry, {
    status: 'paid',
    amount_paid: amount,
    status_transitions: { canceled_at: null, paid_at: account.now() },
  });
  const paid = Number(invoice.amount_paid) + amount;
  const due = Number(invoice.amount_due);
  Object.assign(invoice, {
    amount_paid: Math.min(paid, due),
    amount_overpaid: Math.max(0, paid - due),
    amount_remaining: Math.max(0, due - paid),
    status: paid >= due ? 'paid' : 'open',
  });
  account.tell('payment_intent.succeeded', intent);
  account.tell('invoice_payment.paid', entry);
  if (paid > due) account.tell('invoice.overpaid', invoice);
  return paid >= due ? account.tell('invoice.paid', invoice) : account.tell('invoice.updated', invoice);
}

/** Pays what is asked for by a card that is good. */
export function payByCard(account: Account, id: string): StripeEvent {
  const open = openEntry(account, id);
  account.charge(open.intent, 'card', {
    status: 'succeeded',
    paid: true,
    amount_captured: open.intent.amount,
  });
  return arrive(account, id, open);
}

/** Pays another sum than what is asked for, as by a transfer; the rest, if any, is asked for anew. */
export function payOther(account: Account, id: string, amount: number): StripeEvent {
  const open = openEntry(account, id);
  const left = Number(open.intent.amount) - amount;
  open.intent.amount = amount;
  if (left > 0) attach(account, find(account, id), left, false);
  account.charge(open.intent, 'us_bank_account', {
    status: 'succeeded',
    paid: true,
    amount_captured: amount,
  });
  return arrive(account, id, open);
}

/** Says that a bank account is to be debited: days pass. */
export function payByBank(account: Account, id: string): StripeEvent {
  const { intent } = openEntry(account, id);
  account.charge(intent, 'us_bank_account', { status: 'pending', paid: false });
  intent.status = 'processing';
  return account.tell('payment_intent.processing', intent);
}

/** The debit has come in. */
export function bankPays(account: Account, id: string): StripeEvent {
  const open = openEntry(account, id);
  const charge = account.find('charge', open.intent.latest_charge, 'charge');
  Object.assign(charge, { status: 'succeeded', paid: true, amount_captured: open.intent.amount });
  return arrive(account, id, open);
}

/** A card is refused, or the bank has sent a debit back. */
export function refuse(account: Account, id: string, code = 'card_declined'): StripeEvent {
  const { intent } = openEntry(account, id);
  Object.assign(intent, {
    status: 'requires_payment_method',
    last_payment_error: { type: 'card_error', code, message: 'It was refused.' },
  });
  account.tell('payment_intent.payment_failed', intent);
  return account.tell('invoice.payment_failed', find(account, id));
}

/** Somebody says in the dashboard that it was paid in another way. */
export function markPaid(account: Account, id: string): StripeEvent {
  const invoice = find(account, id);
  for (const entry of entriesOf(account, id)) {
    entry.status = 'canceled';
    Object.assign(intentOf(account, entry), { status: 'canceled' });
  }
  Object.assign(invoice, { status: 'paid', amount_paid: invoice.amount_due, amount_remaining: 0 });
  return account.tell('invoice.paid', invoice);
}
