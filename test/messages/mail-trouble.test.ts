import { beforeEach, describe, expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { whileWorking } from '../support/letters.ts';
import { asTableOwner } from '../support/raw-sql.ts';
import { refusal } from '../support/refusal.ts';
import { useOutbox } from './outbox-of.ts';
import { useMailServer } from './smtp-server.ts';

const panes = useBrightPanes();
const outbox = useOutbox(panes);
const server = useMailServer();
const long = { timeout: 30_000, interval: 50 };
const jane = 'jane.smith@example.com';

beforeEach(async () => {
  panes().setClock('2026-11-18T08:00:00-06:00');
  await outbox.sql('delete from mail_troubles');
  await asTableOwner(panes(), `update contacts set email_status = 'ok' where email_status <> 'ok'`);
  await asTableOwner(panes(), `update contacts set status = 'active' where status = 'unsubscribed'`);
});

/** A mail to Jane that carries no message, as queued for her visit; answers the id of its delivery. */
async function mailJane(at = '2026-11-23T09:00'): Promise<string> {
  await panes().book(at, { lines: ['S-1'], notify_customer: true });
  const { rows } = await outbox.sql(`select id from jobs where kind = 'email' order by id desc limit 1`);
  return String(rows[0]?.id);
}

/** What the mail service, or the delivery itself, says of a mail. */
const tell = (job_id: string, delivery: string, more: Record<string, unknown> = {}) =>
  panes().done(
    { via: 'system', organization_id: panes().bright.id, name: 'worker' },
    'message.record_event',
    {
      queued_as: job_id,
      delivery,
      occurred_at: '2026-11-03T15:00:00Z',
      ...more,
    },
  );

const customer = async (reference = 'C-1001') => {
  const fields = ['email', 'email_status', 'email_status_at', 'status'];
  const [row] = await panes().read(panes().dana, 'contacts', { id: reference, fields });
  return row;
};
const write = (more: Record<string, unknown> = {}) =>
  panes().act(panes().dana, 'message.schedule', {
    contact_id: 'C-1001',
    subject: 'Your gutters',
    body: 'Hello Jane.',
    ...more,
  });

describe('an address from which mail came back for good', () => {
  test('is not written to again, and everybody who would is told to call', async () => {
    await tell(await mailJane(), 'bounced');
    expect(await customer()).toMatchObject({
      email_status: 'bounced',
      email_status_at: '2026-11-03T15:00:00.000Z',
      status: 'active',
    });
    const words = `Mail to «${jane}» came back on Nov 3, 2026.`;
    expect(await refusal(write())).toMatchObject({
      code: 'INVALID_STATE',
      message: `Nothing was sent. ${words}`,
      hint: expect.stringContaining('Call (256) 555-0142 instead'),
    });
    const trouble = `${words} Call (256) 555-0142 instead.`;
    const [context] = await panes().read(panes().agent, 'booking_context', {
      params: { contact_id: 'C-1001' },
    });
    expect(context).toMatchObject({ mail_trouble: trouble });
    const found = await panes().done(panes().agent, 'find_customer', { query: 'Jane Smith' });
    expect(JSON.stringify(found)).toContain(trouble);
    expect(await panes().read(panes().dana, 'contacts', { filter: 'mail_comes_back' })).toHaveLength(1);
  });

  test('is nobody else’s, and not the customer’s next one', async () => {
    const { done, dana } = panes();
    await tell(await mailJane('2026-11-23T13:00'), 'bounced');
    await done(dana, 'contact.update', { contact_id: 'C-1001', emails: [{ email: 'jane@new.example' }] });
    expect(await customer()).toMatchObject({ email: 'jane@new.example', email_status: 'ok' });
    const other = await done(dana, 'contact.create', { full_name: 'Joe Smith', email: jane.toUpperCase() });
    expect(await customer(String(other.reference))).toMatchObject({ email_status: 'bounced' });
    await done(dana, 'contact.update', { contact_id: 'C-1001', emails: [{ email: jane }] });
    expect(await customer()).toMatchObject({ email_status: 'bounced' });
  });

  test('is written to again when a person says that mail arrives there, and no agent', async () => {
    const { act, done, dana, agent } = panes();
    await tell(await mailJane('2026-11-24T09:00'), 'suppressed');
    const again = { contact_id: 'C-1001' };
    expect(await refusal(act(agent, 'contact.write_again', again))).toMatchObject({ code: 'HUMAN_ONLY' });
    expect(await customer()).toMatchObject({ email_status: 'bounced' });
    await done(dana, 'contact.write_again', again);
    expect(await customer()).toMatchObject({ email_status: 'ok', email_status_at: null });
    expect((await write()).status).toBe('done');
  });
});

test('an address that takes no mail for a while is written to again, and whoever is not sure asks again', async () => {
  await tell(await mailJane('2026-11-24T13:00'), 'bounced', {
    is_final: false,
    reason: 'Transient MailboxFull',
  });
  await tell(await mailJane('2026-11-25T09:00'), 'delayed');
  await tell(await mailJane('2026-11-25T13:00'), 'failed', { reason: 'reached_daily_quota' });
  expect(await customer()).toMatchObject({ email_status: 'ok' });
  expect((await write()).status).toBe('done');
});

test('whoever calls a mail spam gets no more of those we write of our own accord, and no others', async () => {
  const id = await mailJane('2026-11-26T09:00');
  await tell(id, 'complained');
  await tell(id, 'bounced');
  expect(await customer()).toMatchObject({ email_status: 'complained', status: 'unsubscribed' });
  await panes().done(panes().dana, 'contact.write_again', { contact_id: 'C-1001' });
  expect(await customer()).toMatchObject({ email_status: 'ok', status: 'unsubscribed' });
  expect(await refusal(write())).toMatchObject({
    message: 'Nothing was sent. The customer does not want to be written to.',
  });
});

describe('a mail server', () => {
  const worked = () =>
    whileWorking(
      panes(),
      async () => {
        const waiting = `select 1 from jobs where kind = 'email' and done_at is null and dead_at is null`;
        await expect.poll(async () => (await outbox.sql(waiting)).rows, long).toEqual([]);
      },
      server().settings,
    );

  test.each([
    [550, '5.1.1 No such user', 'bounced'],
    [550, 'No such user', 'bounced'],
    [550, '5.2.1 Disabled', 'bounced'],
    [550, '5.1.10 Recipient address has a null MX', 'bounced'],
    [554, '5.7.1 Relay access denied', 'ok'],
    [550, '5.1.8 Sender address rejected: Domain not found', 'ok'],
    [553, '5.1.7 Bad sender address syntax', 'ok'],
    [550, 'relay not permitted', 'ok'],
    [550, 'Message blocked by our policy', 'ok'],
    [554, 'Transaction failed', 'ok'],
    [552, '5.2.2 Mailbox full', 'ok'],
  ])('that says %i %s of a recipient leaves the address %s', async (code, says, status) => {
    server().refusals.push([code, says]);
    expect((await write()).status).toBe('done');
    await worked();
    expect(await customer()).toMatchObject({ email_status: status });
  });

  test('is given no mail of our own accord that somebody does not want any more who wanted it when it was written', async () => {
    await panes().book('2026-11-30T09:00', { lines: ['S-1'], notify_customer: true });
    expect((await write()).status).toBe('done');
    await panes().done(panes().dana, 'contact.update', { contact_id: 'C-1001', status: 'unsubscribed' });
    await worked();
    // What is about their visit goes out all the same.
    expect(server().received.map(({ lines }) => lines.find(line => line.startsWith('Subject: ')))).toEqual([
      'Subject: Your appointment on Monday, November 30 at 9:00 AM',
    ]);
    const [message] = await panes().read(panes().dana, 'scheduled_messages', {
      params: { status: 'cancelled' },
      fields: ['subject', 'error'],
    });
    expect(message).toMatchObject({
      subject: 'Your gutters',
      error: 'The customer does not want to be written to.',
    });
  });

  test('is given no confirmation of a visit that was cancelled before it left', async () => {
    const told = { lines: ['S-1'], notify_customer: true };
    const { id: ticket_id } = await panes().book('2026-12-01T09:00', told);
    await panes().book('2026-12-01T13:00', told);
    await panes().done(panes().dana, 'ticket.cancel', { ticket_id, reason: 'rain' });
    await worked();
    expect(server().received.map(({ lines }) => lines.find(line => line.startsWith('Subject: ')))).toEqual([
      'Subject: Your appointment on Tuesday, December 1 at 1:00 PM',
    ]);
    const params = { ticket_id: String(ticket_id) };
    const fields = ['kind', 'status', 'error'];
    const rows = await panes().read(panes().dana, 'scheduled_messages', { params, fields });
    expect(rows.find(({ kind }) => kind === 'confirmation')).toMatchObject({
      status: 'skipped',
      error: 'The visit was cancelled.',
    });
  });

  test('is given no mail that was written before the address was known to be wrong, and is called instead', async () => {
    await mailJane('2026-11-26T13:00');
    await tell(await mailJane('2026-11-27T09:00'), 'bounced');
    await worked();
    expect(server().received).toEqual([]);
    const [row] = await outbox.rows(['state', 'result']);
    const says = expect.stringMatching(/came back.* TASK-\d+ says what to tell them by telephone\.$/);
    expect(row).toMatchObject({ state: 'delivered', result: { skipped: says } });
    const calls = await panes().read(panes().dana, 'tasks', { params: { contact_id: 'C-1001' } });
    expect(calls).toContainEqual(
      expect.objectContaining({
        title: expect.stringMatching(/^Call Jane Smith: confirm the visit on Thursday, November 26/),
      }),
    );
    await panes().done(panes().dana, 'contact.write_again', { contact_id: 'C-1001' });
    await mailJane('2026-11-27T13:00');
    await worked();
    expect(server().received.map(({ to }) => to)).toEqual([[jane]]);
  });
});

describe('an address that is not the customer’s own, and from which mail came back', () => {
  const bill = async () => {
    const lines = [{ description: 'Gutters', unit_price_cents: 15_000 }];
    return (await panes().done(panes().dana, 'invoice.create', { contact_id: 'C-1001', lines })).reference;
  };
  const send = (invoice_id: unknown, email: string) =>
    panes().act(panes().dana, 'invoice.send', { invoice_id, email });

  test('is not written to again with a bill', async () => {
    const { done, dana } = panes();
    await done(dana, 'contact.create', { full_name: 'Gone Away', email: 'gone@example.com' });
    await done(dana, 'ticket.create', {
      contact_id: 'Gone Away',
      scheduled_at: '2026-12-03T09:00',
      duration_minutes: 60,
      notify_customer: true,
    });
    const { rows } = await outbox.sql(`select id from jobs where kind = 'email' order by id desc limit 1`);
    await tell(String(rows[0]?.id), 'bounced');
    const invoice = await bill();
    expect(await refusal(send(invoice, 'Gone@example.com'))).toMatchObject({
      code: 'INVALID_STATE',
      message: expect.stringContaining('Mail to «gone@example.com» came back on Nov 3, 2026.'),
    });
    expect((await send(invoice, 'books@example.com')).data).toMatchObject({ sent_to: 'books@example.com' });
  });
});
