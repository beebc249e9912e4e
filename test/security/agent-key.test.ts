import { beforeEach, describe, expect, test } from 'vitest';
import type { Caller } from '../../core/kernel/pipeline/context.ts';
import { type Asked, askFor, findRequest, hireAgent } from '../authorization-queue/asking.ts';
import { countRuns, errands } from '../authorization-queue/errands.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { asTableOwner } from '../support/raw-sql.ts';
import { refusal } from '../support/refusal.ts';

const panes = useBrightPanes({ domains: [errands] });

beforeEach(async () => {
  await asTableOwner(panes(), 'delete from permission_overrides');
  await asTableOwner(panes(), 'delete from authorization_requests');
});

/** A new key of the agent of Bright Panes. */
async function makeKey(more: Record<string, unknown> = {}) {
  const { olivia, bright, done } = panes();
  const { id, key } = await done(olivia, 'agent.create_key', { agent_id: bright.agentId, ...more });
  const agent: Caller & { via: 'key' } = { via: 'key', key: String(key) };
  return { id: String(id), agent };
}

const ask = (agent: Caller & { via: 'key' }, what: string) =>
  askFor(panes(), { agent, owner: panes().olivia }, 'errand.run', { what, far: true });
const revoke = (key: string) => panes().done(panes().olivia, 'agent.revoke_key', { key });
const allow = (asked: Asked, how = 'allow_once') =>
  panes().done(panes().olivia, `authorization.${how}`, { ...asked });

const ends: [what: string, end: (key: string) => Promise<unknown>, message: string][] = [
  ['revoked', revoke, 'The key it was asked with was revoked meanwhile.'],
  [
    'expired',
    key =>
      asTableOwner(panes(), `update agent_keys set expires_at = now() - interval '1 second' where id = $1`, [
        key,
      ]),
    'The key it was asked with has expired.',
  ],
  [
    'deleted',
    key => asTableOwner(panes(), 'delete from agent_keys where id = $1', [key]),
    'The key it was asked with is gone.',
  ],
  [
    'given to another agent',
    async key => {
      const { id } = await panes().done(panes().olivia, 'agent.create', { name: `Other ${key}` });
      return asTableOwner(panes(), 'update agent_keys set agent_id = $2 where id = $1', [key, id]);
    },
    'The key it was asked with is gone.',
  ],
];

describe.each(ends)('what a key asked for that is %s meanwhile', (what, end, message) => {
  test.each(['allow_once', 'allow_always'])(
    'does not run on %s, although another key of the same agent lives, and says why',
    async how => {
      const { id, agent } = await makeKey();
      const other = await makeKey();
      const [stolen, sound] = [`${what} ${how} stolen`, `${what} ${how} sound`];
      const [asked, control] = [await ask(agent, stolen), await ask(other.agent, sound)];
      await end(id);
      expect(await allow(asked, how)).toMatchObject({
        status: 'stale',
        error: { message },
        replaced_by: null,
        grant: null,
      });
      expect(await countRuns(panes(), stolen)).toBe(0);
      expect(await findRequest(panes(), asked.request)).toMatchObject({
        status: 'stale',
        error: { message },
      });
      expect(await allow(control)).toMatchObject({ status: 'succeeded' });
      expect(await countRuns(panes(), sound)).toBe(1);
    },
  );

  test('reads as stale with the reason before anybody decides, for the owner and for the agent', async () => {
    const { id, agent } = await makeKey();
    const asked = await ask(agent, `${what} read`);
    const { read, olivia, agent: living } = panes();
    for (const who of [olivia, living]) {
      expect(await read(who, 'authorization_requests', { filter: 'pending' })).toHaveLength(1);
    }
    await end(id);
    for (const who of [olivia, living]) {
      expect(await read(who, 'authorization_requests', { filter: 'pending' })).toEqual([]);
      expect(await read(who, 'authorization_requests', { id: asked.request })).toMatchObject([
        { status: 'stale', error: { message } },
      ]);
    }
  });
});

test('what waits under a dead key does not swallow the same call of a living one', async () => {
  const [first, second] = [await makeKey(), await makeKey()];
  const asked = await ask(first.agent, 'twice');
  expect((await ask(first.agent, 'twice')).request).toBe(asked.request);
  await revoke(first.id);
  const again = await ask(second.agent, 'twice');
  expect(again.request).not.toBe(asked.request);
  expect(again.digest).not.toBe(asked.digest);
  expect(await allow(again)).toMatchObject({ status: 'succeeded' });
  expect(await countRuns(panes(), 'twice')).toBe(1);
});

test('the digest of one request allows no other that asks for the same', async () => {
  const { agent } = await makeKey();
  const first = await ask(agent, 'same');
  await panes().done(panes().olivia, 'authorization.deny', { ...first });
  const second = await ask(agent, 'same');
  const swapped = { request: second.request, digest: first.digest };
  const call = panes().act(panes().olivia, 'authorization.allow_once', swapped);
  expect(await refusal(call)).toMatchObject({ code: 'CONFLICT', field: 'digest' });
  expect(await allow(second)).toMatchObject({ status: 'succeeded' });
  expect(await countRuns(panes(), 'same')).toBe(1);
});

test('a request that was put under a living key in the table does nothing', async () => {
  const [stolen, living] = [await makeKey(), await makeKey()];
  const asked = await ask(stolen.agent, 'moved');
  await revoke(stolen.id);
  await asTableOwner(panes(), 'update authorization_requests set key_id = $2 where reference = $1', [
    asked.request,
    living.id,
  ]);
  expect(await allow(asked)).toMatchObject({ status: 'failed', error: { code: 'CONFLICT' } });
  expect(await countRuns(panes(), 'moved')).toBe(0);
});

test('of a revocation and an approval at once one is first: nothing runs after the key has ended', async () => {
  for (let round = 0; round < 8; round += 1) {
    const { id, agent } = await makeKey();
    const what = `race ${round}`;
    const asked = await ask(agent, what);
    const [ended] = await Promise.all([allow(asked), revoke(id)]);
    const runs = await countRuns(panes(), what);
    expect([ended.status, runs]).toEqual(ended.status === 'succeeded' ? ['succeeded', 1] : ['stale', 0]);
  }
});

test('an approval waits for a revocation that is under way, and then does nothing', async () => {
  const { id, agent } = await makeKey();
  const asked = await ask(agent, 'held');
  const client = await panes().database.owner.connect();
  try {
    await client.query('begin');
    await client.query(
      `select set_config('app.actor', '{"kind": "system", "name": "test"}', true),
        set_config('app.current_organization_id', $1, true)`,
      [panes().bright.id],
    );
    await client.query('update agent_keys set revoked_at = now() where id = $1', [id]);
    const allowed = allow(asked);
    await client.query('commit');
    expect(await allowed).toMatchObject({ status: 'stale' });
  } finally {
    client.release();
  }
  expect(await countRuns(panes(), 'held')).toBe(0);
});

test('another business’s key and agent are nothing to it', async () => {
  const { clear, bright, done } = panes();
  const theirs = await hireAgent(panes(), clear, 'Clear Agent');
  const { agent } = await makeKey();
  const asked = await ask(agent, 'ours alone');
  await done(clear.owner, 'agent.delete', { agent_id: theirs.id });
  expect(bright.id).not.toBe(clear.id);
  expect(await allow(asked)).toMatchObject({ status: 'succeeded' });
});
