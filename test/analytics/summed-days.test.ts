import pg from 'pg';
import { Temporal } from 'temporal-polyfill';
import { beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { type BrightPanes, useBrightPanes } from '../support/bright-panes.ts';
import { examples, fc } from '../support/properties.ts';
import { closedVisits, servicesOf, techniciansOf } from './own-crews.ts';

// The days of a business are summed up at night, so that figures over years come quickly. What is asked for meanwhile is right all the
// same: after every visit that is closed, brought along, taken back, and wherever the business moves its clocks.

const office = useBrightPanes();
const today = '2026-11-18';
const zones = ['America/Chicago', 'Asia/Kathmandu', 'Pacific/Kiritimati', 'Australia/Lord_Howe'];
const names = ['Theo', 'Tess'];
const services = ['Gutter Cleaning', 'Screen Cleaning', 'Interior and Exterior Window Cleaning'];
let number = 0;
let zone = 'America/Chicago';
const brought: string[] = [];

const { done, read } = new Proxy({} as Pick<BrightPanes, 'done' | 'read'>, {
  get:
    (_, name: 'done' | 'read') =>
    (...given: Parameters<BrightPanes['done']>) =>
      office()[name](...given),
});

/** What the timer does every night: a month in each transaction. */
const sumOnce = async () => {
  const worker = { via: 'system', organization_id: office().bright.id, name: 'worker' } as const;
  const { days } = z.object({ days: z.number() }).parse(await done(worker, 'analytics.sum_days', {}));
  return days;
};
const sumAll = async () => {
  while ((await sumOnce()) > 0);
};
const marked = async () => {
  const { rows } = await office().database.owner.query(
    `select (select count(*)::int from changed_days) as changed, (select count(*)::int from summed_days) as summed`,
  );
  return z.object({ changed: z.number(), summed: z.number() }).parse(rows[0]);
};

interface Past {
  days: number;
  hour: number;
  service: number;
  cents: number;
  crew: number;
  house: boolean;
}
const past: fc.Arbitrary<Past> = fc.record({
  days: fc.oneof(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 61, max: 800 })),
  hour: fc.integer({ min: 0, max: 23 }),
  service: fc.integer({ min: 0, max: 2 }),
  cents: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 99_999 })),
  crew: fc.integer({ min: 0, max: 3 }),
  house: fc.boolean(),
});
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      does: fc.constant('bring' as const),
      visits: fc.array(past, { minLength: 1, maxLength: 12 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('record' as const), visit: past }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('take back' as const) }) },
  { weight: 4, arbitrary: fc.record({ does: fc.constant('sum a month up' as const) }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('sum up' as const) }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('merge' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({ does: fc.constant('move' as const), zone: fc.constantFrom(...zones) }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

const dayBefore = (days: number) => Temporal.PlainDate.from(today).subtract({ days });
const crewOf = (crew: number) => names.filter((_, place) => (crew >> place) & 1);

async function take(one: Step): Promise<void> {
  const { olivia, dana } = office();
  switch (one.does) {
    case 'bring': {
      const rows = one.visits.map(({ days, hour, service, cents, crew, house }) => {
        number += 1;
        const date = dayBefore(days);
        const day = `${String(date.month).padStart(2, '0')}/${String(date.day).padStart(2, '0')}/${date.year}`;
        return `${number},${day},${hour}:00,60,Jane Smith,jane.smith@example.com,${house ? '123 Main Street,Madison' : ','},${services[service]},${(cents / 100).toFixed(2)},"${crewOf(crew).join(', ')}",Completed`;
      });
      const content = `Job #,Date,Time,Duration,Client,Email,Address,City,Services,Total,Assigned to,Status\n${rows.join('\n')}\n`;
      const { import: batch } = await done(olivia, 'import.csv', { content, kind: 'tickets' });
      brought.push(String(batch));
      return;
    }
    case 'record': {
      const { days, hour, service, cents, crew, house } = one.visit;
      const at = `${dayBefore(days).toString()}T${String(hour).padStart(2, '0')}:30`;
      // Nobody is in two places: such a visit is not written down.
      await office()
        .act(dana, 'ticket.record_visit', {
          contact_id: 'C-1001',
          ...(house ? { address_id: 'A-1001' } : {}),
          scheduled_at: at,
          duration_minutes: 30,
          lines: [{ service_id: services[service], unit_price_cents: cents }],
          technician_ids: crewOf(crew),
          close: { next_service: 'no' },
        })
        .catch(() => undefined);
      return;
    }
    case 'take back': {
      const import_id = brought.pop();
      if (import_id !== undefined) await done(olivia, 'import.undo', { import_id, as_far_as_possible: true });
      return;
    }
    case 'sum a month up':
      await sumOnce();
      return;
    case 'sum up':
      await sumAll();
      return;
    case 'merge': {
      const { id } = await done(olivia, 'contact.create', { full_name: 'Jane Smith once more' });
      const { merge } = await done(olivia, 'contact.merge', {
        contact_id: String(id),
        merged_contact_id: 'C-1001',
      });
      await done(olivia, 'contact.unmerge', { contact_merge_id: String(merge) });
      return;
    }
    case 'move':
      zone = one.zone;
      await done(olivia, 'organization.update_settings', { time_zone: zone });
  }
}

const linesOf = async (type: string, from: string) => {
  const fields = Object.keys(office().app.registry.view(type).spec.row.shape);
  return read(office().olivia, type, { params: { from, to: today }, fields, limit: 100 });
};

/** Every figure of these days is the sum of its rows. */
async function requireRight(from: string): Promise<void> {
  const visits = await closedVisits(office(), office().bright.id);
  const before = (day: string) => Temporal.PlainDate.from(day).subtract({ years: 1 }).toString();
  const byService = servicesOf(visits, from, today, zone);
  const byServiceBefore = servicesOf(visits, before(from), before(today), zone);
  const found = await linesOf('analytics_service_types', from);
  expect(new Set(found.map(({ service_id }) => service_id))).toEqual(
    new Set([...byService.keys(), ...byServiceBefore.keys()]),
  );
  for (const line of found) {
    const service = line.service_id === null ? null : String(line.service_id);
    const { visits: many = 0, quantity = 0, cents = 0 } = byService.get(service) ?? {};
    expect(line).toMatchObject({
      visits: many,
      quantity,
      amount_cents: cents,
      last_year_cents: byServiceBefore.get(service)?.cents ?? 0,
    });
  }
  const byTechnician = techniciansOf(visits, from, today, zone);
  const technicians = await linesOf('analytics_technicians', from);
  expect(technicians.map(({ technician_id }) => technician_id).sort()).toEqual(
    [...byTechnician.keys()].sort(),
  );
  for (const line of technicians) {
    const { cents, ...sums } = byTechnician.get(String(line.technician_id)) ?? {};
    expect(line).toMatchObject({
      ...sums,
      amount_cents: cents,
      last_year_cents:
        techniciansOf(visits, before(from), before(today), zone).get(String(line.technician_id))?.cents ?? 0,
    });
  }
}

beforeEach(() => {
  office().setClock(`${today}T22:00:00Z`);
});

test('the figures are right after whatever happens, summed up before or not', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 4, maxLength: 12 }),
      fc.integer({ min: 0, max: 500 }),
      async (steps, days) => {
        for (const one of steps) {
          await take(one);
          await requireRight(dayBefore(days).toString());
        }
        await sumAll();
        await requireRight(dayBefore(days).toString());
        expect((await marked()).changed).toBe(0);
      },
    ),
    { numRuns: examples(12) },
  );
  // It was about something: days were summed up, visits were there, and some of them had to be done again.
  expect((await marked()).summed).toBeGreaterThan(100);
  const visits = await closedVisits(office(), office().bright.id);
  expect(visits.length).toBeGreaterThan(30);
  const found = techniciansOf(visits, '2020-01-01', today, zone);
  expect([...found.values()].reduce((sum, { callbacks }) => sum + callbacks, 0)).toBeGreaterThan(2);
});

