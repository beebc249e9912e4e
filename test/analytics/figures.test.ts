import pg from 'pg';
import { Temporal } from 'temporal-polyfill';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Caller } from '../../core/kernel/pipeline/context.ts';
import type { ReadQuery } from '../../core/kernel/registry/define.ts';
import { budgets } from '../../core/kernel/words/budgets.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { storyTime } from '../support/office.ts';
import { setRows, type Visit } from './rows.ts';

const panes = useBrightPanes();
let jane: string;
let hart: string;

beforeEach(async () => {
  const { setClock, read, olivia, bright } = panes();
  setClock(storyTime);
  const contacts = await read(olivia, 'contacts', { fields: ['id', 'reference'], limit: 100 });
  const idOf = (reference: string) => String(contacts.find(row => row.reference === reference)?.id);
  [jane, hart] = [idOf('C-1001'), idOf('C-1002')];
  await setRows(panes(), bright.id, {});
});

const page = (type: string, query: ReadQuery = {}, caller: Caller = panes().olivia) =>
  panes().app.read(caller, type, query, { request_id: 'figures' });
const lines = async (type: string, params: Record<string, unknown> = {}) =>
  (
    await page(type, {
      params,
      limit: 100,
      fields: [...Object.keys(panes().app.registry.view(type).spec.row.shape)],
    })
  ).rows;
const saysOf = async (type: string, params: Record<string, unknown> = {}) =>
  String((await page(type, { params })).totals?.says);

/** A visit at Jane's at a local time of the business, in Huntsville. */
const visit = (local: string, cents: number, more: Partial<Visit> = {}): Visit => ({
  contact_id: jane,
  scheduled_at: Temporal.PlainDateTime.from(local).toZonedDateTime('America/Chicago').toInstant().toString(),
  cents,
  ...more,
});

