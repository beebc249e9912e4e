import { expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { refusal } from '../support/refusal.ts';

const panes = useBrightPanes();

test('what the customer answered is recorded, and who recorded it', async () => {
  const { book, agent, done, read } = panes();
  const before = await book('2026-11-23T09:00', { notify_customer: true });
  expect(before).toMatchObject({ confirmation_status: 'pending' });
  const after = await done(agent, 'ticket.confirm', { ticket_id: 'T-2001' });
  // Nobody is told of it a second time.
  const { customer_told, ...visit_before } = before;
  expect(customer_told).toContain('mailed to');
  expect(after).toEqual({
    ...visit_before,
    confirmation_status: 'accepted',
    answered_at: '2026-11-18T14:00:00.000Z',
    version: Number(before.version) + 1,
    updated_at: expect.any(String),
  });
  const [visit] = await read(agent, 'tickets', { id: 'T-2001', include: ['audit_trail'] });
  const [entry] = Array.isArray(visit?.audit_trail) ? visit.audit_trail : [];
  expect(entry).toMatchObject({
    domain_action: 'ticket.confirm',
    actor_name: 'Office Manager',
    changes: { confirmation_status: { old: 'pending', new: 'accepted' } },
  });
});

test('the customer may change their mind: decline, or ask for another time', async () => {
  const { book, dana, done } = panes();
  const { id } = await book('2026-11-24T09:00');
  for (const confirmation_status of ['accepted', 'declined', 'modify_requested', 'accepted']) {
    expect(await done(dana, 'ticket.confirm', { ticket_id: id, confirmation_status })).toMatchObject({
      status: 'scheduled',
      confirmation_status,
    });
  }
});

test('the same answer twice leaves one entry in the history', async () => {
  const { book, dana, done, read } = panes();
  const { id } = await book('2026-11-25T09:00');
  const confirm = () => done(dana, 'ticket.confirm', { ticket_id: id });
  await Promise.all([confirm(), confirm()]);
  await confirm();
  const entries = await read(dana, 'audit_log', {
    params: { subject_id: String(id), domain_action: 'ticket.confirm' },
  });
  expect(entries).toHaveLength(1);
});

test('an answer nobody can give is refused with the answers there are', async () => {
  const { book, dana, act } = panes();
  const { id } = await book('2026-11-26T09:00');
  const answer = (confirmation_status: string) =>
    act(dana, 'ticket.confirm', { ticket_id: id, confirmation_status });
  expect(await refusal(answer('acepted'))).toMatchObject({
    code: 'VALIDATION_ERROR',
    field: 'confirmation_status',
    got: 'acepted',
    valid_options: ['not_sent', 'pending', 'accepted', 'declined', 'modify_requested'],
    did_you_mean: ['accepted'],
  });
  expect((await answer('accepted')).status).toBe('done');
});

test('the list of unconfirmed visits is what is still to come and not accepted', async () => {
  const { book, dana, done, read } = panes();
  const list = async () =>
    (await read(dana, 'tickets', { filter: 'unconfirmed', params: { from: '2096-12-01' } })).map(
      row => row.id,
    );
  const { id } = await book('2096-12-03T09:00');
  expect(await list()).toEqual([id]);
  await done(dana, 'ticket.confirm', { ticket_id: id });
  expect(await list()).toEqual([]);
});

test('technicians leave this to the office', async () => {
  const { book, theo, dana, act } = panes();
  const { id } = await book('2026-11-27T09:00', { technician_ids: ['Theo'] });
  expect(await refusal(act(theo, 'ticket.confirm', { ticket_id: id }))).toMatchObject({ code: 'FORBIDDEN' });
  expect((await act(dana, 'ticket.confirm', { ticket_id: id })).status).toBe('done');
});