test('a visit that is closed at the very moment its day is summed up is told of, and waits for nobody', async () => {
  const { olivia, dana, bright, database } = office();
  await sumAll();
  const { id } = await done(dana, 'ticket.record_visit', {
    contact_id: 'C-1001',
    address_id: 'A-1001',
    scheduled_at: '2026-11-17T03:30',
    duration_minutes: 30,
    lines: ['Gutter Cleaning'],
    technician_ids: ['Theo'],
  });
  const client = new pg.Client({ ...database.admin, ssl: false });
  await client.connect();
  try {
    await client.query('begin');
    await client.query(`select set_ctx($1, null, '{"kind": "system", "name": "elsewhere"}'::jsonb)`, [
      bright.id,
    ]);
    await client.query(
      `update tickets set status = 'closed', closed_at = now(), actual_minutes = 30 where organization_id = $1 and id = $2`,
      [bright.id, String(id)],
    );
    // Another one of that day, so that it is summed up while the first is not yet there.
    await take({
      does: 'record',
      visit: { days: 1, hour: 5, service: 0, cents: 7_000, crew: 2, house: true },
    });
    await sumAll();
    await requireRight('2026-11-01');
    await client.query('commit');
  } finally {
    await client.end();
  }
  await requireRight('2026-11-01');
  const found = await read(olivia, 'analytics_service_types', {
    params: { from: '2026-11-17', to: '2026-11-17' },
  });
  expect(found.length).toBeGreaterThan(0);
  await sumAll();
  await requireRight('2026-11-01');
});

test('two workers at once sum every day up once', async () => {
  await take({ does: 'record', visit: { days: 2, hour: 6, service: 1, cents: 5_000, crew: 1, house: true } });
  const days = await Promise.all([sumOnce(), sumOnce()]);
  expect(days.filter(many => many > 0)).toHaveLength(1);
  await requireRight('2026-11-01');
});
