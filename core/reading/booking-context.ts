import { z } from 'zod';
import { addressesOf, distinctPlaces } from '../addresses/addresses-of.ts';
import { formatAddress } from '../addresses/format.ts';
import { shownAttributesOf } from '../attributes/known-of-customer.ts';
import { contactRecord } from '../contacts/contact.ts';
import { mailTrouble } from '../contacts/mail-trouble.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { getRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineView } from '../kernel/registry/define.ts';
import { formatPhone } from '../kernel/words/phone.ts';
import { localTime } from '../kernel/words/time.ts';
import { type CustomerVisit, listNearVisits, listRecentNotes } from './customer-queries.ts';

const visitRow = z.object({
  reference: z.string(),
  status: z.string(),
  local: z.string(),
  duration: z.string(),
  services: z.array(z.string()),
  total_cents: z.number(),
  notes: z.string().nullable(),
});

export const bookingContextRow = z.object({
  id: z.string(),
  reference: z.string(),
  full_name: z.string(),
  phone: z.string().nullable(),
  email: z.string().nullable(),
  /** Why mail does not reach them, and what to do instead. */
  mail_trouble: z.string().optional(),
  addresses: z.array(z.object({ reference: z.string(), address: z.string() })),
  /** What is known: `AT-1001 pet: dog (name: Biscuit)`, marked while nobody has confirmed it (CON-06). */
  attributes: z.array(z.string()),
  preferences: z.union([z.record(z.string(), z.unknown()), z.literal('none recorded yet')]),
  /** The last visit somebody made. */
  last_visit: visitRow.nullable(),
  /** The next one that is booked. */
  next_visit: visitRow.extend({ technicians: z.array(z.string()) }).optional(),
  /** Visits whose time has passed and that nobody has closed: perhaps they were, perhaps nobody came. */
  should_be_over: z.array(visitRow.pick({ reference: true, status: true, local: true })).optional(),
  notes: z.array(
    z.object({
      reference: z.string(),
      content: z.string(),
      local: z.string(),
      /** The visit it was written on. */
      ticket_id: z.string().optional(),
    }),
  ),
  summary: z.string().nullable(),
  suggested_duration_minutes: z.number().nullable(),
  /** What is left out, and where it is read. */
  hint: z.string().optional(),
});

/** An answer must not grow without end with what is known of somebody. */
const mostAttributes = 40;
const mostNotes = 5;

/** What one wants to know before booking a customer again: last duration, notes, preferences (CON-09). */
export async function bookingContextOf(
  context: ReadContext,
  contactId: string,
): Promise<z.infer<typeof bookingContextRow>> {
  const { time_zone, country } = context.organization;
  const [contact, { last, next, overdue }, notes, addresses, attributes] = await Promise.all([
    getRow(context, contactRecord, contactId),
    listNearVisits(context, contactId),
    listRecentNotes(context, contactId, mostNotes + 1),
    addressesOf(context, [contactId]),
    shownAttributesOf(context, contactId, mostAttributes),
  ]);
  const mail_trouble = mailTrouble(context, contact);
  const latest = last ?? overdue[0] ?? next;
  const minutes = latest ? (latest.actual_minutes ?? latest.planned_minutes) : null;
  return {
    id: contact.id,
    reference: contact.reference,
    full_name: contact.full_name,
    phone: contact.phone === null ? null : formatPhone(contact.phone, country),
    email: contact.email,
    ...(mail_trouble === undefined ? {} : { mail_trouble }),
    addresses: distinctPlaces(addresses).map(address => ({
      reference: address.reference,
      address: formatAddress(address),
    })),
    attributes: attributes.shown.map(({ reference, words }) => `${reference} ${words}`),
    preferences: Object.keys(contact.preferences).length > 0 ? contact.preferences : 'none recorded yet',
    last_visit: last ? describeVisit(last, time_zone) : null,
    ...(next
      ? { next_visit: { ...describeVisit(next, time_zone), technicians: next.technicians ?? [] } }
      : {}),
    ...(overdue.length > 0 ? { should_be_over: overdue.map(visit => describeVisit(visit, time_zone)) } : {}),
    notes: notes.slice(0, mostNotes).map(note => ({
      reference: note.reference,
      content: note.content,
      local: localTime(note.created_at, time_zone),
      ...(note.ticket_id === null ? {} : { ticket_id: note.ticket_id }),
    })),
    summary: contact.notes,
    // Up to the next half hour: 3h22m makes a block of three and a half hours.
    suggested_duration_minutes: minutes === null ? null : Math.max(30, Math.ceil(minutes / 30) * 30),
    ...leftOut(contact.reference, { facts: attributes.more, hasNotes: notes.length > mostNotes }),
  };
}

function leftOut(reference: string, { facts, hasNotes }: { facts: number; hasNotes: boolean }) {
  const where = `where contact_id ${reference}`;
  const parts = [
    ...(facts > 0 ? [`${facts} more facts: crm_query attributes, ${where}.`] : []),
    ...(hasNotes ? [`Older notes: crm_query notes, ${where}.`] : []),
  ];
  return parts.length === 0 ? {} : { hint: parts.join(' ') };
}

const describeVisit = (visit: CustomerVisit, timeZone: string) => ({
  reference: visit.reference,
  status: visit.status,
  local: localTime(visit.scheduled_at, timeZone),
  duration: formatDuration(visit.actual_minutes ?? visit.planned_minutes),
  services: visit.services ?? [],
  total_cents: visit.total_cents,
  notes: visit.notes,
});

export const bookingContext = defineView({
  type: 'booking_context',
  domain: 'contact',
  summary:
    'Before booking: last visit that was, next one, notes, known facts, preferences, addresses of one customer.',
  keywords: ['how long', 'last time', 'preferences', 'before booking'],
  often: { rank: 2 },
  row: bookingContextRow,
  params: z.strictObject({ contact_id: ref('contact') }),
  run: async (context, { params }) => ({ rows: [await bookingContextOf(context, params.contact_id)] }),
});

/** `3h22m` */
export function formatDuration(minutes: number): string {
  const hours = Math.floor(minutes / 60);
  const rest = Math.round(minutes % 60);
  if (hours === 0) return `${rest}m`;
  return rest === 0 ? `${hours}h` : `${hours}h${String(rest).padStart(2, '0')}m`;
}
