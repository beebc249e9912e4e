import { formatMoney, readMoney } from '../../core/kernel/words/money.ts';
import { phoneLink, shorten, showClock, showDuration, showMoment, visitWords } from '../format.ts';
import { formFields } from '../forms.ts';
import { asTyped, html, type Markup } from '../html.ts';
import type { PageRequest } from '../site.ts';
import { amountFields, serviceSelect } from '../tickets/price-list.ts';
import { problemAt } from './problem.ts';
import { type Booking, chosenLines, lineCount, momentIn, mostLines } from './state.ts';
import { customerPart, placePart } from './who.ts';

/**
 * The whole booking on one form: who, where, what, when and who goes. Every button but the last one only shows the form again
 * with what stands in it, so it works without JavaScript; with it the parts follow by themselves.
 */
export function bookingForm(request: PageRequest, booking: Booking): Markup {
  const { typed } = booking;
  return html`<form method="post" action="/book" class="book" id="book-form">${formFields(request)}
<button name="step" value="look" class="enter" tabindex="-1" aria-hidden="true">Show</button>
${customerPart(request, booking)}
${placePart(booking)}
${linesPart(booking)}
${timePart(request, booking)}
<section class="card" aria-labelledby="notes-title"><h2 id="notes-title">Notes</h2>
<label for="notes">For whoever goes</label>
<textarea id="notes" name="notes" rows="2" maxlength="4000" dir="auto" data-redact>
${asTyped(typed.notes ?? '')}</textarea></section>
${lastPart(request, booking)}
</form>`;
}

function linesPart(booking: Booking): Markup {
  const { typed, offered } = booking;
  const count = lineCount(typed);
  return html`<section class="card" id="part-lines" aria-labelledby="lines-title"><h2 id="lines-title">What</h2>
<input type="hidden" name="lines" value="${count}">
${offered.length === 0 && html`<p class="hint">The price list is empty: the visit can be booked without a service. <a href="/records/services/new">Add a service</a></p>`}
${Array.from({ length: count }, (_, index) => {
  const at = index + 1;
  const isWrong = [`service-${at}`, `quantity-${at}`, `price-${at}`].includes(booking.problem?.field ?? '');
  return html`<div class="line">${serviceSelect(offered, { id: `service-${at}`, chosen: typed[`service-${at}`] ?? '', label: at === 1 ? 'Service' : `Service ${at}`, isWrong })}
${amountFields({ suffix: `-${at}`, quantity: typed[`quantity-${at}`] ?? '', price: typed[`price-${at}`] ?? '' })}
${isWrong && html`<p class="problem" role="alert">${booking.problem?.words}</p>`}</div>\n`;
})}
${count < mostLines && html`<button name="step" value="line" class="plain quiet" data-parts="lines sum">Another service</button>`}
${sumLine(booking)}</section>`;
}

/** What it comes to as the price list has it, and how long it takes. */
function sumLine({ typed, offered, minutes }: Booking): Markup {
  const currency = offered[0]?.currency ?? 'USD';
  let cents = 0;
  let isOpen = false;
  for (const { at, service } of chosenLines(typed)) {
    const found = offered.find(({ reference }) => reference === service);
    const given = readMoney((typed[`price-${at}`] ?? '').replace(/\s/g, ''), currency);
    const each = given ?? found?.price_cents ?? undefined;
    const quantity = Number(typed[`quantity-${at}`] || 1);
    if (each === undefined || !Number.isFinite(quantity)) isOpen = true;
    else cents += Math.round(each * quantity);
  }
  return html`<p id="part-sum" role="status">${cents > 0 && html`<b>${isOpen && 'from '}${formatMoney(cents, currency)}</b> · `}${showDuration(minutes)}</p>`;
}

function timePart(request: PageRequest, booking: Booking): Markup {
  const { typed, technicians, problem } = booking;
  const technician = typed.technician ?? 'any';
  const option = (value: string, label: string) =>
    html`<option value="${value}"${value === technician && html` selected`}>${label}</option>`;
  const isWrong = problem?.field === 'time' && html` aria-invalid="true" aria-describedby="problem"`;
  return html`<section class="card" id="part-when" aria-labelledby="when-title"><h2 id="when-title">When, and who goes</h2>
${problemAt(booking, 'time')}${busyButtons(booking)}
<div class="fields"><div><label for="date">Day</label><input id="date" name="date" type="date" value="${asTyped(typed.date ?? '')}"${isWrong}></div>
<div><label for="time">Time</label><input id="time" name="time" type="time" value="${asTyped(typed.time ?? '')}"${isWrong}></div>
<div><label for="technician">Who goes</label><select id="technician" name="technician">${option('any', 'whoever is free')}${technicians.map(({ id, name }) => option(id, name))}${option('', 'nobody yet')}</select></div>
<div><label for="minutes">Minutes</label><input id="minutes" name="minutes" inputmode="numeric" maxlength="4" autocomplete="off" placeholder="${booking.minutes}" value="${asTyped(typed.minutes ?? '')}"></div>
${repeatField(booking)}</div>
${freeTimes(request, booking)}</section>`;
}

