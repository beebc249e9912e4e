import { beforeAll, describe, expect, test } from 'vitest';
import type { Caller } from '../../core/kernel/pipeline/context.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { asTableOwner } from '../support/raw-sql.ts';
import { refusal } from '../support/refusal.ts';
import { mailsTo } from './billing.ts';

// Customers are reminded of bills that are overdue, where the business has switched that on.

const panes = useBrightPanes();
const worker = (): Caller => ({ via: 'system', organization_id: panes().bright.id, name: 'worker' });

const settings = (given: Record<string, unknown>) =>
  panes().done(panes().olivia, 'organization.update_settings', { settings: given });
/** A day at six in the morning, when the timer has rung. */
const morning = (day: string) => panes().setClock(`${day}T06:00:00-06:00`);
const plan = () => panes().done(worker(), 'invoice.plan_reminders', {});

let customers = 0;
async function customer(more: Record<string, unknown> = {}) {
  const number = ++customers;
  const email = `late${number}@example.com`;
  const made = await panes().done(panes().dana, 'contact.create', {
    full_name: `Lou Late${number}`,
    email,
    phone: '(256) 555-0155',
    ...more,
  });
  return { contact_id: String(made.id), email };
}

/** A bill of $90 that was sent on November 18 and is due on a day; answers its reference. */
async function bill(contact_id: string, due_on = '2026-12-01', cents = 9_000) {
  const { done, dana, setClock } = panes();
  setClock('2026-11-18T08:00:00-06:00');
  const lines = [{ description: 'Ladder rental', unit_price_cents: cents }];
  const { reference } = await done(dana, 'invoice.create', { contact_id, lines, due_on });
  await done(dana, 'invoice.finalize', { invoice_id: reference });
  return String(reference);
}

const messagesOf = (contact_id: string) =>
  panes().read(panes().olivia, 'scheduled_messages', {
    params: { contact_id, kind: 'overdue' },
    fields: ['id', 'reference', 'status', 'send_at', 'subject', 'error'],
    sort: 'send_at',
  });
const callsOf = (contact_id: string) =>
  panes().read(panes().olivia, 'tasks', {
    params: { contact_id },
    filter: 'calls',
    fields: ['title', 'note', 'status'],
  });

/** The time of a message has come. */
async function ring(message: Record<string, unknown> | undefined) {
  const send_at = String(message?.send_at);
  panes().setClock(send_at);
  return panes().act(worker(), 'message.send_due', { message_id: message?.id, send_at });
}

beforeAll(() => settings({ remind_of_overdue_bills: 'on' }));

