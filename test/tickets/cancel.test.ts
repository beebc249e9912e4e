import { expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { race, refusal } from '../support/refusal.ts';

const panes = useBrightPanes();
const reasoning = 'The customer moves away and called us about it';

test('the agent cancels with a reason, and the history tells it', async () => {
  const { book, agent, done, read } = panes();
  const before = await book('2026-11-23T09:00', { technician_ids: ['Theo'], lines: ['Gutter Cleaning'] });
  const cancel = { ticket_id: 'T-2001', cancel_reason: 'Moves away' };
  expect(await done(agent, 'ticket.cancel', cancel, { reasoning })).toEqual({
    ...before,
    status: 'cancelled',
    cancelled_at: '2026-11-18T14:00:00.000Z',
    cancel_reason: 'Moves away',
    customer_told: 'not told: only notify_customer: true writes to them',
    version: Number(before.version) + 1,
    updated_at: expect.any(String),
  });
  const [visit] = await read(agent, 'tickets', { id: 'T-2001', include: ['audit_trail'] });
  const [entry] = Array.isArray(visit?.audit_trail) ? visit.audit_trail : [];
  expect(entry).toMatchObject({
    domain_action: 'ticket.cancel',
    actor_kind: 'agent',
    actor_name: 'Office Manager',
    reasoning,
    changes: {
      status: { old: 'scheduled', new: 'cancelled' },
      cancel_reason: { old: null, new: 'Moves away' },
      cancelled_at: { old: null, new: expect.any(String) },
    },
  });
});

test('without a reason of its own the visit keeps the reasoning', async () => {
  const { book, agent, done } = panes();
  const { id } = await book('2026-11-24T09:00');
  expect(await done(agent, 'ticket.cancel', { ticket_id: id }, { reasoning })).toMatchObject({
    cancel_reason: reasoning,
  });
});

test('an agent has to say why, in more than a word; people do not have to', async () => {
  const { book, agent, dana, act, done } = panes();
  const { id } = await book('2026-11-25T09:00');
  const say = (extra: { reasoning?: string }) => act(agent, 'ticket.cancel', { ticket_id: id }, extra);
  expect(await refusal(say({}))).toEqual({
    code: 'REASONING_REQUIRED',
    message: 'ticket.cancel needs a reasoning that says why.',
    field: 'reasoning',
    hint: 'Send the same call again with reasoning: a sentence in words that the owner will read in the history, such as “Mrs Hart called and cancelled; she moves in May.”',
  });
  for (const empty of ['', 'ok', 'ok ok ok', '. . .', 'a b c', 'ab cd ef', 'done done']) {
    expect(await refusal(say({ reasoning: empty }))).toMatchObject({
      code: 'REASONING_REQUIRED',
      got: empty,
    });
  }
  expect(await done(dana, 'ticket.cancel', { ticket_id: id })).toMatchObject({
    status: 'cancelled',
    cancel_reason: null,
  });
});

test('a cancelled visit is not cancelled again, and the first reason stands', async () => {
  const { book, dana, act, read } = panes();
  const { id, reference } = await book('2026-11-26T09:00');
  const cancel = (cancel_reason: string) => act(dana, 'ticket.cancel', { ticket_id: id, cancel_reason });
  await cancel('Rain');
  expect(await refusal(cancel('Snow'))).toEqual({
    code: 'INVALID_STATE',
    message: `${reference} is cancelled, which is final.`,
    hint: 'Book it once more with ticket.rebook, or another visit with ticket.create.',
  });
  expect(await read(dana, 'tickets', { id: String(id) })).toMatchObject([{ cancel_reason: 'Rain' }]);
});

test('of two people who cancel at once one does, and the other is told', async () => {
  const { book, dana, olivia, act } = panes();
  const { id } = await book('2026-11-27T09:00');
  const { won, refused } = await race(
    [dana, olivia].map(who => act(who, 'ticket.cancel', { ticket_id: id })),
  );
  expect(won).toHaveLength(1);
  expect(refused).toEqual(['INVALID_STATE']);
});

test('cancelling stops the clock of whoever is there, who can then start the next visit', async () => {
  const { book, dana, theo, done, read } = panes();
  const first = await book('2026-11-18T08:00', { technician_ids: ['Theo'] });
  await done(theo, 'ticket.clock_in', { ticket_id: first.id, at: '2026-11-18T07:30' });
  await done(dana, 'ticket.cancel', { ticket_id: first.id });
  const [visit] = await read(dana, 'tickets', { id: String(first.id), include: ['time_entries'] });
  expect(visit?.time_entries).toMatchObject([
    { clocked_in_at: '2026-11-18T13:30:00.000Z', clocked_out_at: '2026-11-18T14:00:00.000Z' },
  ]);
  const next = await book('2026-11-18T10:00', { technician_ids: ['Theo'] });
  expect(await done(theo, 'ticket.clock_in', { ticket_id: next.id })).toMatchObject({ clocked_out_at: null });
});

test('a technician does not cancel', async () => {
  const { book, theo, dana, act } = panes();
  const { id } = await book('2026-11-30T09:00', { technician_ids: ['Theo'] });
  expect(await refusal(act(theo, 'ticket.cancel', { ticket_id: id }))).toMatchObject({ code: 'FORBIDDEN' });
  expect((await act(dana, 'ticket.cancel', { ticket_id: id })).status).toBe('done');
});

test('there is no cancelling of a visit nobody knows', async () => {
  const { dana, act } = panes();
  expect(await refusal(act(dana, 'ticket.cancel', { ticket_id: 'T-9999' }))).toEqual({
    code: 'NOT_FOUND',
    message: 'There is no ticket «T-9999» here.',
    field: 'ticket_id',
    got: 'T-9999',
    hint: 'Look it up with a search over the ticket list, then use its reference.',
  });
});
