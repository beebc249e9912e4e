import { describe, expect, test } from 'vitest';
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

describe('a technician', () => {
  const extra = { scheduled_at: '2026-11-16T15:00', duration_minutes: 30, lines: ['Gutter Cleaning'] };
  const record = (data: Record<string, unknown>) =>
    panes().done(panes().tess, 'ticket.record_visit', { ...extra, ...data });

  test('writes down an extra job with a customer of theirs, without saying who went, and closes it', async () => {
    await panes().book('2026-11-20T09:00', { technician_ids: ['Tess'] });
    const { id, technicians } = await record({ contact_id: 'Jane Smith' });
    expect(technicians).toMatchObject([{ name: 'Tess' }]);
    const close = { ticket_id: id, duration_minutes: 30, notes: '', next_service: 'no' };
    expect(await panes().done(panes().tess, 'ticket.close', close)).toMatchObject({ status: 'closed' });
  });

  test('does not write down that somebody else went, nor name a customer they do not know', async () => {
    const named = refusal(record({ contact_id: 'C-1001', technician_ids: ['Theo'] }));
    expect(await named).toMatchObject({ code: 'FORBIDDEN', field: 'technician_ids' });
    const [stranger, nobody] = [
      await refusal(record({ contact_id: 'C-1002' })),
      await refusal(record({ contact_id: 'C-9999' })),
    ];
    expect(stranger.code).toBe('NOT_FOUND');
    expect({ ...stranger, message: '', got: '' }).toEqual({ ...nobody, message: '', got: '' });
    // The control: the office may.
    const both = {
      ...extra,
      contact_id: 'C-1002',
      scheduled_at: '2026-11-10T09:00',
      technician_ids: ['Tess'],
    };
    expect(await panes().done(panes().dana, 'ticket.record_visit', both)).toMatchObject({
      technicians: [{ name: 'Tess' }],
    });
  });

  test('writes down a job at somebody’s nobody has met, and is not told who has the same number', async () => {
    const walkIn = { full_name: 'Bernice Walker', phone: '(256) 555-0119' };
    const { status, data, warnings } = await panes().act(panes().tess, 'ticket.record_visit', {
      ...extra,
      scheduled_at: '2026-11-16T17:00',
      new_customer: walkIn,
    });
    expect(status).toBe('done');
    expect(data.technicians).toMatchObject([{ name: 'Tess' }]);
    expect(JSON.stringify(warnings)).not.toContain('Hart');
    const [made] = await panes().read(panes().dana, 'contacts', { search: 'Bernice Walker' });
    expect(made).toMatchObject({ phone: '+12565550119' });
    // The control: the office is told.
    const told = await panes().act(panes().dana, 'ticket.record_visit', {
      ...extra,
      scheduled_at: '2026-11-09T17:00',
      new_customer: { ...walkIn, full_name: 'Bernard Walker' },
    });
    expect(JSON.stringify(told.warnings)).toContain('C-1002');
  });

  test('says one customer, and not two or none', async () => {
    expect(await refusal(record({}))).toMatchObject({ code: 'VALIDATION_ERROR', field: 'contact_id' });
    const both = { contact_id: 'C-1001', new_customer: { full_name: 'Bernice Walker' } };
    expect(await refusal(record(both))).toMatchObject({ code: 'VALIDATION_ERROR', field: 'contact_id' });
  });

  test('hears nothing of what the office still has to do for the customer', async () => {
    const { act, done, dana, tess } = panes();
    await done(dana, 'task.create', {
      title: 'Ask about the late bill',
      about: 'C-1002',
      due_at: '2026-11-27',
    });
    const mine = await act(tess, 'ticket.record_visit', {
      ...extra,
      scheduled_at: '2026-11-15T17:00',
      new_customer: { full_name: 'Berta Walker' },
    });
    const theirs = await act(dana, 'ticket.record_visit', {
      ...extra,
      scheduled_at: '2026-11-15T19:00',
      contact_id: 'C-1002',
      address_id: 'A-1002',
    });
    for (const { warnings } of [mine, theirs]) expect(warnings.join()).not.toContain('late bill');
    // The control: a visit that is booked may settle it.
    const booked = await act(dana, 'ticket.create', {
      contact_id: 'C-1002',
      address_id: 'A-1002',
      scheduled_at: '2026-12-20T09:00',
    });
    expect(booked.warnings.join()).toContain('late bill');
  });
});

test('an agent makes a new customer by the action the owner has set a level for, and by no other', async () => {
  const { act, done, agent } = panes();
  const call = { duration_minutes: 45, scheduled_at: '2026-11-15T08:00' };
  const past = act(agent, 'ticket.record_visit', { ...call, new_customer: { full_name: 'Bruno Walker' } });
  expect(await refusal(past)).toMatchObject({ code: 'VALIDATION_ERROR', field: 'new_customer' });
  const { reference } = await done(agent, 'contact.create', { full_name: 'Bruno Walker' });
  const recorded = await act(agent, 'ticket.record_visit', { ...call, contact_id: reference });
  expect(recorded.status).toBe('done');
});
