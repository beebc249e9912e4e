import type { Temporal } from 'temporal-polyfill';
import type { Invoice } from '../invoices/invoice.ts';
import { PermanentFailure } from '../kernel/outside/delivery-failure.ts';
import {
  type BillLine,
  NoSuchBill,
  NoSuchPayer,
  NumberTaken,
  PaymentRefused,
  type PaymentService,
  type ServiceBill,
} from '../kernel/outside/payment-service.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import { formatMoney } from '../kernel/words/money.ts';
import { type KnownPayer, payerAt } from './payer.ts';
import type { Page } from './queries.ts';

/** A bill that Stripe is to ask for by an invoice of its own. */
export interface AskedThere {
  invoice: Pick<Invoice, 'id' | 'reference' | 'currency' | 'due_on'>;
  amount_cents: number;
  lines: readonly BillLine[];
  payer: KnownPayer;
  /** How many invoices it has had there. */
  count: number;
  /** The one that is open there, as we have written it down. */
  open: Page | undefined;
  /** Those that were ended here; Stripe may not have heard of it. */
  ended: readonly string[];
  /** The day of the business. */
  today: Temporal.PlainDate;
  notes: Readonly<Record<string, string>>;
  /** It stays a draft there, which nobody can pay. */
  is_draft?: boolean;
}

/** What is asked for there is not what we ask for: it was taken back there, and nobody is led to it. */
export class OtherTotal extends PaymentRefused {}

/**
 * Has Stripe ask for a bill (decision 038): its payer, a draft, the lines, and then it is issued. Whoever was cut off between two of
 * these finds what was made and goes on from there, for each has a key taken from our ids, and as Stripe forgets keys after a day,
 * it is looked first what is there. Throws INVALID_STATE for one that was paid a moment ago, OtherTotal when Stripe counts another sum.
 */
export async function askThere(
  service: PaymentService,
  asked: AskedThere,
): Promise<{ bill: ServiceBill; payer: string }> {
  const { payer } = asked;
  const standing = asked.open && (await service.readBill(asked.open.session_id));
  if (standing?.status === 'paid') throw paidMeanwhile(asked);
  if (standing?.status === 'open' && standing.left_cents === asked.amount_cents)
    return { bill: standing, payer: standing.payer ?? '' };
  const known = await payerThere(service, payer);
  try {
    return { bill: await makeFor(service, asked, known), payer: known };
  } catch (error) {
    if (!(error instanceof NoSuchPayer)) throw error;
    // Deleted at Stripe since.
    const anew = await payerThere(service, payer, known);
    return { bill: await makeFor(service, asked, anew), payer: anew };
  }
}

/**
 * Who pays, as Stripe calls them. Who was made there a day ago by somebody who was cut off is looked for by our id, for the invoice that
 * was begun is theirs.
 */
async function payerThere(service: PaymentService, payer: KnownPayer, gone?: string): Promise<string> {
  if (payer.at_stripe !== null && payer.at_stripe !== gone) return payer.at_stripe;
  const found = await service.findPayer(payer.id);
  return found !== undefined && found !== gone ? found : payerAt(service, payer, gone);
}

const paidMeanwhile = ({ invoice }: AskedThere) =>
  new DeskhandError(
    'INVALID_STATE',
    `${invoice.reference} was paid a moment ago, and the bank is being asked.`,
    {
      hint: 'Look at it again in a minute.',
    },
  );

/** A draft may have been deleted there, and its key answers with it for a day: it is made by another one. */
const mostTries = 12;

async function makeFor(service: PaymentService, asked: AskedThere, payer: string): Promise<ServiceBill> {
  let bill = await madeBefore(service, asked, payer);
  let after = '';
  for (let tries = 0; tries < mostTries; tries += 1) {
    if (!bill) {
      const { id } = await draftFor(service, asked, { payer, after });
      // For a day its key answers as it was made, however it stands by now.
      bill = await service.readBill(id);
      after = id;
      if (!bill) continue;
    }
    try {
      return await finish(service, asked, bill);
    } catch (error) {
      if (!(error instanceof NoSuchBill)) {
        // What is refused for good leaves nothing behind that somebody could pay.
        if (error instanceof PermanentFailure) await service.endBill(bill.id);
        throw error;
      }
      after = bill.id;
      bill = undefined;
    }
  }
  throw new PaymentRefused('Stripe does not keep the invoice.', 'resource_missing');
}

/** One of this bill that somebody began and nobody wrote down. What it says of itself finds it; its sum is looked at. */
async function madeBefore(
  service: PaymentService,
  { invoice, amount_cents, ended }: AskedThere,
  payer: string,
): Promise<ServiceBill | undefined> {
  const found = (await service.listBills(payer)).find(
    each =>
      (each.status === 'draft' || each.status === 'open') &&
      each.notes.invoice_id === invoice.id &&
      !ended.includes(each.id),
  );
  if (!found?.has_lines || (found.currency === invoice.currency && found.total_cents === amount_cents))
    return found;
  // It asked for what is not owed any more.
  await service.endBill(found.id);
  return undefined;
}

/** So many numbers are tried: an account may be shared, and an invoice that was ended keeps its number. */
const mostNumbers = 6;

async function draftFor(
  service: PaymentService,
  { invoice, count, today, notes }: AskedThere,
  { payer, after }: { payer: string; after: string },
): Promise<ServiceBill> {
  const { id, reference, currency, due_on } = invoice;
  const days_until_due = Math.max(0, due_on === null ? 0 : today.until(due_on).days);
  for (let tried = 0; ; tried += 1) {
    const nth = count + tried;
    const number = nth === 0 ? reference : `${reference}-${nth + 1}`;
    const key = ['bill', id, nth, payer, days_until_due, ...(after === '' ? [] : [after])].join('-');
    try {
      return await service.draftBill({ payer, number, currency, days_until_due, notes }, key);
    } catch (error) {
      if (!(error instanceof NumberTaken) || tried + 1 >= mostNumbers) throw error;
    }
  }
}

async function finish(service: PaymentService, asked: AskedThere, begun: ServiceBill): Promise<ServiceBill> {
  const { lines, invoice, is_draft = false } = asked;
  let bill = begun;
  if (!bill.has_lines)
    bill = await service.addBillLines(bill.id, lines, invoice.currency, `lines-${bill.id}`);
  requireOurs(asked, bill);
  if (is_draft || bill.status !== 'draft') return bill;
  bill = await service.issueBill(bill.id, `issue-${bill.id}`);
  requireOurs(asked, bill);
  return bill;
}

/** What Stripe would ask of who pays is what we ask, to the cent, with all it holds for or against them. */
function requireOurs(
  { invoice, amount_cents }: AskedThere,
  { total_cents, due_cents, currency }: ServiceBill,
): void {
  if (currency === invoice.currency && total_cents === amount_cents && due_cents === amount_cents) return;
  const theirs = formatMoney(total_cents === amount_cents ? due_cents : total_cents, currency);
  const ours = formatMoney(amount_cents, invoice.currency);
  throw new OtherTotal(`Stripe would ask for ${theirs} instead of ${ours}.`, 'other_total');
}
