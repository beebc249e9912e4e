import { invalid } from '../../core/kernel/words/errors.ts';
import { decimalsOf, formatMoney } from '../../core/kernel/words/money.ts';
import { showClock, showDay, showMoment } from '../format.ts';
import { tick } from '../forms.ts';
import { asTyped, html, type Markup } from '../html.ts';
import type { PageRequest } from '../site.ts';
import { type GoodToKnow, knownList, reachLinks, readGoodToKnow } from '../tickets/good-to-know.ts';
import { type Closeout, momentOf, money } from './closeout.ts';
import { fieldNamed, heading, type Place, type Shown, stepForm } from './step.ts';
import { readCents, readMinutes, readQuantity, type Typed } from './typed.ts';
import {
  besideTyped,
  fromCatalog,
  readServices,
  readWorkLines,
  type Service,
  totalOf,
  typedLines,
  type WorkLine,
  withTyped,
} from './work-lines.ts';

/** The first step (CLO-04): how long it took, what was done, for how much. */
export async function workPage(
  request: PageRequest,
  place: Place,
  closeout: Closeout,
  shown: Shown,
): Promise<Markup> {
  const { known, booked, services } = await readPage(request, closeout);
  const overlay = shown.problem?.isChanged ? besideTyped : withTyped;
  const lines = booked.map(line => withoutGuess(line, closeout));
  return workBody(request, {
    place,
    closeout,
    known,
    lines: overlay(lines, shown.typed, services),
    services,
    shown,
  });
}

async function readPage(request: PageRequest, closeout: Closeout) {
  const [known, booked, services] = await Promise.all([
    readGoodToKnow(request, closeout.reference),
    readWorkLines(request, closeout),
    readServices(request),
  ]);
  return { known, booked, services };
}

/** A price nobody has named yet is not nothing: its field is empty until somebody writes one. */
const withoutGuess = (line: WorkLine, { is_price_estimated }: Closeout): WorkLine =>
  is_price_estimated && line.pricing === 'flexible' && Number(line.price) === 0
    ? { ...line, price: '' }
    : line;

/** The inside of the page, with its services as they stand in the fields. */
export function workBody(
  request: PageRequest,
  {
    place,
    closeout,
    known,
    lines,
    services,
    shown,
  }: {
    place: Place;
    closeout: Closeout;
    known: GoodToKnow | undefined;
    lines: readonly WorkLine[];
    services: readonly Service[];
    shown: Shown;
  },
): Markup {
  const { currency, is_price_estimated, scheduled_local, address, work } = closeout;
  const total = lines.reduce((sum, line) => sum + totalOf(line, currency), 0);
  const { time_zone } = request.identity.organization;
  return html`${heading('work', shown)}
<p class="hint">${showMoment(momentOf(scheduled_local), time_zone)}${address !== null && html` · <bdi>${address}</bdi>`}</p>
${known && html`${reachLinks(request, known)}${knownList(request, known)}`}
${work.is_outdated && !shown.problem && html`<p class="problem" id="problem" role="alert">The services were changed since you confirmed them. They stand here as they are now; what you had confirmed stands beside.</p>`}
${stepForm(
  place,
  'work',
  shown,
  html`<input type="hidden" name="seen" value="${work.seen}">
${closeout.is_early && earlyField(request, closeout, shown)}
${duration(request, closeout, shown)}
${is_price_estimated && html`<p class="said warning" id="estimate">The price of this visit is an <b>estimate</b>. Write what it costs now that the work is done.</p>`}
${lines.map((line, index) => lineFields(line, index + 1, closeout, shown))}
${lines.length === 0 && html`<p class="empty">No services were booked. Add what was done.</p>`}
${adding(services, currency, shown)}
<p class="sum">Total <output id="total" data-currency="${currency}"${decimalsOf(currency) !== 2 && html` data-decimals="${decimalsOf(currency)}"`}>${money(closeout, total)}</output></p>
${is_price_estimated && tick(html`type="checkbox" value="1" required ${fieldNamed('price_confirmed', shown, 'estimate')}`, html`These are the final prices`, false)}
<button class="go">Go on</button>`,
)}`;
}

/** Who comes from the page that asks has answered; on a phone without signal the step asks itself. */
function earlyField(request: PageRequest, closeout: Closeout, shown: Shown): Markup {
  if (!shown.isForLater) return hidden('is_early', '1');
  return html`<div class="said warning" id="early"><p>${earlyWords(request, closeout)}</p>
${tick(html`type="checkbox" value="1" required ${fieldNamed('is_early', shown, 'early')}`, html`Yes, it is done`, false)}</div>`;
}

