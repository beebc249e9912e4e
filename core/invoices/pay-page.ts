import { Temporal } from 'temporal-polyfill';
import { isPaidOnline } from '../checkout/is-on.ts';
import { stripeKey } from '../checkout/secrets.ts';
import type { LinkAccount, LinkChoice, LinkFile, ShownLink } from '../kernel/outside/link-page.ts';
import type { Link, ReadContext } from '../kernel/pipeline/context.ts';
import { getRow } from '../kernel/records/record-queries.ts';
import { settingOf } from '../kernel/registry/settings.ts';
import { formatMoney } from '../kernel/words/money.ts';
import { todayOf } from '../kernel/words/time.ts';
import { businessPhone } from '../organizations/letterhead.ts';
import { currentLogo, logoPicture } from '../organizations/set-logo.ts';
import { type BillPayments, paymentsOfBill } from '../payments/of-bill.ts';
import { methodWords } from '../payments/record.ts';
import { phoneWords } from '../tickets/respond.ts';
import { type Invoice, invoiceRecord } from './invoice.ts';
import { fileName, type Paper, paperOf, writePaper } from './paper.ts';
import { balanceOf } from './record.ts';
import { mostWords, saidMethods } from './say-paid.ts';
import { paymentUrl } from './settings.ts';

// What the payer of a bill finds at its address, in every state of the bill.

/** What stands behind the address when somebody comes back from the page of Stripe. It is a word, and no proof (STR-06). */
export const cameBack = '?came=paid';

/** What the payer of a bill finds at its address. */
export async function showBill(
  context: ReadContext,
  { subject_id }: Link,
  { came }: { came?: string },
): Promise<ShownLink> {
  const invoice = await getRow(context, invoiceRecord, subject_id);
  const paper = await paperOf(context, invoice.id);
  const payments = await paymentsOfBill(context, invoice.id);
  const isBack = came === 'paid';
  const state = await stateOf(context, { invoice, paper, payments, isBack });
  return {
    ...letterhead(context),
    ...(await markOf(context)),
    ...state,
    facts: [
      // By when it is due stands with the amount, and its number in the title of one that is to be paid.
      ...paper.facts
        .filter(({ label, value }) => label !== 'Due' && !state.title.includes(value))
        .map(({ label, value }) => [label, value] as const),
      ['For', [paper.customer.name, ...paper.customer.lines].filter(Boolean).join(', ')],
    ],
    account: accountOf(paper),
    files: [{ file: 'pdf', label: 'Open the bill as a PDF' }],
    back: 'Back to the bill',
  };
}

function letterhead(context: ReadContext): Pick<ShownLink, 'from' | 'phone'> {
  const phone = settingOf(context, businessPhone);
  return {
    from: context.organization.name,
    ...(phone === '' ? {} : { phone: { number: phone, shown: phoneWords(context, phone) } }),
  };
}

/** A page for somebody in a street with a phone weighs little: a heavier logo stands on paper alone. */
export const heaviestLogo_bytes = 8 * 1024;
const logoBox = { width: 220, height: 72 };

/** How large a logo stands on a page. */
export function logoSize(logo: { width: number; height: number }): { width: number; height: number } {
  const scale = Math.min(1, logoBox.width / logo.width, logoBox.height / logo.height);
  const side = (pixels: number) => Math.max(1, Math.round(pixels * scale));
  return { width: side(logo.width), height: side(logo.height) };
}

async function markOf(context: ReadContext): Promise<Pick<ShownLink, 'picture'>> {
  const logo = await currentLogo(context);
  if (!logo || logo.size_bytes > heaviestLogo_bytes) return {};
  return { picture: { file: 'logo', ...logoSize(logo) } };
}

export async function logoFile(context: ReadContext): Promise<LinkFile | undefined> {
  const logo = await currentLogo(context);
  const picture = logo && (await logoPicture(context, logo.id));
  if (!logo || !picture) return undefined;
  const name = `logo.${logo.content_type === 'image/png' ? 'png' : 'jpg'}`;
  return { content_type: logo.content_type, name, write: () => picture };
}

interface Bill {
  invoice: Invoice;
  paper: Paper;
  payments: BillPayments;
  /** They come from the page of the payment service, which says that they have paid. */
  isBack: boolean;
}

type State = Pick<ShownLink, 'title' | 'lines' | 'amount' | 'choices' | 'ways' | 'words' | 'again'>;

async function stateOf(context: ReadContext, bill: Bill): Promise<State> {
  const { invoice, payments, isBack } = bill;
  const { status, currency, reference } = invoice;
  const { due_cents } = balanceOf(invoice, todayOf(context).toString());
  if (status === 'void' || status === 'cancelled') return over(bill);
  if (status === 'refunded')
    return {
      title: `Bill ${reference}`,
      lines: ['What you have paid was given back to you. This bill asks for nothing any more.'],
    };
  if (due_cents === 0)
    return {
      title: 'Paid, with thanks',
      lines: received(context, bill),
      amount: { label: 'Paid', value: formatMoney(invoice.paid_cents, currency) },
    };
  if (isBack && payments.pending_cents === 0)
    return {
      title: 'Thank you',
      lines: [
        'We are waiting for the bank to confirm your payment. That mostly takes a minute, and you need not do anything.',
      ],
      again: { label: 'Look again', query: cameBack },
    };
  return open(context, bill, due_cents);
}

const over = ({ invoice: { reference, paid_cents } }: Bill): State => ({
  title: `Bill ${reference}`,
  lines: [
    'This bill asks for nothing any more.',
    ...(paid_cents > 0
      ? ['What you have paid on it is with us, and we get in touch with you about it.']
      : []),
  ],
});

