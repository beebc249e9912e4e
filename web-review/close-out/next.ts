import { invalid } from '../../core/kernel/words/errors.ts';
import { showDay, showMoment } from '../format.ts';
import { tick } from '../forms.ts';
import { asTyped, html, type Markup } from '../html.ts';
import type { PageRequest } from '../site.ts';
import { addressOf, type Closeout, momentOf, monthsWords } from './closeout.ts';
import { askedFrom, type Offer, readOffer } from './slots.ts';
import { fieldNamed, heading, type Place, type Shown, stepForm } from './step.ts';
import { ofStep, type Typed } from './typed.ts';

/** What the step shows of the close-out; a phone without signal has none of it. */
export interface NextFacts {
  /** What stands in the fields before anybody types. */
  chosen: Typed;
  timeZone: string;
  offer?: Offer | undefined;
  /** Undefined when nobody knows whether there is an address. */
  hasEmail?: boolean;
  /** Without signal no times can be looked up. */
  isOffline?: boolean;
}

/** The third step (CLO-06): book, leave it, or write in some months. */
export async function nextPage(
  request: PageRequest,
  place: Place,
  closeout: Closeout,
  shown: Shown,
): Promise<Markup> {
  const from = shown.problem?.free ? undefined : askedFrom(request);
  const chosen = from ? { ...chosenOf(closeout), next_service: 'yes', slot: '' } : chosenOf(closeout);
  return nextBody(
    place,
    {
      chosen,
      timeZone: request.identity.organization.time_zone,
      offer: from && (await readOffer(request, closeout, from)),
      hasEmail: closeout.customer_email !== null,
    },
    shown,
  );
}

function chosenOf({ next_service, reach_out_months, appointment, appointment_local }: Closeout): Typed {
  return {
    ...(next_service === null ? {} : { next_service }),
    ...(reach_out_months === null ? {} : { months: String(reach_out_months) }),
    ...(appointment_local === null ? {} : { when: momentOf(appointment_local).slice(0, 16) }),
    ...(appointment?.notify_customer === true ? { notify: '1' } : {}),
  };
}

export function nextBody(place: Place, facts: NextFacts, shown: Shown): Markup {
  const own = ofStep(shown.typed, 'next');
  const typed = Object.keys(own).length > 0 ? own : facts.chosen;
  const choice = (value: string, words: string, more?: Markup) =>
    html`<div class="card choice">${tick(html`type="radio" name="next_service" value="${value}" id="next_${value}" required`, html`${words}`, typed.next_service === value)}
${more && html`<div class="opens">${more}</div>`}</div>`;
  return html`${heading('next', shown)}
${!facts.isOffline && html`<form method="get" action="${addressOf(place.reference, 'next')}" id="times"></form>`}
${stepForm(
  place,
  'next',
  shown,
  html`<fieldset id="next_service"${shown.problem?.field === 'next_service' && html` aria-describedby="problem"`}><legend class="unseen">What comes next</legend>
${choice('yes', 'Book the next visit', booking(place, facts, typed, shown))}
${choice('no', 'No follow-up needed')}
${choice('reach_out', 'Write to the customer in some months', reaching(place, facts, typed, shown))}</fieldset>
<button class="go">Go on</button>`,
)}`;
}

const soon = [1, 3, 6, 12];

function booking(place: Place, facts: NextFacts, typed: Typed, shown: Shown): Markup {
  const { offer, hasEmail, isOffline } = facts;
  const times = shown.problem?.free ?? offer?.slots;
  const link = (months: number) =>
    html`<a class="button quiet" href="${addressOf(place.reference, 'next')}?in=${months}">${monthsWords(months)}</a> `;
  return html`${
    !isOffline &&
    html`<div role="group" aria-labelledby="in"><p id="in">Free times in</p><p class="buttons">${soon.map(link)}</p></div>
<div class="numbers"><div><label for="on">or from a day on</label><input id="on" name="on" type="date" form="times" value="${offer?.from.toString() ?? ''}"></div><button class="quiet" form="times">Show<span class="unseen"> free times</span></button></div>`
  }
${times && slotChoice(times, facts, typed, shown)}
<label for="when">${times && times.length > 0 ? 'The other time' : 'Day and time of the next visit'}</label><input ${fieldNamed('when', shown)} type="datetime-local" value="${asTyped(typed.when ?? '')}">
${hasEmail !== false && tick(html`type="checkbox" name="notify" id="notify" value="1"`, html`Tell ${place.customer} by e-mail`, typed.notify === '1')}`;
}

function slotChoice(
  times: readonly { starts_at: string }[],
  { timeZone, offer }: NextFacts,
  typed: Typed,
  shown: Shown,
): Markup {
  if (times.length === 0) {
    const day =
      offer && showDay(offer.from.toZonedDateTime({ timeZone, plainTime: '12:00' }).toInstant(), timeZone);
    return html`<p class="warning">There is no free time in the week from ${day ?? 'then'} on. Choose another day.</p>`;
  }
  const isKnown = times.some(({ starts_at }) => starts_at === typed.slot);
  return html`<fieldset id="slot"><legend>${shown.problem?.free ? 'Free instead' : 'Free times'}</legend>
${times.map(({ starts_at }, index) => tick(html`type="radio" name="slot" value="${starts_at}" id="slot_${index + 1}"`, html`<time datetime="${starts_at}">${showMoment(starts_at, timeZone)}</time>`, starts_at === typed.slot))}
${tick(html`type="radio" name="slot" value="other" id="slot_other"`, html`Another time`, !isKnown && (typed.when ?? '') !== '')}</fieldset>`;
}

const usualMonths = [1, 2, 3, 6, 9, 12];

function reaching(place: Place, { hasEmail }: NextFacts, typed: Typed, shown: Shown): Markup {
  const { months = '6', months_other = '' } = typed;
  const isUsual = usualMonths.includes(Number(months));
  return html`${hasEmail === false && html`<p class="warning" id="no-email">${place.customer} has no e-mail address yet. Without one the mail cannot go out.</p>`}
<label for="months">In how many months?</label><select ${fieldNamed('months', shown, ...(hasEmail === false ? ['no-email'] : []))}>${usualMonths.map(count => html`<option value="${count}"${isUsual && String(count) === months && html` selected`}>${monthsWords(count)}</option>`)}</select>
<label for="months_other">or another number of months</label><input ${fieldNamed('months_other', shown)} inputmode="numeric" maxlength="4" autocomplete="off" value="${asTyped(months_other || (isUsual ? '' : months))}">`;
}

/** What follows, as `closeout.set_next_service` takes it. Throws VALIDATION_ERROR. */
export function readNext(typed: Typed): Record<string, unknown> {
  const { next_service = '', slot = '', when = '', months = '', months_other = '', notify = '' } = typed;
  if (next_service === 'no') return { next_service };
  if (next_service === 'reach_out') {
    const text = months_other || months;
    const count = /^\d{1,2}$/.test(text) ? Number(text) : 0;
    if (count >= 1 && count <= 60) return { next_service, reach_out_months: count };
    throw invalid(months_other === '' ? 'months' : 'months_other', 'Write a number of months from 1 to 60.');
  }
  if (next_service !== 'yes') throw invalid('next_service', 'Choose what comes next.');
  // Of the times that are offered one is chosen, or "Another time".
  const scheduled_at = slot === '' || slot === 'other' ? when : slot;
  if (scheduled_at === '') throw invalid('when', 'Say when the next visit is.');
  return {
    next_service,
    appointment: { scheduled_at, ...(notify === '' ? {} : { notify_customer: true }) },
  };
}
