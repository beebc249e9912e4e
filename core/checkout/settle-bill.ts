import { type Invoice, invoiceRecord, lockInvoice } from '../invoices/invoice.ts';
import { payerOf } from '../invoices/payer.ts';
import { balanceOf } from '../invoices/record.ts';
import type { CheckoutPayment, PaymentService, ServiceBill } from '../kernel/outside/payment-service.ts';
import { type Fate, noteIncident } from '../kernel/outside/webhook-fates.ts';
import { settling_ms } from '../kernel/outside/webhooks.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { updateRow } from '../kernel/records/record-queries.ts';
import { notFound } from '../kernel/words/errors.ts';
import { findByIntent } from '../payments/of-stripe.ts';
import type { StripeEvent } from './followed.ts';
import { findPage, findStripeOwner, type Page, setPage } from './queries.ts';
import { settlePayment } from './settle-payment.ts';
import { tellOwner } from './tell-owner.ts';
import { unknownThere } from './unknown.ts';

/** An invoice of Stripe's and what was paid on it, as both stand there now. */
export interface StandingBill {
  bill: ServiceBill;
  payments: CheckoutPayment[];
}

/** Reads the payments on a bill, too. */
export async function withPayments(
  service: PaymentService,
  bill: ServiceBill | undefined,
): Promise<StandingBill | undefined> {
  if (!bill) return undefined;
  const payments: CheckoutPayment[] = [];
  for (const id of bill.payment_ids) {
    const payment = await service.readPayment(id);
    if (payment) payments.push(payment);
  }
  return { bill, payments };
}

export const isStandingBill = (object: unknown): object is StandingBill =>
  typeof object === 'object' && object !== null && 'bill' in object;

/**
 * Brings a bill in line with its invoice at Stripe, as that stands there now (decision 038). Which bill that is we have written down
 * ourselves (D3), and what was paid is what the payments say that were read.
 */
export async function settleBill(context: Context, event: StripeEvent, object: unknown): Promise<Fate> {
  if (!isStandingBill(object)) return goneThere(context, event);
  const { bill, payments } = object;
  const page = await findPage(context, bill.id);
  if (!page) return notOurs(context, event, object);
  const invoice = await lockInvoice(context, page.invoice_id);
  await setPage(context, page.id, stateOf(page, object));
  if (invoice.stripe_invoice_id === bill.id) {
    await updateRow(context, invoiceRecord, invoice.id, {
      stripe_invoice_url: bill.url,
      stripe_pdf_url: bill.pdf_url,
      last_synced_at: context.now.toString(),
    });
  }
  const through = { checkout_session_id: null, stripe_customer_id: bill.payer };
  const fates: Fate[] = [];
  for (const payment of payments) {
    if (await isNothing(context, bill, payment)) continue;
    // Each changes what the bill still asks for.
    const now = await lockInvoice(context, invoice.id);
    fates.push(await settlePayment(context, { invoice: now, payment, through }));
  }
  const said = await tellStanding(context, { invoice, page, standing: object });
  return { ...together(invoice, fates, said), about: { type: 'invoice', id: invoice.id } };
}

/** Nobody has tried it yet; it was called off untried; or a try failed on what nobody is to pay any more. */
async function isNothing(
  context: Context,
  bill: ServiceBill,
  { id, status, failure }: CheckoutPayment,
): Promise<boolean> {
  if (status === 'none') return true;
  if (status !== 'failed' || (failure !== null && bill.status === 'open')) return false;
  return (await findByIntent(context, id)) === undefined;
}

