import { Temporal } from 'temporal-polyfill';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createDeskhand } from '../../api/compose.ts';
import { createDemo, lately } from '../../core/demo/demo.ts';
import { growDemo } from '../../core/demo/history.ts';
import { tellYear } from '../../core/demo/year.ts';
import { type Database, openDatabase } from '../../core/kernel/database/db.ts';
import { newId } from '../../core/kernel/database/ids.ts';
import { openVault } from '../../core/kernel/outside/seal.ts';
import type { Caller } from '../../core/kernel/pipeline/context.ts';
import { listBusinesses } from '../../core/organizations/found.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

// What somebody finds who starts Deskhand for the first time: a business that has been at work for fourteen months.

const actOn = (inside: Database) => {
  const app = createDeskhand(inside);
  return (caller: Caller, action: string, data: Record<string, unknown>) =>
    app.execute(caller, { action, data }, { request_id: newId() });
};

const today = Temporal.PlainDate.from('2026-11-18');
const weeks = tellYear({ today });
const happened = weeks.flatMap(week => week.happened);
const visits = happened.flatMap(one => (one.what === 'visit' ? [one] : []));
const people = happened.flatMap(one => (one.what === 'customer' ? [one.person] : []));

describe('the fourteen months', () => {
  test('are those of 240 customers with 1,500 visits, and the same each time', () => {
    expect(people.length).toBeGreaterThanOrEqual(238);
    expect(visits.length).toBeGreaterThanOrEqual(1_500);
    expect(new Set(people.map(({ full_name }) => full_name)).size).toBe(people.length);
    expect(new Set(people.map(({ phone }) => phone)).size).toBe(people.length);
    expect(tellYear({ today })).toEqual(weeks);
  });

  test('are worked at working hours, by two who are never at two houses', () => {
    const ends = new Map<number, Temporal.PlainDateTime>();
    for (const { at, minutes, technician } of visits.sort((a, b) =>
      Temporal.PlainDateTime.compare(a.at, b.at),
    )) {
      expect(at.dayOfWeek).toBeLessThanOrEqual(5);
      expect(at.hour).toBeGreaterThanOrEqual(8);
      const end = at.add({ minutes });
      expect(end.hour).toBeLessThan(17);
      const before = ends.get(technician);
      if (before) expect(Temporal.PlainDateTime.compare(before, at)).toBeLessThanOrEqual(0);
      ends.set(technician, end);
    }
  });

  test('end before the day of the founding', () => {
    for (const { at } of happened)
      expect(Temporal.PlainDate.compare(at.toPlainDate(), today)).toBeLessThan(0);
  });
});

test('whoever is at a house now has begun at a believable time, whenever the server is started', () => {
  for (let hour = 0; hour < 7 * 24; hour += 1) {
    const now = Temporal.PlainDateTime.from('2026-11-16T00:25').add({ hours: hour });
    const begun = lately(now);
    expect([now.toString(), begun.hour >= 8, begun.hour < 16]).toEqual([now.toString(), true, true]);
    expect(Temporal.PlainDateTime.compare(begun, now)).toBeLessThan(0);
    // Nobody books what began more than a day ago.
    expect(begun.until(now, { largestUnit: 'hours' }).hours).toBeLessThan(20);
  }
});

describe('the business is founded', () => {
  test.each([
    ['on a Saturday at noon', '2026-11-21T18:00:00Z'],
    ['on a Saturday in the afternoon', '2026-11-21T22:10:00Z'],
    ['on a Sunday', '2026-11-22T18:00:00Z'],
    ['early on a Monday', '2026-11-23T14:30:00Z'],
    ['in the last minutes of a year', '2027-01-01T05:57:00Z'],
    ['on a leap day', '2028-02-29T15:00:00Z'],
    ['in the hour that is left out in spring', '2027-03-14T08:30:00Z'],
    ['in the hour that comes twice in fall', '2027-11-07T07:30:00Z'],
  ])('%s', async (_when, moment) => {
    const database = await testDatabase();
    const db = openDatabase({ address: database.address, connections: 2 });
    vi.useFakeTimers({ toFake: ['Date'], now: new Date(moment) });
    try {
      expect(await createDemo(db, actOn, { history: true })).toBe(true);
    } finally {
      vi.useRealTimers();
      await db.close();
      await database.close();
    }
  });
});

