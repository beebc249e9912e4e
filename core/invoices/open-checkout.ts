import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type AskedFor, askedFor } from '../checkout/asked-for.ts';
import { askThere } from '../checkout/bill-there.ts';
import { closePage } from '../checkout/close-stale.ts';
import { isPaidOnline } from '../checkout/is-on.ts';
import { countPages, keepPage, listEnded, listOpenPages, type Page } from '../checkout/pages.ts';
import { findPayer, type KnownPayer, keepPayer, payerAt } from '../checkout/payer.ts';
import { tellOwner } from '../checkout/tell-owner.ts';
import { noKey, told } from '../checkout/trouble.ts';
import {
  type Checkout,
  type NewCheckout,
  NoSuchPayer,
  type PaymentService,
} from '../kernel/outside/payment-service.ts';
import { logEntry } from '../kernel/pipeline/audit-entry.ts';
import type { Context, ReadContext } from '../kernel/pipeline/context.ts';
import { getRow, updateRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction, type PrepareTools } from '../kernel/registry/define.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import { type Invoice, invoiceRecord, lockInvoice } from './invoice.ts';
import { payLinkOf, payPurpose } from './pay-link.ts';
import { cameBack } from './pay-page.ts';

const input = z.strictObject({ invoice_id: ref('invoice', { fitting: 'open' }) });

/** What is known before Stripe is asked. */
interface Seen extends AskedFor {
  payer: KnownPayer;
  pages: Page[];
  count: number;
  ended: string[];
  link_id: string | undefined;
}

const prepared = z.object({
  payer: z
    .object({
      id: z.string(),
      is_company: z.boolean(),
      at_stripe: z.string().nullable(),
      becomes: z.string(),
    })
    .nullable(),
  page: z.object({
    session_id: z.string(),
    kind: z.enum(['session', 'bill']),
    url: z.string(),
    expires_at: z.string(),
    payment_intent_id: z.string().nullable(),
  }),
  /** Where its invoice there is as a PDF. */
  pdf_url: z.string().nullish(),
  amount_cents: z.number(),
  currency: z.string(),
});

/**
 * Opens a page of Stripe at which what is still open of a bill can be paid, for its payer who pressed Pay, or for somebody of the
 * business (STR-02, D4). An open page for the same amount is used again; others are closed. Nothing is paid by it: what is paid is
 * what the page says when it is read again. Throws INVALID_STATE for a bill that asks for nothing, that is not paid so, or that is
 * being paid, and UNAVAILABLE or UPSTREAM_ERROR when Stripe does not open one.
 */
