import { beforeEach, describe, expect, test } from 'vitest';
import type { Caller } from '../../core/kernel/pipeline/context.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { as } from '../support/office.ts';
import { asTableOwner } from '../support/raw-sql.ts';
import { refusal } from '../support/refusal.ts';
import { askFor, hireAgent, reasoning } from './asking.ts';
import { errands } from './errands.ts';

const panes = useBrightPanes({ domains: [errands] });

beforeEach(async () => {
  await asTableOwner(panes(), 'delete from permission_overrides');
  await asTableOwner(panes(), 'delete from authorization_requests');
});

const setLevel = (data: Record<string, unknown>, who: Caller = panes().olivia) =>
  panes().done(who, 'authorization.set_level', data);

let errandsRun = 0;
/** How an errand of an agent ends: done, waiting, or the code of its refusal. */
async function tryErrand(
  more: Record<string, unknown> = {},
  who: Caller = panes().agent,
  extra: { reasoning?: string } = { reasoning },
): Promise<string> {
  const call = panes().act(who, 'errand.run', { what: `errand ${++errandsRun}`, ...more }, extra);
  return call.then(
    ({ status }) => status,
    async () => (await refusal(call)).code,
  );
}

describe('the owner sets a level', () => {
  test.each([
    { level: 'unrestricted', silent: 'done', explained: 'done' },
    { level: 'soft_limit', silent: 'REASONING_REQUIRED', explained: 'done' },
    { level: 'requires_authorization', silent: 'pending_authorization', explained: 'pending_authorization' },
    { level: 'forbidden', silent: 'FORBIDDEN', explained: 'FORBIDDEN' },
  ])(
    '$level: an agent gets $silent, and $explained when it says why',
    async ({ level, silent, explained }) => {
      expect(await setLevel({ action: 'errand.run', level, reason: 'Petrol is dear' })).toMatchObject({
        action: 'errand.run',
        rule: '*',
        level,
        agent: null,
        set_by: 'Olivia Bright',
        reason: 'Petrol is dear',
        request: null,
      });
      expect(await tryErrand({}, panes().agent, {})).toBe(silent);
      expect(await tryErrand()).toBe(explained);
      // People are bound by their role.
      expect(await tryErrand({}, panes().dana)).toBe('done');
    },
  );

  test('of one rule, and the others and the action keep theirs', async () => {
    await setLevel({ action: 'errand.run', rule: 'far', level: 'unrestricted' });
    expect(await tryErrand({ far: true })).toBe('done');
    expect(await tryErrand({ heavy: true })).toBe('pending_authorization');
    await setLevel({ action: 'errand.run', rule: 'heavy', level: 'forbidden' });
    expect(await tryErrand({ far: true, heavy: true })).toBe('FORBIDDEN');
    expect(await tryErrand()).toBe('done');
  });

  test('for one agent, or for all of this business', async () => {
    const { bright, clear } = panes();
    const night = await hireAgent(panes(), bright, 'Night Shift');
    await setLevel({ action: 'errand.run', level: 'forbidden', agent_id: 'Night Shift' });
    expect(await tryErrand({}, night.agent)).toBe('FORBIDDEN');
    expect(await tryErrand()).toBe('done');
    await setLevel({ action: 'errand.run', level: 'requires_authorization' });
    // What is set for one of them outlives what is set for all: the stricter of the two counts.
    expect(await tryErrand({}, night.agent)).toBe('FORBIDDEN');
    expect(await tryErrand()).toBe('pending_authorization');
    expect(await tryErrand({}, clear.agent)).toBe('done');
  });

  test('and the newest counts; taken back, the one before counts again', async () => {
    await setLevel({ action: 'errand.run', level: 'forbidden' });
    const { id } = await setLevel({ action: 'errand.run', level: 'unrestricted' });
    expect(await tryErrand()).toBe('done');
    await panes().done(panes().olivia, 'authorization.revoke_grant', { id });
    expect(await tryErrand()).toBe('FORBIDDEN');
  });

  test('tighter than a grant, and the grant counts no more', async () => {
    const { olivia, bright, done } = panes();
    const asked = await askFor(panes(), bright, 'errand.run', { what: 'granted', far: true });
    await done(olivia, 'authorization.allow_always', { ...asked });
    expect(await tryErrand({ far: true })).toBe('done');
    await setLevel({ action: 'errand.run', rule: 'far', level: 'requires_authorization' });
    expect(await tryErrand({ far: true })).toBe('pending_authorization');
  });

  test('and reads it in the permission list', async () => {
    const { olivia, read } = panes();
    await setLevel({ action: 'errand.run', level: 'soft_limit' });
    await setLevel({ action: 'errand.run', rule: 'far', level: 'forbidden' });
    const [row] = await read(olivia, 'permissions', { params: { action: 'errand.run' } });
    expect(row).toMatchObject({
      level: 'soft_limit',
      conditions: [
        { rule: 'far', level: 'forbidden' },
        { rule: 'heavy', level: 'requires_authorization' },
      ],
    });
  });
});

