import { expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { refusal } from '../support/refusal.ts';

const panes = useBrightPanes();

test('a visit moves to another time with its technicians and keeps its services', async () => {
  const { book, agent, done, read } = panes();
  const before = await book('2026-11-23T09:00', { technician_ids: ['Theo'], lines: ['Gutter Cleaning'] });
  await done(agent, 'ticket.confirm', { ticket_id: 'T-2001' });
  const after = await done(agent, 'ticket.reschedule', {
    ticket_id: 'T-2001',
    scheduled_at: 'Tue 2026-11-24 13:30 -06:00',
  });
  expect(after).toEqual({
    ...before,
    scheduled_at: '2026-11-24T19:30:00.000Z',
    ends_at: '2026-11-24T20:30:00.000Z',
    scheduled_local: 'Tue 2026-11-24 13:30 -06:00',
    confirmation_status: 'not_sent',
    version: expect.any(Number),
    updated_at: expect.any(String),
  });
  const [visit] = await read(agent, 'tickets', { id: 'T-2001', include: ['audit_trail'] });
  expect(visit?.audit_trail).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        domain_action: 'ticket.reschedule',
        actor_name: 'Office Manager',
        changes: {
          scheduled_at: {
            old: expect.stringContaining('2026-11-23'),
            new: expect.stringContaining('2026-11-24'),
          },
          ends_at: { old: expect.stringContaining('2026-11-23'), new: expect.stringContaining('2026-11-24') },
          confirmation_status: { old: 'accepted', new: 'not_sent' },
          answered_at: { old: expect.any(String), new: null },
        },
      }),
    ]),
  );
});

test('what the customer agreed to stays agreed when only the duration changes', async () => {
  const { book, dana, done } = panes();
  const { id } = await book('2026-11-25T09:00');
  await done(dana, 'ticket.confirm', { ticket_id: id });
  expect(await done(dana, 'ticket.reschedule', { ticket_id: id, duration_minutes: 210 })).toMatchObject({
    confirmation_status: 'accepted',
    duration_minutes: 210,
    ends_at: '2026-11-25T18:30:00.000Z',
  });
});

test('moving a visit to the time it has changes nothing', async () => {
  const { book, dana, done, read } = panes();
  const { id } = await book('2026-11-25T13:00', { technician_ids: ['Theo'] });
  const history = async () => (await read(dana, 'audit_log', { params: { subject_id: String(id) } })).length;
  const before = await history();
  await done(dana, 'ticket.reschedule', { ticket_id: id, scheduled_at: '2026-11-25T13:00' });
  expect(await history()).toBe(before);
});

test('a visit is not moved into the past, nor to a day that does not exist, nor by nothing', async () => {
  const { book, dana, act, done } = panes();
  const { id } = await book('2026-11-26T09:00');
  const change = (more: Record<string, unknown>) =>
    act(dana, 'ticket.reschedule', { ticket_id: id, ...more });
  expect(await refusal(change({ scheduled_at: '2026-11-16T09:00' }))).toMatchObject({
    code: 'VALIDATION_ERROR',
    field: 'scheduled_at',
    message: 'This time is past.',
  });
  expect(await refusal(change({ scheduled_at: '2026-02-30T09:00' }))).toMatchObject({
    code: 'VALIDATION_ERROR',
    field: 'scheduled_at',
  });
  expect(await refusal(change({ scheduled_at: 'Mon 2026-11-24 09:00 -06:00' }))).toMatchObject({
    code: 'VALIDATION_ERROR',
    message: '2026-11-24 is a Tue, not a Mon.',
  });
  expect(await refusal(change({}))).toMatchObject({
    code: 'VALIDATION_ERROR',
    message: 'Nothing to change was given.',
    valid_options: ['scheduled_at', 'duration_minutes'],
  });
  expect(await refusal(change({ duration_minutes: 4 }))).toMatchObject({ field: 'duration_minutes' });
  expect(await done(dana, 'ticket.reschedule', { ticket_id: id, duration_minutes: 5 })).toMatchObject({
    duration_minutes: 5,
  });
});

test('the end of a visit that has begun can be put off without moving its start', async () => {
  const { book, dana, done, setClock } = panes();
  const { id } = await book('2026-11-18T09:00');
  setClock('2026-11-20T08:00:00-06:00');
  expect(await done(dana, 'ticket.reschedule', { ticket_id: id, duration_minutes: 120 })).toMatchObject({
    ends_at: '2026-11-18T17:00:00.000Z',
  });
  setClock('2026-11-18T08:00:00-06:00');
});

test('a technician does not move visits, not even their own', async () => {
  const { book, theo, dana, act } = panes();
  const { id } = await book('2026-11-27T09:00', { technician_ids: ['Theo'] });
  const move = { ticket_id: id, scheduled_at: '2026-11-27T13:00' };
  expect(await refusal(act(theo, 'ticket.reschedule', move))).toMatchObject({ code: 'FORBIDDEN' });
  expect((await act(dana, 'ticket.reschedule', move)).status).toBe('done');
});

test('two people who move one visit at once both get an answer, and the last one stands', async () => {
  const { book, dana, olivia, done, read } = panes();
  const { id } = await book('2026-11-30T09:00', { technician_ids: ['Tess'] });
  const times = ['2026-11-30T17:00:00.000Z', '2026-11-30T19:00:00.000Z'];
  const answers = await Promise.all(
    times.map((time, index) =>
      done(index === 0 ? dana : olivia, 'ticket.reschedule', { ticket_id: id, scheduled_at: time }),
    ),
  );
  expect(answers.map(answer => answer.scheduled_at)).toEqual(times);
  const [visit] = await read(dana, 'tickets', { id: String(id) });
  expect(times).toContain(visit?.scheduled_at);
  const busy = await panes().database.owner.query(
    `select lower(period) = (select scheduled_at from tickets where id = $1) as follows
    from ticket_technicians
    where ticket_id = $1`,
    [id],
  );
  expect(busy.rows).toEqual([{ follows: true }]);
});
