import { beforeAll, describe, expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { race, refusal } from '../support/refusal.ts';
import { flows, planning } from './planning.ts';

const panes = useBrightPanes({ domains: [flows] });
const { plan, stateOf, timersOf } = planning(panes);

beforeAll(async () => {
  await panes().done(panes().dana, 'contact.create', {
    full_name: 'Nora Quiet',
    email: 'nora@example.com',
    status: 'unsubscribed',
  });
});

describe('a message that is pending', () => {
  test('gets other words and another time, and a timer for that', async () => {
    const { done, dana } = panes();
    const { id, reference } = await plan();
    expect(await done(dana, 'message.update', { message_id: reference, subject: 'Leaves' })).toMatchObject({
      subject: 'Leaves',
      body: 'Hello Jane,\n\nthe leaves are down.',
      send_local: 'Tue 2026-12-01 09:00 -06:00',
    });
    expect(await timersOf(id)).toEqual(['2026-12-01T15:00:00.000Z']);
    const moved = await done(dana, 'message.update', {
      message_id: id,
      body: 'Later.',
      send_at: '2026-12-03T10:30',
    });
    expect(moved).toMatchObject({
      subject: 'Leaves',
      body: 'Later.',
      send_local: 'Thu 2026-12-03 10:30 -06:00',
      status: 'pending',
    });
    expect(await timersOf(id)).toEqual(['2026-12-01T15:00:00.000Z', '2026-12-03T16:30:00.000Z']);
  });

  test('is not moved into the past, and a change that changes nothing is told', async () => {
    const { act, dana } = panes();
    const { id: message_id } = await plan();
    expect(
      await refusal(act(dana, 'message.update', { message_id, send_at: '2026-11-18T07:00' })),
    ).toMatchObject({ code: 'VALIDATION_ERROR', field: 'send_at' });
    expect(await refusal(act(dana, 'message.update', { message_id }))).toMatchObject({
      code: 'VALIDATION_ERROR',
      valid_options: ['subject', 'body', 'send_at'],
    });
  });

  test('is cancelled once, for good', async () => {
    const { done, act, dana } = panes();
    const { id: message_id, reference } = await plan();
    expect(await done(dana, 'message.cancel', { message_id: reference })).toMatchObject({
      status: 'cancelled',
      sent_at: null,
    });
    for (const [action, more] of [
      ['message.cancel', {}],
      ['message.update', { body: 'Hi' }],
      ['message.send_now', {}],
    ] as const) {
      expect(await refusal(act(dana, action, { message_id, ...more }))).toMatchObject({
        code: 'INVALID_STATE',
        message: `${reference} is cancelled, which is final.`,
        state: 'cancelled',
        hint: 'Write another one with message.schedule.',
      });
    }
  });

  test('is sent before its time to the address the customer has now', async () => {
    const { done, act, dana, read } = panes();
    const { id: contact_id } = await done(dana, 'contact.create', { full_name: 'Late Address' });
    const { id: message_id, reference } = await plan({ contact_id, body: '« 100 % » — Grüße ☂' });
    expect(await refusal(act(dana, 'message.send_now', { message_id }))).toMatchObject({
      code: 'INVALID_STATE',
      message: `${reference} cannot be sent. The customer has no e-mail address.`,
      hint: 'Add one with contact.update first.',
    });
    expect(await stateOf(message_id)).toBe('pending');
    await done(dana, 'contact.update', { contact_id, email: 'late@example.com' });
    expect(await done(dana, 'message.send_now', { message_id })).toMatchObject({
      status: 'sending',
      sent_to: 'late@example.com',
      send_local: 'Wed 2026-11-18 08:00 -06:00',
    });
    const [mail] = await read(dana, 'outbox', { params: { kind: 'email' }, limit: 1 });
    expect(mail?.payload).toEqual({
      to: 'late@example.com',
      from_name: 'Bright Panes Window Cleaning',
      subject: 'Your gutters',
      text: '« 100 % » — Grüße ☂',
      footer: 'Bright Panes Window Cleaning',
      links: {},
      message_kind: 'other',
      message_id,
      contact_id,
      unsubscribe_link: expect.any(String),
    });
    expect(await refusal(act(dana, 'message.cancel', { message_id }))).toMatchObject({
      code: 'INVALID_STATE',
      message: `${reference} is being sent right now.`,
    });
  });

  test('is not sent to whoever asked not to be written to, nor to a deleted customer', async () => {
    const { done, act, dana } = panes();
    const unwanted = await plan({ contact_id: 'C-1003', kind: 'outreach' });
    expect(await refusal(act(dana, 'message.send_now', { message_id: unwanted.id }))).toMatchObject({
      code: 'INVALID_STATE',
      message: `${unwanted.reference} cannot be sent. The customer does not want to be written to.`,
      hint: 'Call them instead. Only what is about a visit or a bill of theirs goes out.',
    });
    const { id: contact_id } = await done(dana, 'contact.create', {
      full_name: 'Soon Gone',
      email: 'gone@example.com',
    });
    const orphan = await plan({ contact_id });
    await done(dana, 'contact.delete', { contact_id });
    expect(await refusal(act(dana, 'message.send_now', { message_id: orphan.id }))).toMatchObject({
      code: 'INVALID_STATE',
      hint: 'Bring them back with contact.restore first.',
    });
    // What is about a visit goes out.
    const reminder = await done(dana, 'flow.write', {
      contact_id: 'C-1003',
      kind: 'reminder',
      send_at: '2026-12-01T15:00:00Z',
    });
    expect(await done(dana, 'message.send_now', { message_id: reminder.id })).toMatchObject({
      sent_to: 'nora@example.com',
    });
  });

  test('leaves one mail when it is sent twice at once, and one verdict when it is cancelled meanwhile', async () => {
    const { act, dana, olivia, database } = panes();
    for (const verbs of [
      ['message.send_now', 'message.send_now'],
      ['message.send_now', 'message.cancel'],
      ['message.cancel', 'message.cancel'],
    ] as const) {
      const { id: message_id } = await plan();
      const ended = await race(
        verbs.map((verb, index) => act(index === 0 ? dana : olivia, verb, { message_id })),
      );
      expect([ended.won.length, ended.refused]).toEqual([1, ['INVALID_STATE']]);
      const { rows } = await database.owner.query(
        `select 1 from jobs where kind = 'email' and payload ->> 'message_id' = $1`,
        [message_id],
      );
      expect(rows).toHaveLength((await stateOf(message_id)) === 'sending' ? 1 : 0);
    }
  });
});
