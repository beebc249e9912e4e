import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { minutesOf } from '../../core/tickets/pricing.ts';
import { todayOf } from '../calendar/navigation.ts';
import { type PageRequest, readList, readMaybe, textOf } from '../site.ts';
import { readBookable } from '../tickets/assign.ts';
import { type Offered, readPriceList } from '../tickets/price-list.ts';

/** What stands in the form, by field. */
export type Typed = Readonly<Record<string, string>>;

const foundRow = z.object({
  reference: z.string(),
  full_name: z.string(),
  phone: z.string().nullable(),
  addresses: z.array(z.object({ line1: z.string(), city: z.string().nullable() })),
});
export type FoundCustomer = z.infer<typeof foundRow>;

const visitWords = z.object({ reference: z.string(), local: z.string(), services: z.array(z.string()) });
const customerRow = z.object({
  reference: z.string(),
  full_name: z.string(),
  phone: z.string().nullable(),
  email: z.string().nullable(),
  addresses: z.array(z.object({ reference: z.string(), address: z.string() })),
  attributes: z.array(z.string()),
  preferences: z.union([z.record(z.string(), z.unknown()), z.string()]),
  last_visit: visitWords.extend({ duration: z.string() }).nullable(),
  next_visit: visitWords.optional(),
  suggested_duration_minutes: z.number().nullable(),
});
export type Customer = z.infer<typeof customerRow>;

const slotRow = z.object({ technician: z.string(), starts_at: z.string() });
export type Slot = z.infer<typeof slotRow>;

/** Why nothing was booked, beside the field it is about. */
export interface Problem {
  field: string;
  words: string;
  status: number;
  /** Who could go at that time, and the nearest free times. */
  could?: readonly string[];
  slots?: readonly Slot[];
}

/** Everything the form shows. */
export interface Booking {
  typed: Typed;
  customer: Customer | undefined;
  /** Undefined before somebody was looked for. */
  found: readonly FoundCustomer[] | undefined;
  offered: readonly Offered[];
  technicians: readonly { id: string; name: string }[];
  minutes: number;
  slots: readonly Slot[];
  problem: Problem | undefined;
}

/** So many services at most on one form; more are added to the visit. */
export const mostLines = 10;

/** How many lines the form shows: those that hold something, and what was asked for. */
export const lineCount = (typed: Typed): number =>
  Math.min(mostLines, Math.max(1, Number(/^\d{1,2}$/.exec(typed.lines ?? '')?.[0] ?? 1)));

const lineNumbers = (typed: Typed): number[] => Array.from({ length: lineCount(typed) }, (_, at) => at + 1);

/** The lines that name a service, by their number on the form. */
export const chosenLines = (typed: Typed): { at: number; service: string }[] =>
  lineNumbers(typed).flatMap(at => {
    const service = typed[`service-${at}`] ?? '';
    return service === '' ? [] : [{ at, service }];
  });

/** Reads what the form needs, given what stands in it. */
export async function readBooking(request: PageRequest, typed: Typed, problem?: Problem): Promise<Booking> {
  const [customer, offered, technicians] = await Promise.all([
    typed.contact ? readCustomer(request, typed.contact) : undefined,
    readPriceList(request),
    readBookable(request),
  ]);
  const minutes = minutesFor(typed, offered, customer);
  const search = (typed.customer ?? '').trim();
  const [found, slots] = await Promise.all([
    customer || search === '' ? undefined : findCustomers(request, search),
    readSlots(request, { typed, minutes, customer }),
  ]);
  return { typed, customer, found, offered, technicians, minutes, slots, problem };
}

/** What one wants to know before booking; undefined for a customer who is gone. */
async function readCustomer(request: PageRequest, contact_id: string): Promise<Customer | undefined> {
  const known = await readMaybe(request, {
    type: 'contacts',
    row: z.object({ reference: z.string() }),
    id: contact_id,
    query: { fields: ['reference'] },
  });
  if (!known) return undefined;
  const { rows } = await readList(request, 'booking_context', customerRow, {
    params: { contact_id: known.reference },
  });
  return rows[0];
}

const findCustomers = async (request: PageRequest, search: string): Promise<FoundCustomer[]> =>
  (
    await readList(request, 'contacts', foundRow, {
      search: search.slice(0, 200),
      fields: ['reference', 'full_name', 'phone'],
      include: ['addresses'],
      limit: 8,
    })
  ).rows;

/** How long it is planned: what was typed, else what the services take, else what the last visit took, else one hour. */
function minutesFor(typed: Typed, offered: readonly Offered[], customer: Customer | undefined): number {
  const asked = Number(/^\d{1,4}$/.exec(typed.minutes ?? '')?.[0]);
  if (asked >= 5 && asked <= 1440) return asked;
  const planned = chosenLines(typed).reduce((sum, { at, service }) => {
    const found = offered.find(({ reference }) => reference === service);
    const quantity = Number(typed[`quantity-${at}`] || 1);
    return sum + (minutesOf({ quantity: Number.isFinite(quantity) ? quantity : 1 }, found) ?? 0);
  }, 0);
  if (planned >= 5) return Math.min(planned, 1440);
  return customer?.suggested_duration_minutes ?? 60;
}

/** A few free times of the week that begins with the day that was chosen. */
async function readSlots(
  request: PageRequest,
  { typed, minutes, customer }: { typed: Typed; minutes: number; customer: Customer | undefined },
): Promise<Slot[]> {
  const today = todayOf(request);
  const asked = readDate(typed.date) ?? today;
  const from = Temporal.PlainDate.compare(asked, today) < 0 ? today : asked;
  const technician = typed.technician ?? 'any';
  const { rows } = await readList(request, 'availability', slotRow, {
    params: {
      from: from.toString(),
      to: from.add({ days: 6 }).toString(),
      duration_minutes: minutes,
      few: true,
      ...(technician === 'any' || technician === '' ? {} : { technician_id: technician }),
      ...(customer ? { contact_id: customer.reference } : {}),
    },
    fields: Object.keys(slotRow.shape),
    limit: 8,
  });
  return [...rows].sort((a, b) => a.starts_at.localeCompare(b.starts_at));
}

/** A day as the field of a browser gives it; undefined for anything else. */
export function readDate(text: string | undefined): Temporal.PlainDate | undefined {
  if (text === undefined || !/^\d{4}-\d\d-\d\d$/.test(text)) return undefined;
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' });
  } catch {
    return undefined;
  }
}

/** The moment that stands in the form; undefined while there is none. */
export function momentIn({ date, time = '' }: Typed, timeZone: string): string | undefined {
  const day = readDate(date);
  if (!day || !/^([01]\d|2[0-3]):[0-5]\d$/.test(time)) return undefined;
  return day.toZonedDateTime({ timeZone, plainTime: time }).toInstant().toString();
}

/** What the address of the page says already: an empty slot of the calendar, or a customer. */
export function typedByAddress({ http: { query } }: PageRequest): Typed {
  const text = (name: string) => textOf(query, name).trim().slice(0, 200);
  const technician = text('technician');
  return {
    contact: text('contact'),
    customer: text('customer'),
    date: readDate(text('date'))?.toString() ?? '',
    time: /^([01]\d|2[0-3]):[0-5]\d$/.test(text('time')) ? text('time') : '',
    technician: technician === '' ? 'any' : technician,
    tell: 'yes',
  };
}
