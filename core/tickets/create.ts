import { z } from 'zod';
import { addressesOf, type ContactAddress, distinctPlaces } from '../addresses/addresses-of.ts';
import { formatAddress } from '../addresses/format.ts';
import type { Contact } from '../contacts/record.ts';
import { newId } from '../kernel/database/ids.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { insertRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import { freeText } from '../kernel/words/text-schemas.ts';
import { moment } from '../kernel/words/time.ts';
import { endCallBacksOfBooked } from '../leads/booked.ts';
import type { Service } from '../services/service.ts';
import { nameTasksOfBooked } from '../tasks/follow.ts';
import { requireNotElsewhere, reserveTechnicians } from './assignment.ts';
import { findLastDuration } from './booking-queries.ts';
import { settleMails, toldColumns } from './cycle.ts';
import { warnNobodyYet } from './nobody-yet.ts';
import { warnOffHours } from './off-hours.ts';
import { addLines, minutesOf, newLine, readServices } from './pricing.ts';
import { insertTechnician } from './queries.ts';
import { requireCustomer, requirePlace } from './requirements.ts';
import { tellOfVisit } from './tell-customer.ts';
import { ticketRecord } from './ticket.ts';
import { answerTicket, bookedAnswer } from './ticket-answer.ts';
import { readPastTime, readVisitTime } from './visit-time.ts';

export const createInput = z.strictObject({
  contact_id: ref('contact'),
  address_id: ref('address').optional(),
  scheduled_at: moment,
  duration_minutes: z.int().min(5).max(1440).optional(),
  lines: z.array(newLine).max(50).optional(),
  technician_ids: z.array(ref('member')).max(20).optional(),
  is_price_estimated: z.boolean().optional(),
  notes: freeText.optional(),
  notify_customer: z.boolean().optional(),
});
type CreateInput = z.output<typeof createInput>;
/** `address_id` null: nobody says where. `was`: it has begun already, and is only written down. */
type Booking = Omit<CreateInput, 'address_id'> & { address_id?: string | null | undefined; was?: true };

export const createTicket = defineAction({
  domain: 'ticket',
  name: 'create',
  summary: 'Book a visit: customer, time, services, technicians.',
  input: createInput,
  output: bookedAnswer,
  permission: { level: 'unrestricted' },
  effect: 'create',
  often: { rank: 1 },
  undo: 'ticket.cancel',
  verb: 'book',
  past: 'booked',
  example: {
    contact_id: 'Jane Smith',
    scheduled_at: '2026-12-01T09:00',
    lines: [{ service_id: 'Screen Cleaning', quantity: 20 }],
    technician_ids: ['Theo'],
  },
  touches: ['email'],
  keywords: ['book', 'schedule', 'appointment', 'plan'],
  async run(context, input) {
    const { id, told } = await bookTicket(context, input);
    return { ...(await answerTicket(context, id)), customer_told: told };
  },
});

/**
 * Books a visit and answers its id and how the customer was told. The planned duration is what was given, else the sum of the services' durations,
 * else how long the customer's last visit took (GAP-05), else one hour.
 */
export async function bookTicket(
  context: Context,
  input: Booking,
): Promise<{ id: string; told: string | undefined }> {
  const customer = await requireCustomer(context, input.contact_id);
  const place = await choosePlace(context, input);
  const lines = input.lines ?? [];
  const services = await readServices(context, lines);
  const readStart = input.was ? readPastTime : readVisitTime;
  const starts = readStart(context, input.scheduled_at);
  const minutes = input.duration_minutes ?? (await planDuration(context, input, services));
  const ends = starts.add({ minutes });
  const period = { from: starts.toString(), to: ends.toString(), postal_code: place?.postal_code };
  const technicians = [...new Set(input.technician_ids ?? [])];
  await reserveTechnicians(context, technicians, period);
  if (input.was) await requireNotElsewhere(context, technicians, period);

  const id = newId();
  const visit = await insertRow(context, ticketRecord, {
    id,
    contact_id: customer.id,
    address_id: place?.id ?? null,
    ...(input.was ? { status: 'in_progress' as const } : {}),
    scheduled_at: period.from,
    duration_minutes: minutes,
    ends_at: period.to,
    is_price_estimated: input.is_price_estimated ?? isUnpriced(lines, services),
    currency: context.organization.currency,
    ...toldColumns(context, { notify: input.notify_customer, email: customer.email }),
    notes: input.notes ?? null,
  });
  await addLines(context, id, lines, services);
  for (const technician of technicians) await insertTechnician(context, id, technician);
  // A visit that was answers no call-back, and whoever writes it down has nothing booked.
  if (!input.was) {
    await warnOffHours(context, period);
    if (technicians.length === 0) await warnNobodyYet(context, id, period);
    await endCallBacksOfBooked(context, customer.id);
    await nameTasksOfBooked(context, customer.id);
  }
  const told = input.notify_customer
    ? await tellOfVisit(context, { ticketId: id, contactId: customer.id })
    : undefined;
  await settleMails(context, visit);
  return { id, told };
}

/** Checks customer, address and services of a booking and plans its duration, without booking it. */
export async function planVisit(
  context: Context,
  input: Pick<CreateInput, 'contact_id' | 'address_id' | 'lines' | 'duration_minutes'>,
): Promise<{ minutes: number; customer: Contact; place: ContactAddress | undefined }> {
  const customer = await requireCustomer(context, input.contact_id);
  const place = await choosePlace(context, input);
  const services = await readServices(context, input.lines ?? []);
  const minutes = input.duration_minutes ?? (await planDuration(context, input, services));
  return { minutes, customer, place };
}

async function choosePlace(context: Context, input: Pick<Booking, 'contact_id' | 'address_id'>) {
  if (input.address_id === null) return undefined;
  if (input.address_id !== undefined) return requirePlace(context, input.contact_id, input.address_id);
  const places = distinctPlaces(await addressesOf(context, [input.contact_id]));
  if (places.length <= 1) return places[0];
  throw new DeskhandError('AMBIGUOUS', 'This customer has several addresses.', {
    field: 'address_id',
    candidates: places
      .slice(0, 5)
      .map(place => ({ reference: place.reference, label: formatAddress(place) })),
    hint: 'Use one of the references.',
  });
}

async function planDuration(
  context: Context,
  input: Pick<CreateInput, 'contact_id' | 'lines'>,
  services: ReadonlyMap<string, Service>,
): Promise<number> {
  const planned = (input.lines ?? []).reduce(
    (sum, line) => sum + (minutesOf(line, services.get(line.service_id)) ?? 0),
    0,
  );
  if (planned >= 5) return Math.min(planned, 1440);
  return (await findLastDuration(context, input.contact_id)) ?? 60;
}

// A flexible service nobody has priced yet makes the whole visit an estimate (TKT-09).
function isUnpriced(lines: CreateInput['lines'] & object, services: ReadonlyMap<string, Service>): boolean {
  return lines.some(
    line =>
      line.unit_price_cents === undefined && (services.get(line.service_id)?.price_cents ?? null) === null,
  );
}
