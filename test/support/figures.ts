import type { Temporal } from 'temporal-polyfill';
import { newId } from '../../core/kernel/database/ids.ts';
import { bill } from './figures-bill.ts';
import { randomFrom } from './random.ts';
import type { Tables } from './write-rows.ts';

/** What made-up rows are about. */
export interface Making {
  organization_id: string;
  currency: string;
  time_zone: string;
  /** Until when. */
  now: Temporal.Instant;
  months: number;
  customers: number;
  visits: number;
  services: readonly { id: string; name: string; cents: number }[];
  technicians: readonly string[];
  seed?: number;
}

/** The same numbers every time. */
export function randomOf(seed: number) {
  const next = randomFrom(seed);
  return {
    next,
    below: (count: number) => Math.floor(next() * count),
    of: <T>(all: readonly T[]): T => {
      const one = all[Math.floor(next() * all.length)];
      if (one === undefined) throw new Error('nothing to choose from');
      return one;
    },
  };
}

const places = [
  ['Madison', '35758'],
  ['Huntsville', '35801'],
  ['Huntsville', '35802'],
  ['Huntsville', '35803'],
  ['Decatur', '35601'],
  ['Athens', '35611'],
  ['Owens Cross Roads', null],
] as const;
const firstNames = [
  'Ada',
  'Ben',
  'Cora',
  'Dan',
  'Ella',
  'Finn',
  'Gail',
  'Hugh',
  'Ida',
  'Jon',
  'Kay',
  'Lee',
  'Mona',
  'Ned',
];
const lastNames = [
  'Hart',
  'Webb',
  'Lane',
  'Moss',
  'Pike',
  'Reed',
  'Shaw',
  'Todd',
  'Vance',
  'West',
  'York',
  'Abbot',
  'Boone',
];

/**
 * A business with so many months of work behind it, as rows: customers with a house each, closed visits at working hours with
 * lines and crews, bills that are paid, open, overdue or void, payments and some money given back. More work in spring and autumn,
 * and a little more each year.
 */
export function madeUp(making: Making): Tables {
  const {
    organization_id,
    currency,
    time_zone,
    now,
    months,
    customers,
    visits,
    services,
    technicians,
    seed = 7,
  } = making;
  const random = randomOf(seed);
  const made: Tables = {
    contacts: [],
    addresses: [],
    tickets: [],
    ticket_lines: [],
    ticket_technicians: [],
    time_entries: [],
    invoices: [],
    payments: [],
    refunds: [],
  };
  const put = (table: string, row: Record<string, unknown>) => {
    const id = newId();
    made[table]?.push({
      organization_id,
      id,
      version: 1,
      created_at: now.toString(),
      updated_at: now.toString(),
      ...row,
    });
    return id;
  };
  const today = now.toZonedDateTimeISO(time_zone).toPlainDate();
  const begin = today.subtract({ months });
  const days = begin.until(today).days;
  const served = Array.from({ length: customers }, (_, number) => {
    const [first, last] = [random.of(firstNames), random.of(lastNames)];
    const contact_id = put('contacts', {
      reference: `C-${50_001 + number}`,
      kind: 'person',
      first_name: first,
      last_name: last,
      full_name: `${first} ${last}`,
    });
    const [city, postal_code] = random.of(places);
    const address_id = put('addresses', {
      reference: `A-${50_001 + number}`,
      contact_id,
      type: 'home',
      line1: `${1 + random.below(900)} Oak Street`,
      city,
      state: 'AL',
      postal_code,
      country: 'US',
    });
    // Some come late, some never come again after a while.
    const since = random.next() < 0.5 ? 0 : random.below(days);
    const until = random.next() < 0.8 ? days : Math.min(days, since + 120 + random.below(120));
    return { contact_id, address_id, since, until };
  });
  for (let number = 0; number < visits; number += 1) {
    const who = random.of(served);
    let offset = who.since + random.below(Math.max(1, who.until - who.since));
    let date = begin.add({ days: offset });
    // Two of three visits of the slow months are moved to a busy one.
    if (![3, 4, 5, 9, 10, 11].includes(date.month) && random.next() < 0.5) {
      offset = Math.min(days - 1, offset + 60);
      date = begin.add({ days: offset });
    }
    if (date.dayOfWeek === 7) date = date.subtract({ days: 1 });
    const at = date
      .toZonedDateTime({ timeZone: time_zone, plainTime: { hour: 8 + random.below(9) } })
      .toInstant();
    const growth = 1 + offset / days / 8;
    const lines = Array.from({ length: 1 + random.below(2) }, () => {
      const service = random.of(services);
      const quantity = service.cents < 1000 ? 5 + random.below(25) : 1;
      const unit_price_cents =
        service.cents < 1000
          ? service.cents
          : Math.round(service.cents * growth * (0.8 + random.next() * 0.5));
      return {
        service_id: service.id,
        description: service.name,
        quantity,
        unit_price_cents,
        total_cents: quantity * unit_price_cents,
      };
    });
    const total_cents = lines.reduce((sum, line) => sum + line.total_cents, 0);
    const minutes = 45 + random.below(180);
    const isCancelled = random.next() < 0.06;
    const reference = `T-${50_001 + number}`;
    const ticket_id = put('tickets', {
      reference,
      contact_id: who.contact_id,
      address_id: who.address_id,
      status: isCancelled ? 'cancelled' : 'closed',
      confirmation_status: 'not_sent',
      is_reminded: false,
      is_price_estimated: false,
      custom_fields: {},
      scheduled_at: at.toString(),
      duration_minutes: 60,
      ends_at: at.add({ minutes: 60 }).toString(),
      actual_minutes: isCancelled ? null : minutes,
      total_cents,
      currency,
      ...(isCancelled ? { cancelled_at: at.toString() } : { closed_at: at.add({ hours: 3 }).toString() }),
    });
    for (const [position, line] of lines.entries())
      put('ticket_lines', { ticket_id, position, pricing: 'fixed', ...line });
    const crew = random.next() < 0.2 ? technicians.slice(0, 2) : [random.of(technicians)];
    for (const technician_id of crew) {
      made.ticket_technicians?.push({
        organization_id,
        id: newId(),
        ticket_id,
        technician_id,
        is_active: false,
        period: `[${at.toString()},${at.add({ minutes: 60 }).toString()})`,
        created_at: now.toString(),
      });
      if (!isCancelled && random.next() < 0.5)
        put('time_entries', {
          ticket_id,
          technician_id,
          clocked_in_at: at.toString(),
          clocked_out_at: at.add({ minutes }).toString(),
        });
    }
    if (isCancelled || random.next() < 0.05) continue;
    bill({
      put,
      random,
      today,
      time_zone,
      currency,
      ticket_id,
      contact_id: who.contact_id,
      at,
      total_cents,
      number,
    });
  }
  return made;
}