/** While a bank brings the money nobody is led there; once it is sent back, they are. What was ended here stays ended. */
function stateOf(
  page: Page,
  { bill, payments }: StandingBill,
): { status: Page['status']; payment_intent_id: string | null; amount_cents: number | null } {
  const payment_intent_id = payments.find(({ status }) => status !== 'none')?.id ?? null;
  const left = bill.status === 'open' && bill.left_cents > 0 ? bill.left_cents : null;
  const isComing = payments.some(({ status }) => status === 'pending');
  const open = page.status === 'expired' ? 'expired' : isComing ? 'complete' : 'open';
  const status = bill.status === 'paid' ? 'complete' : bill.status === 'ended' ? 'expired' : open;
  return { status, payment_intent_id, amount_cents: left };
}

/** A task for the owner when Stripe and we say different things of a bill; undefined when there is nothing to say. */
async function tellStanding(
  context: Context,
  { invoice, page, standing }: { invoice: Invoice; page: Page; standing: StandingBill },
): Promise<string | undefined> {
  const { bill, payments } = standing;
  const { reference } = invoice;
  if (balanceOf(await lockInvoice(context, invoice.id), '').due_cents === 0) {
    await tellOwner(context, invoice, 'stripe_bill', undefined);
    return undefined;
  }
  const { name } = await payerOf(context, invoice);
  const whose = name === '' ? '' : `: ${name}`;
  if (bill.status === 'paid' && !payments.some(({ status }) => status === 'succeeded')) {
    await tellOwner(context, invoice, 'stripe_bill', {
      title: `${reference} was marked as paid at Stripe${whose}`,
      note: 'No money has come by Stripe for it. When it came otherwise, write the payment down on the bill; until then the bill asks for it.',
    });
    return 'it was marked as paid there, and no money has come.';
  }
  // What we ended ourselves is no news.
  if (bill.status === 'ended' && page.status !== 'expired') {
    await tellOwner(context, invoice, 'stripe_bill', {
      title: `${reference} was voided at Stripe${whose}`,
      note: 'Here it still asks for its money, and whoever presses Pay gets a new invoice there. If nobody is to pay it, void it here, too.',
    });
    return 'its invoice was ended there, and the bill still asks for money.';
  }
  return undefined;
}

function together({ reference }: Invoice, fates: readonly Fate[], said: string | undefined): Fate {
  const own: Fate[] = said === undefined ? [] : [{ outcome: 'done', said: `${reference}: ${said}` }];
  const all = [...fates, ...own];
  const outcome = (['refused', 'done'] as const).find(each => all.some(fate => fate.outcome === each));
  return {
    outcome: outcome ?? 'skipped',
    said: all.map(fate => fate.said).join(' ') || `${reference}: nobody has paid its invoice there yet.`,
  };
}

/** A draft that was deleted there is gone, and that is all; anything else that is gone was never under our key. */
async function goneThere(context: Context, event: StripeEvent): Promise<Fate> {
  const page = event.type === 'invoice.deleted' ? await findPage(context, event.object) : undefined;
  if (!page) return unknownThere(context, event, 'This invoice of Stripe’s is of no bill of ours.');
  await setPage(context, page.id, { status: 'expired', payment_intent_id: null });
  return {
    outcome: 'skipped',
    said: 'The draft of this invoice was deleted at Stripe.',
    about: { type: 'invoice', id: page.invoice_id },
  };
}

async function notOurs(
  context: Context,
  { object: object_id, occurred_at }: StripeEvent,
  { bill, payments }: StandingBill,
): Promise<Fate> {
  const owner = await findStripeOwner(context.tx, bill.id);
  if (owner !== undefined && owner !== context.organization.id) {
    await noteIncident(context, { provider: 'stripe', reason: 'of_another_business', object_id });
    return { outcome: 'refused', said: 'This invoice is of a bill of another business.' };
  }
  // It may be faster than our own note of it.
  const isYoung = context.now.epochMilliseconds - Date.parse(occurred_at) < settling_ms;
  if (isYoung && !payments.some(({ status }) => status === 'succeeded'))
    throw notFound('invoice of Stripe', bill.id, { field: 'object' });
  return { outcome: 'skipped', said: 'No bill of ours is paid by this invoice.' };
}
