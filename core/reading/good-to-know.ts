import { z } from 'zod';
import { addressesOf } from '../addresses/addresses-of.ts';
import { formatAddress } from '../addresses/format.ts';
import { shownAttributesOf } from '../attributes/known-of-customer.ts';
import { contactRecord } from '../contacts/contact.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { findRow, getRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineView } from '../kernel/registry/define.ts';
import { day, dayBounds, localTime, readDay } from '../kernel/words/time.ts';
import { requireOwnVisit } from '../tickets/requirements.ts';
import { ticketRecord } from '../tickets/ticket.ts';
import { listCalendar } from './calendar-queries.ts';
import { listVisitsBefore, type VisitBefore } from './good-to-know-queries.ts';

const row = z.object({
  reference: z.string(),
  customer: z.string(),
  phone: z.string().nullable(),
  address: z.string().nullable(),
  /** What is known of the customer: `pet: dog (name: Biscuit)`, marked while nobody has confirmed it (CON-06). */
  facts: z.array(z.string()),
  last_visit: z
    .object({
      reference: z.string(),
      local: z.string(),
      services: z.array(z.string()),
      technicians: z.array(z.string()),
      note: z.string().nullable(),
    })
    .nullable(),
});

/** A page in a driveway must not grow with what is known of somebody. */
const mostFacts = 25;

/**
 * What helps whoever goes to a visit: whom to call, where it is, what is known of the customer, and how it was last time
 * (CLO-16); of the visits of some days, the next seven when nothing is named. Technicians read it of their own visits only, and nothing of the customer
 * besides: no mail address, no bills, no notes of the office. Throws NOT_FOUND for a visit that is not theirs.
 */
export const goodToKnow = defineView({
  type: 'good_to_know',
  domain: 'scheduling',
  summary:
    'What helps on a visit, or on each of some days (the next seven): phone, address, known facts of the customer (dog, gate, ladder), last visit.',
  keywords: ['dog', 'gate code', 'ladder', 'access', 'directions', 'before the visit', 'last time'],
  row,
  params: z.strictObject({ ticket_id: ref('ticket').optional(), from: day.optional(), to: day.optional() }),
  roles: ['owner', 'admin', 'member', 'technician'],
  async run(context, { params, limit }) {
    const ids = params.ticket_id === undefined ? await idsOf(context, params, limit) : [params.ticket_id];
    return { rows: await Promise.all(ids.map(id => goodToKnowOf(context, id))) };
  },
});

async function idsOf(
  context: ReadContext,
  days: { from?: string | undefined; to?: string | undefined },
  limit: number,
): Promise<string[]> {
  const { time_zone } = context.organization;
  const { actor, now } = context;
  const today = now.toZonedDateTimeISO(time_zone).toPlainDate();
  const first = days.from === undefined ? today : readDay(days.from, 'from');
  const last = days.to === undefined ? first.add({ days: 6 }) : readDay(days.to, 'to');
  const visits = await listCalendar(context, {
    from: dayBounds(first, time_zone).from.toString(),
    to: dayBounds(last, time_zone).to.toString(),
    technicianId: actor.role === 'technician' ? (actor.id ?? undefined) : undefined,
    contactId: undefined,
    limit,
    after: 0,
  });
  return visits.map(({ id }) => id);
}

async function goodToKnowOf(context: ReadContext, ticketId: string): Promise<z.infer<typeof row>> {
  await requireOwnVisit(context, ticketId);
  const ticket = await getRow(context, ticketRecord, ticketId);
  const [customer, places, facts, [before]] = await Promise.all([
    findRow(context, contactRecord, ticket.contact_id),
    addressesOf(context, [ticket.contact_id]),
    shownAttributesOf(context, ticket.contact_id, mostFacts),
    listVisitsBefore(context, [ticketId]),
  ]);
  const place = places.find(({ id }) => id === ticket.address_id);
  return {
    reference: ticket.reference,
    customer: customer?.full_name ?? 'a customer who was removed',
    phone: customer?.phone ?? null,
    address: place ? formatAddress(place) : null,
    facts: customer ? facts.shown.map(({ words }) => words) : [],
    last_visit: before ? describe(before, context.organization.time_zone) : null,
  };
}

const describe = (
  { reference, scheduled_at, services, technicians, note }: VisitBefore,
  timeZone: string,
) => ({
  reference,
  local: localTime(scheduled_at, timeZone),
  services: services ?? [],
  technicians: technicians ?? [],
  note,
});
