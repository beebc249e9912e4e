import { z } from 'zod';
import { moneyText } from '../kernel/database/money-text.ts';
import { sql } from '../kernel/database/sql.ts';
import type { Context, ReadContext } from '../kernel/pipeline/context.ts';
import {
  boolean,
  choice,
  currency,
  currencyCode,
  customFields,
  date,
  email,
  longText,
  moment,
  money,
  ref,
  tags,
  text,
} from '../kernel/records/field.ts';
import { namedAfter } from '../kernel/records/named-after.ts';
import { defineRecord, filterBy, type RowIn } from '../kernel/records/record.ts';
import { getRow, listByIds } from '../kernel/records/record-queries.ts';
import { settingOf } from '../kernel/registry/settings.ts';
import { DeskhandError, invalid } from '../kernel/words/errors.ts';
import { day, readDay, todayOf } from '../kernel/words/time.ts';
import { invoiceDocuments } from '../reading/invoice-document.ts';
import { requireDiscount } from './discount.ts';
import { madeOutNow, payersOf } from './payer.ts';
import { listLines } from './queries.ts';
import {
  balanceOf,
  balanceShape,
  collectionMethods,
  type InvoiceLine,
  invoiceLineRow,
  invoiceStatuses,
  invoiceSubtypes,
  notAnswered,
  paymentTerms,
  stripeFields,
} from './record.ts';
import { daysUntilDue } from './settings.ts';
import { setupReference } from './setup-bill.ts';