describe('what goes out', () => {
  test('nothing leaves the house by itself before somebody has switched it on', async () => {
    const { contact_id } = await customer();
    await bill(contact_id);
    await settings({ remind_of_overdue_bills: null });
    morning('2026-12-20');
    expect(await plan()).toEqual({ planned: 0, calls: 0 });
    expect(await messagesOf(contact_id)).toEqual([]);
    await settings({ remind_of_overdue_bills: 'on' });
    expect(await plan()).toEqual({ planned: 1, calls: 0 });
  });

  test('a mail is planned days before it goes, says what is open and brings the bill', async () => {
    const { contact_id, email } = await customer();
    const reference = await bill(contact_id);
    morning('2026-11-30');
    await plan();
    expect(await messagesOf(contact_id)).toEqual([]);
    morning('2026-12-01');
    await plan();
    const [message] = await messagesOf(contact_id);
    // At nine on the fourth.
    expect(message).toMatchObject({ status: 'pending', send_at: '2026-12-04T15:00:00.000Z' });
    await ring(message);
    expect(await mailsTo(panes(), email)).toMatchObject([
      {
        subject: `A reminder of invoice ${reference}`,
        message_kind: 'overdue',
        text: expect.stringContaining(
          'Total: $90.00\nAmount due: $90.00\nDue by: December 1, 2026, which is past',
        ),
        paper: { reference },
      },
    ]);
  });

  test('three days, ten days, and then somebody calls: no fourth mail', async () => {
    const { contact_id, email } = await customer();
    const reference = await bill(contact_id);
    morning('2026-12-01');
    await plan();
    await ring((await messagesOf(contact_id)).at(-1));
    morning('2026-12-09');
    await plan();
    const [, second] = await messagesOf(contact_id);
    expect(second).toMatchObject({ send_at: '2026-12-11T15:00:00.000Z' });
    await ring(second);
    expect(await mailsTo(panes(), email)).toHaveLength(2);
    for (const day of ['2026-12-21', '2026-12-22', '2026-12-23', '2027-02-01']) {
      morning(day);
      await plan();
    }
    expect(await messagesOf(contact_id)).toHaveLength(2);
    const calls = await callsOf(contact_id);
    expect(calls).toHaveLength(1);
    expect(calls[0]).toMatchObject({
      title: expect.stringContaining(`bill ${reference}, which is overdue`),
      note: expect.stringContaining('$90.00 is not paid yet'),
    });
    // Once it is paid nobody has to call any more.
    await panes().done(panes().olivia, 'invoice.record_payment', {
      invoice_id: reference,
      amount_cents: 9_000,
    });
    expect(await callsOf(contact_id)).toEqual([]);
  });

  test('the same morning twice, and two workers at once, remind once', async () => {
    const { contact_id } = await customer();
    await bill(contact_id);
    morning('2026-12-02');
    await Promise.all([plan(), plan(), plan()]);
    await plan();
    expect(await messagesOf(contact_id)).toHaveLength(1);
  });

  test('who was off for weeks sends the newest reminder alone', async () => {
    const { contact_id, email } = await customer();
    await bill(contact_id);
    morning('2026-12-01');
    await plan();
    const [first] = await messagesOf(contact_id);
    panes().setClock('2026-12-13T08:00:00-06:00');
    await panes().act(worker(), 'message.send_due', { message_id: first?.id, send_at: first?.send_at });
    await plan();
    const [left, newest] = await messagesOf(contact_id);
    expect(left).toMatchObject({ status: 'skipped', error: 'A later reminder takes its place.' });
    expect(newest).toMatchObject({ status: 'pending' });
    await ring(newest);
    expect(await mailsTo(panes(), email)).toHaveLength(1);
  });

  test('somebody with several bills gets one mail, which names the others', async () => {
    const { contact_id, email } = await customer();
    const older = await bill(contact_id, '2026-12-01');
    const newer = await bill(contact_id, '2026-12-02', 4_000);
    morning('2026-12-02');
    await plan();
    const messages = await messagesOf(contact_id);
    expect(messages).toHaveLength(1);
    await ring(messages[0]);
    const mails = await mailsTo(panes(), email);
    expect(mails).toMatchObject([
      {
        subject: `A reminder of invoice ${older}`,
        text: expect.stringContaining(`Not paid yet, either: ${newer} ($40.00, due on December 2, 2026)`),
      },
    ]);
    morning('2026-12-06');
    await plan();
    expect(await messagesOf(contact_id)).toHaveLength(1);
  });

  test('when the bill of such a mail is paid before it goes, the other one is still reminded of', async () => {
    const { contact_id } = await customer();
    const older = await bill(contact_id, '2026-12-01');
    const newer = await bill(contact_id, '2026-12-02', 4_000);
    morning('2026-12-02');
    await plan();
    await panes().done(panes().olivia, 'invoice.record_payment', { invoice_id: older, amount_cents: 9_000 });
    morning('2026-12-03');
    await plan();
    const messages = await messagesOf(contact_id);
    expect(messages.map(({ status }) => status).sort()).toEqual(['pending', 'skipped']);
    const pending = messages.find(({ status }) => status === 'pending');
    expect(pending?.subject).toBe(`A reminder of invoice ${newer}`);
  });

  test('the words are those of the business, where it has written its own', async () => {
    const { contact_id, email } = await customer();
    const { done, olivia } = panes();
    const template = await done(olivia, 'template.create', {
      name: 'Ours',
      kind: 'overdue',
      subject: 'Still open: {{invoice_number}}',
      body: 'Dear {{customer_first_name}}, {{amount_due}} is open.',
      is_active: true,
    });
    const reference = await bill(contact_id);
    morning('2026-12-01');
    await plan();
    await ring((await messagesOf(contact_id))[0]);
    expect(await mailsTo(panes(), email)).toMatchObject([
      { subject: `Still open: ${reference}`, text: expect.stringContaining('$90.00 is open.') },
    ]);
    await done(olivia, 'template.delete', { template_id: template.id });
  });
});

