import { expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { race, refusal } from '../support/refusal.ts';

const panes = useBrightPanes();
const reasoning = 'Entered twice by mistake, the other one stays';

let made = 0;
async function addCustomer(): Promise<string> {
  made += 1;
  const { dana, done } = panes();
  return String((await done(dana, 'contact.create', { full_name: `Customer ${made}` })).reference);
}

test('a customer without history is deleted with their addresses and is found no more', async () => {
  const { agent, dana, done, act, read } = panes();
  const customer = await addCustomer();
  await done(dana, 'address.create', { contact_id: customer, line1: '1 Vanishing Lane' });
  const { id } = (await read(dana, 'contacts', { id: customer }))[0] ?? {};
  expect(await done(agent, 'contact.delete', { contact_id: customer }, { reasoning })).toEqual({
    id,
    reference: customer,
    deleted: true,
  });
  expect(await read(dana, 'contacts', { search: 'Vanishing Lane' })).toEqual([]);
  expect(await read(dana, 'addresses', { params: { contact_id: String(id) } })).toEqual([]);
  expect(await refusal(read(dana, 'contacts', { id: customer }))).toMatchObject({ code: 'NOT_FOUND' });
  expect(await refusal(act(dana, 'contact.delete', { contact_id: customer }))).toMatchObject({
    code: 'NOT_FOUND',
  });
  const [entry] = await read(dana, 'audit_log', { params: { entity_type: 'contact', action: 'delete' } });
  expect(entry).toMatchObject({ subject_id: id, domain_action: 'contact.delete', reasoning });
});

test('restoring brings the customer and the addresses back that went along, not those deleted before', async () => {
  const { dana, done, act, read } = panes();
  const customer = await addCustomer();
  for (const line1 of ['1 Old Road', '2 New Road']) {
    await done(dana, 'address.create', { contact_id: customer, line1 });
  }
  await done(dana, 'address.delete', { address_id: '1 Old Road' });
  // What Stripe calls them is read, and told with no change.
  const [{ stripe_customer_id: _, ...before } = {}] = await read(dana, 'contacts', { id: customer });
  await done(dana, 'contact.delete', { contact_id: customer });
  expect(await done(dana, 'contact.restore', { contact_id: customer })).toEqual({
    ...before,
    version: 3,
    updated_at: expect.any(String),
  });
  expect(await read(dana, 'contacts', { search: 'New Road', include: ['addresses'] })).toMatchObject([
    { reference: customer, addresses: [{ line1: '2 New Road' }] },
  ]);
  expect(await refusal(act(dana, 'contact.restore', { contact_id: customer }))).toMatchObject({
    code: 'INVALID_STATE',
    message: 'This contact is not deleted.',
  });
});

test('a customer with visits to come is kept until these are cancelled', async () => {
  const { book, dana, act, done } = panes();
  const { reference } = await book('2026-11-23T09:00');
  const remove = () => act(dana, 'contact.delete', { contact_id: 'C-1001' });
  expect(await refusal(remove())).toEqual({
    code: 'INVALID_STATE',
    message: 'This customer still has visits to come.',
    tickets: [reference],
    hint: 'Cancel or finish them first.',
  });
  await done(dana, 'ticket.cancel', { ticket_id: reference });
  expect((await remove()).status).toBe('done');
  await done(dana, 'contact.restore', { contact_id: 'C-1001' });
});

test('nothing more is written down about a customer who is deleted', async () => {
  const { dana, act, done } = panes();
  const customer = await addCustomer();
  const calls: [string, Record<string, unknown>][] = [
    ['note.create', { content: 'Likes it clean' }],
    ['address.create', { line1: '1 Main Street' }],
    ['contact.update', { job_title: 'Teacher' }],
    ['contact.set_preferences', { time_of_day: 'morning' }],
    ['ticket.create', { scheduled_at: '2026-12-01T09:00' }],
  ];
  await done(dana, 'contact.delete', { contact_id: customer });
  for (const [action, data] of calls) {
    const call = act(dana, action, { contact_id: customer, ...data });
    expect(await refusal(call), action).toMatchObject({ code: 'NOT_FOUND' });
  }
  await done(dana, 'contact.restore', { contact_id: customer });
  for (const [action, data] of calls) await done(dana, action, { contact_id: customer, ...data });
});

test('a customer who is booked and deleted at the same moment is one or the other', async () => {
  const { dana, olivia, act, read } = panes();
  const customers = await Promise.all(Array.from({ length: 8 }, addCustomer));
  for (const contact_id of customers) {
    const book = act(dana, 'ticket.create', { contact_id, scheduled_at: '2026-12-02T09:00' });
    const { won } = await race([act(olivia, 'contact.delete', { contact_id }), book]);
    expect(won).toHaveLength(1);
  }
  const visits = await read(dana, 'tickets', { params: { from: '2026-12-02' }, filter: 'open' });
  for (const { contact_id } of visits) {
    expect(await read(dana, 'contacts', { id: String(contact_id) })).toHaveLength(1);
  }
});

test('of two people who delete at once one does, and the other is told that there is nobody', async () => {
  const { dana, olivia, act } = panes();
  const contact_id = await addCustomer();
  const { won, refused } = await race([dana, olivia].map(who => act(who, 'contact.delete', { contact_id })));
  expect(won).toHaveLength(1);
  expect(refused).toEqual(['NOT_FOUND']);
});

test('an agent says why, and a customer with history waits for the owner', async () => {
  const { agent, dana, act, done, read } = panes();
  const contact_id = await addCustomer();
  expect(await refusal(act(agent, 'contact.delete', { contact_id }))).toMatchObject({
    code: 'REASONING_REQUIRED',
  });
  await done(dana, 'note.create', { contact_id, content: 'Pays by check' });
  expect(await act(agent, 'contact.delete', { contact_id }, { reasoning })).toMatchObject({
    status: 'pending_authorization',
    data: {
      request: 'R-1',
      rule: 'delete_with_history',
      reason: 'this customer has 1 note',
    },
  });
  expect(await read(dana, 'contacts', { id: contact_id })).toHaveLength(1);
});

test('technicians neither delete nor restore', async () => {
  const { theo, dana, act } = panes();
  const contact_id = await addCustomer();
  for (const action of ['contact.delete', 'contact.restore']) {
    expect(await refusal(act(theo, action, { contact_id }))).toMatchObject({ code: 'FORBIDDEN' });
    expect((await act(dana, action, { contact_id })).status).toBe('done');
  }
});