describe('the business', () => {
  const vault = openVault('the secret of the demo');
  let database: TestDatabase;
  let db: Database;
  let organization_id = '';
  let under_way = '';
  const count = async (query: string): Promise<number> =>
    Number((await database.owner.query<{ count: string }>(query)).rows[0]?.count);
  const grow = (signal?: AbortSignal) =>
    growDemo({
      db,
      app: createDeskhand(db),
      organization_id,
      weeks: 3,
      open: (inside, clock) => createDeskhand(inside, undefined, { clock }, { vault }),
      ...(signal ? { signal } : {}),
    });
  const closeUnderWay = async () => {
    const { rows } = await database.owner.query<{ id: string; user_id: string }>(
      `select t.id, m.id as user_id from tickets as t join members as m on m.role = 'owner'
       where t.status = 'scheduled' and t.scheduled_at < now() order by t.scheduled_at limit 1`,
    );
    const [{ id, user_id } = { id: '', user_id: '' }] = rows;
    under_way = id;
    await createDeskhand(db).execute(
      { via: 'member', organization_id, user_id },
      {
        action: 'ticket.close',
        data: { ticket_id: id, duration_minutes: 40, notes: '', next_service: 'no' },
      },
      { request_id: newId() },
    );
  };

  beforeAll(async () => {
    database = await testDatabase();
    db = openDatabase({ address: database.address, connections: 4 });
    await createDemo(db, actOn, { history: true });
    const [business] = await listBusinesses(db);
    organization_id = business?.id ?? '';
  });
  afterAll(async () => {
    await db.close();
    await database.close();
  });

  test('gets its history week by week: a server that is stopped goes on at its next start, and two at once make one', async () => {
    const stopping = new AbortController();
    const first = growDemo({
      db,
      app: createDeskhand(db),
      organization_id,
      weeks: 3,
      signal: stopping.signal,
      open(inside, clock) {
        const app = createDeskhand(inside, undefined, { clock }, { vault });
        return {
          ...app,
          async execute(...call) {
            stopping.abort();
            return app.execute(...call);
          },
        };
      },
    });
    expect(await first).toBe(1);
    const closed = "select count(*) from tickets where status = 'closed'";
    const once = (await count(closed)) + 1;
    expect(once).toBeGreaterThan(1);
    // Who tries it out closes the visit that is under way; that ends the history no more than anything else they do.
    await closeUnderWay();
    const added = await Promise.all([grow(), grow()]);
    expect(added[0] + added[1]).toBeGreaterThanOrEqual(2);
    const all = await count(closed);
    expect(all).toBeGreaterThan(once);
    const double =
      'select count(*) from (select 1 from tickets group by scheduled_at, contact_id having count(*) > 1) as d';
    expect(await count(double)).toBe(0);
    expect(await grow()).toBe(0);
    expect(await count(closed)).toBe(all);
  });

  test('is only looked at when it has its history: no other application is opened, and nothing is written', async () => {
    let isOpened = false;
    const calls: string[] = [];
    const app = createDeskhand(db);
    const again = growDemo({
      db,
      app: {
        ...app,
        async read(...call) {
          calls.push(call[1]);
          return app.read(...call);
        },
        async execute() {
          throw new Error('nothing is to be done');
        },
      },
      organization_id,
      open(inside, clock) {
        isOpened = true;
        return createDeskhand(inside, undefined, { clock }, { vault });
      },
    });
    expect(await again).toBe(0);
    expect(isOpened).toBe(false);
    expect(calls).toEqual(['members', 'agents', 'contacts', 'tickets']);
  });

  test('has billed every visit and written to nobody', async () => {
    expect(
      await count(
        `select count(*) from tickets as t where status = 'closed' and id <> '${under_way}' and not exists (select from invoices as i where i.ticket_id = t.id)`,
      ),
    ).toBe(0);
    expect(await count("select count(*) from invoices where status = 'paid'")).toBeGreaterThan(20);
    expect(await count("select count(*) from invoices where status = 'sent'")).toBeGreaterThan(3);
    expect(await count("select count(*) from jobs where kind = 'email'")).toBe(0);
    expect(await count('select count(*) from scheduled_messages')).toBe(0);
  });

  test('has visits before it, some that come again', async () => {
    expect(
      await count("select count(*) from tickets where status = 'scheduled' and scheduled_at > now()"),
    ).toBeGreaterThan(15);
    expect(await count('select count(*) from series')).toBe(6);
    expect(
      await count("select count(*) from authorization_requests where status = 'pending'"),
    ).toBeGreaterThan(0);
  });
});

test('a business that was founded without a history gets none later', async () => {
  const database = await testDatabase();
  const db = openDatabase({ address: database.address, connections: 2 });
  const open = (inside: Database) => createDeskhand(inside);
  await createDemo(db, actOn);
  const [business] = await listBusinesses(db);
  expect(await growDemo({ db, organization_id: business?.id ?? '', app: open(db), open })).toBe(0);
  await db.close();
  await database.close();
});
