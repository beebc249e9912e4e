import { beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { useHttp } from '../support/http.ts';

const front = useHttp();
const hart = { id: '', reference: '' };
let ticket = '';

beforeAll(async () => {
  const { office } = front();
  const { done, bright } = office;
  const contact = await done(bright.agent, 'contact.create', {
    full_name: 'Mrs Hart',
    email: 'hart@example.com',
  });
  Object.assign(hart, { id: contact.id, reference: contact.reference });
  await done(bright.agent, 'address.create', {
    contact_id: hart.reference,
    line1: '12 Cove Lane',
    city: 'Owens Cross Roads',
    state: 'AL',
  });
  for (const name of ['Jane Smith', 'Adam Apple', 'Zoe Zimmer']) {
    await done(bright.agent, 'contact.create', { full_name: name });
  }
  const service = await done(bright.agent, 'service.create', {
    name: 'Exterior Cleaning',
    pricing: 'fixed',
    price_cents: 12_000,
    duration_minutes: 60,
  });
  const booked = await done(bright.agent, 'ticket.create', {
    contact_id: hart.reference,
    scheduled_at: '2026-11-20T09:00:00',
    lines: [{ service_id: String(service.id) }],
  });
  ticket = String(booked.reference);
});

const names = (rows: unknown) =>
  z
    .array(z.looseObject({ full_name: z.string() }))
    .parse(rows)
    .map(row => row.full_name);

test('?type=contacts&search=owens+cross+roads&limit=20 finds the customer by her town', async () => {
  const answer = await front().get('/api/data?type=contacts&search=owens+cross+roads&limit=20');
  expect(answer.status).toBe(200);
  expect(names(answer.data.rows)).toEqual(['Mrs Hart']);
});

test('?type=tickets&id=…&include=line_items,audit_trail answers one ticket with both relations', async () => {
  const answer = await front().get(`/api/data?type=tickets&id=${ticket}&include=line_items,audit_trail`);
  expect(answer).toMatchObject({
    status: 200,
    data: {
      reference: ticket,
      line_items: [{ unit_price_cents: 12_000 }],
      audit_trail: expect.arrayContaining([expect.objectContaining({ domain_action: 'ticket.create' })]),
    },
  });
  const { data } = await front().get(`/api/data?type=tickets&id=${ticket}`);
  expect(data.reference).toBe(ticket);
  expect(data).not.toHaveProperty('line_items');
});

test('?type=scheduled_messages&filter=pending&customer_id=… takes a preset and a filter under its other name', async () => {
  const { done, bright } = front().office;
  const words = { subject: 'Your gutters', body: 'They are due again.', send_at: '2027-03-01T09:00' };
  for (const contact_id of [hart.reference, 'Jane Smith']) {
    await done(bright.owner, 'message.schedule', { contact_id, ...words });
  }
  for (const type of ['scheduled_messages', 'scheduled-messages']) {
    const answer = await front().get(`/api/data?type=${type}&filter=pending&customer_id=${hart.reference}`);
    expect(answer).toMatchObject({
      status: 200,
      data: { rows: [{ reference: 'M-1001', contact_id: hart.id, status: 'pending' }] },
    });
  }
});

test('a list is read page by page with the cursor of the answer', async () => {
  const first = await front().get('/api/data?type=contacts&sort=full_name&limit=3');
  expect(names(first.data.rows)).toEqual(['Adam Apple', 'Jane Smith', 'Mrs Hart']);
  const cursor = encodeURIComponent(first.meta.next_cursor ?? '');
  const second = await front().get(`/api/data?type=contacts&sort=full_name&limit=3&cursor=${cursor}`);
  expect(names(second.data.rows)).toEqual(['Zoe Zimmer']);
  expect(second.meta.next_cursor).toBeUndefined();
});

test('only the wanted fields are answered, and the id', async () => {
  const answer = await front().get('/api/data?type=contacts&fields=full_name,%20email&search=hart');
  expect(answer.data.rows).toEqual([{ id: hart.id, full_name: 'Mrs Hart', email: 'hart@example.com' }]);
});

test('empty members count as not given', async () => {
  const answer = await front().get('/api/data?type=contacts&search=&filter=&status=&limit=&sort=full_name');
  expect(answer.status).toBe(200);
  expect(names(answer.data.rows)).toHaveLength(4);
});

test.each([
  ['an unknown type', 'type=contcats', 404, { code: 'UNKNOWN_TYPE', did_you_mean: ['contacts'] }],
  [
    'a word for several types',
    'type=figures',
    404,
    { code: 'UNKNOWN_TYPE', did_you_mean: ['analytics_yoy', 'analytics_trends', 'analytics_received'] },
  ],
  [
    'what is told of in a type of another name',
    'type=phone_numbers',
    404,
    { code: 'UNKNOWN_TYPE', did_you_mean: expect.arrayContaining(['contacts']) },
  ],
  [
    'a type that means nothing',
    'type=zebra',
    404,
    { code: 'UNKNOWN_TYPE', valid_options: expect.arrayContaining(['contacts', 'tickets']) },
  ],
  ['no type', 'search=hart', 400, { code: 'VALIDATION_ERROR', field: 'type' }],
  ['an unknown filter', 'type=contacts&staus=active', 400, { field: 'staus', did_you_mean: ['status'] }],
  ['totals that are neither', 'type=contacts&totals=yes', 400, { field: 'totals', got: 'yes' }],
  ['an unknown sort', 'type=contacts&sort=name', 400, { field: 'sort' }],
  ['an unknown relation', 'type=contacts&include=adresses', 400, { did_you_mean: ['addresses'] }],
  ['a limit that is too high', 'type=contacts&limit=101', 400, { field: 'limit', got: 101 }],
  ['a limit that is no number', 'type=contacts&limit=1e9', 400, { field: 'limit', got: '1e9' }],
  ['two limits', 'type=contacts&limit=1&limit=2', 400, { field: 'limit' }],
  ['an empty id', 'type=contacts&id=', 400, { field: 'id' }],
  ['an unknown id', 'type=contacts&id=C-9999', 404, { code: 'NOT_FOUND' }],
  ['a foreign cursor', 'type=contacts&cursor=abc', 400, { field: 'cursor' }],
  ['a name that reaches into JavaScript', 'type=contacts&__proto__=x', 400, { field: '__proto__' }],
])('%s is refused with what helps', async (_what, query, status, error) => {
  const answer = await front().get(`/api/data?${query}`);
  expect(answer).toMatchObject({ status, success: false, error });
});

test('the other business finds none of it', async () => {
  const key = front().office.clear.agent.key;
  const list = await front().get('/api/data?type=contacts', { key });
  expect(list).toMatchObject({ status: 200, data: { rows: [] } });
  const one = await front().get(`/api/data?type=contacts&id=${hart.id}`, { key });
  expect(one).toMatchObject({ status: 404, error: { code: 'NOT_FOUND' } });
});

test('reading leaves no trace: the data endpoint has no side effects', async () => {
  const count = 'select count(*)::integer as n from audit_log';
  const { owner } = front().office.database;
  const before = (await owner.query(count)).rows[0].n;
  await front().get(`/api/data?type=tickets&id=${ticket}&include=line_items,audit_trail`);
  expect((await owner.query(count)).rows[0].n).toBe(before);
});

test('capabilities tell what the asking agent may do, whole or for one domain', async () => {
  const whole = await front().get('/api/capabilities');
  expect(whole).toMatchObject({ status: 200, data: { you: { kind: 'agent', name: 'Office Manager' } } });
  const one = await front().get('/api/capabilities?domain=contact');
  expect(one.data.domains).toMatchObject([
    {
      name: 'contact',
      actions: expect.arrayContaining([expect.objectContaining({ name: 'delete', level: 'soft_limit' })]),
    },
  ]);
  const wrong = await front().get('/api/capabilities?domian=contact');
  expect(wrong).toMatchObject({ status: 400, error: { did_you_mean: ['domain'] } });
});
