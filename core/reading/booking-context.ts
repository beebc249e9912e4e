import { z } from 'zod';
import { addressesOf } from '../addresses/addresses-of.ts';
import { formatAddress } from '../addresses/format.ts';
import { shownAttributesOf } from '../attributes/known-of-customer.ts';
import { contactRecord } from '../contacts/contact.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { getRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineView } from '../kernel/registry/define.ts';
import { formatPhone } from '../kernel/words/phone.ts';
import { localTime } from '../kernel/words/time.ts';
import { listRecentNotes, listVisits } from './customer-queries.ts';

export const bookingContextRow = z.object({
  id: z.string(),
  reference: z.string(),
  full_name: z.string(),
  phone: z.string().nullable(),
  email: z.string().nullable(),
  addresses: z.array(z.object({ reference: z.string(), address: z.string() })),
  /** What is known: `pet: dog (name: Biscuit)`, marked while nobody has confirmed it (CON-06). */
  attributes: z.array(z.string()),
  preferences: z.union([z.record(z.string(), z.unknown()), z.literal('none recorded yet')]),
  last_visit: z
    .object({
      reference: z.string(),
      status: z.string(),
      local: z.string(),
      duration: z.string(),
      services: z.array(z.string()),
      total_cents: z.number(),
      notes: z.string().nullable(),
    })
    .nullable(),
  notes: z.array(z.object({ reference: z.string(), content: z.string(), local: z.string() })),
  summary: z.string().nullable(),
  suggested_duration_minutes: z.number().nullable(),
});

/** An answer must not grow with what is known of somebody. */
const mostAttributes = 25;

/** What one wants to know before booking a customer again: last duration, notes, preferences (CON-09). */
export async function bookingContextOf(
  context: ReadContext,
  contactId: string,
): Promise<z.infer<typeof bookingContextRow>> {
  const { time_zone, country } = context.organization;
  const contact = await getRow(context, contactRecord, contactId);
  const [visits, notes, addresses, attributes] = await Promise.all([
    listVisits(context, contactId, 1),
    listRecentNotes(context, contactId, 5),
    addressesOf(context, [contactId]),
    shownAttributesOf(context, contactId, mostAttributes),
  ]);
  const last = visits[0];
  const minutes = last ? (last.actual_minutes ?? last.planned_minutes) : null;
  return {
    id: contact.id,
    reference: contact.reference,
    full_name: contact.full_name,
    phone: contact.phone === null ? null : formatPhone(contact.phone, country),
    email: contact.email,
    addresses: addresses.map(address => ({ reference: address.reference, address: formatAddress(address) })),
    attributes,
    preferences: Object.keys(contact.preferences).length > 0 ? contact.preferences : 'none recorded yet',
    last_visit: last
      ? {
          reference: last.reference,
          status: last.status,
          local: localTime(last.scheduled_at, time_zone),
          duration: formatDuration(minutes ?? 0),
          services: last.services ?? [],
          total_cents: last.total_cents,
          notes: last.notes,
        }
      : null,
    notes: notes.map(note => ({
      reference: note.reference,
      content: note.content,
      local: localTime(note.created_at, time_zone),
    })),
    summary: contact.notes,
    // Up to the next half hour: 3h22m makes a block of three and a half hours.
    suggested_duration_minutes: minutes === null ? null : Math.max(30, Math.ceil(minutes / 30) * 30),
  };
}

export const bookingContext = defineView({
  type: 'booking_context',
  domain: 'contact',
  summary:
    'Before booking: last visit and its duration, notes, known facts, preferences, addresses of one customer.',
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
