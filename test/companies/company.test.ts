import { expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { refusal } from '../support/refusal.ts';

const panes = useBrightPanes();
const reasoning = 'The firm has closed its doors for good';

test('a company is added with its number in one spelling and found by name and number', async () => {
  const { agent, done, read } = panes();
  const hart = {
    name: 'Hart Realty',
    account: 'x',
    main_phone: '256.555.0119',
    billing_email: 'BILLS@hart.example',
  };
  const { account: _, ...data } = hart;
  expect(await done(agent, 'company.create', { ...data, tags: ['rentals'] })).toEqual({
    id: expect.any(String),
    reference: 'CO-101',
    name: 'Hart Realty',
    legal_name: null,
    kind: 'customer',
    status: 'active',
    industry: null,
    website: null,
    main_phone: '+12565550119',
    billing_email: 'bills@hart.example',
    tags: ['rentals'],
    notes: null,
    pays_for_its_people: false,
    source: expect.any(String),
    custom_fields: {},
    import_batch_id: null,
    deleted_at: null,
    version: 1,
    created_at: expect.any(String),
    updated_at: expect.any(String),
  });
  for (const search of ['hart', 'realti', '(256) 555-0119', 'co-101']) {
    expect(await read(agent, 'companies', { search })).toMatchObject([{ reference: 'CO-101' }]);
  }
});

test('a number that is none is refused', async () => {
  const { dana, act } = panes();
  const change = (main_phone: string) => act(dana, 'company.update', { company_id: 'CO-101', main_phone });
  expect(await refusal(change('ask Bea'))).toMatchObject({ code: 'VALIDATION_ERROR', field: 'main_phone' });
  expect(await change('+1 256 555 0120')).toMatchObject({ data: { main_phone: '+12565550120' } });
});

test('customers are found by the name of their company, also after it was renamed', async () => {
  const { dana, done, read } = panes();
  await done(dana, 'contact.update', { contact_id: 'C-1001', company: 'Hart Realty' });
  const find = async (search: string) => (await read(dana, 'contacts', { search })).map(row => row.reference);
  expect(await find('hart realty')).toEqual(['C-1001']);
  await done(dana, 'company.update', { company_id: 'CO-101', name: 'Magnolia Homes' });
  expect(await find('magnolia')).toEqual(['C-1001']);
  expect(await read(dana, 'contacts', { params: { company: 'Magnolia Homes' } })).toMatchObject([
    { reference: 'C-1001' },
  ]);
});

test('a company somebody belongs to is deleted by an agent only with the owner’s consent', async () => {
  const { agent, dana, act, done } = panes();
  const remove = () => act(agent, 'company.delete', { company_id: 'CO-101' }, { reasoning });
  expect(await remove()).toMatchObject({
    status: 'pending_authorization',
    data: { rule: 'delete_with_history', reason: 'this company has 1 contact' },
  });
  await done(dana, 'contact.update', { contact_id: 'C-1001', clear: ['company_id'] });
  expect(await remove()).toMatchObject({ status: 'done' });
  expect(await done(dana, 'company.restore', { company_id: 'CO-101' })).toMatchObject({
    name: 'Magnolia Homes',
  });
});
