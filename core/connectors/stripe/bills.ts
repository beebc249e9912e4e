import type { Stripe } from 'stripe';
import { z } from 'zod';
import {
  type BillLine,
  type CheckoutPayment,
  type NewBill,
  NoSuchBill,
  NoSuchPayer,
  NumberTaken,
  type PaymentService,
  type ServiceBill,
} from '../../kernel/outside/payment-service.ts';
import { fromStripe, toStripe } from './amounts.ts';
import { pointer, readable } from './answers.ts';
import type { Asker } from './client.ts';
import { intent, methodOf } from './intents.ts';
import { Missing, RefusedAt } from './trouble.ts';

const entry = z.object({
  id: z.string(),
  invoice: pointer,
  payment: z.object({ type: z.string(), payment_intent: pointer.optional() }),
});

const invoice = z.object({
  id: z.string(),
  number: z.string().nullable(),
  status: z.string().nullable(),
  hosted_invoice_url: z.string().nullish(),
  invoice_pdf: z.string().nullish(),
  total: z.number(),
  amount_due: z.number(),
  amount_remaining: z.number(),
  currency: z.string(),
  customer: pointer,
  lines: z.object({ data: z.array(z.unknown()) }),
  payments: z
    .object({ data: z.array(entry) })
    .optional()
    .catch(undefined),
  metadata: z.record(z.string(), z.string()).nullable().catch(null),
});

const bills = z.object({ data: z.array(invoice) });
const entries = z.object({ data: z.array(entry) });

type Ours = Pick<
  PaymentService,
  | 'draftBill'
  | 'addBillLines'
  | 'issueBill'
  | 'readBill'
  | 'listBills'
  | 'findBill'
  | 'endBill'
  | 'readPayment'
>;

/** Invoices of Stripe. They are read with what was paid on them, by the ids of the payments. */
export const billsAt = ({ ask, look }: Asker): Ours => {
  const expand = ['payments'];
  const readBill = async (id: string) => {
    const found = await look(invoice, stripe => stripe.invoices.retrieve(id, { expand }));
    return found && toBill(found);
  };
  /** A step with a bill that has to be there. */
  const step = async (request: (stripe: Stripe) => Promise<unknown>) =>
    toBill(
      await ask(invoice, request).catch(error => {
        throw error instanceof Missing ? new NoSuchBill(error.message) : error;
      }),
    );
  return {
    async draftBill(bill, key) {
      const made = ask(invoice, stripe =>
        stripe.invoices.create({ ...paramsOf(bill), expand }, { idempotencyKey: key }),
      );
      return toBill(
        await made.catch(error => {
          if (error instanceof Missing && error.param === 'customer') throw new NoSuchPayer(error.message);
          if (error instanceof RefusedAt && error.param === 'number')
            throw new NumberTaken(error.message, error.code);
          throw error;
        }),
      );
    },
    addBillLines: (id, lines, currency, key) =>
      step(stripe =>
        stripe.invoices.addLines(
          id,
          { lines: lines.map(line => lineOf(line, currency)), expand },
          { idempotencyKey: key },
        ),
      ),
    issueBill: (id, key) =>
      step(stripe =>
        stripe.invoices.finalizeInvoice(id, { auto_advance: false, expand }, { idempotencyKey: key }),
      ),
    readBill,
    async listBills(payer) {
      const list = await look(bills, stripe => stripe.invoices.list({ customer: payer, limit: 100 }));
      return (list?.data ?? []).map(toBill);
    },
    async findBill(by) {
      const found =
        'entry_id' in by
          ? await look(entry, stripe => stripe.invoicePayments.retrieve(by.entry_id))
          : (
              await look(entries, stripe =>
                stripe.invoicePayments.list({
                  payment: { type: 'payment_intent', payment_intent: by.payment_id },
                  limit: 1,
                }),
              )
            )?.data[0];
      return found?.invoice ? readBill(found.invoice) : undefined;
    },
    async endBill(id) {
      const standing = await readBill(id);
      if (standing?.status === 'draft') {
        await ask(z.unknown(), stripe => stripe.invoices.del(id));
        return { ...standing, status: 'ended' };
      }
      if (standing?.status !== 'open') return standing;
      return step(stripe => stripe.invoices.voidInvoice(id, { expand }));
    },
    async readPayment(id) {
      const found = await look(intent, stripe =>
        stripe.paymentIntents.retrieve(id, { expand: ['latest_charge'] }),
      );
      return found && toPayment(found);
    },
  };
};

function paramsOf({ payer, number, currency, days_until_due, notes }: NewBill) {
  return {
    customer: payer,
    number,
    currency: currency.toLowerCase(),
    collection_method: 'send_invoice' as const,
    days_until_due,
    // It goes on only when we say so, asks for nothing but our lines, and works out no tax or discount of its own.
    auto_advance: false,
    pending_invoice_items_behavior: 'exclude' as const,
    automatic_tax: { enabled: false },
    discounts: '' as const,
    metadata: { ...notes },
  };
}

function lineOf({ what, amount_cents, tax }: BillLine, currency: string) {
  const amount = toStripe(amount_cents, currency);
  return {
    amount,
    description: what,
    discountable: false,
    ...(tax === undefined
      ? {}
      : {
          tax_amounts: [
            {
              amount: toStripe(tax.amount_cents, currency),
              taxable_amount: amount,
              tax_rate_data: { display_name: 'Tax', percentage: tax.percent, inclusive: false },
            },
          ],
        }),
  };
}

function toBill(found: z.output<typeof invoice>): ServiceBill {
  const { id, number, status, hosted_invoice_url, invoice_pdf, customer, lines, payments, metadata } = found;
  const currency = found.currency.toUpperCase();
  const cents = (amount: number) => fromStripe(amount, currency);
  const payment_ids = (payments?.data ?? []).flatMap(({ payment }) => payment.payment_intent ?? []);
  return {
    id,
    number,
    status: stateOf(status),
    url: hosted_invoice_url ?? null,
    pdf_url: invoice_pdf ?? null,
    total_cents: cents(found.total),
    due_cents: cents(found.amount_due),
    left_cents: cents(found.amount_remaining),
    currency,
    payer: customer,
    has_lines: lines.data.length > 0,
    payment_ids,
    notes: metadata ?? {},
  };
}

/** What nobody is to pay any more has ended: void, or given up as uncollectible. */
function stateOf(status: string | null): ServiceBill['status'] {
  return status === 'draft' || status === 'open' || status === 'paid' ? status : 'ended';
}

/** A payment on a bill may be tried again as long as the bill is open; what its last try came to is what is told. */
function toPayment(made: z.output<typeof intent>): CheckoutPayment {
  const currency = made.currency.toUpperCase();
  const { id, latest_charge, last_payment_error } = made;
  const failure = readable(last_payment_error?.code);
  const status = paymentState(made.status, last_payment_error !== null && last_payment_error !== undefined);
  return {
    id,
    status,
    amount_cents: fromStripe(status === 'succeeded' ? made.amount_received : made.amount, currency),
    currency,
    charge_id: latest_charge?.id ?? null,
    method: methodOf(latest_charge?.payment_method_details?.type),
    paid_at: latest_charge?.created ?? null,
    failure,
  };
}

function paymentState(status: string, hasFailed: boolean): CheckoutPayment['status'] {
  if (status === 'succeeded') return 'succeeded';
  if (status === 'processing') return 'pending';
  return hasFailed || status === 'canceled' ? 'failed' : 'none';
}
