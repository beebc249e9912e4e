import { z } from 'zod';
import { refusedWords } from '../../core/checkout/refused-words.ts';
import { formatMoney } from '../../core/kernel/words/money.ts';
import { methodWords, paymentMethods, refundReasons } from '../../core/payments/record.ts';
import { badge, shorten, timeTag, words } from '../format.ts';
import { formFields } from '../forms.ts';
import { asTyped, html, type Markup } from '../html.ts';
import { mayDo, type PageRequest, readList } from '../site.ts';
import type { Draft } from './forms.ts';
import type { Invoice } from './invoice.ts';

/** A payment as the page of its bill shows it. */
export const paymentRow = z.object({
  reference: z.string(),
  amount_cents: z.number(),
  method: z.enum(paymentMethods),
  received_at: z.string(),
  note: z.string().nullable(),
  provider: z.enum(['manual', 'stripe']),
  status: z.string(),
  dispute_status: z.enum(['open', 'won', 'lost']).nullable(),
  refunded_cents: z.number(),
});
type Payment = z.infer<typeof paymentRow>;

const refundRow = z.object({
  reference: z.string(),
  payment: z.object({ reference: z.string() }),
  amount_cents: z.number(),
  refunded_at: z.string(),
  status: z.enum(['pending', 'succeeded', 'failed']),
  failure: z.string().nullable(),
});
type Refund = z.infer<typeof refundRow>;

/** What was given back through Stripe of the payments of a bill, or is on its way; the newest first. */
export async function readRefunds(
  request: PageRequest,
  { reference, payments }: Pick<Invoice, 'reference' | 'payments'>,
): Promise<Refund[]> {
  if (!payments.some(({ provider }) => provider === 'stripe')) return [];
  const { rows } = await readList(request, 'refunds', refundRow, {
    params: { invoice_id: reference },
    include: ['payment'],
    sort: '-refunded_at',
    limit: 20,
  });
  return rows;
}

/** What came in for a bill and what of it was given back; giving more back, and giving a payment to another bill (D7, D8). */
export function paymentsSection(
  request: PageRequest,
  { invoice, refunds }: { invoice: Invoice; refunds: readonly Refund[] },
  draft: Draft | undefined,
): Markup {
  const { payments, currency, balance } = invoice;
  if (payments.length === 0) return html``;
  const owed = Math.max(0, (balance.owed_back_cents ?? 0) - goingBack(refunds));
  return html`<section aria-labelledby="payments"><h2 id="payments">Payments</h2>
${owed > 0 && html`<p class="warning">${formatMoney(owed, currency)} is to be given back.</p>`}
<ul class="list">${payments.map(payment => paymentItem(request, { payment, refunds: of(refunds, payment) }, currency))}</ul>
${forms(request, { invoice, refunds }, draft)}</section>`;
}

const of = (refunds: readonly Refund[], { reference }: Payment) =>
  refunds.filter(({ payment }) => payment.reference === reference);

const goingBack = (refunds: readonly Refund[]): number =>
  refunds.reduce((sum, { status, amount_cents }) => (status === 'pending' ? sum + amount_cents : sum), 0);

const disputeWords = {
  open: 'The customer disputes this with their bank. Answer at Stripe.',
  won: 'The customer disputed this; you have won.',
  lost: 'The customer disputed this and has won; the bank has given it back.',
} as const;

/** What is on its way back, or did not get there; what arrived is said in one sum. */
function refundLine({ reference, amount_cents, status, failure }: Refund, currency: string): Markup {
  if (status === 'succeeded') return html``;
  const money = formatMoney(amount_cents, currency);
  const said =
    status === 'pending'
      ? failure === null
        ? html`${money} is on its way back`
        : html`<span class="warning">${money} may be on its way back; look at Stripe</span>`
      : html`<span class="warning">${money} was not given back: ${refusedWords(failure)}</span>`;
  return html`\n  <p class="when">${said} <code>${reference}</code></p>`;
}

function paymentItem(
  request: PageRequest,
  { payment, refunds }: { payment: Payment; refunds: readonly Refund[] },
  currency: string,
): Markup {
  const { reference, amount_cents, method, received_at, note, status, refunded_cents, dispute_status } =
    payment;
  const back = refunded_cents > 0 && html`; ${formatMoney(refunded_cents, currency)} given back`;
  return html`<li>
  <p><a class="main" href="/records/payments/${reference}">${formatMoney(amount_cents, currency)}</a> ${methodWords[method]} <code>${reference}</code>${status !== 'succeeded' && html` ${badge(status)}`}</p>
  <p class="when">${timeTag(received_at, request.identity.organization.time_zone)}${back}${note !== null && html` · <bdi>${shorten(note, 120)}</bdi>`}</p>${refunds.map(refund => refundLine(refund, currency))}${
    dispute_status !== null &&
    html`
  <p class="when">${dispute_status === 'won' ? disputeWords.won : html`<span class="warning">${disputeWords[dispute_status]}</span>`}</p>`
  }
</li>\n`;
}

