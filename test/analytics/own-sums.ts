import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import type { Office } from '../support/office.ts';

// The figures once more, over the rows as they stand, in another way than the database does it: day by day, with Temporal for the
// calendar and BigInt for money.

const cents = z.coerce.bigint();
const rows = {
  tickets: z.object({
    id: z.string(),
    contact_id: z.string(),
    address_id: z.string().nullable(),
    status: z.string(),
    scheduled_at: z.date(),
    total_cents: cents,
    currency: z.string(),
  }),
  ticket_lines: z.object({
    ticket_id: z.string(),
    service_id: z.string().nullable(),
    quantity: z.coerce.number(),
    total_cents: cents,
    deleted_at: z.date().nullable(),
  }),
  invoices: z.object({
    contact_id: z.string(),
    status: z.string(),
    issued_on: z.string().nullable(),
    due_on: z.string().nullable(),
    total_cents: cents,
    paid_cents: cents,
    currency: z.string(),
  }),
  payments: z.object({
    contact_id: z.string(),
    status: z.string(),
    amount_cents: cents,
    currency: z.string(),
    received_at: z.date(),
    deleted_at: z.date().nullable(),
  }),
  refunds: z.object({ status: z.string(), amount_cents: cents, currency: z.string(), refunded_at: z.date() }),
  addresses: z.object({
    id: z.string(),
    city: z.string().nullable(),
    postal_code: z.string().nullable(),
    country: z.string(),
  }),
};

const columns = (shape: z.ZodObject) =>
  Object.keys(shape.shape)
    .map(name => (/_on$/.test(name) ? `${name}::text` : name))
    .join(', ');

/** Everything of one business, by table. */
export async function readAll({ database }: Office, organization_id: string) {
  const read = async <S extends z.ZodObject>(table: string, shape: S): Promise<z.output<S>[]> => {
    const found = await database.owner.query(
      `select ${columns(shape)} from ${table} where organization_id = $1`,
      [organization_id],
    );
    return found.rows.map(row => shape.parse(row));
  };
  return {
    tickets: await read('tickets', rows.tickets),
    ticket_lines: await read('ticket_lines', rows.ticket_lines),
    invoices: await read('invoices', rows.invoices),
    payments: await read('payments', rows.payments),
    refunds: await read('refunds', rows.refunds),
    addresses: await read('addresses', rows.addresses),
  };
}
export type All = Awaited<ReturnType<typeof readAll>>;

/** The day of the business on which a moment is, `2026-11-18`. */
export const dayOf = (moment: Date, time_zone: string): string =>
  Temporal.Instant.fromEpochMilliseconds(moment.getTime())
    .toZonedDateTimeISO(time_zone)
    .toPlainDate()
    .toString();

/** Whatever has a day, an amount and somebody. */
interface Entry {
  day: string;
  currency: string;
  cents: bigint;
  contact_id: string;
  /** What was given back is no payment. */
  isCounted: boolean;
}

export const closed = ({ tickets }: All) => tickets.filter(({ status }) => status === 'closed');

/** Every entry of a measure with its day. */
export function entriesOf(all: All, measure: string, time_zone: string): Entry[] {
  if (measure === 'work')
    return closed(all).map(({ scheduled_at, total_cents, ...row }) => ({
      ...row,
      day: dayOf(scheduled_at, time_zone),
      cents: total_cents,
      isCounted: true,
    }));
  if (measure === 'billed')
    return all.invoices
      .filter(
        ({ status, issued_on }) => issued_on !== null && !['draft', 'void', 'cancelled'].includes(status),
      )
      .map(({ issued_on, total_cents, ...row }) => ({
        ...row,
        day: issued_on ?? '',
        cents: total_cents,
        isCounted: true,
      }));
  return [
    ...all.payments
      .filter(({ status, deleted_at }) => status === 'succeeded' && deleted_at === null)
      .map(({ received_at, amount_cents, ...row }) => ({
        ...row,
        day: dayOf(received_at, time_zone),
        cents: amount_cents,
        isCounted: true,
      })),
    ...all.refunds
      .filter(({ status }) => status === 'succeeded')
      .map(({ refunded_at, amount_cents, currency }) => ({
        currency,
        contact_id: '',
        day: dayOf(refunded_at, time_zone),
        cents: -amount_cents,
        isCounted: false,
      })),
  ];
}

/** The day of a month a year before that is like this one; undefined for the 29th of February. */
export function dayBefore(day: string): string | undefined {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number);
  const leaps = (year - 1) % 4 === 0 && ((year - 1) % 100 !== 0 || (year - 1) % 400 === 0);
  if (month === 2 && date === 29 && !leaps) return undefined;
  return [String(year - 1).padStart(4, '0'), day.slice(5)].join('-');
}

/** The entries of some days in one currency. */
export function sumOf(entries: readonly Entry[], currency: string, isWithin: (day: string) => boolean) {
  const own = entries.filter(entry => entry.currency === currency && isWithin(entry.day));
  const counted = own.filter(({ isCounted }) => isCounted);
  return {
    cents: Number(own.reduce((sum, entry) => sum + entry.cents, 0n)),
    count: counted.length,
    customers: new Set(counted.map(({ contact_id }) => contact_id)).size,
    ids: new Set(counted.map(({ contact_id }) => contact_id)),
  };
}

/** Half away from zero, without a float. */
export function average(cents: number, count: number): number | null {
  if (count === 0) return null;
  const [sum, parts] = [BigInt(cents), BigInt(count)];
  const away = sum < 0n ? -1n : 1n;
  return Number((away * (2n * sum * away + parts)) / (2n * parts));
}

/** With one decimal, half up. */
export function percent(now: number, before: number): number | null {
  if (before <= 0) return null;
  const tenths = BigInt(now - before) * 1000n;
  const of = BigInt(before);
  const doubled = 2n * tenths + of;
  const floor = doubled >= 0n ? doubled / (2n * of) : -((-doubled + 2n * of - 1n) / (2n * of));
  return Number(floor) / 10;
}