describe('no level is set', () => {
  const trying = (data: Record<string, unknown>, who: Caller = panes().olivia) =>
    refusal(panes().act(who, 'authorization.set_level', data));
  const living = () => panes().read(panes().olivia, 'authorization_grants');

  test('for an action nobody knows; the nearest one is named', async () => {
    expect(await trying({ action: 'errand.rum', level: 'forbidden' })).toMatchObject({
      code: 'UNKNOWN_ACTION',
      did_you_mean: expect.arrayContaining(['errand.run']),
    });
    expect(await living()).toEqual([]);
    await setLevel({ action: 'errand.run', level: 'forbidden' });
    expect(await living()).toHaveLength(1);
  });

  test('for a rule nobody knows, nor for the bulk; the nearest one is named', async () => {
    expect(await trying({ action: 'errand.run', rule: 'fat', level: 'forbidden' })).toMatchObject({
      code: 'VALIDATION_ERROR',
      field: 'rule',
      did_you_mean: expect.arrayContaining(['far']),
      valid_options: ['*', 'far', 'heavy'],
    });
    expect(await trying({ action: 'contact.delete', rule: 'bulk', level: 'unrestricted' })).toMatchObject({
      field: 'rule',
    });
    expect(await living()).toEqual([]);
  });

  test('that nobody knows', async () => {
    expect(await trying({ action: 'errand.run', level: 'unrestrikted' })).toMatchObject({
      code: 'VALIDATION_ERROR',
      field: 'level',
    });
    expect(await living()).toEqual([]);
  });

  test('for what is for people only', async () => {
    const humanOnly = [...panes().app.registry.actions.values()].filter(({ spec }) => spec.human_only);
    expect(humanOnly.length).toBeGreaterThan(10);
    for (const { id } of humanOnly) {
      expect(await trying({ action: id, level: 'unrestricted' })).toMatchObject({ code: 'INVALID_STATE' });
    }
    expect(await living()).toEqual([]);
  });

  test('for the agent of another business', async () => {
    const { clear, bright } = panes();
    const set = (agent_id: string) => ({ action: 'errand.run', level: 'unrestricted', agent_id });
    expect(await trying(set(clear.agentId))).toMatchObject({ code: 'NOT_FOUND' });
    expect(await setLevel(set(bright.agentId))).toMatchObject({ agent: 'Office Manager' });
  });

  test('by anybody but owner and admin', async () => {
    const { bright, agent, olivia, done } = panes();
    const data = { action: 'errand.run', level: 'unrestricted' };
    expect(await trying(data, agent)).toMatchObject({ code: 'HUMAN_ONLY' });
    expect(await trying(data, as(bright, 'Dana'))).toMatchObject({ code: 'FORBIDDEN' });
    expect(await trying(data, as(bright, 'Theo'))).toMatchObject({ code: 'FORBIDDEN' });
    expect(await living()).toEqual([]);
    await done(olivia, 'member.update', { member_id: 'Dana', role: 'admin' });
    expect(await setLevel(data, as(bright, 'Dana'))).toMatchObject({ set_by: 'Dana' });
    await done(olivia, 'member.update', { member_id: 'Dana', role: 'member' });
  });
});

describe('the history tells', () => {
  const newest = (entity_type: string, limit = 1) =>
    panes().read(panes().olivia, 'audit_log', { params: { entity_type }, limit });

  test('who set which level and who took it back', async () => {
    const { olivia, done } = panes();
    const { id } = await setLevel({ action: 'errand.run', level: 'forbidden', reason: 'Petrol is dear' });
    const by = { actor_kind: 'user', actor_name: 'Olivia Bright' };
    expect(await newest('permission')).toMatchObject([
      {
        ...by,
        action: 'create',
        domain_action: 'authorization.set_level',
        changes: { level: { new: 'forbidden' }, reason: { new: 'Petrol is dear' } },
      },
    ]);
    await done(olivia, 'authorization.revoke_grant', { id });
    expect(await newest('permission')).toMatchObject([
      { ...by, action: 'update', domain_action: 'authorization.revoke_grant', changes: { revoked_at: {} } },
    ]);
  });

  test.each([
    { decision: 'allow_once', status: 'succeeded', grants: 0 },
    { decision: 'allow_always', status: 'succeeded', grants: 1 },
    { decision: 'deny', status: 'denied', grants: 0 },
  ])('who decided $decision, with the note, and what came of it', async ({ decision, status, grants }) => {
    const { olivia, bright, done } = panes();
    const asked = await askFor(panes(), bright, 'errand.run', { what: `told of ${decision}`, far: true });
    const note = 'As we said on the phone';
    await done(olivia, `authorization.${decision}`, { ...asked, note });
    const entries = await newest('authorization_request', 3);
    const told = entries.filter(({ domain_action }) => domain_action === `authorization.${decision}`);
    expect(told.every(({ actor_name }) => actor_name === 'Olivia Bright')).toBe(true);
    expect(told.at(0)).toMatchObject({ changes: { status: { new: status } } });
    expect(told.at(-1)).toMatchObject({
      changes: { status: { old: 'pending' }, decision: { new: decision }, decision_note: { new: note } },
    });
    const [permission] = await newest('permission');
    const granted = permission?.domain_action === `authorization.${decision}`;
    expect(Number(granted)).toBe(grants);
  });

  test('that an agent was paused and works again', async () => {
    const { olivia, done } = panes();
    await done(olivia, 'authorization.pause_agent', { agent_id: 'Office Manager' });
    await done(olivia, 'authorization.resume_agent', { agent_id: 'Office Manager' });
    const [resumed, paused] = await newest('agent', 2);
    expect(paused).toMatchObject({ domain_action: 'authorization.pause_agent', actor_name: 'Olivia Bright' });
    expect(resumed).toMatchObject({ domain_action: 'authorization.resume_agent' });
  });
});
