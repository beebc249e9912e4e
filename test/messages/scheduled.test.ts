import { beforeAll, describe, expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { refusal } from '../support/refusal.ts';
import { flows, planning } from './planning.ts';

const panes = useBrightPanes({ domains: [flows] });
const { plan, stateOf, timersOf } = planning(panes);
const reasoning = 'Jane asked us to write to her about the gutters';

beforeAll(async () => {
  const { done, dana, clear } = panes();
  await done(dana, 'contact.create', {
    full_name: 'Nora Quiet',
    email: 'nora@example.com',
    status: 'unsubscribed',
  });
  await done(dana, 'contact.create', {
    full_name: 'Oscar Optout',
    email: 'oscar@example.com',
    email_opt_in: false,
  });
  await done(clear.owner, 'contact.create', { full_name: 'Clara View', email: 'clara@example.com' });
});

describe('planning a message', () => {
  test('keeps whom, when and what, in the time of the business', async () => {
    const { reference: ticket_id, id: ticket } = await panes().book('2026-11-23T09:00');
    const planned = await plan({ ticket_id, kind: 'outreach' });
    const [jane] = await panes().read(panes().dana, 'contacts', { id: 'C-1001' });
    expect(planned).toEqual({
      id: expect.any(String),
      reference: 'M-1001',
      kind: 'outreach',
      contact_id: jane?.id,
      company_id: null,
      ticket_id: ticket,
      invoice_id: null,
      template_id: null,
      subject: 'Your gutters',
      body: 'Hello Jane,\n\nthe leaves are down.',
      words: 'own',
      custom_message: null,
      send_at: '2026-12-01T15:00:00.000Z',
      send_local: 'Tue 2026-12-01 09:00 -06:00',
      send_before: null,
      send_to: null,
      status: 'pending',
      sent_at: null,
      sent_to: null,
      sent_subject: null,
      sent_body: null,
      error: null,
      provider_message_id: null,
      delivery: null,
      delivery_at: null,
      delivery_reason: null,
      version: 1,
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });
    expect(await timersOf(planned.id)).toEqual(['2026-12-01T15:00:00.000Z']);
  });

  test('is for the office and not for technicians', async () => {
    const { act, theo, dana, olivia } = panes();
    const input = { contact_id: 'C-1001', subject: 'Hi', body: 'Hi', send_at: '2026-12-01T09:00' };
    for (const caller of [olivia, dana]) {
      expect((await act(caller, 'message.schedule', input, { preview: true })).status).toBe('preview');
    }
    expect((await refusal(act(theo, 'message.schedule', input))).code).toBe('FORBIDDEN');
    await expect(panes().read(theo, 'scheduled_messages')).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });

  test('wants a time to come, with the minute in the time of the business', async () => {
    const { act, dana } = panes();
    const input = { contact_id: 'C-1001', subject: 'Hi', body: 'Hi' };
    // It is eight o’clock on the eighteenth.
    for (const send_at of ['2026-11-18T08:00', '2026-11-17T09:00', '2026-11-18T13:59:00Z']) {
      expect(await refusal(act(dana, 'message.schedule', { ...input, send_at }))).toMatchObject({
        code: 'VALIDATION_ERROR',
        field: 'send_at',
        message: 'This time is past.',
      });
    }
    expect(await plan({ send_at: '2026-11-18T08:01' })).toMatchObject({
      send_at: '2026-11-18T14:01:00.000Z',
    });
  });

  test('wants a subject of one line, a text, and a kind there is', async () => {
    const { act, dana } = panes();
    const input = { contact_id: 'C-1001', subject: 'Hi', body: 'Hi', send_at: '2026-12-01T09:00' };
    for (const [field, value] of [
      ['subject', 'Hi\nBcc: everybody@example.com'],
      ['subject', 'x'.repeat(201)],
      ['body', ' '],
      ['kind', 'marketing'],
    ] as const) {
      const said = await refusal(act(dana, 'message.schedule', { ...input, [field]: value }));
      expect(said).toMatchObject({ code: 'VALIDATION_ERROR', field });
    }
  });

  test('never passes for something about a visit or a bill, which goes to those who want no mail as well', async () => {
    const { act, agent, dana } = panes();
    const input = { contact_id: 'C-1003', subject: 'Sale', body: 'Sale!', send_at: '2026-12-01T09:00' };
    for (const kind of ['confirmation', 'reminder', 'confirmation_follow_up', 'invoice']) {
      for (const caller of [agent, dana]) {
        const asked = act(caller, 'message.schedule', { ...input, kind }, { reasoning });
        expect(await refusal(asked), kind).toMatchObject({
          code: 'VALIDATION_ERROR',
          field: 'kind',
          valid_options: ['outreach', 'other'],
        });
      }
    }
    const allowed = { ...input, kind: 'outreach' };
    expect((await act(agent, 'message.schedule', allowed, { reasoning, preview: true })).status).toBe(
      'preview',
    );
  });

  test('is about a visit of that customer or about none', async () => {
    const { act, dana, book } = panes();
    const { reference: ticket_id } = await book('2026-11-24T09:00');
    const input = { contact_id: 'C-1002', subject: 'Hi', body: 'Hi', send_at: '2026-12-01T09:00' };
    expect(await refusal(act(dana, 'message.schedule', { ...input, ticket_id }))).toMatchObject({
      code: 'VALIDATION_ERROR',
      field: 'ticket_id',
      message: 'This visit is another customer’s.',
    });
    expect(await plan({ ticket_id })).toMatchObject({ ticket_id: expect.any(String) });
  });

  test('takes card and social security numbers out of subject and text', async () => {
    const { act, dana } = panes();
    const outcome = await act(dana, 'message.schedule', {
      contact_id: 'C-1001',
      subject: 'Card 4242 4242 4242 4242',
      body: 'Your number 123-45-6789 is with us.',
      send_at: '2026-12-01T09:00',
    });
    expect(outcome.data).toMatchObject({
      subject: 'Card [REDACTED CARD ..4242]',
      body: 'Your number [REDACTED SSN] is with us.',
    });
    expect(outcome.warnings).toEqual([
      'A card number was removed from "subject": such numbers are not kept here.',
      'A social security number was removed from "body": such numbers are not kept here.',
    ]);
    const { rows } = await panes().database.owner.query(
      `select 1 from scheduled_messages as m, jobs as j where concat(m, j) ~ '4242 4242|123-45-6789'`,
    );
    expect(rows).toEqual([]);
  });

  test.each([
    ['C-1002', 'other', 'The customer has no e-mail address.'],
    ['C-1003', 'outreach', 'The customer does not want to be written to.'],
    ['C-1003', 'other', 'The customer does not want to be written to.'],
    ['C-1004', 'outreach', 'The customer does not want to be written to.'],
    ['C-1003', 'reminder', undefined],
    ['C-1003', 'confirmation', undefined],
    ['C-1003', 'confirmation_follow_up', undefined],
    ['C-1004', 'invoice', undefined],
    ['C-1001', 'outreach', undefined],
  ])('to %s as %s warns of what is in the way: %s', async (contact_id, kind, reason) => {
    const { act, dana } = panes();
    const { status, warnings } = await act(dana, 'flow.write', {
      contact_id,
      kind,
      send_at: '2026-12-01T15:00:00Z',
    });
    expect(status).toBe('done');
    const what =
      contact_id === 'C-1002'
        ? 'somebody has to call instead of this message'
        : 'this message will not be sent';
    expect(warnings).toEqual(reason === undefined ? [] : [`As things are, ${what}: ${reason}`]);
  });

  test('to a customer who was deleted, or of another business, is refused', async () => {
    const { act, done, dana } = panes();
    const { id } = await done(dana, 'contact.create', { full_name: 'Gone Tomorrow' });
    const input = { contact_id: id, subject: 'Hi', body: 'Hi', send_at: '2026-12-01T09:00' };
    expect((await act(dana, 'message.schedule', input, { preview: true })).status).toBe('preview');
    await done(dana, 'contact.delete', { contact_id: id });
    const [clara] = await panes().read(panes().clear.owner, 'contacts', { search: 'Clara' });
    for (const contact_id of [id, clara?.id]) {
      expect(await refusal(act(dana, 'message.schedule', { ...input, contact_id }))).toMatchObject({
        code: 'NOT_FOUND',
        field: 'contact_id',
      });
    }
  });

  test('tells in a preview whom it would go to, and leaves nothing', async () => {
    const { act, dana, read } = panes();
    const before = await read(dana, 'scheduled_messages', { limit: 100 });
    const { data } = await act(
      dana,
      'message.schedule',
      { contact_id: 'C-1001', subject: 'Hi', body: 'Hi', send_at: '2026-12-01T09:00' },
      { preview: true },
    );
    expect(data.would_send).toMatchObject([
      {
        kind: 'scheduled_message',
        payload: { to: 'jane.smith@example.com', send_at: '2026-12-01T15:00:00.000Z' },
      },
    ]);
    expect(await read(dana, 'scheduled_messages', { limit: 100 })).toEqual(before);
  });

  test('at nine on the day the clocks change means nine on the wall', async () => {
    const { send_at: spring } = await plan({ send_at: '2027-03-14T09:00' });
    const { send_at: day_before } = await plan({ send_at: '2027-03-13T09:00' });
    const { send_at: skipped, send_local } = await plan({ send_at: '2027-03-14T02:30' });
    expect([spring, day_before]).toEqual(['2027-03-14T14:00:00.000Z', '2027-03-13T15:00:00.000Z']);
    // Half past two does not exist on that day: the first moment after the gap.
    expect([skipped, send_local]).toEqual(['2027-03-14T08:00:00.000Z', 'Sun 2027-03-14 03:00 -05:00']);
  });
});

describe('an agent', () => {
  const calls = async (): Promise<[string, Record<string, unknown>][]> => {
    const { id: message_id } = await plan();
    return [
      ['message.schedule', { contact_id: 'C-1001', subject: 'Hi', body: 'Hi', send_at: '2026-12-01T09:00' }],
      ['message.update', { message_id, body: 'Hi' }],
      ['message.send_now', { message_id }],
      ['message.cancel', { message_id: (await plan()).id }],
    ];
  };

  test('says why it writes to somebody, changes what is said, sends or cancels', async () => {
    const { act, agent } = panes();
    for (const [action, data] of await calls()) {
      expect({ [action]: (await refusal(act(agent, action, data))).code }).toEqual({
        [action]: 'REASONING_REQUIRED',
      });
      expect({ [action]: (await act(agent, action, data, { reasoning })).status }).toEqual({
        [action]: 'done',
      });
    }
  });

  test('asks where the owner wants to be asked, and the owner sees the mail before it is planned', async () => {
    const { act, done, read, agent, olivia } = panes();
    const level = { action: 'message.schedule', level: 'requires_authorization' };
    const { id: grant } = await done(olivia, 'authorization.set_level', level);
    const [[action, data] = ['', {}]] = await calls();
    const waiting = await act(agent, action, data, { reasoning });
    expect(waiting.status).toBe('pending_authorization');
    const [request] = await read(olivia, 'authorization_requests', { id: String(waiting.data.request) });
    expect(JSON.stringify(request?.preview)).toContain('jane.smith@example.com');
    const digest = request?.digest;
    expect(
      await done(olivia, 'authorization.allow_once', { request: waiting.data.request, digest }),
    ).toMatchObject({ status: 'succeeded', result: { status: 'pending' } });
    await done(olivia, 'authorization.revoke_grant', { id: grant });
  });

  test('cannot do what the timer and the delivery do, and neither can people', async () => {
    const { act, agent, olivia } = panes();
    const { id: message_id, send_at } = await plan();
    for (const [action, data] of [
      ['message.send_due', { message_id, send_at }],
      ['message.check_delivery', { message_id, to: 'jane.smith@example.com' }],
      ['message.record_delivery', { message_id }],
    ] as const) {
      expect((await refusal(act(agent, action, data, { reasoning }))).code).toBe('HUMAN_ONLY');
      expect((await refusal(act(olivia, action, data))).code).toBe('FORBIDDEN');
    }
    expect(await stateOf(message_id)).toBe('pending');
  });
});

test('another business reaches no message of ours', async () => {
  const { act, clear, read } = panes();
  const { id, reference } = await plan();
  for (const message_id of [id, reference]) {
    for (const [action, more] of [
      ['message.update', { body: 'Hi' }],
      ['message.cancel', {}],
      ['message.send_now', {}],
    ] as const) {
      expect((await refusal(act(clear.owner, action, { message_id, ...more }))).code).toBe('NOT_FOUND');
    }
  }
  expect(await read(clear.owner, 'scheduled_messages')).toEqual([]);
  expect(await stateOf(id)).toBe('pending');
});
