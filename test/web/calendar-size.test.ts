import { beforeAll, describe, expect, test } from 'vitest';
import { costOf, useCalendarPages } from './calendar-pages.ts';

const { pages, see, book, session } = useCalendarPages();

const firstNames = [
  'Ada',
  'Bertram',
  'Clementine',
  'Dorothea',
  'Ezekiel',
  'Florence',
  'Gwendolyn',
  'Horatio',
];
const lastNames = [
  'Abernathy',
  'Blankenship',
  'Castellano',
  'Dombrowski',
  'Eisenhower',
  'Fitzgerald',
  'Gutierrez',
];

// November of a business with eight visits a day, for 56 customers in turn; six of each day are Theo’s.
beforeAll(async () => {
  const { done, bright, database } = pages();
  const customers: string[] = [];
  for (const last of lastNames) {
    for (const first of firstNames) {
      const full_name = `${first} ${last}`;
      const phone = `(256) 555-01${String(10 + customers.length)}`;
      customers.push(String((await done(bright.owner, 'contact.create', { full_name, phone })).id));
    }
  }
  await database.owner.query(`
    begin;
    set local app.actor = '{"kind": "system", "name": "story"}';
    set local app.current_organization_id = '${bright.id}';
    insert into tickets (
      organization_id, id, reference, contact_id, scheduled_at, duration_minutes, ends_at, currency
    )
    select '${bright.id}', gen_random_uuid(), 'T-' || (3000 + date * 10 + each), c.id, t.at, 30,
      t.at + interval '30 minutes', 'USD'
    from generate_series(1, 30) as date
    cross join generate_series(0, 7) as each
    join unnest('{${customers}}'::uuid[]) with ordinality as c (id, number)
      on c.number = 1 + (date * 3 + each) % ${customers.length}
    cross join lateral (
      select make_timestamptz(2026, 11, date, 8 + each, date * 7 % 30, 0, 'America/Chicago') as at
    ) as t
    where date <> 18;
    insert into ticket_technicians (organization_id, id, ticket_id, technician_id, period, is_active)
    select t.organization_id, gen_random_uuid(), t.id, m.id, 'empty', false
    from tickets as t
    join members as m on m.organization_id = t.organization_id
      and m.name = case when right(t.reference, 1) < '6' then 'Theo' else 'Tess' end
    where t.organization_id = '${bright.id}';
    commit`);
  for (let each = 0; each < 8; each += 1) {
    const contact_id = customers[each * 7];
    const line1 = `${each * 37 + 11} ${lastNames[each % 7]} ${each % 2 ? 'Street' : 'Lane'}`;
    const place = { line1, city: 'Madison', state: 'AL', postal_code: `357${10 + each}` };
    await done(bright.owner, 'address.create', { contact_id, ...place });
    await book(`2026-11-18T${String(8 + each).padStart(2, '0')}:06`, {
      contact_id,
      technician_ids: [each < 6 ? 'Theo' : 'Tess'],
      lines: each % 2 ? ['Windows', 'Gutters'] : ['Windows'],
    });
  }
});

const KB = 1024;

test('the month is as busy as it is said to be', async () => {
  const { markup } = await see('/calendar?view=month', 'olivia');
  expect(markup.match(/>8 <span>visits/g)).toHaveLength(30);
  expect(new Set(markup.match(/<bdi>[A-Z]\w+ [A-Z]\w+<\/bdi>/g)).size).toBeGreaterThan(40);
  expect((await see('/')).markup.match(/>Visit T-/g)).toHaveLength(6);
});

describe.each(['gzip, deflate, br', 'gzip'])('on the wire (%s)', encoding => {
  const cost = (path: string, name: string) =>
    costOf(pages(), path, `deskhand_session=${session(name)}`, encoding);

  const grids = ['/calendar?view=day', '/calendar?view=week', '/calendar?view=month'];

  test.each(['/', '/tickets/T-2003'])(
    'a technician’s %s takes at most 4 KB, and 13 KB the first time with all it loads',
    async path => {
      const { page, everything } = await cost(path, 'theo');
      expect(page).toBeLessThanOrEqual(4 * KB);
      expect(everything).toBeLessThanOrEqual(13 * KB);
    },
  );

  test.each(grids)('a technician’s %s takes at most 4 KB, and 18 KB the first time', async path => {
    const { page, everything } = await cost(path, 'theo');
    expect(page).toBeLessThanOrEqual(4 * KB);
    expect(everything).toBeLessThanOrEqual(18 * KB);
  });

  test('the busy office’s first page takes at most 13 KB the first time with all it loads', async () => {
    expect((await cost('/', 'olivia')).everything).toBeLessThanOrEqual(13 * KB);
  });

  test.each(grids)('the busy office’s %s takes at most 8 KB, and 20 KB the first time', async path => {
    const { page, everything } = await cost(path, 'olivia');
    expect(page).toBeLessThanOrEqual(8 * KB);
    expect(everything).toBeLessThanOrEqual(20 * KB);
  });
});