function forms(
  request: PageRequest,
  { invoice, refunds }: { invoice: Invoice; refunds: readonly Refund[] },
  draft: Draft | undefined,
): Markup {
  const left = invoice.payments
    .map(payment => ({ ...payment, left_cents: leftOf(payment, of(refunds, payment)) }))
    .filter(({ status, left_cents }) => status === 'succeeded' && left_cents > 0);
  const byHand = left.filter(({ provider }) => provider === 'manual');
  const online = left.filter(
    ({ provider, dispute_status }) => provider === 'stripe' && dispute_status !== 'open',
  );
  const whole = byHand.filter(({ refunded_cents }) => refunded_cents === 0);
  const own = (form: string) => (draft?.form === form ? draft : undefined);
  const mayGive = mayDo(request, 'payment.refund');
  return html`${online.length > 0 && mayGive && refundForm(request, invoice, { left: online, through: 'stripe' }, own('stripe-refund'))}
${byHand.length > 0 && mayGive && refundForm(request, invoice, { left: byHand, through: 'hand' }, own('refund'))}
${whole.length > 0 && mayDo(request, 'payment.move') && moveForm(request, invoice, whole, own('move-payment'))}`;
}

const choices = (id: string, options: readonly (readonly [string, string])[], typed?: string): Markup =>
  html`<select id="${id}" name="${id}">${options.map(
    ([value, shown]) => html`<option value="${value}"${value === typed && html` selected`}>${shown}</option>`,
  )}</select>`;

/** How money came or went. Nothing is chosen before: what nobody has said is read from the note, or stays open. */
export const methodChoice = (id: string, typed: string | undefined): Markup =>
  choices(
    id,
    [['', 'not said'], ...paymentMethods.map(method => [method, methodWords[method]] as const)],
    typed,
  );

type Left = Payment & { left_cents: number };

/** What of a payment is neither given back nor on its way. */
const leftOf = ({ amount_cents, refunded_cents }: Payment, refunds: readonly Refund[]): number =>
  amount_cents - refunded_cents - goingBack(refunds);

const named = (payments: readonly Left[], currency: string) =>
  payments.map(
    ({ reference, left_cents }) => [reference, `${reference}, ${formatMoney(left_cents, currency)}`] as const,
  );

/** The two ways money goes back: Stripe gives it, or somebody has handed it over. */
const ways = {
  stripe: {
    verb: 'stripe-refund',
    title: 'Give back through Stripe',
    hint: 'Stripe gives it back the way it came; banks take some days.',
  },
  hand: { verb: 'refund', title: 'Give money back', hint: 'Write down here what you have handed back.' },
} as const;

function refundForm(
  request: PageRequest,
  { reference, currency }: Invoice,
  { left, through }: { left: readonly Left[]; through: keyof typeof ways },
  own: Draft | undefined,
): Markup {
  const typed = own?.typed ?? {};
  const { verb, title, hint } = ways[through];
  // Both forms may stand on one page: labels find their own fields.
  const id = through === 'stripe' ? 'stripe_' : '';
  return html`<details class="fold"${own && html` open`}><summary>${title}</summary>
<form method="post" action="/invoices/${reference}/${verb}">${formFields(request)}<p class="hint">${hint}</p>
<label for="${id}refund_payment">Of which payment</label>
${choices(`${id}refund_payment`, named(left, currency), typed[`${id}refund_payment`])}
<label for="${id}refund_amount">How much, in ${currency} (all of it when empty)</label>
<input id="${id}refund_amount" name="${id}refund_amount" inputmode="decimal" maxlength="20" autocomplete="off" value="${asTyped(typed[`${id}refund_amount`] ?? '')}">
${through === 'hand' && html`<label for="refund_method">How</label>\n${methodChoice('refund_method', typed.refund_method)}\n`}<label for="${id}refund_reason">Why</label>
${choices(
  `${id}refund_reason`,
  refundReasons.map(reason => [reason, words(reason)]),
  typed[`${id}refund_reason`],
)}
<label for="${id}refund_note">Note (may stay empty)</label>
<input id="${id}refund_note" name="${id}refund_note" maxlength="500" dir="auto" autocomplete="off" data-redact value="${asTyped(typed[`${id}refund_note`] ?? '')}">
<button class="stop">Give back</button></form></details>
`;
}

function moveForm(
  request: PageRequest,
  { reference, currency }: Invoice,
  whole: readonly Left[],
  own: Draft | undefined,
): Markup {
  const typed = own?.typed ?? {};
  return html`<details class="fold"${own && html` open`}><summary>It belongs to another bill</summary>
<form method="post" action="/invoices/${reference}/move-payment">${formFields(request)}<label for="moved_payment">Which payment</label>
${choices('moved_payment', named(whole, currency), typed.moved_payment)}
<label for="moved_to">The number of the other bill</label>
<input id="moved_to" name="moved_to" required maxlength="40" autocomplete="off" value="${asTyped(typed.moved_to ?? '')}">
<button>Give it to that bill</button></form></details>
`;
}