describe('what an owner is told', () => {
  test('this month is compared with the same days of last year, not with the whole month', async () => {
    const { bright } = panes();
    await setRows(panes(), bright.id, {
      visits: [
        visit('2026-11-05T09:00', 11_200),
        visit('2025-06-02T09:00', 100),
        visit('2025-11-18T09:00', 10_000),
        visit('2025-11-19T09:00', 90_000),
      ],
    });
    const [now] = await lines('analytics_yoy');
    expect(now).toMatchObject({
      month: '2026-11',
      is_running: true,
      from: '2026-11-01',
      to: '2026-11-18',
      last_year_to: '2025-11-18',
      amount_cents: 11_200,
      last_year_cents: 10_000,
      difference_cents: 1_200,
      percent: 12,
      count: 1,
    });
    expect(await saysOf('analytics_yoy')).toMatch(
      /^Nov 1–18, 2026: \$112\.00 of work, 1 visit, up 12 % on the same days of 2025, mostly work off the price list\./,
    );
  });

  test('a quarter or week that is told is whole, and one of which days are left out is said to be cut', async () => {
    const { bright } = panes();
    const visits = [visit('2025-10-10T09:00', 5_000), visit('2025-12-10T09:00', 1_000)];
    const came = { contact_id: jane, at: '2026-10-27T15:00:00Z', cents: 700 };
    await setRows(panes(), bright.id, { visits, paid: [came] });
    // The usual days begin in December: its quarter is told whole, or it would be half of what it was.
    const quarters = await lines('analytics_trends', { step: 'quarter' });
    expect(quarters.at(-1)).toMatchObject({ period: '2025-Q4', from: '2025-10-01', amount_cents: 6_000 });
    expect(await saysOf('analytics_trends', { step: 'quarter' })).not.toContain('only');
    const asked = { step: 'quarter', from: '2025-12-01' };
    expect(await saysOf('analytics_trends', asked)).toContain('Of Q4 2025 only Dec 2025 is counted.');
    const weeks = { step: 'week', from: '2026-10-28', to: '2026-11-10' };
    const { totals } = await page('analytics_received', { params: weeks });
    expect(totals?.says).toEqual([
      expect.any(String),
      'Of the week of Nov 9, 2026 only Nov 9–10, 2026 is counted.',
      'Of the week of Oct 26, 2026 only Oct 28, 2026 to Nov 1, 2026 is counted.',
    ]);
    expect(await saysOf('analytics_yoy', { from: '2026-10-15' })).toContain(
      'Of Oct 2026 only Oct 15–31, 2026 is counted.',
    );
  });

  test('where nothing was last year there is no percentage', async () => {
    await setRows(panes(), panes().bright.id, { visits: [visit('2026-11-05T09:00', 11_200)] });
    expect((await lines('analytics_yoy'))[0]).toMatchObject({ last_year_cents: 0, percent: null });
    expect(await saysOf('analytics_yoy')).toContain('nothing in the same days of 2025');
  });

  test('a business that began in the middle of the days compared is told so, and no percentage', async () => {
    const { bright } = panes();
    const visits = [visit('2026-11-05T09:00', 11_200), visit('2025-11-11T09:00', 1_000)];
    await setRows(panes(), bright.id, {
      visits: visits.map(each => ({ ...each, lines: [{ service_id: null, cents: each.cents }] })),
      bills: [
        { contact_id: jane, status: 'void', issued_on: '2025-10-01', cents: 100 },
        { contact_id: jane, status: 'paid', issued_on: '2025-11-12', cents: 100 },
        { contact_id: jane, status: 'paid', issued_on: '2026-11-12', cents: 900 },
      ],
      paid: [
        { contact_id: jane, at: '2025-11-13T15:00:00Z', cents: 100 },
        { contact_id: jane, at: '2026-11-13T15:00:00Z', cents: 900 },
      ],
    });
    const none = 'nothing to compare it with';
    const first = { work: 'the first visit was on Nov 11', billed: 'the first bill went out on Nov 12' };
    for (const [measure, words] of Object.entries({
      ...first,
      received: 'the first payment came on Nov 13',
    })) {
      const [now] = await lines('analytics_yoy', { measure });
      expect(now).toMatchObject({ month: '2026-11', percent: null });
      expect(now?.last_year_cents).toBeGreaterThan(0);
      expect(await saysOf('analytics_yoy', { measure })).toContain(`${none}: ${words}, 2025`);
    }
    for (const type of ['analytics_service_types', 'analytics_neighborhoods', 'analytics_technicians']) {
      for (const line of await lines(type)) expect(line.percent, type).toBeNull();
      if (type !== 'analytics_technicians')
        expect(await saysOf(type)).toContain(`${none}: ${first.work}, 2025`);
    }
    // Days that are whole are compared: those since the first one, and those of a business that was there before.
    const since = { from: '2026-11-11' };
    expect((await lines('analytics_yoy', since))[0]).toMatchObject({ last_year_cents: 1_000, percent: -100 });
    await setRows(panes(), bright.id, { visits: [...visits, visit('2024-01-08T09:00', 1)] });
    expect((await lines('analytics_yoy'))[0]).toMatchObject({ percent: 1020 });
    expect((await page('analytics_yoy')).totals).toMatchObject({ figures_since: '2024-01-08' });
  });

  test('work late in the evening belongs to that evening, although it is next month in UTC', async () => {
    await setRows(panes(), panes().bright.id, { visits: [visit('2026-10-31T23:30', 5_000)] });
    const found = await lines('analytics_yoy');
    expect(found.find(({ month }) => month === '2026-10')).toMatchObject({ amount_cents: 5_000 });
    expect(found.find(({ month }) => month === '2026-11')).toMatchObject({ amount_cents: 0 });
  });

  test('the 29th of February counts with its month, and alone is compared with nothing', async () => {
    panes().setClock('2028-03-10T12:00:00Z');
    await setRows(panes(), panes().bright.id, {
      visits: [
        visit('2028-02-29T09:00', 5_000),
        visit('2027-02-28T09:00', 4_000),
        visit('2027-03-01T09:00', 3_000),
      ],
    });
    const of = async (from: string, to: string) => (await lines('analytics_yoy', { from, to }))[0];
    expect(await of('2028-02-01', '2028-02-29')).toMatchObject({
      amount_cents: 5_000,
      last_year_cents: 4_000,
    });
    expect(await of('2028-02-29', '2028-02-29')).toMatchObject({
      amount_cents: 5_000,
      last_year_cents: 0,
      percent: null,
    });
  });

  test('a visit written down later counts on the day it was', async () => {
    const { done, dana } = panes();
    await done(dana, 'ticket.record_visit', {
      contact_id: 'C-1001',
      scheduled_at: '2026-09-15T10:00',
      lines: [{ service_id: 'Screens', quantity: 4 }],
      close: {},
    });
    const found = await lines('analytics_yoy');
    expect(found.find(({ month }) => month === '2026-09')).toMatchObject({
      amount_cents: 2_000,
      count: 1,
      new_customers: 1,
    });
    expect(found.find(({ month }) => month === '2026-11')).toMatchObject({ count: 0 });
  });

  test('void and cancelled bills and drafts are not billed', async () => {
    const bill = (status: string) => ({ contact_id: jane, status, issued_on: '2026-11-03', cents: 1_000 });
    await setRows(panes(), panes().bright.id, {
      bills: ['draft', 'sent', 'partial', 'paid', 'refunded', 'cancelled', 'void'].map(bill),
    });
    expect((await lines('analytics_yoy', { measure: 'billed' }))[0]).toMatchObject({
      amount_cents: 4_000,
      count: 4,
    });
  });

  test('what is given back lowers what was received on the day it goes, and not before', async () => {
    await setRows(panes(), panes().bright.id, {
      paid: [
        {
          contact_id: jane,
          at: '2026-10-10T15:00:00Z',
          cents: 9_000,
          back: [{ at: '2026-11-02T15:00:00Z', cents: 2_500 }],
        },
      ],
    });
    const found = await lines('analytics_yoy', { measure: 'received' });
    expect(found.find(({ month }) => month === '2026-10')).toMatchObject({ amount_cents: 9_000 });
    expect(found.find(({ month }) => month === '2026-11')).toMatchObject({ amount_cents: -2_500, count: 0 });
    expect((await lines('analytics_received'))[0]).toMatchObject({
      received_cents: 0,
      refunded_cents: 2_500,
      net_cents: -2_500,
    });
  });

  test('two currencies stand in lines of their own and are never added up', async () => {
    await setRows(panes(), panes().bright.id, {
      visits: [visit('2026-11-05T09:00', 1_000), visit('2026-11-06T09:00', 500, { currency: 'EUR' })],
    });
    const found = (await lines('analytics_yoy')).filter(({ month }) => month === '2026-11');
    expect(found.map(({ currency, amount_cents }) => [currency, amount_cents])).toEqual([
      ['USD', 1_000],
      ['EUR', 500],
    ]);
  });

  test('customers are new, repeat or lost, and who has a visit to come is not lost', async () => {
    const { read, olivia, done, bright } = panes();
    await setRows(panes(), bright.id, {
      visits: [
        visit('2025-03-01T09:00', 1_000),
        visit('2026-03-01T09:00', 2_000),
        visit('2025-04-01T09:00', 700, { contact_id: hart }),
      ],
    });
    const standings = async () =>
      (await lines('analytics_customers')).concat(await lines('analytics_customers', { standing: 'lost' }));
    expect(await standings()).toMatchObject([
      { reference: 'C-1001', standing: 'repeat', visits: 1, amount_cents: 2_000, last_year_cents: 1_000 },
      { reference: 'C-1002', standing: 'lost', visits: 0, last_year_cents: 700 },
    ]);
    expect((await page('analytics_customers')).totals).toMatchObject({
      counts: { USD: { new: 0, repeat: 1, lost: 1 } },
    });
    await done(olivia, 'ticket.create', { contact_id: 'C-1002', scheduled_at: '2026-12-01T09:00' });
    expect(await lines('analytics_customers', { standing: 'lost' })).toEqual([]);
    expect(await read(olivia, 'analytics_customers', { params: { standing: 'new' } })).toEqual([]);
  });

  test('a visit of two is shared between them to the cent, and the hours are those on the clock', async () => {
    const { done, dana, book } = panes();
    const { id } = await book('2026-11-17T09:00', {
      technician_ids: ['Theo', 'Tess'],
      lines: [{ service_id: 'Windows', unit_price_cents: 10_001 }],
    });
    await done(dana, 'ticket.close', { ticket_id: id, duration_minutes: 90, notes: '', next_service: 'no' });
    const found = await lines('analytics_technicians');
    expect(found.map(({ amount_cents }) => amount_cents).sort()).toEqual([5_000, 5_001]);
    for (const line of found) {
      expect(line).toMatchObject({ visits: 1, minutes: 90, callbacks: 0 });
      expect(line.per_hour_cents).toBe(Math.round((Number(line.amount_cents) * 60) / 90));
    }
  });

  test('a callback is a visit soon after for the same or for nothing, and no visit that comes again by plan', async () => {
    const { done, dana, book } = panes();
    const house = (await panes().read(dana, 'addresses', { params: { contact_id: 'C-1001' } }))[0]?.reference;
    const closed = async (at: string, service: string, who: string, unit_price_cents: number) => {
      const { id } = await book(at, {
        address_id: house,
        technician_ids: [who],
        lines: [{ service_id: service, unit_price_cents }],
      });
      await done(dana, 'ticket.close', {
        ticket_id: id,
        duration_minutes: 60,
        notes: '',
        next_service: 'no',
      });
    };
    const callbacks = async () =>
      Object.fromEntries(
        (await lines('analytics_technicians', { to: '2026-12-31' })).map(row => [
          row.technician,
          row.callbacks,
        ]),
      );
    await closed('2026-11-19T09:00', 'Windows', 'Theo', 20_000);
    // Another job, two days later.
    await closed('2026-11-21T09:00', 'Gutters', 'Tess', 15_000);
    panes().setClock('2026-12-20T12:00:00Z');
    expect(await callbacks()).toEqual({ Theo: 0, Tess: 0 });
    panes().setClock(storyTime);
    // The gutters once more, for nothing.
    await closed('2026-11-25T09:00', 'Gutters', 'Theo', 0);
    // Too late to be one.
    await closed('2026-12-14T09:00', 'Gutters', 'Theo', 15_000);
    panes().setClock('2026-12-20T12:00:00Z');
    expect(await callbacks()).toEqual({ Theo: 0, Tess: 1 });
  });

  test('what the assistant did, asked and saved, by the formula that is told with it', async () => {
    const { done, act, agent, olivia, setClock, read } = panes();
    setClock(Temporal.Now.instant().toString());
    for (const content of ['One', 'Two']) await done(agent, 'note.create', { contact_id: 'C-1001', content });
    for (const name of ['Spring', 'Autumn'])
      await act(
        agent,
        'lead_form.create',
        { name },
        { reasoning: 'The website gets a page for the season.' },
      );
    const requests = await read(olivia, 'authorization_requests', {
      filter: 'pending',
      fields: ['reference', 'digest'],
    });
    const [first, second] = requests;
    await done(olivia, 'authorization.deny', { request: first?.reference, digest: first?.digest });
    const asked = {
      done: 2,
      mostly: 'note.create',
      asked: 2,
      allowed: 0,
      denied: 1,
      waiting: 1,
      ended: 0,
      minutes_saved: 5,
    };
    expect(await lines('analytics_agent')).toMatchObject([{ agent: 'Office Manager', ...asked }]);
    await done(olivia, 'authorization.allow_once', { request: second?.reference, digest: second?.digest });
    expect(await lines('analytics_agent')).toMatchObject([
      { done: 3, allowed: 1, waiting: 0, minutes_saved: 7 },
    ]);
    expect((await page('analytics_agent')).totals).toMatchObject({
      minutes_saved:
        '3 minutes for each thing done, less 1 minute for each request somebody decided; never below 0',
    });
  });
});

