import { beforeEach, describe, expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { refusal } from '../support/refusal.ts';

// What an assistant writes, changes or sets off goes out when a person has looked at it, where the business wants that; and
// what a person has looked at is what goes out.

const panes = useBrightPanes();
const reasoning = 'The customer asked us to write to them';

const agentMails = (agent_mails: string) =>
  panes().done(panes().olivia, 'organization.update_settings', { settings: { agent_mails } });
const asAgent = (action: string, data: Record<string, unknown>) =>
  panes().act(panes().agent, action, data, { reasoning });
const asDana = (action: string, data: Record<string, unknown>) => panes().done(panes().dana, action, data);
const mails = () => panes().read(panes().dana, 'outbox', { params: { kind: 'email' }, limit: 100 });
const messageOf = async (id: unknown) => {
  const [row] = await panes().read(panes().dana, 'scheduled_messages', { id: String(id) });
  return row;
};
const plan = async (more: Record<string, unknown> = {}) =>
  await asDana('message.schedule', {
    contact_id: 'C-1001',
    subject: 'Your gutters',
    body: 'The leaves are down.',
    send_at: '2026-12-20T09:00',
    ...more,
  });

/** Books a visit whose customer is told; answers its message of a kind. */
async function told(scheduled_at: string, kind: string) {
  const { id } = await panes().book(scheduled_at, { lines: ['S-1'], notify_customer: true });
  const rows = await panes().read(panes().dana, 'scheduled_messages', { params: { ticket_id: String(id) } });
  const message = rows.find(row => row.kind === kind);
  if (!message) throw new Error(`the visit has no ${kind}`);
  return { ticket_id: String(id), message_id: String(message.id) };
}

beforeEach(() => agentMails('wait_for_me'));

describe('a mail that a person has planned, where the business looks at the mails of its assistant', () => {
  test('waits for a person again when the assistant puts other words in it', async () => {
    const { id } = await plan();
    const { data, warnings } = await asAgent('message.update', {
      message_id: id,
      body: 'Pay at evil.example.',
    });
    expect(data.status).toBe('draft');
    expect(warnings).toEqual([expect.stringMatching(/^M-\d+ is a draft: nothing has gone out\./)]);
  });

  test('waits for a person again when the assistant moves it to another time', async () => {
    const { id } = await plan();
    const { data } = await asAgent('message.update', { message_id: id, send_at: '2026-11-18T08:05' });
    expect(data.status).toBe('draft');
  });

  test('is not sent by the assistant before its time, and by people it is', async () => {
    const { id } = await plan();
    const before = (await mails()).length;
    expect(await refusal(asAgent('message.send_now', { message_id: id }))).toMatchObject({
      code: 'INVALID_STATE',
      message: expect.stringContaining('looks at the mails of its assistants first'),
    });
    expect(await mails()).toHaveLength(before);
    expect(await asDana('message.send_now', { message_id: id })).toMatchObject({ status: 'sending' });
  });

  test('does not get past a person by taking half of a change back', async () => {
    const { id } = await plan();
    const first = await asAgent('message.update', { message_id: id, body: 'Something else.' });
    await asAgent('message.update', { message_id: id, subject: 'Pay here' });
    expect(await refusal(asAgent('undo', { of: first.undo }))).toMatchObject({ code: 'INVALID_STATE' });
    expect(await messageOf(id)).toMatchObject({ status: 'draft', subject: 'Pay here' });
  });

  test('is changed and sent by the assistant where the business does not look first', async () => {
    await agentMails('at_once');
    const { id } = await plan();
    const changed = await asAgent('message.update', { message_id: id, body: 'The leaves are gone.' });
    expect(changed.data.status).toBe('pending');
    expect((await asAgent('message.send_now', { message_id: id })).data.status).toBe('sending');
  });
});

describe('what a mail about a visit or a bill says', () => {
  test('is not written by an assistant: it passes the wish not to be written to', async () => {
    await agentMails('at_once');
    const { message_id } = await told('2026-12-21T09:00', 'reminder');
    for (const words of [{ subject: 'SALE' }, { body: 'Fifty percent off.' }])
      expect(await refusal(asAgent('message.update', { message_id, ...words }))).toMatchObject({
        code: 'VALIDATION_ERROR',
        field: Object.keys(words)[0],
        message: expect.stringMatching(/^What M-\d+ says is said by the business/),
      });
    expect(await messageOf(message_id)).toMatchObject({ words: 'template', status: 'pending' });
  });

  test('is changed by a person, and its time by an assistant, on the day before', async () => {
    await agentMails('at_once');
    const { message_id } = await told('2026-12-22T09:00', 'reminder');
    const time = { message_id, send_at: '2026-12-21T17:00' };
    expect((await asAgent('message.update', time)).data.send_local).toContain('17:00');
    expect(await asDana('message.update', { message_id, body: 'Please clear the sills.' })).toMatchObject({
      words: 'own',
      status: 'pending',
    });
  });
});

describe('a draft', () => {
  const draft = async () =>
    (await asAgent('message.schedule', { contact_id: 'C-1001', subject: 'News', body: 'Kind words.' }))
      .data as { id: string; version: number };

  test('that was changed since a person read it does not go out', async () => {
    const { id, version } = await draft();
    const changed = await asAgent('message.update', { message_id: id, body: 'Evil words.' });
    const read = { message_id: id, version };
    expect(await refusal(panes().act(panes().dana, 'message.send_now', read))).toMatchObject({
      code: 'CONFLICT',
      field: 'version',
    });
    expect(await messageOf(id)).toMatchObject({ status: 'draft' });
    const again = { message_id: id, version: changed.data.version };
    expect(await asDana('message.send_now', again)).toMatchObject({ sent_body: 'Evil words.' });
  });

  test('of a visit that was changed since is shown once more before it goes out', async () => {
    const booking = { contact_id: 'C-1001', scheduled_at: '2026-12-08T09:00', duration_minutes: 60 };
    const { data } = await asAgent('ticket.create', { ...booking, lines: ['S-1'], notify_customer: true });
    const [written] = await panes().read(panes().dana, 'scheduled_messages', {
      params: { ticket_id: String(data.id), status: 'draft' },
    });
    const send = async () => {
      const { version } = (await messageOf(written?.id)) ?? {};
      return panes().act(panes().dana, 'message.send_now', { message_id: written?.id, version });
    };
    await asAgent('ticket.add_line', { ticket_id: data.id, service_id: 'S-3', quantity: 20 });
    const first = await send();
    expect(first.data).toMatchObject({ status: 'draft', body: expect.stringContaining('Screen Cleaning') });
    expect(first.warnings).toEqual([expect.stringContaining('what it says has changed since')]);
    expect((await send()).data).toMatchObject({ status: 'sending', sent_body: first.data.body });
  });

  test('of a bill goes where it was to go, and not to the customer’s own address', async () => {
    const bill = async (email?: string) => {
      const lines = [{ description: 'Gutters', unit_price_cents: 15_000 }];
      const { reference } = await asDana('invoice.create', { contact_id: 'C-1001', lines });
      await asAgent('invoice.send', { invoice_id: reference, ...(email === undefined ? {} : { email }) });
      const drafts = await panes().read(panes().dana, 'scheduled_messages', {
        filter: 'draft',
        params: { contact_id: 'C-1001' },
        fields: ['id', 'kind', 'send_to'],
      });
      return drafts.find(row => row.kind === 'invoice');
    };
    const elsewhere = await bill('books@jane-company.example');
    expect(elsewhere).toMatchObject({ send_to: 'books@jane-company.example' });
    const sent = await asDana('message.send_now', { message_id: elsewhere?.id });
    expect(sent.sent_to).toBe('books@jane-company.example');
    const own = await bill();
    expect(await asDana('message.send_now', { message_id: own?.id })).toMatchObject({
      send_to: null,
      sent_to: 'jane.smith@example.com',
    });
  });
});

describe('sent by hand', () => {
  test('a reminder goes out on the day before, which it calls tomorrow, and not earlier', async () => {
    const { message_id } = await told('2026-12-10T09:00', 'reminder');
    const send = () => panes().act(panes().dana, 'message.send_now', { message_id });
    expect(await refusal(send())).toMatchObject({
      code: 'INVALID_STATE',
      message: expect.stringContaining(
        'It says that the visit is tomorrow, and the visit is on Dec 10, 2026.',
      ),
    });
    const early = { message_id, send_at: '2026-12-01T09:00' };
    expect(await refusal(panes().act(panes().dana, 'message.update', early))).toMatchObject({
      code: 'VALIDATION_ERROR',
      field: 'send_at',
    });
    panes().setClock('2026-12-09T00:00:00-06:00');
    expect((await send()).data).toMatchObject({ status: 'sending' });
    panes().setClock('2026-11-18T08:00:00-06:00');
  });

  test('what failed is not sent again when the visit was cancelled since', async () => {
    const [gone, stays] = [
      await told('2026-12-11T09:00', 'confirmation'),
      await told('2026-12-11T13:00', 'confirmation'),
    ];
    const system = { via: 'system', organization_id: panes().bright.id, name: 'worker' } as const;
    for (const { message_id } of [gone, stays])
      await panes().done(system, 'message.record_delivery', { message_id, error: 'No such user.' });
    await asDana('ticket.cancel', { ticket_id: gone.ticket_id, reason: 'rain' });
    const again = { message_id: gone.message_id };
    expect(await refusal(panes().act(panes().dana, 'message.send_now', again))).toMatchObject({
      code: 'INVALID_STATE',
      message: expect.stringContaining('The visit was cancelled.'),
    });
    expect(await asDana('message.send_now', { message_id: stays.message_id })).toMatchObject({
      status: 'sending',
    });
  });
});