describe('what stops it', () => {
  /** A bill of which a mail is planned for December 4. */
  async function planned(more: Record<string, unknown> = {}) {
    const { contact_id, email } = await customer(more);
    const reference = await bill(contact_id);
    morning('2026-12-02');
    await plan();
    const [message] = await messagesOf(contact_id);
    return { contact_id, email, reference, message };
  }
  const stateOf = async (contact_id: string) => {
    const [message] = await messagesOf(contact_id);
    return { status: message?.status, error: message?.error };
  };

  test('without any of it the mail goes: each of the following would otherwise', async () => {
    const { contact_id, message, email } = await planned();
    await ring(message);
    expect(await stateOf(contact_id)).toMatchObject({ status: 'sending' });
    expect(await mailsTo(panes(), email)).toHaveLength(1);
  });

  test.each([
    ['it is paid', 'invoice.record_payment', { amount_cents: 9_000 }, 'is paid.'],
    ['it is void', 'invoice.void', { reason: 'Wrong house' }, 'is void.'],
    ['somebody has said so', 'invoice.stop_reminders', {}, 'Nobody is to be reminded of'],
  ])('%s: what was planned is left out at once, and says why', async (_, action, data, why) => {
    const { contact_id, reference, message, email } = await planned();
    await panes().done(panes().olivia, action, { invoice_id: reference, ...data });
    expect(await stateOf(contact_id)).toMatchObject({
      status: 'skipped',
      error: expect.stringContaining(why),
    });
    await ring(message);
    expect(await mailsTo(panes(), email)).toHaveLength(0);
    morning('2026-12-10');
    await plan();
    expect(await messagesOf(contact_id)).toHaveLength(1);
  });

  test('a part is paid: the mail says what is left', async () => {
    const { reference, message, email } = await planned();
    await panes().done(panes().olivia, 'invoice.record_payment', {
      invoice_id: reference,
      amount_cents: 5_000,
    });
    await ring(message);
    expect(await mailsTo(panes(), email)).toMatchObject([
      { text: expect.stringContaining('Paid, with thanks: $50.00\nAmount due: $40.00') },
    ]);
  });

  test.each([
    ['a bank payment is on its way', `status = 'pending', amount_cents = 9000`, 'is on its way.'],
    ['a payment is disputed', `dispute_status = 'open', amount_cents = 100`, 'is disputed.'],
  ])('%s: nobody is reminded, and when that is over they are', async (_, set, why) => {
    const { contact_id, reference, message, email } = await planned();
    const { done, olivia } = panes();
    const { payment } = await done(olivia, 'invoice.record_payment', {
      invoice_id: reference,
      amount_cents: 100,
    });
    const write = (assignments: string) =>
      asTableOwner(panes(), `update payments set ${assignments} where reference = $1`, [payment]);
    await write(set);
    await ring(message);
    expect(await stateOf(contact_id)).toMatchObject({
      status: 'skipped',
      error: expect.stringContaining(why),
    });
    morning('2026-12-09');
    await plan();
    expect(await messagesOf(contact_id)).toHaveLength(1);
    await write(`status = 'failed', dispute_status = null`);
    await plan();
    expect(await messagesOf(contact_id)).toHaveLength(2);
    expect(await mailsTo(panes(), email)).toHaveLength(0);
  });

  test('the customer has said that it is paid, and the office has not looked yet', async () => {
    const { contact_id, reference, message } = await planned();
    const { done, olivia, dana, read } = panes();
    const [known] = await read(olivia, 'invoices', { id: reference });
    const task = await done(dana, 'task.create', {
      title: 'Look whether it is paid',
      about: contact_id,
      due_at: '2026-12-03',
    });
    await asTableOwner(panes(), `update tasks set made_for = 'said_paid', invoice_id = $2 where id = $1`, [
      task.id,
      known?.id,
    ]);
    await ring(message);
    expect(await stateOf(contact_id)).toEqual({
      status: 'skipped',
      error: `${task.reference} about ${reference} is to be done first.`,
    });
    await done(dana, 'task.complete', { task_id: task.id });
    morning('2026-12-09');
    await plan();
    expect(await messagesOf(contact_id)).toHaveLength(2);
  });

  test('it can be cancelled or worded anew like any planned mail; the next step comes all the same', async () => {
    const { contact_id, message, email } = await planned();
    await panes().done(panes().dana, 'message.cancel', { message_id: message?.reference });
    await ring(message);
    expect(await mailsTo(panes(), email)).toHaveLength(0);
    morning('2026-12-09');
    await plan();
    const [, second] = await messagesOf(contact_id);
    await panes().done(panes().dana, 'message.update', {
      message_id: second?.reference,
      body: 'Hello Lou, is {{invoice_number}} with you? Yours, Dana',
    });
    await ring(second);
    expect(await mailsTo(panes(), email)).toMatchObject([{ text: expect.stringContaining('Yours, Dana') }]);
  });

  test('whom no mail reaches is called', async () => {
    const { contact_id } = await planned({ email: undefined });
    expect(await messagesOf(contact_id)).toMatchObject([{ status: 'pending' }]);
    await ring((await messagesOf(contact_id))[0]);
    expect(await stateOf(contact_id)).toMatchObject({ status: 'skipped' });
    expect(await callsOf(contact_id)).toHaveLength(1);
  });
});

