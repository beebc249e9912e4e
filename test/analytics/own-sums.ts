import { parse } from 'csv-parse/sync';
import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import type { Front } from '../support/http.ts';

// The figures once more, over the files that the lists are exported as (`format=csv`), in another way than the database does it: day by
// day, with Temporal for the calendar and BigInt for money. No list holds the lines of a visit: those are read as they stand.

const cents = z
  .string()
  .regex(/^-?\d+$/)
  .transform(BigInt);
const moment = z.iso.datetime({ offset: true }).transform(text => new Date(text));
const maybe = z.string().transform(text => (text === '' ? null : text));
const rows = {
  tickets: z.object({
    id: z.string(),
    contact_id: z.string(),
    address_id: maybe,
    status: z.string(),
    scheduled_at: moment,
    total_cents: cents,
    currency: z.string(),
  }),
  invoices: z.object({
    contact_id: z.string(),
    status: z.string(),
    issued_on: maybe,
    due_on: maybe,
    total_cents: cents,
    paid_cents: cents,
    currency: z.string(),
  }),
  payments: z.object({
    contact_id: z.string(),
    status: z.string(),
    amount_cents: cents,
    currency: z.string(),
    received_at: moment,
  }),
  refunds: z.object({ status: z.string(), amount_cents: cents, currency: z.string(), refunded_at: moment }),
  addresses: z.object({ id: z.string(), city: maybe, postal_code: maybe, country: z.string() }),
};

const lineRow = z.object({
  ticket_id: z.string(),
  service_id: z.string().nullable(),
  quantity: z.coerce.number(),
  total_cents: z.coerce.bigint(),
});

/** Everything of one business, by list. */
export async function readAll({ office, url }: Front, business: { id: string; agent: { key: string } }) {
  const headers = { authorization: `Bearer ${business.agent.key}` };
  const read = async <S extends z.ZodObject>(list: string, shape: S): Promise<z.output<S>[]> => {
    const found: z.output<S>[] = [];
    const fields = Object.keys(shape.shape).join(',');
    let path: string | undefined = `/api/data?type=${list}&format=csv&limit=100&fields=${fields}`;
    while (path !== undefined) {
      const answer: Response = await fetch(url + path, { headers });
      const text = await answer.text();
      if (answer.status !== 200) throw new Error(`${list}: ${text}`);
      const records: unknown[] = parse(text, { columns: true });
      found.push(...records.map(row => shape.parse(row)));
      path = /<([^>]*)>; *rel="next"/.exec(answer.headers.get('link') ?? '')?.[1];
    }
    return found;
  };
  const { rows: lines } = await office.database.owner.query(
    'select ticket_id, service_id, quantity, total_cents from ticket_lines where organization_id = $1 and deleted_at is null',
    [business.id],
  );
  return {
    tickets: await read('tickets', rows.tickets),
    ticket_lines: lines.map(row => lineRow.parse(row)),
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
      .filter(({ status }) => status === 'succeeded')
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

/** The first day of the entries that count, and whether some earlier days are whole by it: it lies in none of their middles. */
export function isLike(entries: readonly Entry[], before: Iterable<string>): boolean {
  const days = [...before].sort();
  const first = entries
    .filter(({ isCounted }) => isCounted)
    .map(({ day }) => day)
    .sort()[0];
  const [from = '', to = ''] = [days[0], days.at(-1)];
  return first === undefined || days.length === 0 || first <= from || first > to;
}
