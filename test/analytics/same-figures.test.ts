import { Temporal } from 'temporal-polyfill';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type BrightPanes, stock } from '../support/bright-panes.ts';
import { useHttp } from '../support/http.ts';
import { examples, fc } from '../support/properties.ts';
import {
  type All,
  average,
  closed,
  dayBefore,
  dayOf,
  entriesOf,
  isLike,
  percent,
  readAll,
  sumOf,
} from './own-sums.ts';
import { setRows } from './rows.ts';

// Every figure is what one gets who adds up the exported lists by hand: at clock changes, ends of years and leap days, with
// void bills, money given back, visits that were cancelled, and two currencies.

const front = useHttp();
let stocked: BrightPanes;
const panes = () => stocked;
let contacts: string[];
let addresses: string[];
let services: string[];

beforeAll(async () => {
  stocked = await stock(front().office);
  const { done, olivia, read } = panes();
  for (const [line1, more] of [
    ['1 Elm', { city: 'Madison', postal_code: '35758-4411' }],
    ['2 Elm', { city: ' Decatur ' }],
    ['3 Elm', { postal_code: 'k1a 0b1', country: 'CA' }],
    ['4 Elm', {}],
  ] as const)
    await done(olivia, 'address.create', { contact_id: 'C-1002', line1, ...more });
  const idsOf = async (type: string) =>
    (await read(olivia, type, { limit: 100 })).map(({ id }) => String(id));
  [contacts, addresses, services] = [
    await idsOf('contacts'),
    await idsOf('addresses'),
    await idsOf('services'),
  ];
});

/** Where clocks change at night, at midnight, by half an hour, in the other half of the year, and never. */
const zones = [
  'America/Chicago',
  'America/Santiago',
  'Australia/Lord_Howe',
  'Pacific/Auckland',
  'Asia/Kolkata',
];
/** Days on which something begins or ends. */
const todays = [
  '2026-11-18',
  '2026-01-01',
  '2025-12-31',
  '2028-02-29',
  '2029-02-28',
  '2027-02-28',
  '2026-03-08',
  '2026-11-01',
];

interface Case {
  zone: string;
  today: string;
  moments: readonly {
    months: number;
    day: number;
    minute: number;
    isAtEdge: boolean;
    pick: number;
    cents: number;
  }[];
}

const cases: fc.Arbitrary<Case> = fc.record({
  zone: fc.constantFrom(...zones),
  today: fc.constantFrom(...todays),
  moments: fc.array(
    fc.record({
      months: fc.integer({ min: 0, max: 26 }),
      day: fc.integer({ min: 1, max: 31 }),
      minute: fc.integer({ min: 0, max: 1439 }),
      isAtEdge: fc.boolean(),
      pick: fc.nat(10_000),
      cents: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 9_999_999 })),
    }),
    { minLength: 1, maxLength: 60 },
  ),
});