/** How often it comes again, chosen or in words. */
function repeatField(booking: Booking): Markup {
  const isWrong =
    booking.problem?.field === 'repeat' && html` aria-invalid="true" aria-describedby="problem"`;
  return html`<div><label for="repeat">Comes again</label><input id="repeat" name="repeat" list="repeats" maxlength="200" autocomplete="off" placeholder="once" value="${asTyped(booking.typed.repeat ?? '')}"${isWrong}>
<datalist id="repeats">${usualRepeats.map(words => html`<option value="${words}"></option>`)}</datalist>${problemAt(booking, 'repeat')}</div>`;
}

const usualRepeats = [
  ...['every week', 'every 2 weeks', 'every 4 weeks', 'every 6 weeks', 'every 8 weeks'],
  ...['every month', 'every 3 months', 'every 6 months', 'every year'],
];

/** Who could go at the time that is taken: a press chooses them. */
function busyButtons({ problem, technicians }: Booking): Markup | false {
  const could = technicians.filter(({ name }) => problem?.could?.includes(name));
  if (could.length === 0) return false;
  return html`<p class="buttons">${could.map(({ id, name }) => html`<button name="send" value="${id}" class="plain quiet" data-parts="when last">Send ${name} then</button> `)}</p>`;
}

function freeTimes(request: PageRequest, { problem, slots, customer }: Booking): Markup {
  const { time_zone } = request.identity.organization;
  const shown = problem?.slots ?? slots;
  const liked = customer && typeof customer.preferences !== 'string' ? likes(customer.preferences) : '';
  return html`<div id="part-times"><p class="hint" id="free-title">${shown.length === 0 ? 'No free time in the week from that day: choose another day or person.' : 'Free times'}${liked !== '' && html` · likes <bdi>${liked}</bdi>`}</p>
<div class="buttons times" role="group" aria-labelledby="free-title">${shown.map(
    ({ starts_at, technician }) =>
      html`<button name="at" value="${starts_at}" class="plain quiet" data-parts="when last">${showMoment(starts_at, time_zone).replace(/, \d{4},/, ',')} <small>${technician}</small></button> `,
  )}</div>
<button name="step" value="look" class="plain quiet" data-parts="times sum last">Show free times</button></div>`;
}

/** `mornings, tue or thu`, as far as it says something by itself. */
function likes(preferences: Readonly<Record<string, unknown>>): string {
  const { time_of_day, days, note } = preferences;
  return [
    typeof time_of_day === 'string' && time_of_day !== 'any' && `${time_of_day}s`,
    Array.isArray(days) && days.join(' or '),
    typeof note === 'string' && shorten(note, 80),
  ]
    .filter(Boolean)
    .join(', ');
}

function lastPart(request: PageRequest, booking: Booking): Markup {
  const { typed, customer, minutes } = booking;
  const { time_zone, country } = request.identity.organization;
  const at = momentIn(typed, time_zone);
  const email = customer ? customer.email : (typed.new_email ?? '') || null;
  const phone = customer?.phone ?? null;
  return html`<section id="part-last">
${at !== undefined && html`<p class="lead">${showMoment(at, time_zone)} to ${showClock(new Date(Date.parse(at) + minutes * 60_000).toISOString(), time_zone)}</p>`}
<label class="tick"><input type="checkbox" name="tell" value="yes"${typed.tell === 'yes' && html` checked`}> <span>Tell the customer by e-mail${email !== null && html` (<bdi>${email}</bdi>)`}</span></label>
${customer && email === null && html`<p class="hint">There is no e-mail address${phone !== null && html`: call ${/^\+\d+$/.test(phone) ? phoneLink(phone, country) : phone}`}.</p>`}
${booking.problem?.field === 'page' && html`<p class="problem" role="alert">${visitWords(booking.problem.words, time_zone)}</p>`}
<p class="buttons"><button name="step" value="book">Book the visit</button></p></section>`;
}
