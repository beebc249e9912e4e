import { beforeAll, describe, expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { refusal } from '../support/refusal.ts';

// A business may want to look at every mail of its assistant before it goes out.

const panes = useBrightPanes();
const reasoning = 'The customer asked us to write to them';

const mails = () => panes().read(panes().dana, 'outbox', { params: { kind: 'email' }, limit: 100 });
const stateOf = async (id: unknown) => {
  const [row] = await panes().read(panes().dana, 'scheduled_messages', { id: String(id) });
  return row?.status;
};
const write = (more: Record<string, unknown> = {}) =>
  panes().act(
    panes().agent,
    'message.schedule',
    { contact_id: 'C-1001', subject: 'News', body: 'Hello {{customer_first_name}}.', ...more },
    { reasoning },
  );

beforeAll(() =>
  panes().done(panes().olivia, 'organization.update_settings', { settings: { agent_mails: 'wait_for_me' } }),
);

describe('a mail of the assistant, where the business wants to look first', () => {
  test('is a draft: nothing has gone out, and the assistant is told so', async () => {
    const before = (await mails()).length;
    const { status, data, warnings } = await write();
    expect({ status, state: data.status }).toEqual({ status: 'done', state: 'draft' });
    expect(warnings).toEqual([expect.stringMatching(/^M-\d+ is a draft: nothing has gone out\./)]);
    expect(await mails()).toHaveLength(before);
  });

  test('goes out in the words it has when a person sends it, once', async () => {
    const { data } = await write();
    const { done, dana, act } = panes();
    expect(await done(dana, 'message.send_now', { message_id: data.id })).toMatchObject({
      status: 'sending',
    });
    expect((await mails())[0]?.payload).toMatchObject({
      message_id: data.id,
      text: expect.stringMatching(/^Hello \w+.*\.$/),
    });
    expect((await refusal(act(dana, 'message.send_now', { message_id: data.id }))).code).toBe(
      'INVALID_STATE',
    );
  });

  test('is not sent by the assistant itself', async () => {
    const { data } = await write();
    const { act, agent } = panes();
    expect((await refusal(act(agent, 'message.send_now', { message_id: data.id }, { reasoning }))).code).toBe(
      'INVALID_STATE',
    );
    expect(await stateOf(data.id)).toBe('draft');
  });

  test('is changed or thrown away by people', async () => {
    const { data } = await write();
    const { done, dana } = panes();
    const change = { message_id: data.id, body: 'Good morning.' };
    expect(await done(dana, 'message.update', change)).toMatchObject({
      status: 'draft',
      body: 'Good morning.',
    });
    expect(await done(dana, 'message.cancel', { message_id: data.id })).toMatchObject({
      status: 'cancelled',
    });
  });

  test('waits for its time when a person gives it one', async () => {
    const { data } = await write({ send_at: '2026-12-01T09:00' });
    expect(data.status).toBe('draft');
    const { done, dana } = panes();
    const allowed = await done(dana, 'message.update', { message_id: data.id, send_at: '2026-12-01T10:00' });
    expect(allowed.status).toBe('pending');
  });

  test('is a draft as well when it confirms a visit, and the visit is booked', async () => {
    const before = (await mails()).length;
    const booking = { contact_id: 'C-1001', scheduled_at: '2026-12-08T09:00', notify_customer: true };
    const { status, data } = await panes().act(panes().agent, 'ticket.create', booking);
    expect(status).toBe('done');
    expect(data.customer_told).toMatch(/^not yet told: M-\d+ waits for a person$/);
    expect(await mails()).toHaveLength(before);
  });

  test('is counted in the inbox', async () => {
    const rows = await panes().read(panes().dana, 'inbox', {});
    expect(rows.find(({ kind }) => kind === 'drafts')).toMatchObject({ label: 'Mails to look at' });
  });

  test('of a person goes out at once all the same', async () => {
    const message = { contact_id: 'C-1001', subject: 'News', body: 'Hello.' };
    expect(await panes().done(panes().dana, 'message.schedule', message)).toMatchObject({
      status: 'sending',
    });
  });
});
