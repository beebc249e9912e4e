import { expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { refusal } from '../support/refusal.ts';

const panes = useBrightPanes();

test('a changed fact is told in the history with what was there before', async () => {
  const { agent, done, read } = panes();
  // What Stripe calls them is read, and told with no change.
  const [{ stripe_customer_id: _, ...before } = {}] = await read(agent, 'contacts', { id: 'C-1001' });
  const after = await done(agent, 'contact.update', { contact_id: 'C-1001', last_name: 'Smith-Hart' });
  expect(after).toEqual({
    ...before,
    last_name: 'Smith-Hart',
    full_name: 'Jane Smith-Hart',
    version: 2,
    updated_at: expect.any(String),
  });
  const [row] = await read(agent, 'contacts', { id: 'C-1001', include: ['audit_trail'] });
  const [entry] = Array.isArray(row?.audit_trail) ? row.audit_trail : [];
  expect(entry).toMatchObject({
    domain_action: 'contact.update',
    actor_name: 'Office Manager',
    changes: {
      last_name: { old: 'Smith', new: 'Smith-Hart' },
      full_name: { old: 'Jane Smith', new: 'Jane Smith-Hart' },
    },
  });
  await done(agent, 'contact.update', { contact_id: 'C-1001', last_name: 'Smith' });
});

test.each([
  ['Mrs', 'Hale', 'Eleanor Hale', { first_name: 'Eleanor', last_name: 'Hale' }],
  ['Ada', 'Vale', 'Ada Lane-Vale', { first_name: 'Ada', last_name: 'Lane-Vale' }],
  ['Ada', 'Vale', 'Vale Bakery', { first_name: null, last_name: null }],
  ['Ada', 'Vale', 'Adam Vale', { first_name: 'Adam', last_name: 'Vale' }],
])('%s %s who is called %s now is greeted by no other name', async (first, last, whole, parts) => {
  const { dana, done } = panes();
  const made = await done(dana, 'contact.create', { first_name: first, last_name: last });
  const contact_id = String(made.reference);
  expect(await done(dana, 'contact.update', { contact_id, full_name: whole })).toMatchObject({
    full_name: whole,
    ...parts,
  });
});

test('a new telephone number becomes the primary one and the old one is kept', async () => {
  const { dana, done } = panes();
  expect(await done(dana, 'contact.update', { contact_id: 'C-1002', phone: '256 555 0120' })).toMatchObject({
    phone: '+12565550120',
    phones: [
      { number: '+12565550120', primary: true },
      { number: '+12565550119', primary: false },
    ],
  });
  const only = { contact_id: 'C-1002', phones: [{ number: '256 555 0119' }] };
  expect(await done(dana, 'contact.update', only)).toMatchObject({ phone: '+12565550119', phones: [{}] });
  expect(await done(dana, 'contact.update', { contact_id: 'C-1002', phones: [] })).toMatchObject({
    phone: null,
    phones: [],
  });
});

test('what is cleared is empty, and what nobody can do without cannot be cleared', async () => {
  const { dana, act, done } = panes();
  await done(dana, 'contact.update', { contact_id: 'C-1001', nickname: 'Janey', notes: 'Likes tea' });
  expect(
    await done(dana, 'contact.update', { contact_id: 'C-1001', clear: ['nickname', 'notes'] }),
  ).toMatchObject({
    nickname: null,
    notes: null,
  });
  expect(
    await refusal(act(dana, 'contact.update', { contact_id: 'C-1001', clear: ['full_name'] })),
  ).toMatchObject({
    code: 'VALIDATION_ERROR',
    field: 'clear.0',
    valid_options: expect.arrayContaining(['notes']),
  });
});

test('custom fields are added to the ones that are there', async () => {
  const { dana, done } = panes();
  await done(dana, 'contact.update', { contact_id: 'C-1001', custom_fields: { panes: 24, gate: 'left' } });
  expect(
    await done(dana, 'contact.update', { contact_id: 'C-1001', custom_fields: { gate: 'right' } }),
  ).toMatchObject({ custom_fields: { panes: 24, gate: 'right' } });
});

test('a company that is gone is nobody’s company', async () => {
  const { dana, act, done } = panes();
  const { id } = await done(dana, 'company.create', { name: 'Hart Realty' });
  const join = (contact_id: string) => act(dana, 'contact.update', { contact_id, company_id: id });
  expect(await join('C-1001')).toMatchObject({ data: { company_id: id } });
  await done(dana, 'contact.update', { contact_id: 'C-1001', clear: ['company_id'] });
  await done(dana, 'company.delete', { company_id: id });
  expect(await refusal(join('C-1002'))).toMatchObject({ code: 'NOT_FOUND', field: 'company_id' });
});

test('two people who change different facts at once both keep their change', async () => {
  const { dana, olivia, done, read } = panes();
  await Promise.all([
    done(dana, 'contact.update', { contact_id: 'C-1002', job_title: 'Owner' }),
    done(olivia, 'contact.update', { contact_id: 'C-1002', custom_fields: { dog: 'Biscuit' } }),
    done(dana, 'contact.update', { contact_id: 'C-1002', custom_fields: { gate: 'left' } }),
  ]);
  expect(await read(dana, 'contacts', { id: 'C-1002' })).toMatchObject([
    { job_title: 'Owner', custom_fields: { dog: 'Biscuit', gate: 'left' } },
  ]);
});

test('nothing to change, and nobody to change, are refused', async () => {
  const { dana, act } = panes();
  const change = (data: Record<string, unknown>) => act(dana, 'contact.update', data);
  expect(await refusal(change({ contact_id: 'C-1001' }))).toMatchObject({
    message: 'Nothing to change was given.',
    hint: 'Give at least one member to change.',
  });
  expect(await refusal(change({ contact_id: 'C-9999', job_title: 'x' }))).toMatchObject({
    code: 'NOT_FOUND',
    field: 'contact_id',
  });
  expect((await change({ contact_id: 'C-1001', job_title: 'Teacher' })).status).toBe('done');
});

test('preferences are added up, and only what is given changes', async () => {
  const { agent, dana, theo, bright, act, done } = panes();
  const set = (data: Record<string, unknown>) =>
    done(agent, 'contact.set_preferences', { contact_id: 'C-1002', ...data });
  expect(await set({ time_of_day: 'morning', technician: 'Tess' })).toMatchObject({
    preferences: { time_of_day: 'morning', technician_id: bright.people.Tess?.id },
  });
  expect(await set({ days: ['tue', 'thu'], note: 'Call before' })).toMatchObject({
    preferences: {
      time_of_day: 'morning',
      technician_id: bright.people.Tess?.id,
      days: ['tue', 'thu'],
      note: 'Call before',
    },
  });
  const wrong = { contact_id: 'C-1002', time_of_day: 'evening' };
  expect(await refusal(act(dana, 'contact.set_preferences', wrong))).toMatchObject({
    field: 'time_of_day',
    valid_options: ['morning', 'afternoon', 'any'],
  });
  const nothing = { contact_id: 'C-1002' };
  expect(await refusal(act(dana, 'contact.set_preferences', nothing))).toMatchObject({
    message: 'Nothing to change was given.',
  });
  expect(
    await refusal(act(theo, 'contact.set_preferences', { contact_id: 'C-1002', time_of_day: 'any' })),
  ).toMatchObject({ code: 'FORBIDDEN' });
});

test('a new number or address does not take away the old one, and that is said', async () => {
  const { act, dana, done } = panes();
  const { reference } = await done(dana, 'contact.create', {
    full_name: 'Nina Numbers',
    phone: '256 555 0401',
    email: 'nina@example.com',
  });
  const changed = await act(dana, 'contact.update', {
    contact_id: reference,
    phone: '256 555 0402',
    email: 'nina@new.example',
  });
  expect(changed.warnings).toEqual([
    'The old number (256) 555-0401 stays as a second one; give phones to replace the list.',
    'The old address «nina@example.com» stays as a second one; give emails to replace the list.',
  ]);
  expect(changed.data).toMatchObject({ phones: [{ number: '+12565550402' }, { number: '+12565550401' }] });
  const replaced = await act(dana, 'contact.update', {
    contact_id: reference,
    phones: [{ number: '256 555 0402' }],
  });
  expect(replaced.warnings).toEqual([]);
  expect(replaced.data).toMatchObject({ phones: [{ number: '+12565550402' }] });
});
