import { beforeAll, describe, expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { refusal } from '../support/refusal.ts';

const panes = useBrightPanes();

beforeAll(async () => {
  const { dana, done, setClock } = panes();
  for (const [full_name, line1, city] of [
    ['Eleanor Whitfield', '12 Caldwell Ln', 'Owens Cross Roads'],
    ['Tom Alvarez', '903 Governors Dr', 'Huntsville'],
    ['Priya Patel', '7 Sutton Rd', 'Huntsville'],
    ['April May', '3 Spring St', 'Athens'],
  ]) {
    const { id } = await done(dana, 'contact.create', { full_name });
    await done(dana, 'address.create', { contact_id: id, line1, city });
  }
  const facts = [
    ['Eleanor Whitfield', 'customer_demographic', 'elderly', {}],
    ['Eleanor Whitfield', 'pet', 'dog', { name: 'Biscuit' }],
    ['Tom Alvarez', 'pet', 'cat', { name: 'Mozart' }],
    ['Priya Patel', 'property_screen_count', '20+', {}],
  ] as const;
  for (const [contact_id, key, value, details] of facts)
    await done(dana, 'attribute.set', { contact_id, key, value, details });
  await done(dana, 'note.create', {
    contact_id: 'Jane Smith',
    content: 'Her mother is elderly',
    extract: 'no',
  });
  const visits = [
    ['2026-04-14T09:00', 'Tom Alvarez', 'Screen Cleaning'],
    ['2026-04-21T13:00', 'Priya Patel', 'Screen Cleaning'],
    ['2026-05-31T17:00', 'Mrs Hart', 'Gutter Cleaning'],
    ['2026-06-01T00:30', 'Jane Smith', 'Screen Cleaning'],
    ['2026-09-15T10:00', 'Eleanor Whitfield', 'Screen Cleaning'],
    ['2026-04-28T09:00', 'Eleanor Whitfield', 'Screen Cleaning', 'cancelled'],
  ] as const;
  for (const [at, contact_id, service, end] of visits) {
    setClock(`${at.slice(0, 10)}T00:00:00-05:00`);
    const visit = await done(dana, 'ticket.create', { contact_id, scheduled_at: at, lines: [service] });
    if (end) await done(dana, 'ticket.cancel', { ticket_id: visit.id });
  }
  setClock('2026-11-18T08:00:00-06:00');
});

const find = (data: Record<string, unknown>) => panes().done(panes().agent, 'find_customer', data);

/** The names of who is found, best first. */
async function names(data: Record<string, unknown>): Promise<unknown[]> {
  const { customers, booking_context } = await find(data);
  if (!Array.isArray(customers)) return [Object(booking_context).full_name];
  return customers.map(({ full_name }) => full_name);
}

describe('find_customer with filters', () => {
  test('answers who had a service in a period, and when that was', async () => {
    const asked = { service: 'screen cleaning', period: 'last spring' };
    expect(await find(asked)).toMatchObject({
      understood: 'visits from 2026-03-01 until 2026-05-31 with Screen Cleaning',
      customers: [
        { full_name: 'Priya Patel', visit: 'T-2002 Tue 2026-04-21 13:00 -05:00, Screen Cleaning' },
        { full_name: 'Tom Alvarez', visit: 'T-2001 Tue 2026-04-14 09:00 -05:00, Screen Cleaning' },
      ],
    });
    expect(await names({ query: 'customers who had screen cleaning last spring' })).toEqual(
      await names(asked),
    );
  });

  test('reads the period in the business time zone, by its first and last minute', async () => {
    expect(await names({ period: 'May 2026' })).toEqual(['Mrs Hart']);
    expect(await names({ period: 'June 2026' })).toEqual(['Jane Smith']);
    expect(await names({ period: '2026-05-31' })).toEqual(['Mrs Hart']);
    expect(await names({ period: '2026-05-31 to 2026-06-01' })).toEqual(['Jane Smith', 'Mrs Hart']);
  });

  test('takes words, facts, services and periods together', async () => {
    expect(await names({ query: 'Huntsville', service: 'screens', period: 'last spring' })).toHaveLength(2);
    expect(await names({ query: 'patel', period: 'last spring' })).toEqual(['Priya Patel']);
    expect(await names({ attribute: 'pet', period: 'last spring' })).toEqual(['Tom Alvarez']);
    expect(await names({ query: 'Smith', period: 'last spring' })).toEqual([]);
  });

  test('knows facts by their words or by key and value, and does not take a note for one', async () => {
    expect(await names({ attribute: 'elderly' })).toEqual(['Eleanor Whitfield']);
    expect(await names({ query: 'elderly' })).toEqual(['Eleanor Whitfield', 'Jane Smith']);
    expect((await names({ attribute: 'pet' })).sort()).toEqual(['Eleanor Whitfield', 'Tom Alvarez']);
    expect(await names({ attribute: 'pet=dog' })).toEqual(['Eleanor Whitfield']);
    expect(await names({ attribute: 'pet=Mozart' })).toEqual(['Tom Alvarez']);
    expect(await names({ attribute: 'screens' })).toEqual(['Priya Patel']);
    expect(await names({ attribute: 'pet=horse' })).toEqual([]);
  });

  test('knows a key by its alias too', async () => {
    const { olivia, done } = panes();
    await done(olivia, 'attribute.update_key', { key: 'pet', add_aliases: ['house_animal'] });
    expect(await names({ attribute: 'house animal=dog' })).toEqual(['Eleanor Whitfield']);
    expect((await names({ attribute: 'house_animal' })).sort()).toEqual(['Eleanor Whitfield', 'Tom Alvarez']);
  });

  test('answers a single match with its booking context and the visit', async () => {
    expect(await find({ query: 'alvarez', service: 'screens', period: 'in April' })).toMatchObject({
      booking_context: { full_name: 'Tom Alvarez' },
      visit: 'T-2001 Tue 2026-04-14 09:00 -05:00, Screen Cleaning',
      understood: 'visits from 2026-04-01 until 2026-04-30 with Screen Cleaning',
    });
  });

  test('finds those who have not been visited since', async () => {
    expect((await names({ query: 'customers without a visit since May' })).sort()).toEqual([
      'Priya Patel',
      'Tom Alvarez',
    ]);
    expect(await names({ query: 'huntsville not visited since may 2026' })).toHaveLength(2);
    expect(await names({ query: 'hart without a visit since may' })).toEqual([]);
  });

  test('does not take a name for a month', async () => {
    expect(await names({ query: 'April May' })).toEqual(['April May']);
    expect(await names({ query: 'may spring st' })).toEqual(['April May']);
  });

  test('says what it understood when nobody is found', async () => {
    expect(await find({ service: 'gutters', period: 'last winter' })).toEqual({
      customers: [],
      more: false,
      understood: 'visits from 2025-12-01 until 2026-02-28 with Gutter Cleaning',
      hint: 'Nobody found among those with visits from 2025-12-01 until 2026-02-28 with Gutter Cleaning. Try another period or fewer words.',
    });
  });

  test('refuses what says nothing, with what could be said', async () => {
    expect(await refusal(find({}))).toMatchObject({ code: 'VALIDATION_ERROR', field: 'query' });
    expect(await refusal(find({ period: 'whenever' }))).toMatchObject({ field: 'period', got: 'whenever' });
    expect(await refusal(find({ service: 'haircut' }))).toMatchObject({
      field: 'service',
      valid_options: ['Gutter Cleaning', 'Interior and Exterior Window Cleaning', 'Screen Cleaning'],
    });
  });

  test('finds nobody of another business', async () => {
    const { clear, done } = panes();
    for (const data of [{ query: 'eleanor' }, { attribute: 'elderly' }, { period: 'last spring' }]) {
      expect(await done(clear.agent, 'find_customer', data)).toMatchObject({ customers: [] });
    }
  });
});

describe('the list of customers', () => {
  const list = async (search: string, params: Record<string, unknown> = {}) =>
    (await panes().read(panes().dana, 'contacts', { search, params })).map(row => row.full_name);

  test('understands the same in its search', async () => {
    expect(await list('screen cleaning last spring')).toEqual(['Priya Patel', 'Tom Alvarez']);
    expect(await list('the elderly woman in Owens Cross Roads')).toEqual(['Eleanor Whitfield']);
    expect(await list('screen cleaning last spring', { lifecycle_stage: 'lead' })).toEqual([]);
  });

  test('and so does a call that names a customer', async () => {
    const [row] = await panes().read(panes().dana, 'booking_context', {
      params: { contact_id: 'the old lady with the dog Biscuit' },
    });
    expect(row).toMatchObject({ full_name: 'Eleanor Whitfield' });
  });
});

test('the list of visits understands periods and services', async () => {
  const list = async (search: string) =>
    (await panes().read(panes().dana, 'tickets', { search })).map(row => row.reference);
  expect(await list('screens in April 2026')).toEqual(['T-2006', 'T-2002', 'T-2001']);
  expect(await list('patel last spring')).toEqual(['T-2002']);
});

describe('short forms of streets', () => {
  beforeAll(async () => {
    const { dana, done } = panes();
    for (const [full_name, line1] of [
      ['Abel Cole', '1 Elm Ave'],
      ['Ada Cole', '2 Elm Ave'],
    ]) {
      const { id } = await done(dana, 'contact.create', { full_name });
      await done(dana, 'address.create', { contact_id: id, line1, city: 'Huntsville' });
      await done(dana, 'note.create', {
        contact_id: id,
        content: 'Knows Mrs Hart of Old Big Cove Road, near West Lake Avenue',
        extract: 'no',
      });
    }
    const { id } = await done(dana, 'contact.create', { full_name: 'Wanda Hart' });
    await done(dana, 'address.create', { contact_id: id, line1: '5 W Lake Ave', city: 'Huntsville' });
  });

  test.each([
    ['Mrs Hart Old Big Cove Road', 'Mrs Hart'],
    ['Mrs Hart, 48 Old Big Cove Rd.', 'Mrs Hart'],
    ['Hart West Lake Avenue', 'Wanda Hart'],
    ['Hart W Lake Avenue', 'Wanda Hart'],
    ['Hart W Lake Ave', 'Wanda Hart'],
  ])('count as much as the long ones: %s', async (query, first) => {
    expect((await names({ query }))[0]).toBe(first);
  });

  test('what has the words in its name and address stands before what mentions them, on every page', async () => {
    const asked = { query: 'Hart Old Big Cove Road', limit: 1 };
    const seen: unknown[] = [];
    let cursor: unknown;
    do {
      const page = await find({ ...asked, ...(cursor === undefined ? {} : { cursor }) });
      seen.push(...[page.customers].flat().map(one => Object(one).full_name));
      cursor = page.next_cursor;
    } while (cursor !== undefined);
    expect(seen).toEqual(['Mrs Hart', 'Abel Cole', 'Ada Cole']);
  });
});

test('one of many on a short page does not stand for the one that was meant', async () => {
  const short = await find({ query: 'Cole', limit: 1 });
  expect(short).toMatchObject({ total: 2, more: true, customers: [{ full_name: expect.any(String) }] });
  expect(short).not.toHaveProperty('booking_context');
  expect(await find({ query: 'Abel Cole', limit: 1 })).toMatchObject({
    total: 1,
    booking_context: { full_name: 'Abel Cole' },
  });
});

test('nobody with a fact is told in the words of facts, not as a name that is unknown', async () => {
  expect(await find({ attribute: 'pet=hamster' })).toMatchObject({
    customers: [],
    hint: expect.stringContaining('Nobody found who is known to have «pet=hamster»'),
  });
  expect(await find({ attribute: 'pet=hamster', in_notes: true })).toMatchObject({
    customers: [],
    hint: expect.stringContaining('Leave out in_notes'),
  });
  expect((await find({ query: 'Zebulon Quux' })).hint).toContain('contact.create');
});
