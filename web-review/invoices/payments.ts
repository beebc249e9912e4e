import { z } from 'zod';
import { formatMoney } from '../../core/kernel/words/money.ts';
import { methodWords, paymentMethods, refundReasons } from '../../core/payments/record.ts';
import { badge, shorten, timeTag, words } from '../format.ts';
import { formFields } from '../forms.ts';
import { asTyped, html, type Markup } from '../html.ts';
import { mayDo, type PageRequest } from '../site.ts';
import type { Draft } from './forms.ts';
import type { Invoice } from './invoice.ts';

/** A payment as the page of its bill shows it. */
export const paymentRow = z.object({
  reference: z.string(),
  amount_cents: z.number(),
  method: z.enum(paymentMethods),
  received_at: z.string(),
  note: z.string().nullable(),
  status: z.string(),
  refunded_cents: z.number(),
});
type Payment = z.infer<typeof paymentRow>;

/** What came in for a bill and what of it was given back; giving more back, and giving a payment to another bill (D7, D8). */
export function paymentsSection(visit: PageRequest, invoice: Invoice, draft: Draft | undefined): Markup {
  const { payments, currency, balance } = invoice;
  if (payments.length === 0) return html``;
  const owed = balance.owed_back_cents ?? 0;
  return html`<section aria-labelledby="payments"><h2 id="payments">Payments</h2>
${owed > 0 && html`<p class="warning">${formatMoney(owed, currency)} is to be given back.</p>`}
<ul class="list">${payments.map(payment => paymentItem(visit, payment, currency))}</ul>
${forms(visit, invoice, draft)}</section>`;
}

function paymentItem(visit: PageRequest, payment: Payment, currency: string): Markup {
  const { reference, amount_cents, method, received_at, note, status, refunded_cents } = payment;
  const back = refunded_cents > 0 && html`; ${formatMoney(refunded_cents, currency)} given back`;
  return html`<li>
  <p><a class="main" href="/records/payments/${reference}">${formatMoney(amount_cents, currency)}</a> ${methodWords[method]} <code>${reference}</code>${status !== 'succeeded' && html` ${badge(status)}`}</p>
  <p class="when">${timeTag(received_at, visit.identity.organization.time_zone)}${back}${note !== null && html` · <bdi>${shorten(note, 120)}</bdi>`}</p>
</li>\n`;
}

function forms(visit: PageRequest, invoice: Invoice, draft: Draft | undefined): Markup {
  const left = invoice.payments.filter(
    ({ status, amount_cents, refunded_cents }) => status === 'succeeded' && amount_cents > refunded_cents,
  );
  const whole = left.filter(({ refunded_cents }) => refunded_cents === 0);
  const own = (form: string) => (draft?.form === form ? draft : undefined);
  return html`${left.length > 0 && mayDo(visit, 'payment.refund') && refundForm(visit, invoice, left, own('refund'))}
${whole.length > 0 && mayDo(visit, 'payment.move') && moveForm(visit, invoice, whole, own('move-payment'))}`;
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

const named = (payments: readonly Payment[], currency: string) =>
  payments.map(
    ({ reference, amount_cents, refunded_cents }) =>
      [reference, `${reference}, ${formatMoney(amount_cents - refunded_cents, currency)}`] as const,
  );

function refundForm(
  visit: PageRequest,
  { reference, currency }: Invoice,
  left: readonly Payment[],
  own: Draft | undefined,
): Markup {
  const typed = own?.typed ?? {};
  return html`<details class="fold"${own && html` open`}><summary>Give money back</summary>
<form method="post" action="/invoices/${reference}/refund">${formFields(visit)}<p class="hint">Write down here what you have handed back.</p>
<label for="refund_payment">Of which payment</label>
${choices('refund_payment', named(left, currency), typed.refund_payment)}
<label for="refund_amount">How much, in ${currency} (all of it when empty)</label>
<input id="refund_amount" name="refund_amount" inputmode="decimal" maxlength="20" autocomplete="off" value="${asTyped(typed.refund_amount ?? '')}">
<label for="refund_method">How</label>
${methodChoice('refund_method', typed.refund_method)}
<label for="refund_reason">Why</label>
${choices(
  'refund_reason',
  refundReasons.map(reason => [reason, words(reason)]),
  typed.refund_reason,
)}
<label for="refund_note">Note (may stay empty)</label>
<input id="refund_note" name="refund_note" maxlength="500" dir="auto" autocomplete="off" data-redact value="${asTyped(typed.refund_note ?? '')}">
<button class="stop">Give back</button></form></details>
`;
}

function moveForm(
  visit: PageRequest,
  { reference, currency }: Invoice,
  whole: readonly Payment[],
  own: Draft | undefined,
): Markup {
  const typed = own?.typed ?? {};
  return html`<details class="fold"${own && html` open`}><summary>It belongs to another bill</summary>
<form method="post" action="/invoices/${reference}/move-payment">${formFields(visit)}<label for="moved_payment">Which payment</label>
${choices('moved_payment', named(whole, currency), typed.moved_payment)}
<label for="moved_to">The number of the other bill</label>
<input id="moved_to" name="moved_to" required maxlength="40" autocomplete="off" value="${asTyped(typed.moved_to ?? '')}">
<button>Give it to that bill</button></form></details>
`;
}