/** What is said of a visit of a day to come. */
export function earlyWords(request: PageRequest, { reference, scheduled_local }: Closeout): Markup {
  const day = showDay(momentOf(scheduled_local), request.identity.organization.time_zone);
  return html`${reference} is planned for <b>${day}</b>. Finish it before only if the work is done: that is final.`;
}

function duration(request: PageRequest, { work }: Closeout, shown: Shown): Markup {
  const { hours, minutes } = shown.typed;
  const field = (name: string, label: string, text: string) =>
    html`<div><label for="${name}">${label}</label><input ${fieldNamed(name, shown, 'by')} inputmode="numeric" maxlength="4" autocomplete="off" value="${asTyped(text)}"></div>`;
  return html`<fieldset><legend>How long did it take?</legend>
<div class="numbers">${field('hours', 'Hours', hours ?? String(Math.floor(work.duration_minutes / 60)))}${field('minutes', 'Minutes', minutes ?? String(work.duration_minutes % 60))}</div>
<p class="hint" id="by">${sourceOf(request, work)}</p></fieldset>`;
}

/** Where the duration that stands in the fields comes from. */
function sourceOf(request: PageRequest, { duration_from, clocked }: Closeout['work']): string {
  if (duration_from === 'confirmed') return 'As you confirmed it.';
  if (duration_from === 'plan') return 'As it was planned: nobody clocked in.';
  const { time_zone } = request.identity.organization;
  const clock = (local: string) => showClock(momentOf(local), time_zone);
  const isCrew = new Set(clocked.map(({ technician }) => technician)).size > 1;
  const spans = clocked.map(({ technician, from, to }) => {
    const span = `${clock(from)} to ${to === null ? 'now (it still runs)' : clock(to)}`;
    return isCrew ? `${technician} ${span}` : span;
  });
  return `By the clock, ${spans.join(', ')}.`;
}

function lineFields(line: WorkLine, n: number, closeout: Closeout, shown: Shown): Markup {
  const name = (part: string) => `line_${n}_${part}`;
  const isCounted = line.pricing === 'per_unit';
  const isGuess = closeout.is_price_estimated && line.pricing === 'flexible';
  const input = (part: string, label: string, mode: string, text: string) =>
    html`<div${part === 'quantity' && html` class="few"`}><label for="${name(part)}">${label}</label><input ${fieldNamed(name(part), shown, ...(isGuess && part === 'price' ? ['estimate'] : []))} inputmode="${mode}" maxlength="16" autocomplete="off" value="${asTyped(text)}"></div>`;
  return html`<fieldset class="card line${isGuess && ' guess'}" data-line="${n}"><legend>${line.description}</legend>
${line.id === '' ? hidden(name('service'), line.service) : html`${hidden(name('id'), line.id)}${hidden(name('was'), line.was)}`}
<div class="numbers">${tick(html`type="checkbox" value="1" ${fieldNamed(name('done'), shown)}`, html`Done`, line.isDone)}
${isCounted && input('quantity', 'How many', 'decimal', line.quantity)}
${input('price', isCounted ? 'Price each' : isGuess ? 'Final price' : 'Price', 'decimal', line.price)}
<p class="amount"${!isCounted && html` hidden`}><span class="unseen">Comes to </span><output id="${name('total')}">${money(closeout, totalOf(line, closeout.currency))}</output></p></div>
${line.wrote !== undefined && html`<p class="warning">You wrote: ${line.wrote}</p>`}</fieldset>
`;
}

const hidden = (name: string, value: string): Markup =>
  html`<input type="hidden" name="${name}" value="${asTyped(value)}">`;

/** One more service; the page comes back with it in the list. */
function adding(services: readonly Service[], currency: string, shown: Shown): Markup {
  const { add_service = '', add_quantity = '', add_price = '' } = shown.typed;
  const isOpen = add_service !== '' || shown.problem?.field?.startsWith('add_') === true;
  const option = (service: Service) => {
    const price = service.price_cents === null ? '' : formatMoney(service.price_cents, currency);
    const unit = service.pricing === 'per_unit' ? ` per ${service.unit ?? 'piece'}` : '';
    return html`<option value="${service.reference}"${service.reference === add_service && html` selected`}>${service.name}${price && ` (${price}${unit})`}</option>`;
  };
  return html`<details class="fold"${isOpen && html` open`}><summary>Add a service</summary>
<label for="add_service">Service</label><select ${fieldNamed('add_service', shown)}><option value="">Choose one</option>${services.map(option)}</select>
<div class="numbers"><div class="few"><label for="add_quantity">How many</label><input ${fieldNamed('add_quantity', shown, 'add-hint')} inputmode="decimal" maxlength="16" autocomplete="off" value="${asTyped(add_quantity)}"></div>
<div><label for="add_price">Price</label><input ${fieldNamed('add_price', shown, 'add-hint')} inputmode="decimal" maxlength="16" autocomplete="off" value="${asTyped(add_price)}"></div></div>
<p class="hint" id="add-hint">Leave both empty for one at the list price.</p>
<button class="quiet" name="stay" value="1" formnovalidate>Add and stay</button></details>`;
}