async function open(context: ReadContext, bill: Bill, due_cents: number): Promise<State> {
  const { invoice, paper, payments } = bill;
  const { currency, reference, due_on } = invoice;
  const money = (amount: number) => formatMoney(amount, currency);
  const isOnItsWay = payments.pending_cents > 0;
  const pending = isOnItsWay
    ? [
        `Your bank payment of ${money(payments.pending_cents)} is on its way. That takes a few days; we write when it is here.`,
      ]
    : [];
  // What is on its way is not asked for once more.
  const isAsked = payments.pending_cents < due_cents;
  const isOnline = await isPaidOnline(context, invoice);
  return {
    title: `Bill ${reference}`,
    lines: [...pending, ...received(context, bill)],
    amount: {
      label: invoice.paid_cents > 0 ? 'Still to pay' : 'To pay',
      value: money(due_cents),
      ...(due_on === null ? {} : { note: dueWords(context, due_on) }),
    },
    ...(isAsked ? waysToPay(paper, isOnline) : {}),
    choices: [...(isAsked && isOnline ? [payNow(money(due_cents))] : []), paidAlready],
  };
}

/** By when, kindly: whoever is late mostly forgot. */
function dueWords(context: ReadContext, due_on: string): string {
  const day = Temporal.PlainDate.from(due_on).toLocaleString('en-US', { dateStyle: 'long' });
  return due_on < todayOf(context).toString()
    ? `It was due on ${day}. Perhaps it was overlooked.`
    : `Please pay by ${day}.`;
}

/** What has come so far, one sentence each: the receipt. */
function received(context: ReadContext, { invoice, payments }: Bill): string[] {
  const { time_zone } = context.organization;
  return payments.received.map(({ amount_cents, refunded_cents, method, received_at }) => {
    const day = Temporal.Instant.from(received_at)
      .toZonedDateTimeISO(time_zone)
      .toLocaleString('en-US', { dateStyle: 'long' });
    const how = method === 'other' ? '' : ` ${methodWords[method]}`;
    const back =
      refunded_cents === 0 ? '' : ` Of that we gave ${formatMoney(refunded_cents, invoice.currency)} back.`;
    return `We received ${formatMoney(amount_cents, invoice.currency)}${how} on ${day}.${back}`;
  });
}

/** Whether bills can be paid on a page: at Stripe, or on one of the business's own. */
export const hasPageToPay = async (context: ReadContext): Promise<boolean> =>
  settingOf(context, paymentUrl) !== '' || (await context.hasSecret(stripeKey.name));

/** The business's own ways: a page of theirs, and words such as a bank account. */
const waysToPay = (
  { payment_url, how_to_pay }: Paper,
  isOnline: boolean,
): Pick<ShownLink, 'ways' | 'words'> => ({
  ...(payment_url === null ? {} : { ways: [{ label: 'Go to our payment page', to: payment_url }] }),
  ...(how_to_pay === null
    ? {}
    : { words: [{ heading: isOnline ? 'Or pay in another way' : 'How to pay', text: how_to_pay }] }),
});

/** The button that leads to Stripe. */
const payNow = (money: string): LinkChoice => ({ value: 'pay', label: 'Pay', button: `Pay ${money} online` });

const saidWords: Readonly<Record<(typeof saidMethods)[number], string>> = {
  check: 'By check',
  bank_transfer: 'By bank transfer',
  cash: 'In cash',
  other: 'In another way',
};

const paidAlready: LinkChoice = {
  value: 'paid',
  label: 'Paid already?',
  lines: ['Tell us, and we look whether the money has arrived.'],
  fields: [
    {
      kind: 'one_of',
      name: 'how',
      label: 'How did you pay?',
      options: saidMethods.map(value => ({ value, label: saidWords[value] })),
    },
    { kind: 'words', name: 'words', label: 'When, and what else we should know', most: mostWords },
  ],
  button: 'Tell the office',
};

/** So many lines of a bill stand on its page; all of them are in the PDF. */
const mostLines = 40;
const longestLine = 160;

function accountOf({ lines, sums }: Paper): LinkAccount {
  const left = lines.length - mostLines;
  return {
    lines: lines.slice(0, left > 1 ? mostLines : lines.length).map(line => {
      const parts = [
        ...(line.quantity === '1' ? [] : [`${line.quantity} × ${line.unit_price}`]),
        ...(line.tax === null || line.tax === '0%' ? [] : [`${line.tax} tax`]),
      ];
      return {
        what: shorten(line.description),
        ...(parts.length === 0 ? {} : { detail: parts.join(', ') }),
        amount: line.amount,
      };
    }),
    ...(left > 1 ? { more: `… and ${left} more lines: see the PDF.` } : {}),
    sums: sums.map(sum => ({ ...sum, is_main: sum.label === 'Total' })),
  };
}

const shorten = (text: string): string =>
  text.length <= longestLine ? text : `${text.slice(0, longestLine).replace(/[\ud800-\udbff]$/, '')}…`;

/** The bill on paper, with the address it was asked for by. */
export async function billAsPdf(
  context: ReadContext,
  { subject_id }: Link,
  address: string,
): Promise<LinkFile> {
  const paper = await paperOf(context, subject_id);
  const logo = paper.logo === null ? undefined : await logoPicture(context, paper.logo);
  return {
    content_type: 'application/pdf',
    name: fileName(paper),
    write: () => writePaper(paper, { pay_at: address, logo }),
  };
}
