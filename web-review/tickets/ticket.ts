import { z } from 'zod';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { formatMoney } from '../../core/kernel/words/money.ts';
import { codeLink } from '../close-out/card.ts';
import {
  badge,
  type Fact,
  factList,
  momentWords,
  phoneLink,
  prose,
  shorten,
  showClock,
  showDuration,
  showMoment,
  timeTag,
} from '../format.ts';
import { historyEntry, historyList } from '../history.ts';
import { type Content, html, type Markup } from '../html.ts';
import { invoiceLine } from '../invoices/invoice.ts';
import { currentOf } from '../quick-action.ts';
import { mayDo, mayRead, type Page, type PageRequest, readList, readMaybe, recordOf } from '../site.ts';
import { answerSection } from './answer.ts';
import { clockSection, closeOutLink, hasBegun, workedTimes } from './clock.ts';
import { directionsLink, type GoodToKnow, knownList, readGoodToKnow } from './good-to-know.ts';
import { openVisitFor, isOpen as stillOpen } from './heading.ts';
import { type NoteDraft, notesSection, readNotes } from './notes.ts';
import { rebookForm } from './rebook.ts';
import { gapsLink, soonerLink, waitingFor } from './sooner.ts';

const ticketRow = z.object({
  id: z.string(),
  reference: z.string(),
  contact_id: z.string(),
  address_id: z.string().nullable(),
  status: z.string(),
  confirmation_status: z.string(),
  asked_for_at: z.string().nullable(),
  customer_words: z.string().nullable(),
  scheduled_at: z.string(),
  ends_at: z.string(),
  duration_minutes: z.number(),
  actual_minutes: z.number().nullable(),
  is_price_estimated: z.boolean(),
  total_cents: z.number(),
  currency: z.string(),
  notes: z.string().nullable(),
  cancelled_at: z.string().nullable(),
  cancel_reason: z.string().nullable(),
  to_place_why: z.string().nullable(),
  closed_at: z.string().nullable(),
  closed_by: z.string().nullable(),
  line_items: z.array(
    z.object({
      description: z.string(),
      quantity: z.number(),
      unit_price_cents: z.number(),
      total_cents: z.number(),
    }),
  ),
  technicians: z.array(z.object({ id: z.string(), name: z.string() })),
  time_entries: z.array(
    z.object({ technician_id: z.string(), clocked_in_at: z.string(), clocked_out_at: z.string().nullable() }),
  ),
  audit_trail: z.array(historyEntry),
  /** The visit that took its place; empty when none did. */
  rescheduled_to: z.union([z.array(z.never()), z.object({ reference: z.string() })]),
});
type Ticket = z.infer<typeof ticketRow>;

/** Whom a visit is for and where, as far as this person may know it. */
interface Customer {
  name: string;
  phone: string | null;
  address: string | null;
  /** Undefined for technicians, who have no contact pages. */
  href?: string;
  /** Where the address is corrected. */
  place?: string | undefined;
}

/**
 * A visit: when, whom, where, what for how much, who goes, the clock and the way to close it out (CLO-03), notes, and who
 * changed what and why. A closed one says when and by whom.
 */
