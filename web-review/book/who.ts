import { withoutReference } from '../../core/kernel/records/reference.ts';
import { shorten, showDuration, visitWords } from '../format.ts';
import { asTyped, html, type Markup } from '../html.ts';
import { mayDo, type PageRequest } from '../site.ts';
import { problemAt } from './problem.ts';
import type { Booking, Customer, Typed } from './state.ts';

/** Who is visited: a known customer, found by any words, or a new one. */
export function customerPart(request: PageRequest, booking: Booking): Markup {
  const { customer } = booking;
  return html`<section class="card" id="part-who" aria-labelledby="who-title"><h2 id="who-title">Customer</h2>
${problemAt(booking, 'customer')}
${customer ? chosen(request, customer) : choosing(request, booking)}</section>`;
}

function chosen(request: PageRequest, customer: Customer): Markup {
  const { time_zone } = request.identity.organization;
  const { reference, full_name, phone, attributes, last_visit, next_visit } = customer;
  // `AT-1001 pet: dog`: the number says nothing here.
  const facts = attributes.slice(0, 4).map(words => withoutReference(words).replaceAll('_', ' '));
  return html`<input type="hidden" name="contact" value="${reference}">
<p><a class="main" href="/contacts/${reference}"><bdi>${shorten(full_name, 120)}</bdi></a>${phone !== null && html` · <bdi class="ref">${phone}</bdi>`}</p>
${facts.length > 0 && html`<p class="hint"><bdi>${facts.join(' · ')}</bdi></p>`}
${last_visit !== null && html`<p class="hint">Last visit ${visitWords(last_visit.local, time_zone)}: ${last_visit.services.join(', ') || 'no services'}, ${durationWords(last_visit.duration)}</p>`}
${next_visit && html`<p class="warning">Already booked: <a href="/tickets/${next_visit.reference}">${visitWords(next_visit.local, time_zone)}</a></p>`}
<button name="step" value="other" class="plain quiet" data-parts="who where times last">Another customer</button>`;
}

/** `1h50m` is `110 min`, as everywhere. */
function durationWords(short: string): string {
  const [, hours = '0', minutes = '0'] = /^(?:(\d+)h)?(?:(\d+)m)?$/.exec(short) ?? [];
  return showDuration(Number(hours) * 60 + Number(minutes));
}

function choosing(request: PageRequest, booking: Booking): Markup {
  const { typed, problem } = booking;
  const isNew = ['new_name', 'new_phone', 'new_email'].some(
    name => (typed[name] ?? '') !== '' || problem?.field === name,
  );
  return html`<label for="customer">Name, phone, street or town</label>
<div class="row"><input id="customer" name="customer" type="search" maxlength="200" autocomplete="off" data-redact data-find value="${asTyped(typed.customer ?? '')}"> <button name="step" value="find" class="plain quiet" data-parts="found">Find</button></div>
${foundPart(booking)}
${
  mayDo(request, 'contact.create') &&
  html`<details class="fold"${isNew && html` open`}><summary>New customer</summary><div class="fields">
${newField(booking, 'new_name', 'Name')}${newField(booking, 'new_phone', 'Phone', 'tel')}${newField(booking, 'new_email', 'E-mail', 'email')}</div></details>`
}`;
}

/** Whom the words found; a press chooses. */
function foundPart({ found, typed }: Booking): Markup {
  return html`<div id="part-found" role="status">${found?.length === 0 && html`<p class="hint">Nobody is found for “<bdi>${shorten(typed.customer ?? '', 60)}</bdi>”: try fewer letters, or a new customer.</p>`}
<ul class="plain found">${found?.map(
    ({ reference, full_name, phone, addresses: [place] }) =>
      html`<li><button name="choose" value="${reference}" class="plain quiet" data-parts="who where times sum last"><bdi>${shorten(full_name, 80)}</bdi> <small><bdi>${[place?.line1, place?.city, phone].filter(Boolean).join(' · ')}</bdi></small></button></li>\n`,
  )}</ul></div>`;
}

function newField(booking: Booking, name: string, label: string, mode?: 'tel' | 'email'): Markup {
  const isWrong = booking.problem?.field === name;
  return html`<div><label for="${name}">${label}</label>
<input id="${name}" name="${name}" maxlength="254" autocomplete="off" data-redact${mode && html` inputmode="${mode}"`}${isWrong && html` aria-invalid="true" aria-describedby="problem"`} value="${asTyped(booking.typed[name] ?? '')}">
${problemAt(booking, name)}</div>`;
}

const placeFields: readonly (readonly [name: string, label: string])[] = [
  ['line1', 'Street'],
  ['city', 'Town'],
  ['state', 'State'],
  ['postal_code', 'ZIP code'],
];

/** Where: one of the customer's addresses, or a new one. */
export function placePart(booking: Booking): Markup {
  const { typed, customer } = booking;
  const places = customer?.addresses ?? [];
  const chosenPlace = typed.place ?? places[0]?.reference ?? '';
  const isNew = chosenPlace === 'new' || hasPlace(typed);
  return html`<section class="card" id="part-where" aria-labelledby="where-title"><h2 id="where-title">Where</h2>
${problemAt(booking, 'place')}
${places.map(
  ({ reference, address }) =>
    html`<label class="tick"><input type="radio" name="place" value="${reference}"${!isNew && reference === chosenPlace && html` checked`}> <span><bdi>${shorten(address, 160)}</bdi></span></label>\n`,
)}
${places.length > 0 && html`<label class="tick"><input type="radio" name="place" value="new"${isNew && html` checked`}> <span>Another address</span></label>`}
<details class="fold"${(isNew || places.length === 0) && html` open`}><summary>${places.length === 0 ? 'Address' : 'The other address'}</summary><div class="fields">${placeFields.map(
    ([name, label]) =>
      html`<div><label for="${name}">${label}</label><input id="${name}" name="${name}" maxlength="200" autocomplete="off" data-redact${booking.problem?.field === name && html` aria-invalid="true" aria-describedby="problem"`} value="${asTyped(typed[name] ?? '')}">${problemAt(booking, name)}</div>`,
  )}</div></details></section>`;
}

/** Whether an address was typed. */
export const hasPlace = (typed: Typed): boolean => placeFields.some(([name]) => (typed[name] ?? '') !== '');

/** The address that was typed, without what is empty. */
export const typedPlace = (typed: Typed): Record<string, string> =>
  Object.fromEntries(placeFields.flatMap(([name]) => (typed[name] ? [[name, typed[name] ?? '']] : [])));