/** Bills (INV-01): drafts until they are sent, then only paid, given back, cancelled or void (CFL-38, CFL-39). */
export const invoiceRecord = defineRecord({
  name: 'invoice',
  plural: 'invoices',
  summary: 'Invoices: customer, visit, amounts, status, due date. from and to are days of issue.',
  also_called: ['bill'],
  keywords: ['bill', 'billing', 'payment', 'money', 'owed', 'unpaid', 'overdue'],
  often: { rank: 2, members: ['contact_id', 'ticket_id', 'status', 'from', 'to'] },
  card: 'invoice',
  totals: { without: { where: sql`status in ('cancelled', 'void')`, why: 'cancelled or void' } },
  reference: { prefix: 'INV', start: 1, is_yearly: true, is_gapless: true, beside: [setupReference] },
  fields: {
    source: choice(['ticket', 'standalone'], { filled: true, writable: false }),
    /** Whom we know of who pays, or who pays: none of a bill for a company of which we know nobody. */
    contact_id: ref('contact', {
      writable: false,
      list: true,
      filter: true,
      as: 'invoices',
      told_with_parent: true,
      on_delete: 'history',
      reindex: ['full_name'],
      // A visit that was done is billed although its customer was removed since.
      living: false,
      include: { as: 'customer', summary: 'who is billed', shows: ['reference', 'full_name', 'email'] },
    }),
    /** Who pays instead of the customer (CFL-06). */
    company_id: ref('company', {
      title: 'Company that pays',
      list: true,
      filter: true,
      as: 'invoices',
      summary: 'bills it pays, newest first',
      on_delete: 'history',
      reindex: ['name', 'legal_name'],
      include: {
        as: 'company',
        summary: 'the company that pays',
        shows: ['reference', 'name', 'legal_name', 'billing_email'],
      },
    }),
    ticket_id: ref('ticket', {
      told_with_parent: true,
      writable: false,
      // Whoever bills it has it locked.
      living: false,
      list: true,
      filter: true,
      include: { as: 'visit', summary: 'the visit that is billed', shows: ['reference', 'scheduled_at'] },
    }),
    status: choice(invoiceStatuses, {
      default: 'draft',
      ends: ['cancelled', 'void'],
      writable: false,
      list: true,
      filter: true,
    }),
    subtype: choice(invoiceSubtypes, { default: 'sales', filter: true, told: false }),
    description: text({ title: 'What it is for', search: 'body' }),
    issued_on: date({ writable: false, list: true, filter: 'range' }),
    due_on: date({ title: 'Due on', clear: false, list: true, sort: true }),
    payment_terms: choice(paymentTerms),
    currency: currency(),
    subtotal_cents: money({ filled: true, writable: false }),
    tax_cents: money({ default: 0, writable: false }),
    /** On the whole, after tax (D13). */
    discount_cents: money({ title: 'Discount', default: 0 }),
    total_cents: money({ filled: true, writable: false, list: true, sort: true }),
    /** What its payments come to less what was given back; the database works it out (D7). */
    paid_cents: money({ default: 0, writable: false, list: true }),
    refunded_cents: money({ default: 0, writable: false }),
    /** Its number in the program it was written with before (decision 041); found by it. */
    foreign_number: text({ title: 'Number in the program before', writable: false, told: false }),
    is_imported: boolean({
      title: 'Came with an import',
      default: false,
      writable: false,
      filter: true,
      told: false,
    }),
    notes: longText({ title: 'Notes on the invoice' }),
    terms_and_conditions: longText({ title: 'Terms' }),
    footer: longText({ title: 'Last lines of the invoice' }),
    internal_notes: longText({ title: 'Notes for the office, never on the invoice' }),
    /** Whether its customer is reminded of it when it is overdue. */
    is_reminded: boolean({ default: true, writable: false, told: false }),
    tags: tags(),
    custom_fields: customFields(),
    /** Whom it was made out to on the day it was issued (D9); the database keeps it. Of a draft: include payer. */
    billing_name: text({ writable: false, told: false }),
    billing_address: longText({ writable: false, told: false }),
    billing_email: email({ writable: false, told: false }),
    sent_at: moment({ writable: false }),
    sent_to: email({ writable: false }),
    paid_at: moment({ writable: false }),
    ended_at: moment({ writable: false }),
    end_reason: longText({ writable: false }),
    /** How it is asked for: by our page at Stripe, by a bill that Stripe sends, or without Stripe. */
    collection_method: choice(collectionMethods, { default: 'checkout', told: false }),
    ...stripeFields,
  },
  default_sort: 'created_at',
  params: {
    due_from: filterBy(day, (_, text) => sql`due_on >= ${readDay(text, 'due_from').toString()}::date`),
    due_to: filterBy(day, (_, text) => sql`due_on <= ${readDay(text, 'due_to').toString()}::date`),
    currency: filterBy(currencyCode, (_, code) => sql`currency = ${code}`),
    billed_to: filterBy(z.enum(['customer', 'company']).meta({ description: 'who pays' }), (_, to) =>
      to === 'company' ? sql`company_id is not null` : sql`company_id is null`,
    ),
  },
  filters: {
    draft: { summary: 'not sent yet', where: sql`status = 'draft'` },
    open: { summary: 'sent and not fully paid', where: sql`status in ('sent', 'partial')` },
    overdue: {
      summary: 'sent, not fully paid and past the due date',
      where: context => sql`status in ('sent', 'partial') and due_on < ${todayOf(context).toString()}::date`,
    },
    to_give_back: {
      summary: 'paid too much, or paid and ended: the customer gets money back',
      where: sql`paid_cents > case when status in ('cancelled', 'void') then 0 else total_cents end`,
    },
  },
  worked_out: ['status', 'paid_cents', 'refunded_cents', 'paid_at', 'issued_on'],
  includes: {
    lines: {
      summary: 'what is billed, in order',
      async load(context, ids) {
        const lines = await listLines(context, ids);
        return byInvoice(lines.map(({ invoice_id, ...line }) => [invoice_id, line]));
      },
    },
    balance: {
      summary: 'the amount still due, and whether it is overdue',
      load: loadBalances,
    },
    payer: {
      summary: 'whom it is made out to: name, address, e-mail; of a bill that is out as they were then',
      load: loadPayers,
    },
  },
  actions: {
    update: {
      summary: 'Change due date or notes of a draft invoice; one that was sent is voided and made anew.',
      permission: { level: 'unrestricted' },
      often: { rank: 3, members: ['invoice_id', 'due_on', 'notes'] },
      keywords: ['due date', 'payment terms', 'bill'],
    },
  },
  ...namedAfter('invoice', {
    owners: ['contact_id', 'company_id'],
    never: sql`r.status in ('cancelled', 'void')`,
    at: { day: sql`r.issued_on`, else: sql`r.created_at` },
    label: sql`concat_ws(' ', r.status, ${moneyText(sql`r.total_cents`, sql`r.currency`)}, r.currency)`,
  }),
  toColumns(context, input, before) {
    if (before) requireDraft(before);
    if (before?.contact_id === null && input.company_id === null) throw nobodyPays(before);
    if (input.due_on) requireToCome(context, input.due_on);
    const { payment_terms: terms } = input;
    if (!before) return { ...input, due_on: input.due_on ?? dueDay(context, terms) };
    const due = input.due_on === undefined && terms ? { due_on: dueDay(context, terms) } : {};
    return { ...input, ...due, ...withDiscount(before, input.discount_cents) };
  },
  documents: invoiceDocuments,
});

export type Invoice = RowIn<typeof invoiceRecord>;