/** Writes the rows of a case, sets clock and time zone, and reads them back as they stand. */
async function setCase(office: BrightPanes, { zone, today, moments }: Case): Promise<All> {
  const now = Temporal.PlainDate.from(today)
    .toZonedDateTime({ timeZone: zone, plainTime: '23:40' })
    .toInstant();
  office.setClock(now.toString());
  await office.done(office.olivia, 'organization.update_settings', { time_zone: zone });
  const at = ({ months, day, minute, isAtEdge }: Case['moments'][number]) => {
    const month = Temporal.PlainDate.from(today).with({ day: 1 }).subtract({ months });
    const date = month.with({ day: isAtEdge ? (day % 2 === 0 ? 1 : month.daysInMonth) : day });
    // The last half hour of a day, and the first one.
    const clock = isAtEdge ? (minute % 2 === 0 ? 1439 - (minute % 30) : minute % 30) : minute;
    const plainTime = new Temporal.PlainTime(Math.floor(clock / 60), clock % 60);
    return { date: date.toString(), moment: date.toZonedDateTime({ timeZone: zone, plainTime }).toInstant() };
  };
  const of = <T>(all: readonly T[], number: number): T => all[number % all.length] as T;
  const currencyOf = (pick: number) => (pick % 5 === 0 ? 'CAD' : 'USD');
  await setRows(office, office.bright.id, {
    visits: moments.map(one => ({
      contact_id: of(contacts, one.pick),
      address_id: of([...addresses, null], one.pick >> 2),
      scheduled_at: at(one).moment.toString(),
      cents: one.cents,
      currency: currencyOf(one.pick),
      status: one.pick % 7 === 0 ? 'cancelled' : one.pick % 11 === 0 ? 'scheduled' : 'closed',
      lines: [
        {
          service_id: of([...services, null], one.pick),
          quantity: 1 + (one.pick % 3),
          cents: Math.floor(one.cents / 3),
        },
        { service_id: of([...services, null], one.pick >> 3), cents: one.cents - Math.floor(one.cents / 3) },
      ],
    })),
    bills: moments.map(one => ({
      contact_id: of(contacts, one.pick >> 1),
      status: of(['draft', 'sent', 'partial', 'paid', 'refunded', 'cancelled', 'void'], one.pick),
      issued_on: one.pick % 7 === 0 ? null : at(one).date,
      due_on: Temporal.PlainDate.from(at(one).date)
        .add({ days: one.pick % 40 })
        .toString(),
      cents: one.cents,
      paid: Math.floor(one.cents / (1 + (one.pick % 4))),
      currency: currencyOf(one.pick),
    })),
    paid: moments.map(one => ({
      contact_id: of(contacts, one.pick),
      at: at(one).moment.toString(),
      cents: one.cents + 1,
      currency: currencyOf(one.pick),
      status: of(['succeeded', 'succeeded', 'succeeded', 'pending', 'failed'], one.pick),
      isDeleted: one.pick % 13 === 0,
      back:
        one.pick % 3 === 0
          ? [
              {
                at: at({ ...one, months: Math.max(0, one.months - 1) }).moment.toString(),
                cents: Math.ceil((one.cents + 1) / 2),
                status: one.pick % 2 === 0 ? 'succeeded' : 'failed',
              },
            ]
          : [],
    })),
  });
  return readAll(front(), office.bright);
}

async function linesOf(type: string, params: Record<string, unknown>): Promise<Record<string, unknown>[]> {
  const { app, olivia, registry } = { ...panes(), registry: panes().app.registry };
  const fields = Object.keys(registry.view(type).spec.row.shape);
  const found: Record<string, unknown>[] = [];
  let cursor: string | undefined;
  do {
    const query = { params, fields, limit: 100, ...(cursor === undefined ? {} : { cursor }) };
    const page = await app.read(olivia, type, query, { request_id: 'figures' });
    found.push(...page.rows);
    cursor = page.next_cursor;
  } while (cursor !== undefined);
  return found;
}

/** All days from one to another. */
function daysFrom(from: string, to: string): string[] {
  const days: string[] = [];
  for (
    let day = Temporal.PlainDate.from(from);
    Temporal.PlainDate.compare(day, to) <= 0;
    day = day.add({ days: 1 })
  )
    days.push(day.toString());
  return days;
}

/** The same days a year before, and a 29th of February with the 28th of a period that goes on, or ends with that month. */
function daysBefore(days: readonly string[]): Set<string> {
  const before = new Set(days.flatMap(day => dayBefore(day) ?? []));
  for (const day of before) {
    const next = Temporal.PlainDate.from(day).add({ days: 1 });
    if (next.month === 2 && next.day === 29) before.add(next.toString());
  }
  return before;
}

/** The first of the month eleven months before, until today; whole weeks and quarters from where that one begins. */
const usualDays = (today: string, step = 'month') => {
  const first = Temporal.PlainDate.from(today).with({ day: 1 }).subtract({ months: 11 });
  const begins = {
    week: first.subtract({ days: first.dayOfWeek - 1 }),
    quarter: first.with({ month: [1, 1, 1, 4, 4, 4, 7, 7, 7, 10, 10, 10][first.month - 1] ?? 1 }),
  };
  const from = step === 'week' || step === 'quarter' ? begins[step] : first;
  return daysFrom(from.toString(), today);
};

const currencies = ['USD', 'CAD'];
const isIn = (days: Iterable<string>) => {
  const all = new Set(days);
  return (day: string) => all.has(day);
};
const times = { numRuns: examples(25) };

