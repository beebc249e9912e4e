import { expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { refusal } from '../support/refusal.ts';

const panes = useBrightPanes();
const withKey = (key: unknown) => ({ via: 'key', key: String(key) }) as const;

test('a key is shown once, works at once, and only its beginning is ever shown again', async () => {
  const { olivia, done, read, database } = panes();
  const made = await done(olivia, 'agent.create_key', { agent_id: 'Office Manager' });
  expect(made).toEqual({
    id: expect.any(String),
    agent_id: panes().bright.agentId,
    prefix: String(made.key).slice(0, 10),
    key: expect.stringMatching(/^dh_[\w-]{43}$/),
    expires_at: null,
    revoked_at: null,
    last_used_at: null,
    created_at: expect.any(String),
  });
  expect(await read(withKey(made.key), 'contacts')).toHaveLength(2);
  expect(JSON.stringify(await read(olivia, 'agent_keys'))).not.toContain(made.key);
  const everything = await database.owner.query(
    `select (select json_agg(k) from agent_keys as k)::text || (select json_agg(a) from audit_log as a)::text as text`,
  );
  expect(everything.rows[0]?.text).not.toContain(String(made.key).slice(12));
  expect(everything.rows[0]?.text).toContain(made.prefix);
});

test('a revoked key is refused by the very next call, and is not revoked twice', async () => {
  const { olivia, done, act, read } = panes();
  const { key, prefix } = await done(olivia, 'agent.create_key', { agent_id: 'Office Manager' });
  expect((await act(withKey(key), 'contact.create', { full_name: 'Before' })).status).toBe('done');
  await done(olivia, 'agent.revoke_key', { key: prefix });
  expect(await refusal(act(withKey(key), 'contact.create', { full_name: 'After' }))).toEqual({
    code: 'UNAUTHENTICATED',
    message: 'This key or session is not valid (any more).',
    hint: 'Ask the owner for a key (deskhand key create) or sign in again.',
  });
  expect(await refusal(act(olivia, 'agent.revoke_key', { key: prefix }))).toMatchObject({
    code: 'NOT_FOUND',
    field: 'key',
  });
  expect(await read(panes().agent, 'contacts', { search: 'After' })).toEqual([]);
});

test('a key can end by itself on a day of the owner’s choice', async () => {
  const { olivia, done, read } = panes();
  const until = async (expires_on: string) =>
    withKey((await done(olivia, 'agent.create_key', { agent_id: 'Office Manager', expires_on })).key);
  expect(await refusal(read(await until('2020-01-31'), 'contacts'))).toMatchObject({
    code: 'UNAUTHENTICATED',
  });
  expect(await read(await until('2096-01-31'), 'contacts')).not.toEqual([]);
});

test('removing an agent revokes its keys, and restoring it does not bring them back', async () => {
  const { olivia, done, read } = panes();
  const { id } = await done(olivia, 'agent.create', { name: 'Night Shift' });
  const { key } = await done(olivia, 'agent.create_key', { agent_id: id });
  expect(await read(withKey(key), 'contacts')).not.toEqual([]);
  await done(olivia, 'agent.delete', { agent_id: id });
  await done(olivia, 'agent.restore', { agent_id: id });
  expect(await refusal(read(withKey(key), 'contacts'))).toMatchObject({ code: 'UNAUTHENTICATED' });
});

test('an agent makes no keys, and a name is given once', async () => {
  const { olivia, agent, dana, act, done } = panes();
  const reasoning = 'I need another key for the night shift';
  for (const [action, data] of [
    ['agent.create_key', { agent_id: 'Office Manager' }],
    ['agent.create', { name: 'Helper' }],
    ['agent.revoke_key', { key: 'dh_whatever' }],
  ] as const) {
    expect(await refusal(act(agent, action, data, { reasoning }))).toMatchObject({ code: 'HUMAN_ONLY' });
    expect(await refusal(act(dana, action, data))).toMatchObject({ code: 'FORBIDDEN' });
  }
  expect(await refusal(act(olivia, 'agent.create', { name: 'Office Manager' }))).toMatchObject({
    code: 'CONFLICT',
    field: 'name',
  });
  expect(await done(olivia, 'agent.create', { name: 'Helper' })).toMatchObject({
    name: 'Helper',
    paused_at: null,
  });
});

test('a paused agent reads and changes nothing, whatever it was allowed', async () => {
  const { agent, act, read, database, bright } = panes();
  const pause = (paused: boolean) =>
    database.owner.query(
      `with as_somebody as (select set_config('app.actor', '{"kind": "system", "name": "owner"}', false))
      update agents set paused_at = case when $2 then now() end from as_somebody where id = $1`,
      [bright.agentId, paused],
    );
  await pause(true);
  expect(await read(agent, 'contacts')).not.toEqual([]);
  expect(await refusal(act(agent, 'contact.create', { full_name: 'x' }))).toMatchObject({
    code: 'FORBIDDEN',
    message: 'Office Manager is paused by the owner; nothing can be changed.',
  });
  const wish = { contact_id: 'C-1001', scheduled_at: '2026-11-23T09:00', duration_minutes: 60 };
  expect(await refusal(act(agent, 'schedule_appointment', wish))).toMatchObject({ code: 'FORBIDDEN' });
  await pause(false);
  expect((await act(agent, 'contact.create', { full_name: 'x' })).status).toBe('done');
});