describe('any list can be counted', () => {
  test('by a word, a tag or a month, with sums by currency', async () => {
    await setRows(panes(), panes().bright.id, {
      visits: [
        visit('2026-10-31T23:30', 500),
        visit('2026-11-05T09:00', 1_000, { currency: 'EUR' }),
        visit('2026-11-06T09:00', 70, { status: 'cancelled' }),
      ],
    });
    const by = (params: Record<string, unknown>) => lines('aggregate', { list: 'tickets', ...params });
    expect(await by({})).toEqual([{ group: null, currency: null, count: 3, sum: null }]);
    expect(await by({ by: 'status', sum: 'total_cents' })).toEqual([
      { group: 'cancelled', currency: 'USD', count: 1, sum: 70 },
      { group: 'closed', currency: 'EUR', count: 1, sum: 1_000 },
      { group: 'closed', currency: 'USD', count: 1, sum: 500 },
    ]);
    expect(await by({ by: 'scheduled_at', only: { status: 'closed' } })).toEqual([
      { group: '2026-11', currency: null, count: 1, sum: null },
      { group: '2026-10', currency: null, count: 1, sum: null },
    ]);
    const { done, olivia } = panes();
    await done(olivia, 'contact.update', { contact_id: 'C-1001', tags: ['vip', 'dog'] });
    expect(await lines('aggregate', { list: 'contacts', by: 'tags' })).toEqual(
      expect.arrayContaining([
        { group: 'vip', currency: null, count: 1, sum: null },
        { group: null, currency: null, count: 1, sum: null },
      ]),
    );
  });

  test('every list there is, by everything it offers, comes to as many as it has', async () => {
    const { app, olivia } = panes();
    let tried = 0;
    for (const record of app.registry.records.values()) {
      const [all] = await lines('aggregate', { list: record.plural });
      for (const [name, { kind, internal }] of Object.entries(record.fields)) {
        if (internal || !['choice', 'boolean', 'date', 'moment'].includes(kind)) continue;
        const groups = (
          await page('aggregate', { params: { list: record.plural, by: name }, limit: 100 }, olivia)
        ).rows;
        expect(
          groups.reduce((sum, { count }) => sum + Number(count), 0),
          `${record.plural} by ${name}`,
        ).toBe(all?.count ?? 0);
        tried += 1;
      }
    }
    expect(tried).toBeGreaterThan(60);
  });

  test('by nothing that is not among its columns, and by nobody who may not read it', async () => {
    const refused = (params: Record<string, unknown>, caller?: Caller) =>
      page('aggregate', { params }, caller);
    await expect(refused({ list: 'ticket_lines' })).rejects.toMatchObject({
      code: 'VALIDATION_ERROR',
      details: { field: 'list' },
    });
    await expect(refused({ list: 'tickets', by: 'notes' })).rejects.toMatchObject({
      code: 'VALIDATION_ERROR',
      details: { field: 'by' },
    });
    await expect(refused({ list: 'tickets', by: 'as_planned' })).rejects.toMatchObject({
      code: 'VALIDATION_ERROR',
    });
    await expect(refused({ list: 'tickets', sum: 'reference' })).rejects.toMatchObject({
      code: 'VALIDATION_ERROR',
      details: { field: 'sum', valid_options: expect.arrayContaining(['total_cents']) },
    });
    await expect(refused({ list: 'tickets', only: { status: 'gone' } })).rejects.toMatchObject({
      code: 'VALIDATION_ERROR',
    });
    const closedTo = [...panes().app.registry.records.values()].filter(
      ({ plural }) => panes().app.registry.view(plural).spec.human_only,
    );
    for (const { plural } of closedTo)
      await expect(refused({ list: plural }, panes().agent)).rejects.toMatchObject({ code: 'HUMAN_ONLY' });
    for (const [name, caller] of [
      ['member', panes().dana],
      ['agent', panes().agent],
    ] as const)
      expect((await refused({ list: 'contacts' }, caller)).rows, name).toMatchObject([{ count: 2 }]);
  });
});

