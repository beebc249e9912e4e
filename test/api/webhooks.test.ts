import { beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../core/kernel/database/ids.ts';
import { type BrightPanes, stock } from '../support/bright-panes.ts';
import { useHttp } from '../support/http.ts';
import { whileWorking } from '../support/letters.ts';
import { soon } from '../support/patience.ts';
import { refusal } from '../support/refusal.ts';
import { type EventType, resendEvent, signed } from './resend-event.ts';

const secretOf = (word: string) => `whsec_${Buffer.from(word.repeat(8)).toString('base64')}`;
const common = secretOf('installation');
const own = secretOf('bright panes');

const front = useHttp({ secrets: { resend_webhook: common } });
const narrow = useHttp({ secrets: { resend_webhook: common }, limits: { badCallsPerMinute: 2 } });
let panes: BrightPanes;

beforeAll(async () => {
  panes = await stock(front().office);
});

const now = () => new Date().toISOString();

interface Sending {
  id?: string;
  at?: number;
  secret?: string;
  path?: string;
  headers?: Record<string, string>;
  server?: typeof front;
}

/** Sends an event as Resend does, signed for the installation unless `more` says otherwise. */
function send(event: Record<string, unknown>, more: Sending = {}) {
  const { id = `msg_${newId()}`, at, secret = common, path = '', headers = {}, server = front } = more;
  const body = JSON.stringify(event);
  return server().send('POST', `/api/webhooks/resend${path}`, {
    key: null,
    headers: { ...signed(body, { id, secret, ...(at === undefined ? {} : { at }) }), ...headers },
    body,
  });
}

/** A message to Jane that Resend has taken under an id of its own. */
async function sentMessage(): Promise<{ id: string; sent_as: string }> {
  const { done, dana, bright } = panes;
  const { id } = await done(dana, 'message.schedule', {
    contact_id: 'C-1001',
    subject: 'Your gutters',
    body: 'Hello Jane.',
    send_at: '2099-12-01T09:00',
  });
  await done(dana, 'message.send_now', { message_id: id });
  const sent_as = newId();
  const system = { via: 'system', organization_id: bright.id, name: 'worker' } as const;
  await done(system, 'message.record_delivery', { message_id: String(id), sent_as });
  await sql(
    `update jobs set done_at = now(), result = jsonb_build_object('resend_id', $2::text) where payload ->> 'message_id' = $1 and kind = 'email'`,
    [id, sent_as],
  );
  await sql(`delete from jobs where kind = 'scheduled_message'`);
  return { id: String(id), sent_as };
}

const sql = (text: string, values: unknown[] = []) => panes.database.owner.query(text, values);

const messageOf = async (id: string) => {
  const fields = ['delivery', 'delivery_at', 'delivery_reason', 'status'];
  const [row] = await panes.read(panes.dana, 'scheduled_messages', { id, fields });
  return row;
};
const mailOf = async (id: string) => {
  const rows = await panes.read(panes.dana, 'outbox', { fields: ['payload', 'delivery', 'delivery_reason'] });
  return rows.find(({ payload }) => JSON.stringify(payload).includes(id));
};

/** Lets everything that waits be carried out. */
const carryOut = () =>
  whileWorking(panes, async () => {
    const open = `select 1 from jobs where kind = 'webhook_event' and done_at is null and dead_at is null`;
    await expect.poll(async () => (await sql(open)).rows.length, soon).toBe(0);
  });

const stored = async (object: string) =>
  (await sql('select event_id, type, processed_at, error from webhook_events where object_id = $1', [object]))
    .rows;

describe('an event of Resend', () => {
  test('is taken at once, carried out by a job as the service itself, and shows on message and mail', async () => {
    const { id, sent_as } = await sentMessage();
    const at = now();
    const answer = await send(resendEvent('email.bounced', sent_as, at));
    expect(answer).toMatchObject({ status: 200, data: { received: true } });
    expect(await messageOf(id)).toMatchObject({ delivery: null });
    expect(await carryOut()).toEqual([]);
    expect(await messageOf(id)).toMatchObject({
      status: 'sent',
      delivery: 'bounced',
      delivery_at: at,
      delivery_reason: 'Permanent General',
    });
    expect(await mailOf(id)).toMatchObject({ delivery: 'bounced', delivery_reason: 'Permanent General' });
    const [entry] = await panes.read(panes.olivia, 'audit_log', {
      params: { entity_type: 'scheduled_message', entity_id: id },
    });
    expect(entry).toMatchObject({
      domain_action: 'message.record_event',
      actor_kind: 'webhook',
      actor_name: 'resend',
    });
    const [event] = await panes.read(panes.olivia, 'webhook_events');
    expect(event).toMatchObject({ type: 'email.bounced', object_id: sent_as, error: null });
    expect(event?.processed_at).toEqual(expect.any(String));
  });

  test.each([
    ['email.delivered', 'delivered', null],
    ['email.delivery_delayed', 'delayed', null],
    ['email.complained', 'complained', null],
    ['email.failed', 'failed', 'reached_daily_quota'],
    ['email.suppressed', 'suppressed', 'OnAccountSuppressionList previous_bounce'],
  ] as const)('%s is told as %s', async (type, delivery, delivery_reason) => {
    const { id, sent_as } = await sentMessage();
    await send(resendEvent(type, sent_as, now()));
    await carryOut();
    expect(await messageOf(id)).toMatchObject({ delivery, delivery_reason });
  });

  test('that comes twice, or twice at the same moment, is stored and carried out once', async () => {
    const { id, sent_as } = await sentMessage();
    const event = resendEvent('email.delivered', sent_as, now());
    const again = { id: `msg_${newId()}` };
    const answers = await Promise.all([send(event, again), send(event, again), send(event, again)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    await carryOut();
    expect((await send(event, again)).status).toBe(200);
    await carryOut();
    expect(await stored(sent_as)).toHaveLength(1);
    const { rows } = await sql(
      `select 1 from jobs where kind = 'webhook_event' and payload #>> '{data,sent_as}' = $1`,
      [sent_as],
    );
    expect(rows).toHaveLength(1);
    expect(await messageOf(id)).toMatchObject({ delivery: 'delivered' });
  });

  test('is carried out once although its job runs twice, and two of them at once', async () => {
    const { id, sent_as } = await sentMessage();
    await send(resendEvent('email.delivered', sent_as, now()));
    const { rows } = await sql('select id from webhook_events where object_id = $1', [sent_as]);
    const caller = {
      via: 'webhook',
      organization_id: panes.bright.id,
      provider: 'resend',
      event: rows[0].id,
    } as const;
    const data = { sent_as, delivery: 'delivered', occurred_at: now() };
    const outcomes = await Promise.all([
      panes.act(caller, 'message.record_event', data),
      panes.act(caller, 'message.record_event', data),
    ]);
    expect(outcomes.map(({ replayed }) => replayed).sort()).toEqual([false, true]);
    await carryOut();
    const entries = await panes.read(panes.olivia, 'audit_log', {
      params: { entity_type: 'scheduled_message', entity_id: id },
    });
    expect(entries.filter(({ domain_action }) => domain_action === 'message.record_event')).toHaveLength(1);
    // It is good for nothing else.
    const form = { name: 'Resend', description: 'I am a form' };
    expect((await refusal(panes.act(caller, 'lead.submit_form', form))).code).toBe('FORBIDDEN');
    const unknown = { ...caller, event: newId() };
    expect((await refusal(panes.act(unknown, 'message.record_event', data))).code).toBe('UNAUTHENTICATED');
  });

  test('does no harm in any order: what weighs more stays', async () => {
    const types: EventType[] = ['email.complained', 'email.delivered', 'email.delivery_delayed'];
    for (const order of [types, [...types].reverse(), [types[1], types[0], types[2]]]) {
      const { id, sent_as } = await sentMessage();
      for (const type of order) {
        await send(resendEvent(type ?? 'email.delivered', sent_as, now()));
        await carryOut();
      }
      expect(await messageOf(id)).toMatchObject({ delivery: 'complained' });
      expect(await mailOf(id)).toMatchObject({ delivery: 'complained' });
    }
  });

  test('that says nothing we keep is written down and nothing is done', async () => {
    const { id, sent_as } = await sentMessage();
    expect((await send(resendEvent('email.opened', sent_as, now()))).status).toBe(200);
    expect(await stored(sent_as)).toMatchObject([{ type: 'email.opened', processed_at: expect.any(Date) }]);
    expect(await messageOf(id)).toMatchObject({ delivery: null });
    const odd = { type: 'contact.created', created_at: now(), data: { id: 'someone' } };
    expect((await send(odd)).status).toBe(200);
    expect((await send({ hello: 'there' })).status).toBe(200);
  });

  test('of a mail nobody here sent is asked for again while it is young, and let go later', async () => {
    const young = resendEvent('email.delivered', newId(), now());
    expect(await send(young)).toMatchObject({ status: 503, error: { code: 'UNAVAILABLE' } });
    const old = resendEvent('email.delivered', newId(), '2026-01-01T00:00:00.000Z');
    expect((await send(old)).status).toBe(200);
    expect(await stored(String(Object(old.data).email_id))).toEqual([]);
  });
});

describe('what is not signed as it must be', () => {
  const refused = { status: 401, error: { code: 'UNAUTHENTICATED' } };

  test('is refused alike and leaves nothing: wrong secret, changed body, old, from the future, no headers', async () => {
    const { id, sent_as } = await sentMessage();
    const event = resendEvent('email.bounced', sent_as, now());
    const minutes = 60_000;
    const answers = [
      await send(event, { secret: secretOf('somebody else') }),
      await send(event, { at: Date.now() - 6 * minutes }),
      await send(event, { at: Date.now() + 6 * minutes }),
      await send(event, { headers: { 'svix-id': 'msg_another' } }),
      await send(event, { headers: { 'svix-signature': 'v1,' } }),
      await send(event, { headers: { 'svix-signature': 'nonsense' } }),
      await front().send('POST', '/api/webhooks/resend', { key: null, body: event }),
      await front().send('POST', '/api/webhooks/resend', {
        key: null,
        headers: signed(JSON.stringify(event), { id: 'msg_1', secret: common }),
        body: JSON.stringify(event).replace('bounced', 'delivered'),
      }),
      await send(event, { path: '/nobody-here' }),
    ];
    for (const answer of answers) expect(answer).toMatchObject(refused);
    expect(new Set(answers.map(({ error }) => error.message)).size).toBe(1);
    expect(await stored(sent_as)).toEqual([]);
    await carryOut();
    expect(await messageOf(id)).toMatchObject({ delivery: null });
    // Four minutes late is not too late.
    expect((await send(event, { at: Date.now() - 4 * minutes })).status).toBe(200);
  });

  test('is slowed down, and whoever signs is not, from the same address', async () => {
    const event = resendEvent('email.delivered', newId(), '2026-01-01T00:00:00.000Z');
    const wrong = { secret: secretOf('wrong'), server: narrow };
    const statuses = [];
    for (let tries = 0; tries < 4; tries += 1) statuses.push((await send(event, wrong)).status);
    expect(statuses).toEqual([401, 401, 429, 429]);
    expect((await send(event, { server: narrow })).status).toBe(200);
  });

  test('is no address of ours: another provider, another method; and too much is too much', async () => {
    expect((await front().post('/api/webhooks/nobody', {}, { key: null })).status).toBe(404);
    expect((await front().get('/api/webhooks/resend', { key: null })).status).toBe(404);
    const huge = { text: 'x'.repeat(300_000) };
    expect((await send(huge)).status).toBe(413);
  });
});

describe('a business with a secret of its own', () => {
  test('is told at its own address, signed with that secret; that of another business is worth nothing there', async () => {
    const { olivia, done, clear } = panes;
    const { sent_as, id } = await sentMessage();
    const event = resendEvent('email.delivered', sent_as, now());
    const at = { path: '/bright-panes' };
    expect((await send(event, { ...at, secret: own })).status).toBe(401);
    await done(olivia, 'secret.set', { name: 'resend_webhook', value: own });
    await done(clear.owner, 'secret.set', { name: 'resend_webhook', value: secretOf('clear view') });
    expect((await send(event, { ...at, secret: secretOf('clear view') })).status).toBe(401);
    expect((await send(event, { ...at, secret: common })).status).toBe(401);
    expect((await send(event, { ...at, secret: own })).status).toBe(200);
    await carryOut();
    expect(await messageOf(id)).toMatchObject({ delivery: 'delivered' });
  });

  test('changes nothing of another business, whatever it signs', async () => {
    const { sent_as, id } = await sentMessage();
    const event = resendEvent('email.complained', sent_as, '2026-01-01T00:00:00.000Z');
    const answer = await send(event, { path: '/clear-view', secret: secretOf('clear view') });
    expect(answer.status).toBe(200);
    await carryOut();
    expect(await messageOf(id)).toMatchObject({ delivery: null });
    const events = await panes.read(panes.clear.owner, 'webhook_events');
    expect(events).toMatchObject([{ object_id: sent_as, error: null }]);
  });

  test('hears of a mail before it has written down its id: the event waits, and is carried out then', async () => {
    const { sent_as, id } = await sentMessage();
    const unknown = newId();
    await send(resendEvent('email.delivered', unknown, now()), { path: '/bright-panes', secret: own });
    const { rows } = await sql('select id from webhook_events where object_id = $1', [unknown]);
    const { bright, act, done } = panes;
    const caller = {
      via: 'webhook',
      organization_id: bright.id,
      provider: 'resend',
      event: String(rows[0]?.id),
    } as const;
    const data = { sent_as: unknown, delivery: 'delivered', occurred_at: now() };
    expect((await refusal(act(caller, 'message.record_event', data))).code).toBe('NOT_FOUND');
    expect(await stored(unknown)).toMatchObject([
      { processed_at: null, error: expect.stringMatching(/^There is no mail/) },
    ]);
    await sql(
      `update jobs set result = jsonb_build_object('resend_id', $2::text) where result ->> 'resend_id' = $1`,
      [sent_as, unknown],
    );
    expect(await done(caller, 'message.record_event', data)).toMatchObject({ is_ours: true });
    expect(await stored(unknown)).toMatchObject([{ processed_at: expect.any(Date), error: null }]);
    expect(await mailOf(id)).toMatchObject({ delivery: 'delivered' });
  });
});
