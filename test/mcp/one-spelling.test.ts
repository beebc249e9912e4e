import { Temporal } from 'temporal-polyfill';
import { beforeAll, describe, expect, test } from 'vitest';
import { memberNamed } from '../../core/kernel/words/parse-input.ts';
import { useDesk } from '../agent/desk.ts';
import { registry } from '../contracts/registered.ts';
import { useBrightPanes } from '../support/bright-panes.ts';

// What is said in one way is understood everywhere, and what an office wants to know of many visits is one call.

const panes = useBrightPanes();
const desk = useDesk(panes);

beforeAll(async () => {
  const { book, done, dana } = panes();
  const screens = [{ service_id: 'Screen Cleaning', quantity: 20 }];
  await book('2026-11-23T09:00', { technician_ids: ['Theo'], lines: ['Gutter Cleaning', ...screens] });
  await book('2026-11-24T09:00', { technician_ids: ['Theo', 'Tess'], lines: ['Gutter Cleaning'] });
  await book('2026-11-25T09:00', { lines: ['Gutter Cleaning'] });
  await book('2026-11-26T09:00', { technician_ids: ['Tess'], lines: ['Gutter Cleaning'] });
  await done(dana, 'ticket.cancel', { ticket_id: 'T-2004' });
});

const references = (rows: readonly Record<string, unknown>[]) => rows.map(({ reference }) => reference);

describe('days are asked for in both ways on every list that has any', () => {
  test('the week of visits by its first and last day, or as the week around a day', async () => {
    const week = ['T-2001', 'T-2002', 'T-2003'];
    for (const type of ['tickets', 'calendar']) {
      const ways = [
        { from: '2026-11-23', to: '2026-11-29' },
        { date: '2026-11-25', range: 'week' },
      ];
      for (const where of ways)
        expect(references(await desk().query(type, { where }))).toEqual(expect.arrayContaining(week));
      expect(references(await desk().query(type, { where: { date: '2026-11-24' } }))).toEqual(['T-2002']);
    }
  });

  test('whoever has from and to has date and range', () => {
    const lists = [...registry.views.values()].map(
      ({ spec }) => [spec.type, Object.keys(spec.params.shape)] as const,
    );
    const ofDays = lists.filter(([, names]) => names.includes('from') || names.includes('date'));
    expect(ofDays.map(([type]) => type)).toEqual(
      expect.arrayContaining(['tickets', 'calendar', 'availability']),
    );
    for (const [type, names] of ofDays)
      expect({ [type]: names }).toEqual({ [type]: expect.arrayContaining(['from', 'to', 'date', 'range']) });
  });

  test('both at once is refused, for one of them would be left out', async () => {
    const where = { from: '2026-11-23', date: '2026-11-25' };
    expect(await desk().refused('crm_query', { type: 'calendar', where })).toMatchObject({ field: 'date' });
  });
});

describe('the parts of a visit', () => {
  test('are lines, in answers and in inputs, and line_items still', async () => {
    const [visit] = await desk().query('tickets', { id: 'T-2001', include: ['lines'] });
    expect(visit).toMatchObject({
      lines: [{ line_id: 1 }, { line_id: 2, description: '«Screen Cleaning»' }],
    });
    const [asBefore] = await desk().query('tickets', { id: 'T-2001', include: ['line_items'] });
    expect(asBefore).toMatchObject({ line_items: [{}, { description: '«Screen Cleaning»', quantity: 20 }] });
  });

  test('show the number they go by, which is taken as well as their words', async () => {
    const byNumber = await desk().act('ticket.update_line', { ticket: 'T-2001', line: 2, quantity: 21 });
    expect(byNumber).toMatchObject({ lines: [{ line_id: 1 }, { line_id: 2, quantity: 21 }] });
    const byWords = await desk().act('ticket.update_line', {
      ticket: 'T-2001',
      line: 'screen',
      quantity: 20,
    });
    expect(byWords).toMatchObject({ lines: [{}, { line_id: 2, quantity: 20 }] });
  });
});

describe('a member goes by its other names in a tool of its own, too', () => {
  test('the customer of a visit', async () => {
    const days = { from: '2026-12-01', to: '2026-12-01' };
    const { data } = await desk().use('schedule_appointment', { customer: 'Jane Smith', ...days });
    expect(data).toMatchObject({ booked: false, slots: expect.any(Array) });
  });

  test('every name there is, in every workflow that has the member', async () => {
    const said = Object.entries(registry.aliases).flatMap(([name]) =>
      [...registry.workflows.values()].flatMap(({ id, inputSchema }) =>
        memberNamed(inputSchema, name, registry.aliases) === undefined ? [] : [[id, name] as const],
      ),
    );
    expect(said.length).toBeGreaterThan(20);
    for (const [tool, name] of said) {
      const { facts } = await desk().attempt(tool, { [name]: 'x', preview: true });
      expect({ [`${tool} ${name}`]: JSON.stringify(facts) }).toEqual({
        [`${tool} ${name}`]: expect.not.stringContaining(`There is no \\"${name}\\" here.`),
      });
    }
  });
});

test('a fact shows its reference, and is known by it and by its words', async () => {
  const fact = { contact: 'Jane Smith', key: 'pet', value: 'dog', details: { name: 'Biscuit' } };
  const { reference } = await desk().act('attribute.set', fact);
  const [jane] = await desk().query('contacts', { id: 'C-1001', include: ['attributes'] });
  expect(jane).toMatchObject({ attributes: [{ reference }] });
  const [found] = await desk().query('attributes', { id: 'Biscuit' });
  expect(found).toMatchObject({ reference, contact_id: 'C-1001 «Jane Smith»' });
});