export const openCheckout = defineAction({
  domain: 'invoice',
  name: 'open_checkout',
  summary: 'Open a page at Stripe where the customer pays what is due on an invoice, by card or bank.',
  input,
  output: z.object({
    checkout_url: z.string(),
    amount_cents: z.number(),
    currency: z.string(),
    expires_at: z.string(),
  }),
  permission: { level: 'unrestricted' },
  effect: 'update',
  why_not_undone: 'a page to pay at closes by itself',
  undo: 'none',
  past: 'opened',
  object: 'a page to pay at',
  example: { invoice_id: 'INV-2026-001' },
  touches: ['stripe'],
  open_to: ['customer'],
  human_only: true,
  keywords: ['pay online', 'card', 'payment page', 'stripe'],
  connectors: ['payments'],
  async sees(context, { invoice_id }): Promise<Seen> {
    requireOwnBill(context, invoice_id);
    const asked = await askedFor(context, invoice_id);
    await requireOnline(context, invoice_id);
    const payer = await findPayer(context, asked.invoice);
    if (!payer)
      throw new DeskhandError('INVALID_STATE', `The customer of ${asked.invoice.reference} was removed.`);
    return {
      ...asked,
      payer,
      pages: await listOpenPages(context, invoice_id),
      count: await countPages(context, invoice_id),
      ended: await listEnded(context, invoice_id),
      link_id: await payLinkOf(context, invoice_id, context.link?.id),
    };
  },
  async prepare(tools) {
    if (tools.is_preview) return undefined;
    const seen = seenBy(tools);
    const service = await tools.connectors.payments();
    if (!service) throw noKey();
    const isBill = seen.invoice.collection_method === 'stripe_invoice';
    return (isBill ? billAt : openAt)(service, tools, seen).catch(error => {
      throw told(error);
    });
  },
  async run(context, { invoice_id }) {
    await lockInvoice(context, invoice_id);
    const { amount_cents, invoice } = await askedFor(context, invoice_id);
    const { currency, reference } = invoice;
    const opened = () =>
      logEntry(context, { type: 'invoice', id: invoice_id, verb: 'opened_to_be_paid' }, { amount_cents });
    // A preview asks nobody outside.
    if (context.prepared === undefined) {
      await opened();
      return { checkout_url: '', amount_cents, currency, expires_at: context.now.toString() };
    }
    const made = prepared.parse(context.prepared);
    if (made.amount_cents !== amount_cents || made.currency !== currency) {
      throw new DeskhandError('CONFLICT', `What is due on ${reference} has changed in this moment.`, {
        hint: 'Look at it again, and press once more.',
      });
    }
    const { page, payer } = made;
    if (payer) await keepPayer(context, payer, payer.becomes);
    const isNew = await keepPage(context, { ...page, invoice_id, amount_cents, currency });
    for (const other of await listOpenPages(context, invoice_id))
      if (other.session_id !== page.session_id) await closePage(context, other);
    if (page.kind === 'bill') await keepBill(context, invoice, made);
    if (isNew > 0) await opened();
    else context.unchanged();
    return { checkout_url: page.url, amount_cents, currency, expires_at: page.expires_at };
  },
});

/** Whoever came by a link pays the bill it is about, and no other. */
function requireOwnBill({ actor, link }: Pick<Context, 'actor' | 'link'>, id: string): void {
  if (actor.kind !== 'customer' || (link?.purpose === payPurpose && link.subject_id === id)) return;
  throw new DeskhandError('FORBIDDEN', 'This link is for another bill.');
}

async function requireOnline(context: ReadContext, invoiceId: string): Promise<void> {
  const invoice = await getRow(context, invoiceRecord, invoiceId);
  if (await isPaidOnline(context, invoice)) return;
  if (invoice.collection_method !== 'manual') throw noKey();
  throw new DeskhandError('INVALID_STATE', `${invoice.reference} is not paid on our page.`, {
    hint: 'Its collection_method says how it is paid.',
  });
}

// Handed on by the pipeline as it came.
const seenBy = ({ seen }: PrepareTools<'payments'>): Seen => z.custom<Seen>().parse(seen);

type Tools = Pick<PrepareTools, 'now' | 'organization' | 'linkAddress' | 'base_url'>;

/** The page there is, or a new one; both for what is due now. */
async function openAt(service: PaymentService, tools: Tools, seen: Seen): Promise<z.input<typeof prepared>> {
  const { payer, amount_cents } = seen;
  const { currency } = seen.invoice;
  const standing = await usable(service, seen, tools);
  if (standing) return { payer: null, page: pageOf(standing), amount_cents, currency };
  const known = await payerAt(service, payer);
  const open = (at: string) => createPage(service, tools, seen, at);
  try {
    return { payer: becoming(payer, known), page: pageOf(await open(known)), amount_cents, currency };
  } catch (error) {
    if (!(error instanceof NoSuchPayer)) throw error;
    // Deleted at Stripe since.
    const anew = await payerAt(service, payer, known);
    return { payer: becoming(payer, anew), page: pageOf(await open(anew)), amount_cents, currency };
  }
}

/** An invoice of Stripe's stays open until it is paid or ended: as long as the link that leads to it. */
const days = 400;

