import { describe, expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { refusal } from '../support/refusal.ts';

// Moving a visit cancels one: an agent says why, and asks the owner where the owner wants to be asked.

const panes = useBrightPanes();
const reasoning = 'The customer called and asked for another day';

/** What the customer asks for, as the agent hands it in. */
const ask = (data: Record<string, unknown>, extra: Record<string, unknown> = {}) =>
  panes().act(panes().agent, 'handle_reschedule_request', data, extra);

const visit = async (id: unknown, include: readonly string[] = []) => {
  const [row] = await panes().read(panes().olivia, 'tickets', { id: String(id), include });
  return row;
};

describe('what an agent may do alone', () => {
  test('cancelling wants a reason, also inside of this, and without one nothing happens', async () => {
    const { book } = panes();
    const old = await book('2026-12-23T09:00');
    const wish = { ticket_id: old.reference, scheduled_at: '2026-12-23T11:00' };
    expect(await refusal(ask(wish))).toMatchObject({
      code: 'REASONING_REQUIRED',
      field: 'reasoning',
    });
    expect(await visit(old.id)).toMatchObject({ status: 'scheduled' });
    const { status, data } = await ask(wish, { reasoning });
    expect(status).toBe('done');
    expect(await visit(old.id)).toMatchObject({ cancel_reason: expect.stringContaining(reasoning) });
    const history = await panes().read(panes().olivia, 'audit_log', {
      params: { subject_id: String(Object(data.ticket).id) },
    });
    expect(history[0]).toMatchObject({ domain_action: 'handle_reschedule_request', reasoning });
  });

  test.each(['ticket.cancel', 'ticket.rebook'])(
    'when the owner wants to decide about %s, the whole waits, and is done as a whole',
    async action => {
      const { book, olivia, done, read } = panes();
      const old = await book('2026-12-28T09:00', { technician_ids: ['Theo'] });
      const level = await done(olivia, 'authorization.set_level', {
        action,
        level: 'requires_authorization',
      });
      const wish = { ticket_id: old.reference, scheduled_at: '2026-12-29T09:00' };
      const waiting = await ask(wish, { reasoning });
      expect(waiting).toMatchObject({ status: 'pending_authorization' });
      expect(await visit(old.id, ['rescheduled_to'])).toMatchObject({
        status: 'scheduled',
        rescheduled_to: [],
      });
      const request = String(waiting.data.request);
      const [asked] = await read(olivia, 'authorization_requests', { id: request });
      expect(asked).toMatchObject({ action: 'handle_reschedule_request', rule_action: action });
      await done(olivia, 'authorization.allow_once', { request, digest: asked?.digest });
      expect(await visit(old.id, ['rescheduled_to'])).toMatchObject({
        status: 'cancelled',
        rescheduled_to: { scheduled_at: '2026-12-29T15:00:00.000Z' },
      });
      await done(olivia, 'authorization.revoke_grant', { id: level.id });
      const moved = Object((await visit(old.id, ['rescheduled_to']))?.rescheduled_to);
      await done(olivia, 'ticket.cancel', { ticket_id: moved.id });
    },
  );
});

test('a preview shows both sides and leaves everything as it is', async () => {
  const { book } = panes();
  const old = await book('2027-01-04T09:00');
  const wish = { ticket_id: old.reference, scheduled_at: '2027-01-05T09:00' };
  const outcome = await ask(wish, { reasoning, preview: true });
  expect(outcome).toMatchObject({
    status: 'preview',
    data: { would_send: [{ kind: 'email' }], needs_authorization: null, result: { moved: true } },
  });
  expect(await visit(old.id)).toMatchObject({ status: 'scheduled', version: old.version });
});

test('an agent that moves more than five visits within ten minutes asks the owner, as for cancelling them', async () => {
  const { book } = panes();
  const statuses: string[] = [];
  for (const day of [11, 12, 13, 14, 15, 18, 19]) {
    const { reference } = await book(`2027-01-${day}T09:00`);
    const wish = { ticket_id: reference, scheduled_at: `2027-01-${day}T11:00`, notify_customer: false };
    statuses.push((await ask(wish, { reasoning })).status);
  }
  expect(statuses[0]).toBe('done');
  expect(statuses.at(-1)).toBe('pending_authorization');
});
