import { expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { refusal } from '../support/refusal.ts';

const panes = useBrightPanes();
const reasoning = 'The customer sold the house last month';

test('a customer has as many addresses as they need, each with its own reference', async () => {
  const { agent, dana, done, read } = panes();
  const [jane] = await read(dana, 'contacts', { id: 'C-1001' });
  const rental = {
    contact_id: 'Jane Smith',
    line1: '12 Balmoral Dr',
    city: 'Huntsville',
    zip: '35802',
    type: 'other',
  };
  expect(await done(agent, 'address.create', { ...rental, label: 'rental' })).toEqual({
    id: expect.any(String),
    reference: 'A-1003',
    contact_id: jane?.id,
    company_id: null,
    type: 'other',
    label: 'rental',
    line1: '12 Balmoral Dr',
    line2: null,
    city: 'Huntsville',
    state: null,
    postal_code: '35802',
    country: 'US',
    notes: null,
    import_batch_id: null,
    deleted_at: null,
    version: 1,
    created_at: expect.any(String),
    updated_at: expect.any(String),
  });
  expect(await read(dana, 'contacts', { search: 'balmoral', include: ['addresses'] })).toMatchObject([
    { reference: 'C-1001', addresses: [{ reference: 'A-1001' }, { reference: 'A-1003' }] },
  ]);
});

test('an address belongs to somebody who is here', async () => {
  const { dana, act } = panes();
  const add = (data: Record<string, unknown>) =>
    act(dana, 'address.create', { line1: '1 Nowhere Road', ...data });
  expect(await refusal(add({}))).toEqual({
    code: 'VALIDATION_ERROR',
    message: 'An address belongs to somebody.',
    field: 'contact_id',
    hint: 'Give contact_id or company_id.',
  });
  const unknown = '018f0000-0000-7000-8000-000000000000';
  expect(await refusal(add({ contact_id: unknown }))).toMatchObject({
    code: 'NOT_FOUND',
    field: 'contact_id',
  });
  expect(await refusal(add({ company_id: unknown }))).toMatchObject({
    code: 'NOT_FOUND',
    field: 'company_id',
  });
  expect(await refusal(add({ contact_id: 'C-1001', country: 'usa' }))).toMatchObject({
    field: 'country',
    got: 'usa',
  });
  expect((await add({ contact_id: 'C-1001', country: 'CA' })).status).toBe('done');
});

test('a corrected street is found and the wrong one is not', async () => {
  const { dana, done, read } = panes();
  const search = async (words: string) =>
    (await read(dana, 'contacts', { search: words })).map(row => row.reference);
  expect(await search('cove')).toEqual(['C-1002']);
  await done(dana, 'address.update', { address_id: 'A-1002', line1: '48 Sunny Ridge', clear: ['state'] });
  expect([await search('cove'), await search('sunny ridge')]).toEqual([[], ['C-1002']]);
});

test('an address where somebody was visited waits for the owner when an agent deletes it', async () => {
  const { agent, dana, book, act, done, read } = panes();
  const remove = (address_id: string) => act(agent, 'address.delete', { address_id }, { reasoning });
  const { reference } = await done(dana, 'address.create', { contact_id: 'C-1002', line1: '5 Empty Lot' });
  expect(await remove(String(reference))).toMatchObject({
    status: 'done',
    data: { reference, deleted: true },
  });
  await book('2026-11-23T09:00', { address_id: 'A-1001' });
  expect(await remove('A-1001')).toMatchObject({
    status: 'pending_authorization',
    data: { rule: 'delete_with_history', reason: 'this address has 1 visit' },
  });
  expect(await read(dana, 'addresses', { id: 'A-1001' })).toHaveLength(1);
  expect(await done(dana, 'address.restore', { address_id: reference })).toMatchObject({ deleted_at: null });
});

test('the list goes by customer and town', async () => {
  const { dana, read } = panes();
  const list = async (params: Record<string, unknown>) =>
    (await read(dana, 'addresses', { params, sort: 'created_at' })).map(row => row.line1);
  expect(await list({ customer: 'Jane Smith', city: 'huntsville' })).toEqual(['12 Balmoral Dr']);
  expect(await list({ postal_code: '35758' })).toEqual(['123 Main Street']);
});