describe('the figures are those one gets by adding up the rows', () => {
  test('each month against the same days of the year before', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async one => {
        const all = await setCase(panes(), one);
        const days = usualDays(one.today);
        for (const measure of ['work', 'billed', 'received']) {
          const entries = entriesOf(all, measure, one.zone);
          const lines = await linesOf('analytics_yoy', { measure });
          const expected = [...new Set(days.map(day => day.slice(0, 7)))].reverse().flatMap(month => {
            const own = days.filter(day => day.startsWith(month));
            const before = daysBefore(own);
            return currencies.flatMap(currency => {
              const now = sumOf(entries, currency, isIn(own));
              const last = sumOf(entries, currency, isIn(before));
              const newIn = (ids: ReadonlySet<string>, first: string) =>
                measure === 'work'
                  ? [...ids].filter(id => !entries.some(e => e.contact_id === id && e.day < first)).length
                  : null;
              return {
                month,
                currency,
                amount_cents: now.cents,
                last_year_cents: last.cents,
                difference_cents: now.cents - last.cents,
                percent: isLike(entries, before) ? percent(now.cents, last.cents) : null,
                count: now.count,
                last_year_count: last.count,
                customers: now.customers,
                last_year_customers: last.customers,
                new_customers: newIn(now.ids, own[0] ?? ''),
                last_year_new_customers: newIn(last.ids, [...before].sort()[0] ?? ''),
                average_cents: average(now.cents, now.count),
                last_year_average_cents: average(last.cents, last.count),
              };
            });
          });
          const found = new Map(lines.map(line => [`${line.month} ${line.currency}`, line]));
          const others = expected.filter(line => !found.has(`${line.month} ${line.currency}`));
          // A currency nothing was done in has no lines.
          expect(
            others.filter(line => line.currency === 'USD' || line.amount_cents !== 0 || line.count > 0),
          ).toEqual([]);
          for (const line of expected)
            if (found.has(`${line.month} ${line.currency}`))
              expect(found.get(`${line.month} ${line.currency}`)).toMatchObject(line);
        }
      }),
      times,
    );
  });

  test('week by week, month by month and quarter by quarter, with who had been there before', async () => {
    await fc.assert(
      fc.asyncProperty(cases, fc.constantFrom('week', 'month', 'quarter'), async (one, step) => {
        const all = await setCase(panes(), one);
        const entries = entriesOf(all, 'work', one.zone);
        const lines = z
          .array(
            z.object({
              from: z.string(),
              to: z.string(),
              currency: z.string(),
              amount_cents: z.number(),
              count: z.number(),
              customers: z.number(),
              average_cents: z.number().nullable(),
              repeat_customers: z.number(),
            }),
          )
          .parse(await linesOf('analytics_trends', { step }));
        // No day is missing, and none is told twice.
        const usd = lines.filter(({ currency }) => currency === 'USD').reverse();
        expect(usd.flatMap(({ from, to }) => daysFrom(from, to))).toEqual(usualDays(one.today, step));
        for (const line of lines) {
          const sum = sumOf(entries, line.currency, isIn(daysFrom(line.from, line.to)));
          const repeat = [...sum.ids].filter(id =>
            entries.some(e => e.contact_id === id && e.day < line.from),
          ).length;
          expect(line).toMatchObject({
            amount_cents: sum.cents,
            count: sum.count,
            customers: sum.customers,
            average_cents: average(sum.cents, sum.count),
            repeat_customers: repeat,
          });
        }
      }),
      times,
    );
  });

  test('by service and by neighbourhood, and the lists behind each line hold its very visits', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async one => {
        const all = await setCase(panes(), one);
        const days = usualDays(one.today);
        const within = (moment: Date, wanted: (day: string) => boolean) => wanted(dayOf(moment, one.zone));
        const visits = closed(all).filter(({ scheduled_at }) => within(scheduled_at, isIn(days)));
        const before = closed(all).filter(({ scheduled_at }) => within(scheduled_at, isIn(daysBefore(days))));
        const linesIn = (of: typeof visits, currency: unknown, service: unknown) =>
          all.ticket_lines.filter(
            line =>
              line.service_id === service && of.some(v => v.id === line.ticket_id && v.currency === currency),
          );
        const sum = (of: readonly { total_cents: bigint }[]) =>
          Number(of.reduce((s, e) => s + e.total_cents, 0n));
        const behind = async (tickets: unknown) => {
          const { filter, ...params } = z.record(z.string(), z.string()).parse(tickets);
          return (await linesOfTickets(params, filter)).sort();
        };
        const isWhole = isLike(entriesOf(all, 'work', one.zone), daysBefore(days));
        const percentOf = (now: number, last: number) => (isWhole ? percent(now, last) : null);
        const byService = await linesOf('analytics_service_types', {});
        for (const line of byService) {
          const now = linesIn(visits, line.currency, line.service_id);
          const ids = [...new Set(now.map(({ ticket_id }) => ticket_id))].sort();
          expect(line).toMatchObject({
            amount_cents: sum(now),
            visits: ids.length,
            quantity: now.reduce((s, { quantity }) => s + quantity, 0),
            last_year_cents: sum(linesIn(before, line.currency, line.service_id)),
            percent: percentOf(sum(now), sum(linesIn(before, line.currency, line.service_id))),
          });
          expect(await behind(line.tickets)).toEqual(ids);
        }
        const total = (lines: readonly Record<string, unknown>[]) =>
          lines.reduce((s, l) => s + Number(l.amount_cents), 0);
        expect(total(byService)).toBe(sum(visits));
        const placeOf = (address_id: string | null) => {
          const found = all.addresses.find(({ id }) => id === address_id);
          const code = found?.postal_code?.trim().toUpperCase();
          return (found?.country === 'US' ? code?.slice(0, 5) : code) || found?.city?.trim() || null;
        };
        const byPlace = await linesOf('analytics_neighborhoods', {});
        for (const line of byPlace) {
          const isHere = (v: (typeof visits)[number]) =>
            v.currency === line.currency && placeOf(v.address_id) === line.neighborhood;
          const now = visits.filter(isHere);
          expect(line).toMatchObject({
            amount_cents: sum(now),
            visits: now.length,
            customers: new Set(now.map(v => v.contact_id)).size,
            last_year_cents: sum(before.filter(isHere)),
            percent: percentOf(sum(now), sum(before.filter(isHere))),
          });
          expect(await behind(line.tickets)).toEqual(now.map(({ id }) => id).sort());
        }
        expect(total(byPlace)).toBe(sum(visits));
      }),
      { numRuns: examples(10) },
    );
  });

  test('what is open by age, and what came in and went back', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async one => {
        const all = await setCase(panes(), one);
        const today = Temporal.PlainDate.from(one.today);
        const ageOf = (due: string) => {
          const late = today.since(due).days;
          return late <= 0
            ? 'not_due'
            : late <= 30
              ? 'days_1_30'
              : late <= 60
                ? 'days_31_60'
                : late <= 90
                  ? 'days_61_90'
                  : 'days_over_90';
        };
        for (const line of await linesOf('analytics_open', {})) {
          const own = all.invoices.filter(
            ({ status, currency, due_on }) =>
              ['sent', 'partial'].includes(status) &&
              currency === line.currency &&
              ageOf(due_on ?? '') === line.age,
          );
          expect(line).toMatchObject({
            invoices: own.length,
            due_cents: Number(
              own.reduce(
                (s, i) => s + (i.total_cents > i.paid_cents ? i.total_cents - i.paid_cents : 0n),
                0n,
              ),
            ),
          });
          const { filter, ...params } = z.record(z.string(), z.string()).parse(line.invoice_filter);
          const listed = await panes().read(panes().olivia, 'invoices', {
            params,
            filter: String(filter),
            limit: 100,
          });
          expect(listed).toHaveLength(own.length);
        }
        const entries = entriesOf(all, 'received', one.zone);
        for (const line of await linesOf('analytics_received', { step: 'week' })) {
          const own = entries.filter(
            ({ day, currency }) =>
              currency === line.currency && day >= String(line.from) && day <= String(line.to),
          );
          const add = (of: typeof own) => Number(of.reduce((s, e) => s + e.cents, 0n));
          expect(line).toMatchObject({
            received_cents: add(own.filter(({ isCounted }) => isCounted)),
            refunded_cents: -add(own.filter(({ isCounted }) => !isCounted)) || 0,
            net_cents: add(own),
            payments: own.filter(({ isCounted }) => isCounted).length,
          });
        }
      }),
      { numRuns: examples(10) },
    );
  });
});

async function linesOfTickets(params: Record<string, string>, filter: string | undefined): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await panes().app.read(
      panes().olivia,
      'tickets',
      {
        params,
        fields: ['id'],
        limit: 100,
        ...(filter === undefined ? {} : { filter }),
        ...(cursor === undefined ? {} : { cursor }),
      },
      { request_id: 'behind' },
    );
    ids.push(...page.rows.map(({ id }) => String(id)));
    cursor = page.next_cursor;
  } while (cursor !== undefined);
  return ids;
}