describe('who sees it', () => {
  const types = () =>
    [...panes().app.registry.views.values()].flatMap(({ spec }) =>
      spec.domain === 'analytics' ? [spec.type] : [],
    );
  const paramsOf = (type: string) => (type === 'aggregate' ? { params: { list: 'tickets' } } : {});

  test('the owner, the office and the assistant read all of it, and a technician nothing', async () => {
    expect(types()).toHaveLength(10);
    for (const type of types()) {
      for (const caller of [panes().olivia, panes().dana, panes().agent])
        await expect(page(type, paramsOf(type), caller)).resolves.toHaveProperty('totals.says');
      await expect(page(type, paramsOf(type), panes().theo), type).rejects.toMatchObject({
        code: 'FORBIDDEN',
      });
    }
  });

  test('another business never: what one has done the other does not count', async () => {
    const { bright, clear } = panes();
    const before = await Promise.all(types().map(async type => (await page(type, paramsOf(type))).rows));
    await setRows(panes(), clear.id, {
      visits: [visit('2026-11-05T09:00', 1_000), visit('2025-11-05T09:00', 1_000)],
      bills: [{ contact_id: jane, status: 'sent', issued_on: '2026-11-03', cents: 1_000 }],
      paid: [
        {
          contact_id: jane,
          at: '2026-11-03T12:00:00Z',
          cents: 700,
          back: [{ at: '2026-11-04T12:00:00Z', cents: 70 }],
        },
      ],
    });
    expect(await Promise.all(types().map(async type => (await page(type, paramsOf(type))).rows))).toEqual(
      before,
    );
    // The other business sees them.
    const theirs = async (type: string, params = {}) => (await page(type, { params }, clear.owner)).rows[0];
    expect(await theirs('analytics_yoy')).toMatchObject({ amount_cents: 1_000, last_year_cents: 1_000 });
    expect(await theirs('analytics_yoy', { measure: 'billed' })).toMatchObject({ amount_cents: 1_000 });
    expect(await theirs('analytics_received')).toMatchObject({ received_cents: 700, refunded_cents: 70 });
    expect(await theirs('aggregate', { list: 'tickets' })).toMatchObject({ count: 2 });
    expect(bright.id).not.toBe(clear.id);
  });
});

