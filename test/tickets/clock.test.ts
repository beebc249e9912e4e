import { beforeEach, expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { storyTime } from '../support/office.ts';
import { race, refusal } from '../support/refusal.ts';

const panes = useBrightPanes();
const id = expect.any(String);

beforeEach(() => panes().setClock(storyTime));

test('three hours and twenty-two minutes are measured by clocking in and out', async () => {
  const { book, theo, dana, done, read, setClock, bright } = panes();
  const visit = await book('2026-11-18T08:30', { technician_ids: ['Theo'] });
  const entry = { id, ticket_id: visit.id, technician_id: bright.people.Theo?.id };
  setClock('2026-11-18T08:38:00-06:00');
  expect(await done(theo, 'ticket.clock_in', { ticket_id: 'T-2001' })).toEqual({
    ...entry,
    clocked_in_at: '2026-11-18T14:38:00.000Z',
    clocked_out_at: null,
  });
  expect(await read(dana, 'tickets', { id: 'T-2001' })).toMatchObject([{ status: 'in_progress' }]);
  setClock('2026-11-18T12:00:00-06:00');
  expect(await done(theo, 'ticket.clock_out', { ticket_id: 'T-2001' })).toEqual({
    ...entry,
    clocked_in_at: '2026-11-18T14:38:00.000Z',
    clocked_out_at: '2026-11-18T18:00:00.000Z',
  });
  expect(await read(dana, 'tickets', { id: 'T-2001' })).toMatchObject([{ status: 'in_progress' }]);
  expect(await read(dana, 'booking_context', { params: { contact_id: 'C-1001' } })).toMatchObject([
    { last_visit: { duration: '3h22m' }, suggested_duration_minutes: 210 },
  ]);
});

test('each of several technicians has a clock of their own', async () => {
  const { book, theo, tess, dana, done, read, act } = panes();
  const { id: ticket_id } = await book('2026-11-18T13:00', { technician_ids: ['Theo', 'Tess'] });
  await done(theo, 'ticket.clock_in', { ticket_id, at: '2026-11-18T07:00' });
  await done(tess, 'ticket.clock_in', { ticket_id, at: '2026-11-18T07:30' });
  await done(theo, 'ticket.clock_out', { ticket_id });
  const [visit] = await read(dana, 'tickets', { id: String(ticket_id), include: ['time_entries'] });
  expect(visit?.time_entries).toMatchObject([
    { clocked_in_at: '2026-11-18T13:00:00.000Z', clocked_out_at: '2026-11-18T14:00:00.000Z' },
    { clocked_in_at: '2026-11-18T13:30:00.000Z', clocked_out_at: null },
  ]);
  // From the office somebody has to say whose clock is meant.
  expect(await refusal(act(dana, 'ticket.clock_out', { ticket_id }))).toMatchObject({
    code: 'VALIDATION_ERROR',
    field: 'technician_id',
    valid_options: ['Tess', 'Theo'],
  });
  await done(dana, 'ticket.clock_out', { ticket_id, technician_id: 'Tess' });
});

test('a clock that runs is not started again, here or on another visit, not even twice at once', async () => {
  const { book, theo, act, done } = panes();
  const here = await book('2026-11-19T09:00', { technician_ids: ['Theo'] });
  const there = await book('2026-11-19T11:00', { technician_ids: ['Theo'] });
  const { won, refused } = await race(
    [here, there, here].map(visit => act(theo, 'ticket.clock_in', { ticket_id: visit.id })),
  );
  expect(won).toHaveLength(1);
  expect(refused).toEqual(['CONFLICT', 'CONFLICT']);
  const running = String(won[0]?.data.ticket_id);
  const { reference } = [here, there].find(visit => visit.id === running) ?? {};
  expect(await refusal(act(theo, 'ticket.clock_in', { ticket_id: there.id }))).toEqual({
    code: 'CONFLICT',
    message: `This technician is clocked in on ${reference} already.`,
    ticket: reference,
    since: 'Wed 2026-11-18 08:00 -06:00',
    hint: 'Clock out there first.',
  });
  await done(theo, 'ticket.clock_out', { ticket_id: running });
  await done(theo, 'ticket.clock_in', { ticket_id: there.id });
  await done(theo, 'ticket.clock_out', { ticket_id: there.id });
});

test('a clock that does not run is not stopped', async () => {
  const { book, theo, act, done } = panes();
  const here = await book('2026-11-20T09:00', { technician_ids: ['Theo'] });
  const there = await book('2026-11-20T11:00', { technician_ids: ['Theo'] });
  const stop = (visit: Record<string, unknown>) => act(theo, 'ticket.clock_out', { ticket_id: visit.id });
  expect(await refusal(stop(here))).toEqual({
    code: 'INVALID_STATE',
    message: `This technician is not clocked in on ${here.reference}.`,
    hint: 'Clock in first with ticket.clock_in.',
  });
  await done(theo, 'ticket.clock_in', { ticket_id: there.id });
  expect(await refusal(stop(here))).toMatchObject({ hint: `They are clocked in on ${there.reference}.` });
  const { refused } = await race([stop(there), stop(there)]);
  expect(refused).toEqual(['INVALID_STATE']);
});

test('the clock is set back, but not into the future, and it does not stop before it starts', async () => {
  const { book, tess, act, done } = panes();
  const { id: ticket_id } = await book('2026-11-20T09:00', { technician_ids: ['Tess'] });
  const set = (action: string, at: string) => act(tess, action, { ticket_id, at });
  expect(await refusal(set('ticket.clock_in', '2026-11-18T08:02'))).toMatchObject({
    code: 'VALIDATION_ERROR',
    field: 'at',
    message: 'The clock cannot be set in the future.',
  });
  expect(await set('ticket.clock_in', '2026-11-18T07:00')).toMatchObject({
    data: { clocked_in_at: '2026-11-18T13:00:00.000Z' },
  });
  expect(await refusal(set('ticket.clock_out', '2026-11-18T06:59'))).toMatchObject({
    code: 'VALIDATION_ERROR',
    field: 'at',
    message: 'Clocking out cannot come before clocking in.',
  });
  expect(await done(tess, 'ticket.clock_out', { ticket_id, at: '2026-11-18T07:45' })).toMatchObject({
    clocked_out_at: '2026-11-18T13:45:00.000Z',
  });
});

test('a technician clocks for themselves and on their own visits; the office for whoever is on the visit', async () => {
  const { book, theo, tess, dana, act, done } = panes();
  const { id: ticket_id } = await book('2026-11-23T09:00', { technician_ids: ['Theo'] });
  const clock = (who: typeof theo, technician_id?: string) =>
    act(who, 'ticket.clock_in', { ticket_id, ...(technician_id ? { technician_id } : {}) });
  expect(await refusal(clock(theo, 'Tess'))).toMatchObject({ code: 'FORBIDDEN', field: 'technician_id' });
  expect(await refusal(clock(tess))).toMatchObject({ code: 'NOT_FOUND', field: 'ticket_id' });
  expect(await refusal(clock(dana, 'Tess'))).toMatchObject({
    code: 'INVALID_STATE',
    message: 'This technician is not on the visit.',
  });
  expect((await clock(dana)).status).toBe('done');
  await done(theo, 'ticket.clock_out', { ticket_id });
});
