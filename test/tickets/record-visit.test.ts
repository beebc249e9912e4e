import { expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { refusal } from '../support/refusal.ts';

const panes = useBrightPanes();

const job = {
  contact_id: 'C-1001',
  duration_minutes: 45,
  lines: ['Gutter Cleaning'],
  technician_ids: ['Theo'],
};

test('a job that was done without a booking is written down, tells nobody, and is closed as every other', async () => {
  const { act, agent, dana, done, read } = panes();
  const { status, data } = await act(agent, 'ticket.record_visit', {
    ...job,
    scheduled_at: '2026-11-13T15:00',
  });
  expect(status).toBe('done');
  expect(data).toMatchObject({
    status: 'in_progress',
    scheduled_local: 'Fri 2026-11-13 15:00 -06:00',
    confirmation_status: 'not_sent',
    total_cents: 15_000,
    technicians: [{ name: 'Theo' }],
  });
  expect(await read(dana, 'outbox', { params: { kind: 'email' } })).toEqual([]);
  const close = { ticket_id: data.id, duration_minutes: 50, notes: '', next_service: 'no' };
  expect(await done(dana, 'ticket.close', close)).toMatchObject({ status: 'closed' });
  const [context] = await read(dana, 'booking_context', { params: { contact_id: 'C-1001' } });
  expect(context).toMatchObject({ last_visit: { reference: data.reference, duration: '50m' } });
});

test('a time to come is booked instead, and nobody was in two places', async () => {
  const { act, dana, done } = panes();
  const record = (scheduled_at: string, more = {}) =>
    act(dana, 'ticket.record_visit', { ...job, scheduled_at, ...more });
  expect(await refusal(record('2026-11-19T15:00'))).toMatchObject({
    code: 'VALIDATION_ERROR',
    message: 'This time is still to come.',
    hint: 'Book it with schedule_appointment or ticket.create.',
  });
  // Still open, as it was written down a moment ago.
  const open = await done(dana, 'ticket.record_visit', { ...job, scheduled_at: '2026-11-12T09:00' });
  expect(await refusal(record('2026-11-12T09:30'))).toMatchObject({ code: 'CONFLICT' });
  await done(dana, 'ticket.close', {
    ticket_id: open.id,
    duration_minutes: 60,
    notes: '',
    next_service: 'no',
  });
  expect(await refusal(record('2026-11-12T09:30'))).toMatchObject({
    code: 'CONFLICT',
    message: `Theo was on ${open.reference} at that time.`,
  });
  expect((await record('2026-11-12T09:30', { technician_ids: ['Tess'] })).status).toBe('done');
  expect((await record('2026-11-12T10:00')).status).toBe('done');
});