export async function showTicket(request: PageRequest, draft?: NoteDraft): Promise<Page> {
  const { rows } = await readList(request, 'tickets', ticketRow, {
    id: recordOf(request),
    include: ['line_items', 'technicians', 'time_entries', 'audit_trail', 'rescheduled_to'],
  });
  const ticket = rows[0];
  if (!ticket) throw new DeskhandError('NOT_FOUND', 'There is no such visit here.');
  const [known, contact, notes, current, invoice, waits] = await Promise.all([
    readGoodToKnow(request, ticket.id),
    mayRead(request, 'contacts') && readCustomer(request, ticket),
    readNotes(request, ticket.id),
    currentOf(request),
    ticket.status === 'closed' && invoiceLine(request, ticket.reference),
    waitingFor(request, ticket.id),
  ]);
  // A technician reads no contacts; what helps on their own visits tells whom they are for.
  const customer = contact === false ? known && fromKnown(known) : contact;
  const { time_zone, currency } = request.identity.organization;
  const names = new Map(ticket.technicians.map(({ id, name }) => [id, name]));
  const isOpen = stillOpen(ticket);
  const isTechnician = request.identity.actor.role === 'technician';
  const finish =
    mayDo(request, 'ticket.close') &&
    html`<p>${closeOutLink(ticket.reference, !hasBegun(request, ticket))}</p>`;
  return {
    title: customer
      ? `${shorten(customer.name, 60)}, ${showMoment(ticket.scheduled_at, time_zone)}`
      : `Visit ${ticket.reference}`,
    status: draft ? 400 : 200,
    scripts: notes ? ['redact.js'] : [],
    body: html`<h1>${customer && html`<bdi>${shorten(customer.name, 120)}</bdi> `}<small>Visit ${ticket.reference}</small></h1>
<p>${badge(ticket.status)} <span class="hint">${standing(ticket, notes !== undefined)}</span></p>
${answerSection(request, ticket)}
${isOpen && ticket.to_place_why !== null && html`<p class="warning">To be placed: ${momentWords(ticket.to_place_why, time_zone)}.</p>`}
${isOpen && !isTechnician && visitButtons(request, { ticket, customer, waits, finish, clock: clockSection(request, ticket, current) })}
${ticket.status === 'cancelled' && gapsLink(request, ticket)}
${ticket.status === 'cancelled' && (await again(request, ticket))}
${
  isOpen &&
  isTechnician &&
  html`${clockSection(request, ticket, current)}
${finish}`
}
${facts(request, ticket, customer)}
${isTechnician && ticket.status === 'closed' && (await codeLink(request, ticket.reference))}
${known && knownList(request, known)}
${linesSection(ticket)}
${invoice}
${notes && notesSection(request, ticket.reference, notes, draft)}
<section aria-labelledby="history"><h2 id="history">History</h2>
${historyList(ticket.audit_trail, 'ticket', { registry: request.site.app.registry, time_zone, currency, names })}</section>`,
  };
}

interface Doable {
  ticket: Ticket;
  customer: Customer | undefined;
  /** The place of the visit on the waitlist, if it has one. */
  waits: string | undefined;
  finish: Content;
  clock: Markup;
}

/** What the office does with a visit: what is due now first, two more beside it, the rest a tap away. */
function visitButtons(request: PageRequest, { ticket, customer, waits, finish, clock }: Doable): Markup {
  const link = (verb: string, action: string, label: string, look = 'plain quiet') =>
    mayDo(request, action) &&
    html`<a class="button ${look}" href="/tickets/${ticket.reference}/${verb}">${label}</a> `;
  const { phone = null } = customer ?? {};
  const isDue = hasBegun(request, ticket) && finish !== false;
  const move = link('move', 'ticket.reschedule', 'Move', isDue ? 'plain quiet' : '');
  const runs = ticket.time_entries.some(({ clocked_out_at }) => clocked_out_at === null);
  return html`<div class="buttons">${isDue ? finish : move}${phone !== null && html`<a class="button plain quiet" href="tel:${phone}">Call</a> `}${isDue && move}
<details class="rest"><summary class="button plain quiet">More</summary>
<div class="buttons">${link('assign', 'ticket.assign_technician', 'Who goes')}${link('services', 'ticket.add_line', 'Services')}<a class="button plain quiet" href="/records/tickets/${ticket.reference}/edit">Edit</a> ${link('cancel', 'ticket.cancel', 'Cancel')}${soonerLink(request, ticket, waits)}${!isDue && finish}${!runs && clock}</div></details></div>
${runs && clock}`;
}

/** A cancelled visit is booked again from its page, which takes the cancelling back; or it was, and that is said. */
async function again(request: PageRequest, { rescheduled_to: next }: Ticket): Promise<Markup | false> {
  if (!Array.isArray(next))
    return html`<p>Booked again: <a href="/tickets/${next.reference}">${next.reference}</a></p>`;
  if (request.identity.actor.role === 'technician' || !mayDo(request, 'ticket.rebook')) return false;
  return html`<section aria-labelledby="again"><h2 id="again">Book it again</h2>
${rebookForm(request, await openVisitFor(request, 'ticket.rebook'))}</section>`;
}

const contactRow = z.object({ reference: z.string(), full_name: z.string(), phone: z.string().nullable() });
const addressRow = z.object({
  reference: z.string(),
  line1: z.string(),
  line2: z.string().nullable(),
  city: z.string().nullable(),
  state: z.string().nullable(),
  postal_code: z.string().nullable(),
});

async function readCustomer(request: PageRequest, ticket: Ticket): Promise<Customer | undefined> {
  const [contact, place] = await Promise.all([
    readMaybe(request, {
      type: 'contacts',
      row: contactRow,
      id: ticket.contact_id,
      query: { fields: Object.keys(contactRow.shape) },
    }),
    ticket.address_id === null
      ? undefined
      : readMaybe(request, {
          type: 'addresses',
          row: addressRow,
          id: ticket.address_id,
          query: {
            fields: Object.keys(addressRow.shape),
          },
        }),
  ]);
  if (!contact) return undefined;
  const { line1, line2, city, state, postal_code } = place ?? {};
  const address = [line1, line2, city, [state, postal_code].filter(Boolean).join(' ')]
    .filter(Boolean)
    .join(', ');
  return {
    name: contact.full_name,
    phone: contact.phone,
    address,
    href: `/contacts/${contact.reference}`,
    place: place && `/records/addresses/${place.reference}`,
  };
}

