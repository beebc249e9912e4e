import { invalid } from '../../core/kernel/words/errors.ts';
import { plainMoney } from '../../core/kernel/words/money.ts';
import { redact } from '../../core/kernel/words/redaction.ts';
import { takenWords } from '../../core/reading/taken-words.ts';
import { showDay } from '../format.ts';
import { tick } from '../forms.ts';
import { asTyped, html, type Markup } from '../html.ts';
import type { PageRequest } from '../site.ts';
import { addressOf, type Closeout, momentOf, money, nextWords } from './closeout.ts';
import { fieldNamed, heading, type Place, type Shown } from './step.ts';
import { readCents, type Typed } from './typed.ts';

/** What is to be paid, and where the bill would go. */
export interface Bill {
  /** Said on top: that the visit is closed. */
  done: Markup;
  isFree: boolean;
  /** What it comes to, as a field shows it; undefined when nobody knows it. */
  total?: string;
  /** Undefined when nobody knows it: a phone without signal. */
  email?: string | null;
  /** Whether it can be paid on a phone of the customer; undefined for a phone without signal. */
  isPaidOnline?: boolean;
}

/** The fifth step (CLO-09): paid at the door, by an invoice that is sent now, or later. */
export function paymentPage(request: PageRequest, place: Place, closeout: Closeout, shown: Shown): Markup {
  const { reference, work, customer_email } = closeout;
  const done = html`<b>Done.</b> ${reference} is closed: ${money(closeout, work.total_cents)}.${afterwards(request, closeout).map(words => ` ${words}`)}`;
  return paymentBody(
    place,
    {
      done,
      isFree: work.total_cents === 0,
      total: plainMoney(work.total_cents, closeout.currency),
      email: customer_email,
      isPaidOnline: closeout.is_paid_online,
    },
    shown,
  );
}

export function paymentBody(
  place: Place,
  { done, isFree, total, email, isPaidOnline }: Bill,
  shown: Shown,
): Markup {
  const form = (choice: string, inside: Markup) =>
    html`<form method="post" action="${addressOf(place.reference, 'payment')}">${place.fields}<input type="hidden" name="payment_choice" value="${choice}">
${inside}</form>`;
  return html`${heading('payment', shown)}
<p class="said" role="status">${done}</p>
${
  isFree
    ? html`<p>There is nothing to be paid.</p>`
    : html`${isPaidOnline && form('card_now', cardNow)}
${isPaidOnline === undefined && html`<p class="hint">Paying on the customer’s phone needs a line. Send the invoice instead: it leads to the same page.</p>`}
${form('at_door', atTheDoor(total, shown))}
${form('send_invoice', sending(place, email, shown))}`
}
${form('skip', skipping(isFree, shown))}`;
}

const cardNow = html`<p>The customer pays by card on their own phone.</p><button class="go">Card now: show the code</button>`;

/** For a customer who was to pay later, and wants to pay now. */
export const payNow = (place: Place): Markup =>
  html`<form method="post" action="${addressOf(place.reference, 'payment')}">${place.fields}<input type="hidden" name="payment_choice" value="card_now">
${cardNow}</form>`;

const doorMethods = [
  ['cash', 'Cash'],
  ['check', 'Check'],
  ['card', 'Card'],
] as const;

/** Money that somebody holds in their hand (GAP-32). A number of a check is asked for where a check is chosen. */
export function atTheDoor(total: string | undefined, shown: Shown): Markup {
  const { payment_method, amount = total ?? '', check_number = '' } = shown.typed;
  const choice = ([value, words]: (typeof doorMethods)[number]) =>
    html`<div class="choice">${tick(html`type="radio" name="payment_method" value="${value}" id="payment_method_${value}" required`, html`${words}`, payment_method === value)}
${value === 'check' && html`<div class="opens"><label for="check_number">Check no.</label><input ${fieldNamed('check_number', shown)} inputmode="numeric" maxlength="12" autocomplete="off" data-redact value="${asTyped(redact(check_number).text)}"></div>`}</div>`;
  return html`<fieldset class="card"><legend>Paid at the door</legend>
${doorMethods.map(choice)}
<label for="amount">Amount</label>
${total === undefined && html`<p class="hint" id="amount-hint">Leave it empty when all of it was paid.</p>`}
<input ${fieldNamed('amount', shown, ...(total === undefined ? ['amount-hint'] : []))} inputmode="decimal" maxlength="16" autocomplete="off" value="${asTyped(amount)}">
<button class="go">Payment taken</button></fieldset>`;
}