/** A bill with what people want to see at once, and nothing of what Stripe calls it. Answers of the invoice actions. */
export const invoiceAnswer = invoiceRecord.row.omit(notAnswered).extend({
  ...balanceShape.shape,
  lines: z.array(invoiceLineRow.omit({ invoice_id: true })),
});

async function loadPayers(context: ReadContext, ids: readonly string[]): Promise<Map<string, unknown>> {
  const invoices = await listByIds(context, invoiceRecord, ids);
  const payers = await payersOf(context, invoices);
  return new Map(invoices.map(({ id }, at) => [id, payers[at]]));
}

async function loadBalances(context: ReadContext, ids: readonly string[]): Promise<Map<string, unknown>> {
  const now = todayOf(context).toString();
  const invoices = await listByIds(context, invoiceRecord, ids);
  return new Map(invoices.map(invoice => [invoice.id, balanceOf(invoice, now)]));
}

function byInvoice(rows: readonly (readonly [string, unknown])[]): Map<string, unknown[]> {
  const found = new Map<string, unknown[]>();
  for (const [id, row] of rows) found.set(id, [...(found.get(id) ?? []), row]);
  return found;
}

// What was sent is what the customer holds in hands (INV-20).
function requireDraft({ reference, status }: Invoice): void {
  if (status === 'draft') return;
  throw new DeskhandError('INVALID_STATE', `${reference} is ${status}; only a draft can be changed.`, {
    hint: 'If it is wrong, void it with invoice.void and create a new one.',
  });
}

const nobodyPays = ({ reference }: Invoice) =>
  invalid('company_id', `${reference} would be for nobody: it names no customer besides the company.`, {
    hint: 'Give another company_id, or cancel it with invoice.cancel and make one for the customer.',
  });

function requireToCome(context: ReadContext, due: string): void {
  if (due >= todayOf(context).toString()) return;
  throw invalid('due_on', 'This day is past.', { got: due, hint: 'Choose today or a day to come.' });
}

/** When a bill of today has to be paid: by its own terms, in 30 days, or as the business has set it (INV-10, INV-18). */
export function dueDay(context: ReadContext, terms?: (typeof paymentTerms)[number] | null): string {
  const days = terms ? daysOfTerms[terms] : settingOf(context, daysUntilDue);
  return todayOf(context).add({ days }).toString();
}

const daysOfTerms = { due_on_receipt: 0, net_30: 30, net_60: 60, net_90: 90 } as const;

/** What a draft comes to with another discount. Throws VALIDATION_ERROR for one above what it is taken off. */
function withDiscount(
  before: { subtotal_cents: number; tax_cents: number; currency: string },
  discount: number | undefined,
): { total_cents?: number } {
  if (discount === undefined) return {};
  const of = before.subtotal_cents + before.tax_cents;
  requireDiscount(discount, of, before.currency);
  return { total_cents: of - discount };
}

/** The locked row of a bill. Throws NOT_FOUND. */
export const lockInvoice = (context: Context, id: string): Promise<Invoice> =>
  getRow(context, invoiceRecord, id, { lock: true });

/** The locked row of a draft. Throws NOT_FOUND, INVALID_STATE for a bill that is out or has ended. */
export async function lockDraft(context: Context, id: string): Promise<Invoice> {
  const invoice = await lockInvoice(context, id);
  requireDraft(invoice);
  return invoice;
}

/** What every invoice action answers: the bill with its lines and what is still due. */
export async function answerInvoice(
  context: ReadContext,
  id: string,
): Promise<z.output<typeof invoiceAnswer>> {
  return answerWith(context, await getRow(context, invoiceRecord, id), await listLines(context, [id]));
}

/** The same for a bill and lines that are known. */
export const answerWith = (
  context: ReadContext,
  invoice: Invoice,
  lines: readonly InvoiceLine[],
): z.output<typeof invoiceAnswer> => ({
  ...invoice,
  ...balanceOf(invoice, todayOf(context).toString()),
  lines: lines.map(({ invoice_id: _, ...line }) => line),
});

/** What a bill gets that leaves the office: also whom it is made out to, as they are called and where they live today (D9). One that lay longer than its time to pay gets it anew: nobody is late with what has just come. */
export async function issuedNow(context: Context, invoice: Invoice) {
  const { due_on, payment_terms } = invoice;
  const issued_on = todayOf(context).toString();
  return {
    ...(await madeOutNow(context, invoice)),
    status: 'sent' as const,
    issued_on,
    due_on: due_on !== null && due_on < issued_on ? dueDay(context, payment_terms) : due_on,
  };
}