/** The invoice of Stripe's there is for what is due now, or a new one. */
async function billAt(
  service: PaymentService,
  { now, organization }: Tools,
  seen: Seen,
): Promise<z.input<typeof prepared>> {
  const { invoice, amount_cents, bill_lines, payer, pages, count, ended } = seen;
  const { currency, id, reference } = invoice;
  const { bill, payer: known } = await askThere(service, {
    invoice,
    amount_cents,
    lines: bill_lines,
    payer,
    count,
    open: pages.find(page => page.kind === 'bill' && page.amount_cents === amount_cents),
    ended,
    today: now.toZonedDateTimeISO(organization.time_zone).toPlainDate(),
    notes: { invoice: reference, invoice_id: id, business: organization.slug },
  });
  if (bill.url === null) throw new DeskhandError('UPSTREAM_ERROR', 'Stripe has issued no invoice.');
  const page = {
    session_id: bill.id,
    kind: 'bill' as const,
    url: bill.url,
    expires_at: now.add({ hours: days * 24 }).toString(),
    payment_intent_id: bill.payment_ids[0] ?? null,
  };
  return { payer: becoming(payer, known), page, amount_cents, currency, pdf_url: bill.pdf_url };
}

/** Writes down what Stripe calls its invoice, and that nothing is wrong with it. */
async function keepBill(
  context: Context,
  { id, stripe_invoice_id }: Invoice,
  { page, payer, pdf_url }: z.output<typeof prepared>,
): Promise<void> {
  const invoice =
    stripe_invoice_id === page.session_id
      ? await lockInvoice(context, id)
      : await updateRow(context, invoiceRecord, id, {
          stripe_invoice_id: page.session_id,
          stripe_invoice_url: page.url,
          stripe_pdf_url: pdf_url ?? null,
          ...(payer ? { stripe_customer_id: payer.becomes } : {}),
          last_synced_at: context.now.toString(),
        });
  await tellOwner(context, invoice, 'stripe_bill', undefined);
}

const becoming = ({ id, is_company, at_stripe }: KnownPayer, becomes: string) => ({
  id,
  is_company,
  at_stripe,
  becomes,
});

/** A page that will be open for long enough to type a card number. */
const leastLeft_ms = 300_000;

/** The open page for the same amount. Throws INVALID_STATE when somebody has paid there already, and we have not heard of it yet. */
async function usable(
  service: PaymentService,
  { pages, amount_cents, invoice }: Seen,
  { now }: Tools,
): Promise<Checkout | undefined> {
  const page = pages.find(
    each =>
      each.kind === 'session' &&
      each.amount_cents === amount_cents &&
      each.currency === invoice.currency &&
      Date.parse(each.expires_at) - now.epochMilliseconds > leastLeft_ms,
  );
  const standing = page && (await service.readCheckout(page.session_id));
  if (standing?.status === 'complete') {
    throw new DeskhandError(
      'INVALID_STATE',
      `${invoice.reference} was paid a moment ago, and the bank is being asked.`,
      {
        hint: 'Look at it again in a minute.',
      },
    );
  }
  return standing?.status === 'open' ? standing : undefined;
}

/** Between half an hour and a day is what Stripe takes; whole hours, so that two presses at once ask for the same page. */
const hours = 23;

function createPage(
  service: PaymentService,
  { now, organization, linkAddress, base_url }: Tools,
  { invoice, amount_cents, lines, count, link_id }: Seen,
  payer: string,
): Promise<Checkout> {
  const address = link_id === undefined ? base_url : linkAddress(payPurpose, link_id);
  const hour = 3_600_000;
  const ends = (Math.floor(now.epochMilliseconds / hour) + hours) * hour;
  const { reference, currency, id } = invoice;
  const page: NewCheckout = {
    payer,
    reference,
    currency,
    lines,
    success_url: link_id === undefined ? address : `${address}${cameBack}`,
    cancel_url: address,
    expires_at: new Date(ends).toISOString(),
    notes: { invoice: reference, invoice_id: id, business: organization.slug },
  };
  return service.createCheckout(page, `page-${hashOf([id, count, amount_cents, page])}`);
}

/** Asked for twice at once, it is the same page; after one was closed it is another one. */
const hashOf = (facts: unknown): string =>
  createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 40);

function pageOf({ id, url, expires_at }: Checkout) {
  if (url === null) throw new DeskhandError('UPSTREAM_ERROR', 'Stripe opened no page.');
  return { session_id: id, kind: 'session' as const, url, expires_at, payment_intent_id: null };
}