export function sending({ customer }: Place, email: string | null | undefined, shown: Shown): Markup {
  if (typeof email === 'string') {
    return html`<p>The invoice goes to <bdi>${email}</bdi>.</p><button class="go">Send invoice</button>`;
  }
  const isNeeded = email === null;
  return html`<label for="email">E-mail address of ${customer}</label>
<p class="hint" id="email-hint">${isNeeded ? 'There is none yet; it is kept with the customer.' : 'Only if the customer has none yet.'}</p>
<input ${fieldNamed('email', shown, 'email-hint')} type="email" inputmode="email" autocomplete="off" maxlength="254"${isNeeded && html` required`} value="${asTyped(shown.typed.email ?? '')}">
<button class="go">Send invoice</button>`;
}

const reasons = ['paid already', 'other'];

function skipping(isFree: boolean, shown: Shown): Markup {
  if (isFree) return html`<button class="go">To the calendar</button>`;
  const { reason = '', reason_more = '' } = shown.typed;
  return html`<fieldset class="card"><legend>Later</legend>
<div class="numbers">${reasons.map(text => html`<label class="tick"><input type="radio" name="reason" value="${text}"${text === reason && html` checked`}> <span>${text === 'other' ? 'Another reason' : 'Paid already'}</span></label>`)}</div>
<label for="reason_more">In a few words <small>(may stay empty)</small></label>
<input ${fieldNamed('reason_more', shown)} maxlength="300" autocomplete="off" data-redact value="${asTyped(reason_more)}">
<button class="quiet">Later: skip the invoice</button></fieldset>`;
}

/** How it is paid, as `closeout.payment_choice` takes it. Throws VALIDATION_ERROR. */
export function readPayment(typed: Typed, currency: string): Record<string, unknown> {
  const { payment_choice = '', email = '', reason = '', reason_more = '' } = typed;
  if (payment_choice === 'send_invoice') return { payment_choice, ...(email === '' ? {} : { email }) };
  if (payment_choice === 'at_door') return readDoor(typed, currency);
  if (payment_choice === 'card_now') return { payment_choice };
  if (payment_choice !== 'skip') {
    throw invalid('payment_choice', 'Say what was paid at the door. Send the invoice, or skip it.');
  }
  const said = [reason, reason_more].filter(Boolean).join(': ');
  return { payment_choice, ...(said === '' ? {} : { reason: said }) };
}

/** What was taken at the door. A number that no check was given for is none. */
function readDoor(
  { payment_choice, payment_method = '', amount = '', check_number = '' }: Typed,
  currency: string,
) {
  if (!doorMethods.some(([method]) => method === payment_method)) {
    throw invalid('payment_method_cash', 'Say how it was paid: cash, check or card.');
  }
  const isCheck = payment_method === 'check' && check_number !== '';
  if (isCheck && !/^\d{1,12}$/.test(check_number)) {
    throw invalid('check_number', 'Write the number of the check, digits only.');
  }
  const cents = amount === '' ? undefined : readCents(amount, 'amount', 'what was paid', currency);
  if (cents === 0) throw invalid('amount', 'Write how much was paid. If nothing was, choose “Later”.');
  return {
    payment_choice,
    payment_method,
    ...(cents === undefined ? {} : { amount_cents: cents }),
    ...(isCheck ? { check_number } : {}),
  };
}

/** What the close-out leaves for later, in sentences. */
export function afterwards(request: PageRequest, closeout: Closeout): string[] {
  const { time_zone } = request.identity.organization;
  const { next_ticket_id } = closeout;
  const words = nextWords(closeout, time_zone);
  if (next_ticket_id !== null && words !== undefined) return [`${words} (${next_ticket_id}).`];
  if (closeout.message_local === null) return [];
  return [`A mail goes to the customer on ${showDay(momentOf(closeout.message_local), time_zone)}.`];
}

/** What is said on the calendar when all is done. */
export function paidWords(request: PageRequest, closeout: Closeout): string {
  const { reference, work } = closeout;
  const bill = billWords(closeout);
  return [
    `${reference} is closed: ${money(closeout, work.total_cents)}.`,
    ...(work.total_cents === 0 ? [] : [bill]),
    ...afterwards(request, closeout),
  ].join(' ');
}

function billWords({ currency, payment_choice, invoice_id, customer_email, ...taken }: Closeout): string {
  if (taken.payment_cents !== null) {
    return `${takenWords(currency, taken)}: the office checks that it is there.`;
  }
  if (payment_choice === 'card_now') return `${invoice_id ?? ''} was shown to be paid by card.`;
  if (payment_choice !== 'send_invoice') return 'No invoice was sent.';
  return `Invoice ${invoice_id ?? ''} is on its way${customer_email === null ? '' : ` to ${customer_email}`}.`;
}
