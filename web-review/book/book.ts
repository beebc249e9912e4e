import { z } from 'zod';
import type { Outcome } from '../../core/kernel/pipeline/invocation.ts';
import { DeskhandError, invalid } from '../../core/kernel/words/errors.ts';
import { allForPeople } from '../for-people.ts';
import { momentWords, showMoment } from '../format.ts';
import { submitPart, typedTexts } from '../forms.ts';
import { html } from '../html.ts';
import { refusedBecause } from '../records/draft.ts';
import { type Answer, mayDo, type PageRequest } from '../site.ts';
import { toldWords } from '../tickets/cancel.ts';
import { readAmounts } from '../tickets/price-list.ts';
import { saidOf } from '../undo.ts';
import { bookingForm } from './form.ts';
import {
  chosenLines,
  lineCount,
  momentIn,
  type Problem,
  readBooking,
  type Typed,
  typedByAddress,
} from './state.ts';
import { hasPlace, typedPlace } from './who.ts';

/** `/book?date=2026-11-24&time=09:00&technician=…&contact=C-1001`: everything a booking needs, on one page. */
export async function showBook(request: PageRequest): Promise<Answer> {
  requireBooking(request);
  return bookPage(request, typedByAddress(request));
}

function requireBooking(request: PageRequest): void {
  if (mayDo(request, 'ticket.create')) return;
  throw new DeskhandError('NOT_FOUND', 'There is nothing at this address.');
}

async function bookPage(request: PageRequest, typed: Typed, problem?: Problem): Promise<Answer> {
  const form = bookingForm(request, await readBooking(request, typed, problem));
  // For the script of an open page the form is enough.
  if (typed.part === '1') return { fragment: form };
  return {
    title: 'Book a visit',
    status: problem?.status ?? 200,
    scripts: ['redact.js', 'book.js'],
    body: html`<h1>Book a visit</h1>
${form}`,
  };
}

/** A button of the form: most show it again with what stands in it, the last one books. */
export async function bookFromForm(request: PageRequest): Promise<Answer> {
  requireBooking(request);
  const typed = pressed(request, typedTexts(request));
  if (typed.step !== 'book' || typed.part === '1') return bookPage(request, typed);
  const known: Record<string, string> = { ...typed };
  try {
    return await book(request, known);
  } catch (error) {
    const { field, problem, status } = refusedBecause(error);
    return bookPage(request, known, { field: fieldFor(field, known), words: problem, status });
  }
}

/** What stands in the form after a button that chooses something. */
function pressed(request: PageRequest, typed: Record<string, string>): Typed {
  const { choose, at, send, step } = typed;
  if (choose) return { ...typed, contact: choose, step: '' };
  if (send) return { ...typed, technician: send, step: '' };
  if (step === 'other') return { ...typed, contact: '', customer: '', place: '' };
  if (step === 'line') return { ...typed, lines: String(lineCount(typed) + 1) };
  if (!at || Number.isNaN(Date.parse(at))) return typed;
  const local = request.site
    .clock()
    .toZonedDateTimeISO(request.identity.organization.time_zone)
    .add({ milliseconds: Date.parse(at) - request.site.clock().epochMilliseconds })
    .round({ smallestUnit: 'minute' });
  return { ...typed, date: local.toPlainDate().toString(), time: local.toString().slice(11, 16), step: '' };
}

/** Where on the form a refusal of the core is said. */
function fieldFor(field: string | undefined, typed: Typed): string {
  const [, line, member = ''] = /^lines\.(\d+)\.(\w+)/.exec(field ?? '') ?? [];
  if (line !== undefined) {
    const at = chosenLines(typed)[Number(line)]?.at ?? 1;
    return `${{ unit_price_cents: 'price', quantity: 'quantity' }[member] ?? 'service'}-${at}`;
  }
  const here: Readonly<Record<string, string>> = {
    scheduled_at: 'time',
    technician_id: 'time',
    technician_ids: 'time',
    duration_minutes: 'time',
    address_id: 'place',
    contact_id: 'customer',
    full_name: 'new_name',
    phone: 'new_phone',
    email: 'new_email',
    rule: 'repeat',
    repeat: 'repeat',
  };
  const own = ['customer', 'time', 'place', 'new_name', 'line1', 'city', 'state', 'postal_code'];
  if (field === undefined) return 'page';
  return here[field] ?? (own.includes(field) || /^(service|quantity|price)-/.test(field) ? field : 'page');
}

const made = z.object({
  reference: z.string(),
  scheduled_at: z.string().optional(),
  repeats: z.string().optional(),
});

/**
 * Books it: a new customer and a new address first, each once however often the button is pressed. `typed` learns of them, so
 * that what is refused after them does not make them again.
 */
