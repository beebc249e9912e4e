import { describe, expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { refusal } from '../support/refusal.ts';

const panes = useBrightPanes();
const text = expect.any(String);

describe('booking a visit', () => {
  test('takes services, prices and technician, and answers the visit with its local time', async () => {
    const { agent, done, read, bright } = panes();
    const visit = await done(agent, 'ticket.create', {
      contact_id: 'Jane Smith',
      scheduled_at: '2026-11-23T09:00',
      lines: [
        { service_id: 'Interior and Exterior Window Cleaning', unit_price_cents: 56_200 },
        { service_id: 'Screen Cleaning', quantity: 20 },
      ],
      technician_ids: ['Theo'],
      notes: 'Side gate, dog is friendly',
    });
    const [jane] = await read(agent, 'contacts', { id: 'C-1001' });
    const [house] = await read(agent, 'addresses', { id: 'A-1001' });
    expect(visit).toEqual({
      id: text,
      reference: 'T-2001',
      contact_id: jane?.id,
      address_id: house?.id,
      status: 'scheduled',
      confirmation_status: 'not_sent',
      answered_at: null,
      asked_for_at: null,
      customer_words: null,
      scheduled_at: '2026-11-23T15:00:00.000Z',
      scheduled_local: 'Mon 2026-11-23 09:00 -06:00',
      duration_minutes: 240,
      ends_at: '2026-11-23T19:00:00.000Z',
      actual_minutes: null,
      is_price_estimated: false,
      total_cents: 66_200,
      currency: 'USD',
      notes: 'Side gate, dog is friendly',
      cancelled_at: null,
      cancel_reason: null,
      closed_at: null,
      closed_by: null,
      rescheduled_from_id: null,
      series_id: null,
      occurrence_on: null,
      to_place_why: null,
      custom_fields: {},
      version: 2,
      created_at: text,
      updated_at: text,
      lines: [
        {
          id: text,
          service_id: text,
          position: 1,
          description: 'Interior and Exterior Window Cleaning',
          pricing: 'flexible',
          quantity: 1,
          unit_price_cents: 56_200,
          total_cents: 56_200,
          duration_minutes: 210,
        },
        {
          id: text,
          service_id: text,
          position: 2,
          description: 'Screen Cleaning',
          pricing: 'per_unit',
          quantity: 20,
          unit_price_cents: 500,
          total_cents: 10_000,
          duration_minutes: 30,
        },
      ],
      technicians: [{ id: bright.people.Theo?.id, name: 'Theo' }],
    });
  });

  test('is in the history of the visit as one booking by the agent, line by line', async () => {
    const { dana, read, bright } = panes();
    const [visit] = await read(dana, 'tickets', { id: 'T-2001', include: ['audit_trail'] });
    const by = { domain_action: 'ticket.create', actor_kind: 'agent', actor_name: 'Office Manager' };
    expect(visit?.audit_trail).toMatchObject([
      { ...by, action: 'assign_technician', changes: { technician_id: { new: bright.people.Theo?.id } } },
      { ...by, entity_type: 'ticket', action: 'update', changes: { total_cents: { old: 0, new: 66_200 } } },
      { ...by, entity_type: 'ticket_line', action: 'create', changes: { total_cents: { new: 10_000 } } },
      { ...by, entity_type: 'ticket_line', action: 'create', changes: { total_cents: { new: 56_200 } } },
      { ...by, entity_type: 'ticket', action: 'create', changes: { reference: { new: 'T-2001' } } },
    ]);
  });

  test('is for the office: a technician does not book', async () => {
    const { theo, act, book } = panes();
    const data = { contact_id: 'C-1001', scheduled_at: '2026-11-24T09:00' };
    expect(await refusal(act(theo, 'ticket.create', data))).toMatchObject({
      code: 'FORBIDDEN',
      hint: 'It is for: owner, admin, member.',
    });
    expect(await book('2026-11-24T09:00')).toMatchObject({ status: 'scheduled' });
  });

  test('lasts as long as said, else as its services, else as the last visit, else an hour', async () => {
    const { dana, done } = panes();
    const plan = async (more: Record<string, unknown>) => {
      const data = { contact_id: 'C-1002', scheduled_at: '2026-12-01T09:00', ...more };
      const { id, duration_minutes } = await done(dana, 'ticket.create', data);
      return { id, duration_minutes };
    };
    expect(await plan({})).toMatchObject({ duration_minutes: 60 });
    const both = await plan({ lines: ['Gutter Cleaning', { service_id: 'Screens', duration_minutes: 45 }] });
    expect(both).toMatchObject({ duration_minutes: 135 });
    const long = await plan({ lines: ['Gutter Cleaning'], duration_minutes: 202 });
    expect(long).toMatchObject({ duration_minutes: 202 });
    await done(dana, 'ticket.reschedule', { ticket_id: long.id, scheduled_at: '2026-12-02T09:00' });
    expect(await plan({})).toMatchObject({ duration_minutes: 202 });
  });

  test('goes to the only address of the customer, and asks which one when there are several', async () => {
    const { dana, done, act, book } = panes();
    const shed = { contact_id: 'C-1002', line1: '7 Shed Row', city: 'Madison', label: 'rental' };
    const { id } = await done(dana, 'address.create', shed);
    const data = { contact_id: 'C-1002', scheduled_at: '2026-12-03T09:00' };
    expect(await refusal(act(dana, 'ticket.create', data))).toEqual({
      code: 'AMBIGUOUS',
      message: 'This customer has several addresses.',
      field: 'address_id',
      candidates: [
        { reference: 'A-1002', label: '48 Old Big Cove Rd, Owens Cross Roads, AL' },
        { reference: 'A-1003', label: '7 Shed Row, Madison' },
      ],
      hint: 'Use one of the references.',
    });
    const chosen = await done(dana, 'ticket.create', { ...data, address_id: '7 shed row' });
    expect(chosen).toMatchObject({ address_id: id });
    expect(
      await refusal(book('2026-12-03T09:00', { contact_id: 'C-1001', address_id: 'A-1003' })),
    ).toMatchObject({ code: 'NOT_FOUND', field: 'address_id' });
  });
});

describe('prices', () => {
  const priced = async (...lines: unknown[]) => {
    const visit = await panes().book('2026-12-07T09:00', { lines });
    const { total_cents, is_price_estimated } = visit;
    return { total_cents, is_price_estimated };
  };

  test('fixed, per unit and agreed prices add up', async () => {
    expect(await priced('Gutter Cleaning')).toEqual({ total_cents: 15_000, is_price_estimated: false });
    expect(await priced({ service_id: 'S-3', quantity: 2.5 })).toMatchObject({ total_cents: 1250 });
    expect(await priced('S-1', { service_id: 'S-2', unit_price_cents: 56_200 })).toMatchObject({
      total_cents: 71_200,
    });
  });

  test('a flexible service nobody has priced makes the visit an estimate', async () => {
    expect(await priced('S-2', 'S-1')).toEqual({ total_cents: 15_000, is_price_estimated: true });
  });

  test('a later change of the price list leaves a booked visit as it is', async () => {
    const { dana, done, read, book } = panes();
    const { reference } = await book('2026-12-07T09:00', { lines: ['Gutter Cleaning'] });
    await done(dana, 'service.update', { service_id: 'Gutter Cleaning', price_cents: 17_500 });
    const [visit] = await read(dana, 'tickets', { id: String(reference), include: ['line_items'] });
    expect(visit).toMatchObject({ total_cents: 15_000, line_items: [{ unit_price_cents: 15_000 }] });
    expect(await priced('Gutter Cleaning')).toMatchObject({ total_cents: 17_500 });
  });

  test('what is not sold by the piece has no quantity, and a quantity is more than nothing', async () => {
    const book = (line: unknown) => panes().book('2026-12-07T09:00', { lines: [line] });
    expect(await refusal(book({ service_id: 'Gutter Cleaning', quantity: 2 }))).toMatchObject({
      code: 'VALIDATION_ERROR',
      field: 'lines.0.quantity',
      got: 2,
      hint: 'Leave quantity out and set unit_price_cents for the whole.',
    });
    for (const quantity of [0, -1, 0.0004, 1.2345]) {
      expect(await refusal(book({ service_id: 'S-3', quantity }))).toMatchObject({
        code: 'VALIDATION_ERROR',
        field: 'lines.0.quantity',
      });
    }
    expect(await book({ service_id: 'S-3', quantity: 0.001 })).toMatchObject({ total_cents: 1 });
  });
});

describe('a booking that cannot be', () => {
  const refused = (data: Record<string, unknown>) =>
    refusal(panes().book('2026-12-08T09:00', { technician_ids: [], ...data }));

  test('names the field, what was received and what to do', async () => {
    expect(await refused({ scheduled_at: '2026-11-16T09:00' })).toMatchObject({
      code: 'VALIDATION_ERROR',
      field: 'scheduled_at',
      got: '2026-11-16T09:00',
      hint: 'Choose a time to come.',
    });
    expect(await refused({ scheduled_at: '2026-11-31T09:00' })).toMatchObject({
      code: 'VALIDATION_ERROR',
      message: '«2026-11-31T09:00» is not a moment that exists.',
      hint: 'Write it as 2026-11-23T09:00; it is read in America/Chicago.',
    });
    expect(await refused({ lines: ['Roof Cleaning'] })).toMatchObject({
      code: 'NOT_FOUND',
      field: 'lines.0.service_id',
      got: 'Roof Cleaning',
    });
    expect(await refused({ technician_ids: ['Dana'] })).toMatchObject({
      code: 'INVALID_STATE',
      message: 'Dana does not take visits.',
      field: 'technician_id',
    });
    expect(await refused({ technicians: ['Theo'], durration_minutes: 60 })).toMatchObject({
      code: 'VALIDATION_ERROR',
      field: 'durration_minutes',
      did_you_mean: ['duration_minutes'],
    });
  });

  test('a service that is not offered any more is refused until it is offered again', async () => {
    const { dana, done, book } = panes();
    await done(dana, 'service.update', { service_id: 'S-3', is_active: false });
    expect(await refused({ lines: ['S-3'] })).toMatchObject({
      code: 'VALIDATION_ERROR',
      message: 'Screen Cleaning is not offered any more.',
    });
    await done(dana, 'service.update', { service_id: 'S-3', is_active: true });
    expect(await book('2026-12-08T09:00', { lines: ['S-3'] })).toMatchObject({ total_cents: 500 });
  });

  test('leaves nothing behind: no visit, no number used, no mail', async () => {
    const { book, database } = panes();
    const count = async () =>
      (
        await database.owner.query(
          'select (select count(*) from tickets) as tickets, (select count(*) from jobs) as mails',
        )
      ).rows[0];
    const before = await book('2026-12-09T09:00');
    const counted = await count();
    await refused({ lines: ['S-1', { service_id: 'S-1', quantity: 3 }], notify_customer: true });
    expect(await count()).toEqual(counted);
    const number = Number(String(before.reference).slice(2));
    expect(await book('2026-12-09T11:00')).toMatchObject({ reference: `T-${number + 1}` });
  });
});

describe('telling the customer', () => {
  test('queues one mail with time, place and the price, marked as estimated where it is', async () => {
    const { book, read, dana } = panes();
    const visit = await book('2026-12-10T09:00', {
      lines: [{ service_id: 'S-2', unit_price_cents: 56_200 }],
      is_price_estimated: true,
      notify_customer: true,
    });
    expect(visit).toMatchObject({ confirmation_status: 'pending' });
    const [mail] = await read(dana, 'outbox', { limit: 1 });
    expect(mail).toMatchObject({
      kind: 'email',
      state: 'waiting',
      payload: {
        to: 'jane.smith@example.com',
        from_name: 'Bright Panes Window Cleaning',
        subject: 'Your appointment on Thursday, December 10 at 9:00 AM',
        text: [
          'Hello Jane,',
          'We have you down for Thursday, December 10 at 9:00 AM.',
          [
            'When: Thursday, December 10 at 9:00 AM',
            'Where: 123 Main Street, Madison, AL 35758',
            'What: Interior and Exterior Window Cleaning',
            'Price: $562.00 (estimated)',
          ].join('\n'),
          [
            'Accept this appointment: {{accept_link}}',
            'Ask for another time: {{modify_link}}',
            'Decline: {{decline_link}}',
          ].join('\n'),
          'If that does not suit you, just reply to this mail.',
        ].join('\n\n'),
        ticket_id: visit.id,
        contact_id: visit.contact_id,
      },
    });
  });

  test('warns when the customer has no address to write to, and books all the same', async () => {
    const { dana, act } = panes();
    const data = { contact_id: 'C-1002', address_id: 'A-1002', scheduled_at: '2026-12-10T13:00' };
    const outcome = await act(dana, 'ticket.create', { ...data, notify_customer: true });
    expect(outcome).toMatchObject({
      status: 'done',
      warnings: ['«Mrs Hart» has no e-mail address; no mail was sent.'],
      data: { confirmation_status: 'not_sent' },
    });
  });
});

test('the answer of a booking has nothing that only our own code keeps', async () => {
  const { agent, act } = panes();
  const { data } = await act(agent, 'ticket.create', {
    contact_id: 'C-1001',
    scheduled_at: '2026-12-29T09:00',
  });
  expect(Object.keys(data ?? {})).toEqual(expect.arrayContaining(['scheduled_local', 'confirmation_status']));
  for (const name of ['told_at', 'is_reminded', 'as_planned']) expect(data).not.toHaveProperty(name);
});

describe('a visit when nobody works', () => {
  test('is booked, and whoever books it is told so with the hours; within them nothing is said', async () => {
    const { agent, act } = panes();
    const booked = async (scheduled_at: string) => {
      const visit = { contact_id: 'C-1001', scheduled_at, duration_minutes: 60 };
      const outcome = await act(agent, 'ticket.create', visit);
      return outcome.status === 'done' ? outcome.warnings : [outcome.status];
    };
    expect(await booked('2026-12-06T07:00')).toEqual([
      'Sun 2026-12-06 07:00 is outside your hours. You are closed on Sundays. Move the visit if that is not meant.',
    ]);
    expect(await booked('2026-12-08T16:30')).toEqual([
      'Tue 2026-12-08 16:30 to 17:30 goes on after your hours. On Tuesdays you work from 08:00 to 17:00. Move the visit if that is not meant.',
    ]);
    expect(await booked('2026-12-09T10:00')).toEqual([]);
  });
});