describe('what goes wrong is said', () => {
  test('an analysis that takes too long is stopped and says so, and stops nothing else', async () => {
    const usual = budgets.analysis_ms;
    const { database, olivia, read } = panes();
    const locker = new pg.Client({ ...database.admin, ssl: false });
    await locker.connect();
    try {
      Object.assign(budgets, { analysis_ms: 100 });
      // Nobody can read payments now, so that the analysis waits, however fast it is.
      await locker.query('begin; lock table payments in access exclusive mode');
      await expect(page('analytics_received')).rejects.toMatchObject({
        code: 'TIMEOUT',
        details: { hint: 'Ask for a shorter period.' },
      });
      expect(await read(olivia, 'contacts')).toHaveLength(2);
      await expect(page('analytics_yoy')).resolves.toHaveProperty('rows');
      await locker.query('rollback');
      await expect(page('analytics_received')).resolves.toHaveProperty('rows');
    } finally {
      Object.assign(budgets, { analysis_ms: usual });
      await locker.end();
    }
  });

  test('a period that is none is refused with what to do', async () => {
    const refused = (type: string, params: Record<string, unknown>) =>
      expect(page(type, { params })).rejects.toMatchObject({
        code: 'VALIDATION_ERROR',
        details: { field: 'from', hint: expect.any(String) },
      });
    await refused('analytics_yoy', { from: '2026-11-10', to: '2026-11-01' });
    await refused('analytics_yoy', { from: '2027-01-01', to: '2027-02-01' });
    await refused('analytics_trends', { step: 'week', from: '2020-01-01' });
    await refused('analytics_yoy', { from: '0005-01-01', to: '0006-01-01' });
    await expect(page('analytics_yoy', { params: { from: '2026-02-30' } })).rejects.toMatchObject({
      code: 'VALIDATION_ERROR',
    });
    await expect(page('analytics_yoy', { cursor: 'x' })).rejects.toMatchObject({ code: 'VALIDATION_ERROR' });
    await expect(
      page('analytics_trends', { params: { measure: 'billed', service_id: 'S-1' } }),
    ).rejects.toMatchObject({
      code: 'VALIDATION_ERROR',
    });
    // What is to come is left out.
    await expect(lines('analytics_yoy', { from: '2026-11-01', to: '2026-12-31' })).resolves.toMatchObject([
      { to: '2026-11-18' },
    ]);
  });

  test('long answers are read page by page, and no line is missing or told twice', async () => {
    const seen: unknown[] = [];
    let cursor: string | undefined;
    do {
      const answer = await page('analytics_yoy', { limit: 5, ...(cursor === undefined ? {} : { cursor }) });
      seen.push(...answer.rows.map(({ month }) => month));
      cursor = answer.next_cursor;
    } while (cursor !== undefined);
    expect(seen).toEqual((await lines('analytics_yoy')).map(({ month }) => month));
    expect(new Set(seen).size).toBe(12);
  });
});
