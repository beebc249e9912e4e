import { expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { refusal } from '../support/refusal.ts';

// Whoever moves, books or cancels a visit reads who goes there, and whether the customer knows.

const panes = useBrightPanes();
const because = 'Their boiler is repaired on Monday';

const mailsTo = async (to: string) =>
  (await panes().read(panes().olivia, 'outbox', { params: { kind: 'email' }, limit: 100 }))
    .map(({ payload }) => Object(payload))
    .filter(mail => mail.to === to);

test('an agent who gives the reason of a move has said why, and the history has it', async () => {
  const { act, agent, book, read, olivia } = panes();
  const old = await book('2026-12-01T09:00', { technician_ids: ['Theo'] });
  const wish = { ticket_id: old.reference, scheduled_at: '2026-12-02T09:00' };
  expect(await refusal(act(agent, 'handle_reschedule_request', wish))).toMatchObject({
    code: 'REASONING_REQUIRED',
    message: 'handle_reschedule_request needs a reasoning that says why.',
  });
  const { status, data } = await act(agent, 'handle_reschedule_request', { ...wish, reason: because });
  expect(status).toBe('done');
  expect(data).toMatchObject({ who_goes: 'Theo', customer_told: 'mailed to «jane.smith@example.com»' });
  const [entry] = await read(olivia, 'audit_log', {
    params: { subject_id: String(Object(data.ticket).id) },
  });
  expect(entry).toMatchObject({ reasoning: because });
});

test('a reason of no words is none', async () => {
  const { act, agent, book } = panes();
  const old = await book('2026-12-01T13:00');
  const wish = { ticket_id: old.reference, scheduled_at: '2026-12-02T13:00', reason: 'asdf' };
  expect(await refusal(act(agent, 'handle_reschedule_request', wish))).toMatchObject({
    code: 'REASONING_REQUIRED',
  });
});

test('who has no e-mail is not told, and the number to call stands there', async () => {
  const { act, dana } = panes();
  const { data } = await act(dana, 'schedule_appointment', {
    contact_id: 'Mrs Hart',
    scheduled_at: '2026-12-03T09:00',
    technician_id: 'Tess',
  });
  expect(data).toMatchObject({
    booked: true,
    who_goes: 'Tess',
    customer_told: expect.stringMatching(
      /^not told: has no e-mail, call \(256\) 555-0119 \(TASK-\d+ has the words\)$/,
    ),
  });
});

test('nobody is told without being asked to, also when a visit is moved in its place', async () => {
  const { act, done, dana } = panes();
  const wish = { contact_id: 'Jane Smith', scheduled_at: '2026-12-04T09:00', notify_customer: false };
  const { data } = await act(dana, 'schedule_appointment', wish);
  expect(data).toMatchObject({
    booked: true,
    customer_told: 'not told: only notify_customer: true writes to them',
  });
  const visit = Object(data.ticket);
  const before = (await mailsTo('jane.smith@example.com')).length;
  const to = (scheduled_at: string, more = {}) =>
    done(dana, 'ticket.reschedule', { ticket_id: visit.id, scheduled_at, ...more });
  await to('2026-12-04T10:00');
  expect(await mailsTo('jane.smith@example.com')).toHaveLength(before);
  expect(await to('2026-12-04T11:00', { notify_customer: true })).toMatchObject({
    customer_told: 'mailed to «jane.smith@example.com»',
  });
  expect((await mailsTo('jane.smith@example.com'))[0]).toMatchObject({
    subject: 'Your appointment is now on Friday, December 4 at 11:00 AM',
  });
});

test('a customer is told that nobody comes, when the office wants that', async () => {
  const { act, agent, book } = panes();
  const visit = await book('2026-12-07T09:00');
  const { status, data } = await act(
    agent,
    'ticket.cancel',
    {
      ticket_id: visit.reference,
      cancel_reason: 'The customer moved away',
      notify_customer: true,
    },
    { reasoning: 'The customer moved to another town' },
  );
  expect(status).toBe('done');
  expect(data).toMatchObject({ status: 'cancelled', customer_told: 'mailed to «jane.smith@example.com»' });
  const [mail] = await mailsTo('jane.smith@example.com');
  expect(mail).toMatchObject({
    subject: 'Your appointment on Monday, December 7 is cancelled',
    text: expect.not.stringContaining('moved away'),
  });
});
