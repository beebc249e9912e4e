import { beforeEach, describe, expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { whileWorking } from '../support/letters.ts';
import { refusal } from '../support/refusal.ts';
import { useOutbox } from './outbox-of.ts';

// What is said to customers whom no mail reaches: somebody calls them, with the words to say.

const panes = useBrightPanes();
const outbox = useOutbox(panes);
const long = { timeout: 30_000, interval: 50 };

/** Wednesday, eight in the morning; the business is open. */
beforeEach(() => panes().setClock('2026-11-18T08:30:00-06:00'));

let customers = 0;
/** Somebody new with a telephone and without an address of mail. */
async function withoutMail(): Promise<string> {
  customers += 1;
  const number = `25655501${String(customers).padStart(2, '0')}`;
  const made = await panes().done(panes().dana, 'contact.create', {
    full_name: `Nora ${'Abcdefghijklmnop'[customers]}.`,
    phone: number,
  });
  return String(made.reference);
}

let days = 0;
/** Books a visit of theirs on a day of its own, and tells them. */
async function bookFor(contact_id: string) {
  days += 1;
  const day = `2026-12-${String(days).padStart(2, '0')}`;
  return panes().done(panes().dana, 'ticket.create', {
    contact_id,
    scheduled_at: `${day}T09:00`,
    duration_minutes: 60,
    lines: [{ service_id: 'S-1' }],
    notify_customer: true,
  });
}

const callsOf = (contact_id: string) =>
  panes().read(panes().dana, 'tasks', {
    params: { contact_id },
    fields: [
      'reference',
      'title',
      'note',
      'due_at',
      'status',
      'call_kind',
      'outcome',
      'ticket_id',
      'attempts',
    ],
  });
const visitOf = async (id: unknown) => {
  const [row] = await panes().read(panes().dana, 'tickets', {
    id: String(id),
    fields: ['confirmation_status'],
  });
  return row?.confirmation_status;
};

describe('a customer without an e-mail address', () => {
  test('is called about their visit, with the words to say, and the office is told so', async () => {
    const nora = await withoutMail();
    const visit = await bookFor(nora);
    const [call, ...others] = await callsOf(nora);
    expect(others).toEqual([]);
    expect(call).toMatchObject({
      status: 'open',
      call_kind: 'confirmation',
      due_at: '2026-11-18T14:30:00.000Z',
      title: expect.stringMatching(/^Call Nora .\.: confirm the visit on Tuesday, December 1 at 9:00 AM$/),
      note: expect.stringContaining('We have you down for Tuesday, December 1 at 9:00 AM'),
    });
    expect(call?.note).toContain('Call (256) 555-01');
    expect(visit.customer_told).toMatch(
      /^not told: has no e-mail, call \(256\) 555-\d{4} \(TASK-\d+ has the words\)$/,
    );
  });

  test('is called in business hours, and not in the night in which the mail would have gone', async () => {
    panes().setClock('2026-11-18T23:30:00-06:00');
    const nora = await withoutMail();
    await bookFor(nora);
    expect(await callsOf(nora)).toMatchObject([{ due_at: '2026-11-19T14:00:00.000Z' }]);
  });

  test.each([
    ['accepted', 'accepted'],
    ['declined', 'declined'],
    ['change_asked', 'modify_requested'],
  ])('who says “%s” on the telephone has answered as by mail', async (outcome, status) => {
    const nora = await withoutMail();
    const visit = await bookFor(nora);
    const [call] = await callsOf(nora);
    const task_id = String(call?.reference);
    await panes().done(panes().agent, 'task.complete', { task_id, outcome });
    expect(await callsOf(nora)).toMatchObject([{ status: 'done', outcome }]);
    expect(await visitOf(visit.id)).toBe(status);
  });

  test('who does not pick up is called again later that day', async () => {
    const nora = await withoutMail();
    const visit = await bookFor(nora);
    const [call] = await callsOf(nora);
    const again = { task_id: String(call?.reference), outcome: 'nobody_there' };
    const answer = await panes().act(panes().dana, 'task.complete', again);
    expect(JSON.stringify(answer)).toContain('It comes again Wed 2026-11-18 11:30');
    expect(await callsOf(nora)).toMatchObject([
      { status: 'open', attempts: 1, due_at: '2026-11-18T17:30:00.000Z', outcome: null },
    ]);
    expect(await visitOf(visit.id)).not.toBe('accepted');
  });

  test('need not be called any more when the visit is cancelled, moved, or answered in another way', async () => {
    const { done, dana } = panes();
    const [cancelled, moved, answered] = [await withoutMail(), await withoutMail(), await withoutMail()];
    const visits = [await bookFor(cancelled), await bookFor(moved), await bookFor(answered)];
    const [first, second, third] = visits.map(({ id }) => String(id));
    await done(dana, 'ticket.cancel', { ticket_id: first, notify_customer: true });
    await done(dana, 'ticket.reschedule', {
      ticket_id: second,
      scheduled_at: '2026-12-20T10:00',
      notify_customer: true,
    });
    await done(dana, 'ticket.confirm', { ticket_id: third });
    expect(
      (await callsOf(cancelled)).map(({ status, call_kind }) => `${status} ${call_kind}`).sort(),
    ).toEqual(['cancelled confirmation', 'open cancellation']);
    expect((await callsOf(moved)).map(({ status, call_kind }) => `${status} ${call_kind}`).sort()).toEqual([
      'cancelled confirmation',
      'open moved',
    ]);
    expect(await callsOf(answered)).toMatchObject([{ status: 'cancelled' }]);
  });

  test('stands in the briefing with the number, beside the other tasks', async () => {
    const nora = await withoutMail();
    await bookFor(nora);
    const [call] = await callsOf(nora);
    const { calls, due = [] } = await panes().done(panes().agent, 'daily_briefing', {});
    expect(calls).toEqual(
      expect.arrayContaining([
        expect.stringMatching(new RegExp(`${call?.reference} «Call Nora .*\\(256\\) 555-01`)),
      ]),
    );
    expect(JSON.stringify(due)).not.toContain(String(call?.reference));
  });
});

describe('what somebody has written of their own accord', () => {
  const callNow = async (contact_id: string, subject: string, more: Record<string, unknown> = {}) => {
    const { id } = await panes().done(panes().dana, 'message.schedule', {
      contact_id,
      subject,
      body: `The words of ${subject}.`,
      send_at: '2026-11-18T09:00',
      ...more,
    });
    panes().setClock('2026-11-18T09:00:01-06:00');
    await panes().act(system(), 'message.send_due', { message_id: id, send_at: '2026-11-18T09:00' });
    panes().setClock('2026-11-18T08:30:00-06:00');
  };
  const system = () => ({ via: 'system', organization_id: panes().bright.id, name: 'worker' }) as const;

  test('is said besides whatever else is to be said, each by a call of its own', async () => {
    const nora = await withoutMail();
    await callNow(nora, 'Spring');
    await callNow(nora, 'The broken pane');
    await callNow(nora, 'Come again', { kind: 'outreach' });
    const notes = (await callsOf(nora)).map(({ note, status }) => `${status} ${note}`);
    expect(notes).toHaveLength(3);
    for (const subject of ['Spring', 'The broken pane', 'Come again'])
      expect(notes).toContainEqual(expect.stringMatching(new RegExp(`^open [^]*The words of ${subject}`)));
  });

  test('is no question about the visit it stands with, so that no answer to the visit comes of it', async () => {
    const nora = await withoutMail();
    const { id, reference } = await panes().done(panes().dana, 'ticket.create', {
      contact_id: nora,
      scheduled_at: '2026-12-21T09:00',
      duration_minutes: 60,
    });
    await callNow(nora, 'The dog', { ticket_id: reference });
    const [call] = await callsOf(nora);
    expect(call?.ticket_id).toBe(id);
    const yes = { task_id: String(call?.reference), outcome: 'accepted' };
    const answer = await panes().act(panes().dana, 'task.complete', yes);
    expect(JSON.stringify(answer)).toContain('This call asked for no time');
    expect(await callsOf(nora)).toMatchObject([{ status: 'done', outcome: 'accepted' }]);
    expect(await visitOf(id)).toBe('not_sent');
  });
});

test('who is to be asked the same anew is called once, with what is so now, when it is asked for now', async () => {
  const { done, dana, read, bright, database } = panes();
  const system = { via: 'system', organization_id: bright.id, name: 'worker' } as const;
  const { reference } = await done(dana, 'contact.create', {
    full_name: `Nora ${'Longname '.repeat(20)}`.trim(),
    email: 'nora.long@example.com',
    phone: '2565550166',
  });
  const nora = String(reference);
  await bookFor(nora);
  const { rows } = await database.owner.query(
    `select id from jobs where kind = 'email' and payload ->> 'to' = 'nora.long@example.com'`,
  );
  const occurred_at = '2026-11-18T14:31:00Z';
  await done(system, 'message.record_event', { queued_as: rows[0]?.id, delivery: 'bounced', occurred_at });
  const [first] = await callsOf(nora);
  expect(first).toMatchObject({ call_kind: 'confirmation', due_at: '2026-11-18T14:30:00.000Z' });
  expect(String(first?.title)).toHaveLength(200);

  const params = { contact_id: nora, kind: 'confirmation_follow_up' };
  const [{ id: message_id, send_at } = {}] = await read(dana, 'scheduled_messages', {
    params,
    sort: 'send_at',
  });
  expect(send_at).toBe('2026-11-20T14:30:00.000Z');
  panes().setClock('2026-11-20T08:30:00-06:00');
  await done(system, 'message.send_due', { message_id, send_at });
  const [again, ...others] = await callsOf(nora);
  expect(others).toEqual([]);
  expect(again).toMatchObject({
    reference: first?.reference,
    due_at: '2026-11-20T14:30:00.000Z',
    note: expect.stringContaining('We have not heard from you yet'),
  });
  expect(String(again?.title)).toHaveLength(200);
});

test('an outcome belongs to a call, and not to every task', async () => {
  const { done, act, dana } = panes();
  const { reference } = await done(dana, 'task.create', { title: 'Order squeegees', due_at: '2026-12-04' });
  const told = { task_id: reference, outcome: 'told' };
  expect(await refusal(act(dana, 'task.complete', told))).toMatchObject({
    code: 'VALIDATION_ERROR',
    field: 'outcome',
  });
  await done(dana, 'task.complete', { task_id: reference });
});

describe('a planned message', () => {
  const settled = () =>
    whileWorking(panes(), async () => {
      await outbox.sql(
        `update jobs set run_at = '-infinity' where kind in ('scheduled_message', 'planned_message') and done_at is null; notify deskhand_jobs`,
      );
      const waiting = `select 1 from jobs where kind <> 'email' and run_at <= now() and done_at is null and dead_at is null`;
      await expect.poll(async () => (await outbox.sql(waiting)).rows, long).toEqual([]);
    });
  const plan = (contact_id: string, send_at: string) =>
    panes().done(panes().dana, 'message.schedule', {
      contact_id,
      kind: 'outreach',
      subject: 'Shall we come again?',
      body: 'It has been half a year.',
      send_at,
    });
  const messageOf = async (id: unknown) => {
    const fields = ['status', 'error', 'send_at'];
    return (await panes().read(panes().dana, 'scheduled_messages', { id: String(id), fields }))[0];
  };

  test('becomes a call when its time comes and there is no address', async () => {
    const nora = await withoutMail();
    const { id } = await plan(nora, '2026-11-19T09:00');
    expect(await callsOf(nora)).toEqual([]);
    panes().setClock('2026-11-19T09:00:01-06:00');
    await settled();
    const [call] = await callsOf(nora);
    expect(call).toMatchObject({ note: expect.stringContaining('It has been half a year.') });
    expect(await messageOf(id)).toMatchObject({
      status: 'skipped',
      error: `The customer has no e-mail address. ${call?.reference} says what to tell them by telephone.`,
    });
  });

  test('of our own accord that is a week late waits for the morning, and a night sends no storm', async () => {
    // The database's clock, by which its timer rings, is behind that morning whenever this runs.
    panes().setClock('2099-11-18T08:00:00-06:00');
    const { id } = await plan('C-1001', '2099-11-19T09:00');
    panes().setClock('2099-11-25T23:00:00-06:00');
    await settled();
    expect(await messageOf(id)).toMatchObject({
      status: 'pending',
      send_at: expect.stringMatching(/^2099-11-2\dT1[45]:/),
    });
  });
});