describe('an answer names whom it is about', () => {
  test('a visit its customer and its technician, and the name is taken as it was answered', async () => {
    const [visit] = await desk().query('tickets', { id: 'T-2001', include: ['technicians'] });
    expect(visit).toMatchObject({ contact_id: 'C-1001 «Jane Smith»', technicians: ['Theo'] });
    const again = await desk().query('tickets', { where: { contact_id: visit?.contact_id } });
    expect(references(again)).toContain('T-2001');
  });

  test('a customer’s preferences the technician they like', async () => {
    await desk().act('contact.set_preferences', { contact: 'Jane Smith', technician: 'Tess' });
    const [jane] = await desk().query('contacts', { id: 'C-1001', fields: ['preferences'] });
    expect(jane).toMatchObject({ preferences: { technician_id: '«Tess»' } });
  });
});

describe('a list that has no search says which filter finds', () => {
  test('the calendar by its customer, with the read that was meant', async () => {
    const refused = await desk().refused('crm_query', {
      type: 'calendar',
      search: 'Jane',
      where: { date: '2026-11-24' },
    });
    expect(refused).toMatchObject({ field: 'search', hint: expect.stringContaining('contact_id') });
    expect(refused.call).toMatchObject({
      type: 'calendar',
      where: { date: '2026-11-24', contact_id: '«Jane»' },
    });
  });

  test('every such list tells what to do instead', async () => {
    const lists = [...registry.views.values()].filter(({ spec }) => !spec.searchable && !spec.human_only);
    expect(lists.length).toBeGreaterThan(10);
    for (const { spec } of lists) {
      const refused = await desk().refused('crm_query', { type: spec.type, search: 'Jane' });
      expect({ [spec.type]: refused.hint }).toEqual({
        [spec.type]: expect.stringMatching(/where: |without search/),
      });
    }
  });
});

describe('how many visits are there next week, and what are they worth?', () => {
  test('one call says it, by state, day and technician; what was cancelled is worth nothing', async () => {
    const { totals } = await desk().use('crm_query', {
      type: 'tickets',
      where: { from: '2026-11-23', to: '2026-11-29' },
      totals: true,
      limit: 1,
    });
    expect(totals).toMatchObject({
      count: 3,
      total_cents: 55_000,
      currency: 'USD',
      left_out: { count: 1, why: expect.stringContaining('cancelled') },
      hint: 'by_technician: a visit of two technicians counts for each.',
      by_day: {
        '2026-11-23': { count: 1, total_cents: 25_000 },
        '2026-11-24': { count: 1 },
        '2026-11-25': { count: 1 },
      },
      by_technician: {
        Theo: { count: 2, total_cents: 40_000 },
        Tess: { count: 1, total_cents: 15_000 },
        nobody: { count: 1, total_cents: 15_000 },
      },
    });
    expect(Object(totals).by_status).toEqual({ scheduled: { count: 3, total_cents: 55_000 } });
  });

  test('the calendar says the same, and more pages change nothing', async () => {
    const where = { date: '2026-11-25', range: 'week' };
    const { totals, rows } = await desk().use('crm_query', {
      type: 'calendar',
      where,
      totals: true,
      limit: 2,
    });
    expect(rows).toHaveLength(2);
    expect(totals).toMatchObject({ count: 3, total_cents: 55_000, by_technician: { Theo: { count: 2 } } });
  });

  test('more days than can be told are not told in part: the answer says to ask for fewer', async () => {
    const first = Temporal.PlainDate.from('2027-03-01');
    for (let day = 0; day < 63; day++) await panes().book(`${first.add({ days: day }).toString()}T09:00`, {});
    const ask = async (to: string) =>
      (await desk().use('crm_query', { type: 'tickets', where: { from: '2027-03-01', to }, totals: true }))
        .totals;
    expect(await ask('2027-05-02')).toMatchObject({
      count: 63,
      by_day: { hint: 'More than 62. Ask for fewer, such as a shorter period.' },
    });
    const { by_day, count } = Object(await ask('2027-05-01'));
    expect([count, Object.keys(by_day).length]).toEqual([62, 62]);
  });

  test('every list of records can be summed up; others say that they are not', async () => {
    for (const { spec } of registry.views.values()) {
      if (!registry.records.has(spec.domain) || spec.totals === undefined || spec.human_only) continue;
      const answer = await desk().use('crm_query', { type: spec.type, totals: true, limit: 1 });
      expect({ [spec.type]: answer.totals }).toEqual({
        [spec.type]: expect.objectContaining({ count: expect.any(Number) }),
      });
    }
    expect(await desk().refused('crm_query', { type: 'timeline', totals: true })).toMatchObject({
      field: 'totals',
    });
  });

  test('another business’s visits are not among them, nor are a technician’s those of others', async () => {
    const { app, clear, theo } = panes();
    const { totals } = await app.read(
      clear.agent,
      'tickets',
      { totals: true },
      { request_id: crypto.randomUUID() },
    );
    expect(totals).toMatchObject({ count: 0, total_cents: 0 });
    const own = await app.read(theo, 'tickets', { totals: true }, { request_id: crypto.randomUUID() });
    expect(own.totals).toMatchObject({ count: 2, total_cents: 40_000 });
  });
});