describe('stopping and resuming', () => {
  test('an agent says why; stopping twice changes nothing; resuming takes it back', async () => {
    const { contact_id } = await customer();
    const invoice_id = await bill(contact_id);
    const { agent, act, done, read, olivia } = panes();
    const reasoning = 'She has called and pays next week';
    expect(await refusal(act(agent, 'invoice.stop_reminders', { invoice_id }))).toMatchObject({
      code: 'REASONING_REQUIRED',
    });
    await done(agent, 'invoice.stop_reminders', { invoice_id }, { reasoning });
    const [stopped] = await read(olivia, 'invoices', { id: invoice_id });
    expect(stopped).toMatchObject({ is_reminded: false });
    await done(agent, 'invoice.stop_reminders', { invoice_id }, { reasoning });
    expect(await read(olivia, 'invoices', { id: invoice_id })).toMatchObject([{ version: stopped?.version }]);
    await done(olivia, 'invoice.resume_reminders', { invoice_id });
    morning('2026-12-02');
    await plan();
    expect(await messagesOf(contact_id)).toHaveLength(1);
  });

  test('not by technicians, and not of the bills of another business', async () => {
    const { contact_id } = await customer();
    const invoice_id = await bill(contact_id);
    const { act, theo, clear, olivia } = panes();
    for (const action of ['invoice.stop_reminders', 'invoice.resume_reminders']) {
      expect(await refusal(act(theo, action, { invoice_id }))).toMatchObject({ code: 'FORBIDDEN' });
      expect(await refusal(act(clear.owner, action, { invoice_id }))).toMatchObject({ code: 'NOT_FOUND' });
      expect((await act(olivia, action, { invoice_id })).status).toBe('done');
    }
  });

  test('an agent cannot switch it on, nor plan by itself', async () => {
    const { agent, act } = panes();
    expect(
      await refusal(
        act(agent, 'organization.update_settings', { settings: { remind_of_overdue_bills: 'on' } }),
      ),
    ).toMatchObject({ code: 'FORBIDDEN' });
    expect(await refusal(act(agent, 'invoice.plan_reminders', {}))).toMatchObject({ code: 'HUMAN_ONLY' });
  });
});