const fromKnown = ({ customer, phone, address }: GoodToKnow): Customer => ({
  name: customer,
  phone,
  address,
});

const confirmations: Readonly<Record<string, string>> = {
  not_sent: 'The customer was not asked to confirm.',
  pending: 'The customer was told and has not answered.',
  accepted: 'The customer confirmed.',
  declined: 'The customer declined.',
  modify_requested: 'The customer asks for another time.',
};

/** What can be said of a visit as a whole: whether it is expected, or that it is over and what can still be done. */
function standing({ status, confirmation_status }: Ticket, mayWrite: boolean): Content {
  if (status === 'scheduled' || status === 'in_progress')
    return confirmations[confirmation_status] ?? confirmation_status;
  return html`Nothing on it can change any more.${mayWrite && html` <a href="#notes">Notes</a> can still be written.`}`;
}

function facts(request: PageRequest, ticket: Ticket, customer: Customer | undefined): Markup {
  const { time_zone, country } = request.identity.organization;
  const rows: Fact[] = [
    [
      'When',
      html`${timeTag(ticket.scheduled_at, time_zone)} to ${showClock(ticket.ends_at, time_zone)} (${showDuration(ticket.duration_minutes)})`,
    ],
    ['Customer', customer ? customerFact(customer, country) : html`not shown: removed, or not yours`],
    ['Where', placeFact(customer)],
    ['Who goes', html`${ticket.technicians.map(({ name }) => name).join(', ') || 'nobody yet'}`],
    ['Worked', ticket.time_entries.length > 0 && lines(workedTimes(request, ticket))],
    [
      'Closed',
      ticket.closed_at !== null &&
        html`${timeTag(ticket.closed_at, time_zone)}${ticket.closed_by !== null && html` by <bdi>${ticket.closed_by}</bdi>`}`,
    ],
    ['Took', ticket.actual_minutes !== null && html`${showDuration(ticket.actual_minutes)}`],
    ['Notes', ticket.notes !== null && prose(ticket.notes)],
    [
      'Cancelled',
      ticket.cancelled_at !== null &&
        html`${timeTag(ticket.cancelled_at, time_zone)}${ticket.cancel_reason !== null && prose(ticket.cancel_reason)}`,
    ],
  ];
  return factList(rows);
}

function customerFact({ name, phone, href }: Customer, country: string): Markup {
  const shown = html`<bdi>${shorten(name, 120)}</bdi>`;
  return html`${href === undefined ? shown : html`<a href="${href}">${shown}</a>`}${phone !== null && html` · ${phoneLink(phone, country)}`}`;
}

function placeFact(customer: Customer | undefined): Markup {
  const { address, place } = customer ?? {};
  const shown = html`<bdi>${address || 'no address'}</bdi>`;
  const there = place === undefined ? shown : html`<a href="${place}">${shown}</a>`;
  return html`${there}${address && html` · ${directionsLink(address)}`}`;
}

const lines = (parts: readonly Markup[]): Markup =>
  html`${parts.map((part, at) => html`${at > 0 && html`<br>`}${part}`)}`;

function linesSection(ticket: Ticket): Markup {
  const money = (cents: number) => formatMoney(cents, ticket.currency);
  return html`<section aria-labelledby="lines"><h2 id="lines">Services</h2>
${
  ticket.line_items.length === 0
    ? html`<p class="empty">No services yet.</p>`
    : html`<table class="lines">
<thead><tr><th scope="col">Service</th><th scope="col" class="number">Price</th><th scope="col" class="number">Total</th></tr></thead>
<tbody>${ticket.line_items.map(
        line =>
          html`<tr><td>${line.description}</td><td class="number">${line.quantity !== 1 && html`${line.quantity} × `}${money(line.unit_price_cents)}</td><td class="number">${money(line.total_cents)}</td></tr>\n`,
      )}</tbody>
<tfoot><tr><th scope="row" colspan="2">${ticket.is_price_estimated ? 'Estimated total' : 'Total'}</th><td class="number">${money(ticket.total_cents)}</td></tr></tfoot>
</table>`
}</section>`;
}
