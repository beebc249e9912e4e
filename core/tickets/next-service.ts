import { z } from 'zod';
import { addressesOf, distinctPlaces } from '../addresses/addresses-of.ts';
import { interactionRecord } from '../interactions/interaction.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { createRecord } from '../kernel/records/record-actions.ts';
import { listByIds } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { invalid } from '../kernel/words/errors.ts';
import { quote } from '../kernel/words/quote.ts';
import { localTime, moment } from '../kernel/words/time.ts';
import { outreachAt, scheduleOutreach } from '../messages/outreach.ts';
import { serviceRecord } from '../services/service.ts';
import { bookTicket } from './create.ts';
import { requireCustomer } from './requirements.ts';
import { listCrew } from './technicians.ts';
import type { Ticket } from './ticket.ts';
import type { FinalLine } from './work.ts';

/** What follows a visit (CLO-06): the next one, nothing, or a mail in some months. */
export const nextServices = ['yes', 'no', 'reach_out'] as const;

/** What can be said of it; where nobody asked the customer, nothing follows and nothing is claimed. */
export const nextServicesSaid = [...nextServices, 'not_asked'] as const;

export const nextInput = {
  next_service: z.enum(nextServices),
  reach_out_months: z.int().min(1).max(60).optional().meta({ description: 'with reach_out' }),
  appointment: z
    .strictObject({
      scheduled_at: moment,
      duration_minutes: z.int().min(5).max(1440).optional(),
      technician_ids: z.array(ref('member')).max(20).optional(),
      notify_customer: z.boolean().optional(),
    })
    .optional()
    .meta({
      description: 'with yes: the next visit; duration, technicians, services and prices as this time',
    }),
};
const wish = z.strictObject(nextInput);
export type NextService = z.output<typeof wish>;

/** The same where one call closes a visit: nobody may have asked. */
export const saidInput = { ...nextInput, next_service: z.enum(nextServicesSaid) };

/** What follows of what was said: of what nobody asked, nothing. */
export const nextOf = ({
  next_service,
  ...details
}: Omit<NextService, 'next_service'> & { next_service: (typeof nextServicesSaid)[number] }): NextService => ({
  ...details,
  next_service: next_service === 'not_asked' ? 'no' : next_service,
});

/** Throws VALIDATION_ERROR unless there is exactly what the choice needs. */
export function requireWhole({ next_service, reach_out_months, appointment }: NextService): void {
  if (next_service === 'reach_out' && reach_out_months === undefined) {
    throw invalid('reach_out_months', 'Say in how many months the customer is written to.', {
      hint: 'A whole number from 1 to 60.',
    });
  }
  if (next_service === 'yes' && !appointment) {
    throw invalid('appointment', 'Say when the next visit is.', {
      hint: 'Give appointment.scheduled_at; the view availability has free times.',
    });
  }
  if (next_service !== 'reach_out' && reach_out_months !== undefined) {
    throw invalid('reach_out_months', 'This goes with next_service reach_out only.');
  }
  if (next_service !== 'yes' && appointment) {
    throw invalid('appointment', 'This goes with next_service yes only.');
  }
}

/** What a visit that is closed leaves for later. */
export interface Followed {
  next_ticket_id?: string;
  message_id?: string;
  /** The call that is planned where there is nobody to write to. */
  follow_up_id?: string;
  /** `mail on Tue 2027-05-18 09:00` */
  reach_out?: string;
}

/** Books the next visit, or has the customer written to, in the transaction that closes this one (CLO-18). */
export async function followUp(
  context: Context,
  {
    ticket,
    lines,
    minutes,
    next,
  }: { ticket: Ticket; lines: readonly FinalLine[]; minutes: number; next: NextService },
): Promise<Followed> {
  if (next.next_service === 'yes' && next.appointment) {
    return { next_ticket_id: await bookNext(context, { ticket, lines, minutes }, next.appointment) };
  }
  if (next.next_service === 'reach_out' && next.reach_out_months !== undefined)
    return reachOut(context, { ticket, lines, months: next.reach_out_months });
  return {};
}

/** A mail in some months; whoever has no e-mail address is called, on the same day. */
async function reachOut(
  context: Context,
  { ticket, lines, months }: { ticket: Ticket; lines: readonly FinalLine[]; months: number },
): Promise<Followed> {
  const customer = await requireCustomer(context, ticket.contact_id);
  const at = outreachAt(context, months).toString();
  const local = localTime(at, context.organization.time_zone).slice(0, 20);
  const services = lines.map(({ description }) => description);
  if (customer.email === null) {
    const { id } = await createRecord(context, interactionRecord, {
      contact_id: ticket.contact_id,
      type: 'note',
      direction: 'internal',
      subject: `Call about the next visit: ${services.join(', ')}`.slice(0, 300),
      follow_up_at: at,
    });
    context.warn(
      `${quote(customer.full_name)} has no e-mail address: a call is planned for ${local} instead.`,
    );
    return { follow_up_id: id, reach_out: `call on ${local}` };
  }
  const { contact_id, id: ticket_id } = ticket;
  const { message } = await scheduleOutreach(context, { contact_id, ticket_id, months });
  return { ...(message ? { message_id: message.id } : {}), reach_out: `mail on ${local}` };
}

/** The same again: customer, place, services and prices, and how long it took this time (GAP-05). */
async function bookNext(
  context: Context,
  { ticket, lines, minutes }: { ticket: Ticket; lines: readonly FinalLine[]; minutes: number },
  { technician_ids, ...appointment }: NonNullable<NextService['appointment']>,
): Promise<string> {
  const offered = await listByIds(
    context,
    serviceRecord,
    lines.flatMap(({ service_id }) => service_id ?? []),
  );
  const again = lines.filter(line =>
    offered.some(service => service.id === line.service_id && service.is_active),
  );
  if (again.length < lines.length) {
    context.warn('A service that is not offered any more was left out of the next visit.');
  }
  const { id } = await bookTicket(context, {
    contact_id: ticket.contact_id,
    address_id: await placeOfNext(context, ticket),
    duration_minutes: Math.max(5, minutes),
    technician_ids: technician_ids ?? (await listCrew(context, ticket.id)),
    lines: again.map(({ service_id, quantity, unit_price_cents, description }) => ({
      service_id: service_id ?? '',
      quantity,
      unit_price_cents,
      description,
    })),
    is_price_estimated: again.some(({ pricing }) => pricing === 'flexible'),
    ...appointment,
  });
  return id;
}

/** Where this visit was, or the only place there is. Closing never fails for want of one: the office can say it later. */
async function placeOfNext(context: Context, ticket: Ticket): Promise<string | null> {
  const places = await addressesOf(context, [ticket.contact_id]);
  const [only] = places;
  if (ticket.address_id === null && distinctPlaces(places).length <= 1) return only?.id ?? null;
  if (places.some(({ id }) => id === ticket.address_id)) return ticket.address_id;
  context.warn('Nobody knows where the next visit is; set its address with ticket.update.');
  return null;
}