async function book(request: PageRequest, typed: Record<string, string>): Promise<Answer> {
  const { time_zone, currency } = request.identity.organization;
  const lines = chosenLines(typed).map(({ at, service }) => ({
    service_id: service,
    ...readAmounts(typed, `-${at}`, currency),
  }));
  if (!typed.contact && !typed.new_name) {
    throw invalid('customer', typed.customer ? 'Choose the customer who is meant.' : 'Say who is visited.', {
      hint: 'Find a customer, or add a new one.',
    });
  }
  if (momentIn(typed, time_zone) === undefined) throw invalid('time', 'Say the day and the time.');
  const { minutes } = await readBooking(request, typed);
  const warnings = await addCustomer(request, typed);
  warnings.push(...(await addPlace(request, typed)));
  const outcome = await bookVisit(request, typed, {
    contact_id: typed.contact,
    ...(typed.place && typed.place !== 'new' ? { address_id: typed.place } : {}),
    ...(lines.length > 0 ? { lines } : {}),
    scheduled_at: `${typed.date}T${typed.time}`,
    duration_minutes: minutes,
    ...(typed.notes ? { notes: typed.notes } : {}),
    notify_customer: typed.tell === 'yes',
  });
  const answer = answered.parse(outcome.data);
  const ticket = answer.ticket ?? (answer.booked === undefined ? made.parse(outcome.data) : undefined);
  if (!ticket) return bookPage(request, typed, takenProblem(request, answer));
  const series = answer.series ?? (typed.repeat ? ticket : undefined);
  // A rule may begin later than on the day that was chosen: every second Tuesday, from a Wednesday on.
  const begins = showMoment(ticket.scheduled_at ?? momentIn(typed, time_zone) ?? '', time_zone);
  const when = series ? `${begins}, and again ${answer.repeats ?? series.repeats ?? ''}` : begins;
  const who = answer.who_goes === undefined ? '' : ` ${answer.who_goes} goes.`;
  const done = `Booked for ${when}.${who} ${toldWords(answer.customer_told ?? '')}`.trim();
  return {
    redirect: `${answer.visits ? '/records/series' : '/tickets'}/${ticket.reference}`,
    said: { ...saidOf(outcome, done), warnings: allForPeople([...warnings, ...outcome.warnings]) },
  };
}

const answered = z.object({
  booked: z.boolean().optional(),
  ticket: made.optional(),
  /** Of a visit that comes again. */
  series: made.optional(),
  repeats: z.string().optional(),
  visits: z.array(z.string()).optional(),
  who_goes: z.string().optional(),
  customer_told: z.string().optional(),
  busy: z.array(z.string()).optional(),
  free_then: z.array(z.string()).optional(),
  slots: z.array(z.object({ starts_at: z.string(), free: z.array(z.string()) })).optional(),
});

/** Nobody chosen goes as nobody; a technician, or whoever is free, is found by the core, which says who is busy else. */
function bookVisit(request: PageRequest, typed: Typed, data: Record<string, unknown>): Promise<Outcome> {
  const { technician = 'any', repeat = '' } = typed;
  if (technician === '' && repeat !== '') {
    const { scheduled_at: _at, ...facts } = data;
    const plan = { rule: repeat, starts_on: typed.date, start_time: typed.time };
    return submitPart(request, 'series.create', { ...facts, ...plan });
  }
  if (technician === '') return submitPart(request, 'ticket.create', data);
  const who = technician === 'any' ? {} : { technician_id: technician };
  const again = repeat === '' ? {} : { repeat };
  return submitPart(request, 'schedule_appointment', { ...data, ...who, ...again });
}

/** Why the time cannot be had, who else could go, and the nearest times. */
function takenProblem(
  request: PageRequest,
  { busy = [], free_then = [], slots = [] }: z.infer<typeof answered>,
): Problem {
  const { time_zone } = request.identity.organization;
  const why =
    busy.length > 0 ? `${busy.join('; ').replace(/«(.*?)»/g, '($1)')}.` : 'Nobody takes visits then.';
  return {
    field: 'time',
    words: momentWords(`Nothing is booked yet: ${why}`, time_zone),
    status: 409,
    could: free_then,
    slots: slots.map(({ starts_at, free }) => ({ starts_at, technician: free[0] ?? '' })),
  };
}

async function addCustomer(request: PageRequest, typed: Record<string, string>): Promise<string[]> {
  const { contact, new_name: full_name = '', new_phone: phone, new_email: email } = typed;
  if (contact) return [];
  const { data, warnings } = await submitPart(request, 'contact.create', {
    full_name,
    ...(phone ? { phone } : {}),
    ...(email ? { email } : {}),
  });
  typed.contact = made.parse(data).reference;
  return warnings;
}

async function addPlace(request: PageRequest, typed: Record<string, string>): Promise<string[]> {
  if (!hasPlace(typed) || (typed.place && typed.place !== 'new')) {
    if (typed.place === 'new') throw invalid('line1', 'Write the street.');
    return [];
  }
  if (!typed.line1) throw invalid('line1', 'Write the street.');
  const { data, warnings } = await submitPart(request, 'address.create', {
    contact_id: typed.contact,
    ...typedPlace(typed),
  });
  typed.place = made.parse(data).reference;
  for (const name of Object.keys(typedPlace(typed))) delete typed[name];
  return warnings;
}
