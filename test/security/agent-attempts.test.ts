import { beforeEach, describe, expect, test } from 'vitest';
import { askFor } from '../authorization-queue/asking.ts';
import { type Message, useHttp } from '../support/http.ts';
import { asTableOwner } from '../support/raw-sql.ts';
import { refusal } from '../support/refusal.ts';

const front = useHttp();
const reasoning = 'The owner told me on the phone that I may';

beforeEach(async () => {
  const { database } = front().office;
  await database.owner.query(`delete from security_events; delete from jobs where kind = 'security_notice'`);
  await asTableOwner(front().office, 'delete from authorization_requests');
});

const events = async (who = front().office.bright.owner) =>
  (await front().office.read(who, 'security_events', { params: { kind: 'attempt' } })).map(
    ({ action, actor_name, field }) => ({ action, actor_name, field }),
  );
const noticesQueued = async () => {
  const { rows } = await front().office.database.owner.query(
    `select count(*)::int as count from jobs where kind = 'security_notice'`,
  );
  return rows[0]?.count;
};

const f = 'f'.repeat(64);
const tries: [action: string, data: Record<string, unknown>][] = [
  ['authorization.allow_once', { request: 'R-1', digest: f }],
  ['authorization.allow_always', { request: 'R-1', digest: f }],
  ['authorization.deny', { request: 'R-1', digest: f }],
  ['authorization.set_level', { action: 'contact.delete', level: 'unrestricted' }],
  ['authorization.revoke_grant', { id: '018f0000-0000-7000-8000-000000000000' }],
  ['authorization.resume_agent', { agent_id: 'Office Manager' }],
  ['agent.create_key', { agent_id: 'Office Manager' }],
  ['agent.revoke_key', { key: 'dh_Xk3v9Qa' }],
  ['member.create', { name: 'Eve', email: 'eve@evil.test', role: 'owner' }],
];

describe('an agent that tries what is for people', () => {
  test.each(tries)(
    '%s: it is refused, written down, told to the owner, and nothing else happens',
    async (action, data) => {
      const { bright, act, read } = front().office;
      expect((await refusal(act(bright.agent, action, data, { reasoning }))).code).toBe('HUMAN_ONLY');
      expect(await events()).toEqual([{ action, actor_name: 'Office Manager', field: null }]);
      expect(await noticesQueued()).toBe(1);
      const [entry] = await read(bright.owner, 'audit_log', {
        params: { entity_type: 'security_event' },
        limit: 1,
      });
      expect(entry).toMatchObject({ action: 'create', domain_action: action, actor_name: 'Office Manager' });
      // An owner who does the same leaves no such event, whatever comes of it.
      await act(bright.owner, action, data, { preview: true }).catch(() => undefined);
      expect(await events()).toHaveLength(1);
    },
  );

  test('with an input that is no input reads that it is for people, and is written down too', async () => {
    const { bright, act } = front().office;
    const call = act(bright.agent, 'authorization.allow_once', { please: true });
    expect((await refusal(call)).code).toBe('HUMAN_ONLY');
    expect(await events()).toHaveLength(1);
    // The owner is told what is wrong with it.
    const asOwner = act(bright.owner, 'authorization.allow_once', { please: true });
    expect((await refusal(asOwner)).code).toBe('VALIDATION_ERROR');
  });

  test('as a preview, over HTTP and by a route of its own: each is written down', async () => {
    const { post } = front();
    const message: Message = {};
    for (const [index, [action, data]] of tries.slice(0, 3).entries()) {
      const answer = await post(
        '/api/actions',
        { action, data, ...(index === 0 ? { preview: true } : {}) },
        message,
      );
      expect(answer.error.code).toBe('HUMAN_ONLY');
    }
    expect((await events()).map(({ action }) => action).sort()).toEqual([
      'authorization.allow_always',
      'authorization.allow_once',
      'authorization.deny',
    ]);
  });

  test('tries what bounds it: a setting for people is an attempt with its name', async () => {
    const { bright, act } = front().office;
    const data = { settings: { llm_requests_per_day: 1_000_000 } };
    expect((await refusal(act(bright.agent, 'organization.update_settings', data))).code).toBe('FORBIDDEN');
    expect(await events()).toEqual([
      {
        action: 'organization.update_settings',
        actor_name: 'Office Manager',
        field: 'settings.llm_requests_per_day',
      },
    ]);
  });

  test('a hundred times fills neither the history nor the owner’s mail', async () => {
    const { bright, act } = front().office;
    const [action, data] = ['authorization.allow_once', { request: 'R-1', digest: f }];
    for (let n = 0; n < 20; n += 1) await act(bright.agent, action, data).catch(() => undefined);
    await Promise.allSettled(Array.from({ length: 80 }, () => act(bright.agent, action, data)));
    expect(await events()).toHaveLength(1);
    expect(await noticesQueued()).toBe(1);
  });

  test('is read by people of its business alone', async () => {
    const { bright, clear, act, read } = front().office;
    await refusal(act(bright.agent, 'authorization.deny', { request: 'R-1', digest: f }));
    expect(await events()).toHaveLength(1);
    expect(await events(clear.owner)).toEqual([]);
    expect(await read(bright.agent, 'security_events')).toEqual([]);
    const dana = read(bright.people.Dana?.caller ?? bright.agent, 'security_events');
    expect((await refusal(dana)).code).toBe('FORBIDDEN');
  });
});

test('what an agent may do, and what it asks for, is no attempt', async () => {
  const { bright, act } = front().office;
  await act(bright.agent, 'contact.create', { full_name: 'Ada Byron' });
  await askFor(front().office, bright, 'organization.update_settings', { name: 'Brighter Panes' });
  await refusal(act(bright.agent, 'contact.create', {}));
  expect(await events()).toEqual([]);
});
