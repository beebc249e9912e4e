import { describe, expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { closeTicket } from '../support/raw-sql.ts';
import { race, refusal } from '../support/refusal.ts';

const panes = useBrightPanes();
const reasoning = 'The customer called and asked for another day';

/** What the customer asks for, as Dana of the office hands it in; an agent may not cancel many visits alone. */
const ask = (data: Record<string, unknown>) => panes().act(panes().dana, 'handle_reschedule_request', data);

/** Moves a visit and answers the new one. */
async function move(data: Record<string, unknown>): Promise<Record<string, unknown>> {
  const outcome = await ask(data);
  expect(outcome).toMatchObject({ status: 'done', data: { moved: true } });
  return { ...Object(outcome.data.ticket), warnings: outcome.warnings };
}

const visit = async (id: unknown, include: readonly string[] = []) => {
  const [row] = await panes().read(panes().olivia, 'tickets', { id: String(id), include });
  return row;
};

const outbox = async () =>
  (await panes().read(panes().olivia, 'outbox', { params: { kind: 'email' }, limit: 100 })).map(
    ({ payload }) => Object(payload),
  );

describe('a customer who wants another day', () => {
  test('gets a new visit with everything of the old one, which is cancelled; each names the other', async () => {
    const { book, dana, done } = panes();
    const old = await book('2026-11-23T09:00', {
      technician_ids: ['Theo', 'Tess'],
      duration_minutes: 90,
      lines: [
        { service_id: 'Gutter Cleaning', unit_price_cents: 17_500, description: 'Gutters, front only' },
        { service_id: 'Screen Cleaning', quantity: 20 },
      ],
      notes: 'Extension ladder needed',
    });
    await done(dana, 'ticket.update', { ticket_id: old.id, custom_fields: { gate: 'blue' } });
    const outcome = await ask({
      ticket_id: old.reference,
      scheduled_at: '2026-11-26T13:30',
      reason: 'Their boiler is repaired on Monday',
    });
    expect(outcome).toMatchObject({
      status: 'done',
      warnings: [],
      data: {
        moved: true,
        was: { reference: old.reference, local: 'Mon 2026-11-23 09:00 -06:00' },
        ticket: {
          contact_id: old.contact_id,
          address_id: old.address_id,
          status: 'scheduled',
          scheduled_local: 'Thu 2026-11-26 13:30 -06:00',
          duration_minutes: 90,
          total_cents: 27_500,
          is_price_estimated: false,
          notes: 'Extension ladder needed',
          custom_fields: { gate: 'blue' },
          rescheduled_from_id: old.id,
          lines: [
            { position: 1, description: 'Gutters, front only', unit_price_cents: 17_500, quantity: 1 },
            { position: 2, description: 'Screen Cleaning', unit_price_cents: 500, quantity: 20 },
          ],
          technicians: [{ name: 'Tess' }, { name: 'Theo' }],
        },
      },
    });
    const fresh = Object(outcome.data.ticket);
    expect(await visit(old.id, ['rescheduled_to'])).toMatchObject({
      status: 'cancelled',
      cancel_reason: 'Rescheduled to Thu 2026-11-26 13:30 -06:00: Their boiler is repaired on Monday',
      rescheduled_to: { id: fresh.id, reference: fresh.reference, scheduled_at: '2026-11-26T19:30:00.000Z' },
    });
  });

  test('is written to with the old time and the new one, unless nobody wants that', async () => {
    const { book } = panes();
    const first = await book('2026-11-23T13:00');
    await move({ ticket_id: first.reference, scheduled_at: '2026-11-24T13:00' });
    const [mail] = await outbox();
    expect(mail).toMatchObject({
      to: 'jane.smith@example.com',
      subject: 'Your appointment is now on Tuesday, November 24 at 1:00 PM',
      text: expect.stringContaining(
        'Your appointment on Monday, November 23 at 1:00 PM is moved: we have you down for Tuesday, November 24 at 1:00 PM.',
      ),
    });
    const before = (await outbox()).length;
    const second = await book('2026-11-23T15:00');
    await move({ ticket_id: second.reference, scheduled_at: '2026-11-24T15:00', notify_customer: false });
    expect(await outbox()).toHaveLength(before);
  });

  test('is found by name when they have one visit to come, and is asked which when they have two', async () => {
    const { book, done, dana } = panes();
    const { reference } = await done(dana, 'contact.create', { full_name: 'Nora Quinn' });
    const theirs = { contact_id: reference };
    expect(await refusal(ask({ ...theirs, scheduled_at: '2026-12-03T09:00' }))).toMatchObject({
      code: 'INVALID_STATE',
      message: 'This customer has no visit to come.',
      hint: 'Book one with schedule_appointment.',
    });
    const first = await book('2026-12-01T09:00', { ...theirs, lines: ['Gutter Cleaning'] });
    const moved = await move({ contact_id: 'Nora Quinn', scheduled_at: '2026-12-02T09:00' });
    expect(moved).toMatchObject({ rescheduled_from_id: first.id });
    const second = await book('2026-12-04T09:00', { ...theirs });
    expect(await refusal(ask({ ...theirs, scheduled_at: '2026-12-03T09:00' }))).toMatchObject({
      code: 'AMBIGUOUS',
      field: 'ticket_id',
      candidates: [
        { reference: moved.reference, label: 'Wed 2026-12-02 09:00 -06:00, Gutter Cleaning' },
        { reference: second.reference, label: 'Fri 2026-12-04 09:00 -06:00' },
      ],
    });
    expect(await refusal(ask({ scheduled_at: '2026-12-03T09:00' }))).toMatchObject({
      code: 'VALIDATION_ERROR',
      hint: 'Give ticket_id or contact_id.',
    });
    expect(
      await refusal(
        ask({ contact_id: 'Mrs Hart', ticket_id: second.reference, scheduled_at: '2026-12-03T09:00' }),
      ),
    ).toMatchObject({ code: 'VALIDATION_ERROR', field: 'ticket_id' });
  });

  test('who was not at home this morning can have another time', async () => {
    const { book, setClock } = panes();
    const missed = await book('2026-11-18T08:30', { contact_id: 'Mrs Hart' });
    setClock('2026-11-18T10:00:00-06:00');
    expect(await move({ contact_id: 'Mrs Hart', scheduled_at: '2026-11-18T15:00' })).toMatchObject({
      rescheduled_from_id: missed.id,
    });
    setClock('2026-11-18T08:00:00-06:00');
  });

  test('keeps a service that has left the catalog since, at the price it had', async () => {
    const { book, done, olivia } = panes();
    const { id } = await done(olivia, 'service.create', {
      name: 'Roof Rinse',
      pricing: 'fixed',
      price_cents: 9900,
    });
    const old = await book('2026-12-07T09:00', { lines: ['Roof Rinse'] });
    await done(olivia, 'service.delete', { service_id: id });
    const moved = await move({ ticket_id: old.reference, scheduled_at: '2026-12-08T09:00' });
    expect(moved).toMatchObject({ total_cents: 9900, lines: [{ description: 'Roof Rinse' }] });
  });
});

describe('who comes at the new time', () => {
  test('is the same technician even if the new time touches the old one', async () => {
    const { book } = panes();
    const old = await book('2026-12-09T09:00', { technician_ids: ['Theo'] });
    expect(await move({ ticket_id: old.reference, scheduled_at: '2026-12-09T09:30' })).toMatchObject({
      technicians: [{ name: 'Theo' }],
      warnings: [],
    });
  });

  test('is another one when the technician is busy, and the agent is told', async () => {
    const { book } = panes();
    await book('2026-12-10T09:00', { technician_ids: ['Theo'] });
    const old = await book('2026-12-10T13:00', { technician_ids: ['Theo'] });
    expect(await move({ ticket_id: old.reference, scheduled_at: '2026-12-10T09:00' })).toMatchObject({
      technicians: [{ name: 'Tess' }],
      warnings: ['Theo is not free then; Tess goes instead.'],
    });
  });

  test('is nobody when nobody was sent, and the wanted one when one is wanted', async () => {
    const { book } = panes();
    const old = await book('2026-12-11T09:00');
    const moved = await move({ ticket_id: old.reference, scheduled_at: '2026-12-11T10:00' });
    expect(moved.technicians).toEqual([]);
    const again = { ticket_id: moved.reference, scheduled_at: '2026-12-11T10:00', technician_id: 'Tess' };
    expect(await move(again)).toMatchObject({ technicians: [{ name: 'Tess' }] });
  });

  test('when nobody is free, nothing changes and the next free times are offered', async () => {
    const { book } = panes();
    await book('2026-12-14T08:00', { technician_ids: ['Theo', 'Tess'], duration_minutes: 120 });
    const old = await book('2026-12-14T13:00', { technician_ids: ['Theo'] });
    const outcome = await ask({ ticket_id: old.reference, scheduled_at: '2026-12-14T09:00' });
    expect(outcome.data).toEqual({
      moved: false,
      was: { reference: old.reference, local: 'Mon 2026-12-14 13:00 -06:00' },
      busy: [
        expect.stringMatching(/^Tess is on T-\d+ «.+» from 08:00 to 10:00$/),
        expect.stringMatching(/^Theo is on T-\d+ «.+» from 08:00 to 10:00$/),
      ],
      free_then: [],
      slots: expect.arrayContaining([{ free: ['Tess', 'Theo'], starts_at: '2026-12-14T16:00:00Z' }]),
      hint: 'Nothing is booked: nobody is free then. The slots are the nearest free times.',
    });
    expect(await visit(old.id)).toMatchObject({ status: 'scheduled', version: old.version });
  });
});

describe('without a new time', () => {
  test('free times are offered, the old time of the visit among them, and nothing changes', async () => {
    const { book } = panes();
    const old = await book('2026-12-15T08:00', { technician_ids: ['Theo', 'Tess'], duration_minutes: 480 });
    const { data } = await ask({ ticket_id: old.reference, from: '2026-12-15', to: '2026-12-15' });
    expect(data).toMatchObject({
      moved: false,
      slots: [{ free: ['Tess', 'Theo'], starts_at: '2026-12-15T14:00:00Z' }, {}, {}],
      hint: 'Nothing is booked yet: call again with scheduled_at set to one of the slots.',
    });
    const { data: afternoon } = await ask({
      ticket_id: (await book('2026-12-16T08:00', { technician_ids: ['Theo'] })).reference,
      from: '2026-12-16',
      to: '2026-12-16',
      preference: 'afternoon',
    });
    expect(Object(afternoon).slots[0]).toEqual({ free: ['Tess', 'Theo'], starts_at: '2026-12-16T18:00:00Z' });
    expect(await visit(old.id)).toMatchObject({ status: 'scheduled' });
  });
});

describe('what cannot be moved, and what to do instead', () => {
  test('a visit that was moved already names the one that took its place', async () => {
    const { book } = panes();
    const old = await book('2026-12-17T09:00');
    const fresh = await move({ ticket_id: old.reference, scheduled_at: '2026-12-17T11:00' });
    expect(await refusal(ask({ ticket_id: old.reference, scheduled_at: '2026-12-17T14:00' }))).toMatchObject({
      code: 'INVALID_STATE',
      message: `${old.reference} was moved already: ${fresh.reference} on Thu 2026-12-17 11:00 -06:00.`,
      rescheduled_to: fresh.reference,
      hint: `Use ${fresh.reference}.`,
    });
  });

  test('a cancelled visit can be booked once more, once, as it was', async () => {
    const { book, done, agent, act } = panes();
    const old = await book('2026-12-18T09:00', { lines: ['Gutter Cleaning'], technician_ids: ['Theo'] });
    const again = { ticket_id: old.reference, scheduled_at: '2026-12-18T13:00' };
    expect(await refusal(act(agent, 'ticket.rebook', again))).toMatchObject({
      code: 'INVALID_STATE',
      message: `${old.reference} is not cancelled.`,
    });
    await done(agent, 'ticket.cancel', { ticket_id: old.reference }, { reasoning });
    expect(await refusal(ask(again))).toMatchObject({
      code: 'INVALID_STATE',
      hint: expect.stringContaining('ticket.rebook'),
    });
    expect(await done(agent, 'ticket.rebook', again)).toMatchObject({
      rescheduled_from_id: old.id,
      total_cents: 15_000,
      technicians: [{ name: 'Theo' }],
    });
    expect(await refusal(act(agent, 'ticket.rebook', again))).toMatchObject({ code: 'INVALID_STATE' });
  });

  test('a visit that has begun, a closed one and one of another business stay as they are', async () => {
    const { book, done, olivia, theo, clear, act } = panes();
    const begun = await book('2026-11-18T08:00', { technician_ids: ['Theo'] });
    await done(theo, 'ticket.clock_in', { ticket_id: begun.id });
    const to = { scheduled_at: '2026-12-21T09:00' };
    expect(await refusal(ask({ ticket_id: begun.reference, ...to }))).toMatchObject({
      code: 'INVALID_STATE',
      message: `${begun.reference} has begun already.`,
      hint: expect.stringContaining('ticket.reschedule'),
    });
    const closed = await book('2026-12-21T15:00');
    await closeTicket(panes(), String(closed.reference));
    expect(await refusal(ask({ ticket_id: closed.reference, ...to }))).toMatchObject({
      code: 'TICKET_CLOSED',
    });
    const foreign = act(clear.owner, 'handle_reschedule_request', { ticket_id: closed.id, ...to });
    expect(await refusal(foreign)).toMatchObject({ code: 'NOT_FOUND' });
    const own = await book('2026-12-21T11:00');
    expect((await act(olivia, 'handle_reschedule_request', { ticket_id: own.id, ...to })).status).toBe(
      'done',
    );
  });

  test('a past time, the time it has already and a technician do not move anything', async () => {
    const { book, theo, act } = panes();
    const { reference } = await book('2026-12-22T09:00', { technician_ids: ['Theo'] });
    const to = (scheduled_at: string) => refusal(ask({ ticket_id: reference, scheduled_at }));
    expect(await to('2026-11-18T07:59')).toMatchObject({
      code: 'VALIDATION_ERROR',
      message: 'This time is past.',
    });
    expect(await to('2026-12-22T09:00')).toMatchObject({
      code: 'VALIDATION_ERROR',
      message: `${reference} is at that time already.`,
    });
    const own = act(theo, 'handle_reschedule_request', {
      ticket_id: reference,
      scheduled_at: '2026-12-22T11:00',
    });
    expect(await refusal(own)).toMatchObject({ code: 'FORBIDDEN' });
    await move({ ticket_id: reference, scheduled_at: '2026-12-22T11:00' });
  });
});

test('twice at once gives one new visit, and the other call is told which', async () => {
  const { book, olivia, dana, act, read } = panes();
  const old = await book('2026-12-30T09:00', { technician_ids: ['Theo'] });
  const wish = (hour: number) => ({ ticket_id: old.id, scheduled_at: `2026-12-30T${hour}:00` });
  const calls = [olivia, dana, olivia, dana].map((caller, index) =>
    act(caller, 'handle_reschedule_request', wish(10 + index)),
  );
  const { won, refused } = await race(calls);
  expect(won).toHaveLength(1);
  expect(refused).toEqual(['INVALID_STATE', 'INVALID_STATE', 'INVALID_STATE']);
  const days = { from: '2026-12-30', to: '2026-12-30', status: 'scheduled' };
  expect(await read(olivia, 'tickets', { params: days })).toHaveLength(1);
});
