import { invalid } from '../../core/kernel/words/errors.ts';
import { showDay } from '../format.ts';
import { asTyped, html, type Markup } from '../html.ts';
import type { PageRequest } from '../site.ts';
import { addressOf, type Closeout, momentOf, money, nextWords } from './closeout.ts';
import { fieldNamed, heading, type Place, type Shown } from './step.ts';
import type { Typed } from './typed.ts';

/** What is to be paid, and where the bill would go. */
export interface Bill {
  /** Said on top: that the visit is closed. */
  done: Markup;
  isFree: boolean;
  /** Undefined when nobody knows it: a phone without signal. */
  email?: string | null;
}

/** The fifth step (CLO-09): the invoice is sent now, or not. */
export function paymentPage(visit: PageRequest, place: Place, closeout: Closeout, shown: Shown): Markup {
  const { reference, work, customer_email } = closeout;
  const done = html`<b>Done.</b> ${reference} is closed: ${money(closeout, work.total_cents)}.${afterwards(visit, closeout).map(words => ` ${words}`)}`;
  return paymentBody(place, { done, isFree: work.total_cents === 0, email: customer_email }, shown);
}

export function paymentBody(place: Place, { done, isFree, email }: Bill, shown: Shown): Markup {
  const form = (choice: string, inside: Markup) =>
    html`<form method="post" action="${addressOf(place.reference, 'payment')}">${place.fields}<input type="hidden" name="payment_choice" value="${choice}">
${inside}</form>`;
  return html`${heading('payment', shown)}
<p class="said" role="status">${done}</p>
${isFree ? html`<p>There is nothing to be paid.</p>` : form('send_invoice', sending(place, email, shown))}
${form('skip', skipping(isFree, shown))}`;
}

function sending({ customer }: Place, email: string | null | undefined, shown: Shown): Markup {
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
  return html`<fieldset class="card"><legend>No invoice now</legend>
<div class="numbers">${reasons.map(text => html`<label class="tick"><input type="radio" name="reason" value="${text}"${text === reason && html` checked`}> <span>${text === 'other' ? 'Another reason' : 'Paid already'}</span></label>`)}</div>
<label for="reason_more">In a few words <small>(may stay empty)</small></label>
<input ${fieldNamed('reason_more', shown)} maxlength="300" autocomplete="off" data-redact value="${asTyped(reason_more)}">
<button class="quiet">Skip the invoice</button></fieldset>`;
}

/** How it is paid, as `closeout.payment_choice` takes it. Throws VALIDATION_ERROR. */
export function readPayment(typed: Typed): Record<string, unknown> {
  const { payment_choice = '', email = '', reason = '', reason_more = '' } = typed;
  if (payment_choice === 'send_invoice') return { payment_choice, ...(email === '' ? {} : { email }) };
  if (payment_choice !== 'skip') throw invalid('payment_choice', 'Send the invoice, or skip it.');
  const said = [reason, reason_more].filter(Boolean).join(': ');
  return { payment_choice, ...(said === '' ? {} : { reason: said }) };
}

/** What the close-out leaves for later, in sentences. */
export function afterwards(visit: PageRequest, closeout: Closeout): string[] {
  const { time_zone } = visit.identity.organization;
  const { next_ticket_id } = closeout;
  const words = nextWords(closeout, time_zone);
  if (next_ticket_id !== null && words !== undefined) return [`${words} (${next_ticket_id}).`];
  if (closeout.message_local === null) return [];
  return [`A mail goes to the customer on ${showDay(momentOf(closeout.message_local), time_zone)}.`];
}

/** What is said on the calendar when all is done. */
export function paidWords(visit: PageRequest, closeout: Closeout): string {
  const { reference, work, payment_choice, invoice_id, customer_email } = closeout;
  const bill =
    payment_choice === 'send_invoice'
      ? `Invoice ${invoice_id ?? ''} is on its way${customer_email === null ? '' : ` to ${customer_email}`}.`
      : 'No invoice was sent.';
  return [
    `${reference} is closed: ${money(closeout, work.total_cents)}.`,
    ...(work.total_cents === 0 ? [] : [bill]),
    ...afterwards(visit, closeout),
  ].join(' ');
}