/** What the form says was done, as `closeout.confirm_work` takes it. Throws VALIDATION_ERROR with the field. */
export function readWork(
  typed: Typed,
  closeout: Closeout,
  names: ReadonlyMap<string, string>,
): { data: Record<string, unknown>; fields: readonly string[] } {
  const duration_minutes = readMinutes(typed.hours, typed.minutes);
  const changes = typedLines(typed)
    .filter(line => line.id !== '' || line.isDone)
    .map(line => {
      const { n, id, service, isDone, quantity, price } = line;
      const what = names.get(id === '' ? service : id) ?? `service ${n}`;
      const change = {
        ...(id === '' ? { service_id: service } : { line_id: id }),
        ...(isDone ? {} : { is_done: false }),
        ...(isDone && quantity !== undefined
          ? { quantity: readQuantity(quantity, `line_${n}_quantity`, what) }
          : {}),
        ...(isDone && price !== undefined
          ? { unit_price_cents: readCents(price, `line_${n}_price`, what, closeout.currency) }
          : {}),
      };
      return { field: `line_${n}_`, change };
    });
  const added = readAdded(typed, closeout.currency);
  const all = added ? [...changes, { field: 'add_', change: added }] : changes;
  if (closeout.is_early && typed.is_early !== '1') {
    throw invalid('is_early', 'This visit is planned for another day. Say first that it is done already.');
  }
  const isConfirmed = typed.price_confirmed === '1';
  if (closeout.is_price_estimated && !isConfirmed) {
    throw invalid(
      'price_confirmed',
      'The price is an estimate. Check each price, then tick “These are the final prices”.',
    );
  }
  return {
    data: {
      duration_minutes,
      lines: all.map(({ change }) => change),
      ...(isConfirmed ? { price_confirmed: true } : {}),
      ...(typed.seen ? { seen: typed.seen } : {}),
    },
    fields: all.map(({ field }) => field),
  };
}

function readAdded({ add_service = '', add_quantity = '', add_price = '' }: Typed, currency: string) {
  if (add_service === '') {
    if (add_quantity === '' && add_price === '') return undefined;
    throw invalid('add_service', 'Say which service is to be added, or empty its fields.');
  }
  return {
    service_id: add_service,
    ...(add_quantity === ''
      ? {}
      : { quantity: readQuantity(add_quantity, 'add_quantity', 'the added service') }),
    ...(add_price === ''
      ? {}
      : { unit_price_cents: readCents(add_price, 'add_price', 'the added service', currency) }),
  };
}

/** The field of the page that is meant by a member of what `readWork` read: `lines.2.quantity`. */
export function workField(member: string, fields: readonly string[]): string | undefined {
  const [, index = '', part = ''] = /^lines\.(\d+)(?:\.(\w+))?$/.exec(member) ?? [];
  const line = fields[Number(index)];
  if (index === '' || line === undefined) return member === 'duration_minutes' ? 'hours' : undefined;
  if (part === 'quantity') return `${line}quantity`;
  return part === 'service_id' && line === 'add_' ? 'add_service' : `${line}price`;
}

/** The page again with one more service in its list, everything else as it was typed. Throws VALIDATION_ERROR. */
export async function addAndStay(
  request: PageRequest,
  place: Place,
  closeout: Closeout,
  shown: Shown,
): Promise<Markup> {
  const { known, booked, services } = await readPage(request, closeout);
  const { add_service = '', add_quantity = '', add_price = '' } = shown.typed;
  if (add_service === '') throw invalid('add_service', 'Choose the service to be added first.');
  readAdded(shown.typed, closeout.currency);
  const service = services.find(({ reference }) => reference === add_service);
  if (!service) throw invalid('add_service', 'This service is not offered any more.');
  if (add_price === '' && service.price_cents === null) {
    throw invalid('add_price', `${service.name} has no fixed price: say what it cost.`);
  }
  if (service.pricing !== 'per_unit' && add_quantity !== '' && Number(add_quantity) !== 1) {
    throw invalid('add_quantity', `${service.name} is not priced per piece: leave “How many” empty.`);
  }
  const lines = [
    ...withTyped(
      booked.map(line => withoutGuess(line, closeout)),
      shown.typed,
      services,
    ),
    fromCatalog(service, add_quantity, add_price),
  ];
  const typed = { ...shown.typed, add_service: '', add_quantity: '', add_price: '' };
  return workBody(request, { place, closeout, known, lines, services, shown: { ...shown, typed } });
}
