import { beforeEach, describe, expect, test } from 'vitest';
import type { Caller } from '../../core/kernel/pipeline/context.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { callAction } from '../support/call-action.ts';
import { storyTime } from '../support/office.ts';
import { asTableOwner } from '../support/raw-sql.ts';
import { refusal } from '../support/refusal.ts';
import { useTwoServers } from '../support/two-servers.ts';
import { askFor, findRequest, hireAgent, reasoning } from './asking.ts';
import { countRuns, errands } from './errands.ts';

const panes = useBrightPanes({ domains: [errands] });
const waiting = 'pending_authorization';

// Each test begins on the same morning, with an owner who has allowed nothing yet and agents who have deleted nothing.
beforeEach(async () => {
  panes().setClock(storyTime);
  await panes().database.owner.query(`
    alter table audit_log disable trigger immutable;
    delete from audit_log where actor_kind = 'agent';
    alter table audit_log enable trigger immutable`);
  await asTableOwner(panes(), 'delete from grant_uses');
  await asTableOwner(panes(), 'delete from permission_overrides');
  await asTableOwner(panes(), 'delete from authorization_requests');
});

/** Asks for an errand (or what is named) and has it allowed always; answers the id of the grant. */
async function allowAlways(
  data: Record<string, unknown>,
  limits?: Record<string, unknown>,
  action = 'errand.run',
): Promise<string> {
  const { olivia, bright, done } = panes();
  const asked = await askFor(panes(), bright, action, data);
  const ended = await done(olivia, 'authorization.allow_always', { ...asked, ...(limits ? { limits } : {}) });
  expect(ended).toMatchObject({ status: 'succeeded', grant: expect.any(String) });
  return String(ended.grant);
}

let errandsRun = 0;
/** Sends an agent on an errand of its own; answers whether it went or waits. */
const send = async (more: Record<string, unknown> = { far: true }, who: Caller = panes().agent) =>
  (await panes().act(who, 'errand.run', { what: `errand ${++errandsRun}`, ...more }, { reasoning })).status;

async function customerWithHistory(): Promise<string> {
  const { dana, done } = panes();
  const { reference } = await done(dana, 'contact.create', { full_name: 'Remembered' });
  await done(dana, 'note.create', { contact_id: reference, content: 'Was here' });
  return String(reference);
}

describe('Allow Always', () => {
  test('does what was asked and lifts that rule of that action for that agent', async () => {
    const { bright, clear } = panes();
    const night = await hireAgent(panes(), bright, 'Night Shift');
    expect(await send()).toBe(waiting);
    await allowAlways({ what: 'the first', far: true });
    expect(await countRuns(panes(), 'the first')).toBe(1);

    expect(await send()).toBe('done');
    expect(await send({ heavy: true })).toBe(waiting);
    expect(await send({ far: true, heavy: true })).toBe(waiting);
    expect(await send({ far: true }, night.agent)).toBe(waiting);
    expect(await send({ far: true }, clear.agent)).toBe(waiting);
  });

  test('leaves a grant that says what, for whom, since which request, and who allowed it', async () => {
    const { olivia, agent, bright, read } = panes();
    const night = await hireAgent(panes(), bright, 'Late Shift');
    const id = await allowAlways({ what: 'shown', far: true }, { per_day: 3 });
    const [latest] = await read(olivia, 'authorization_requests', { limit: 1 });
    const request = await findRequest(panes(), String(latest?.reference));
    const grant = {
      id,
      action: 'errand.run',
      rule: 'far',
      level: 'unrestricted',
      agent: 'Office Manager',
      limits: { per_day: 3 },
      request: request.reference,
      set_by: 'Olivia Bright',
      expires_at: null,
    };
    expect(await read(olivia, 'authorization_grants')).toMatchObject([grant]);
    expect(await read(agent, 'authorization_grants')).toMatchObject([grant]);
    expect(await read(night.agent, 'authorization_grants')).toEqual([]);
    expect(request).toMatchObject({ decision: 'allow_always', status: 'succeeded' });
  });

  test('lifts the rule and not the action: a reason is wanted as before', async () => {
    const { agent, act } = panes();
    await allowAlways({ contact_id: await customerWithHistory() }, undefined, 'contact.delete');
    const contact_id = await customerWithHistory();
    expect(await refusal(act(agent, 'contact.delete', { contact_id }))).toMatchObject({
      code: 'REASONING_REQUIRED',
    });
    expect((await act(agent, 'contact.delete', { contact_id }, { reasoning })).status).toBe('done');
  });

  test('never lifts a bulk: not by a grant for the single action, not by a button', async () => {
    const { olivia, agent, bright, act, done, read } = panes();
    await allowAlways({ contact_id: await customerWithHistory() }, undefined, 'contact.delete');
    const remove = async () =>
      act(agent, 'contact.delete', { contact_id: await customerWithHistory() }, { reasoning });
    // The one that was just allowed is the first of five.
    for (let n = 2; n <= 5; n += 1) expect((await remove()).status).toBe('done');
    expect(await remove()).toMatchObject({ status: waiting, data: { rule: 'bulk' } });

    const rows = Array.from({ length: 6 }, (_, n) => `Ada,Byron${n},ada${n}@example.com,,SQ-${n}`);
    const content = ['First Name,Last Name,Email Address,Phone Number,Square Customer ID', ...rows].join(
      '\n',
    );
    const asked = await askFor(panes(), bright, 'import.square', { content });
    expect(await refusal(act(olivia, 'authorization.allow_always', { ...asked }))).toMatchObject({
      code: 'INVALID_STATE',
      message: 'This cannot be allowed always. Every bulk is asked for by itself.',
    });
    expect(await read(olivia, 'contacts', { search: 'Byron' })).toEqual([]);
    expect(await findRequest(panes(), asked.request)).toMatchObject({ status: 'pending', decision: null });
    expect(await done(olivia, 'authorization.allow_once', { ...asked })).toMatchObject({
      status: 'succeeded',
      grant: null,
    });
  });

  test('of what cannot be done any more grants nothing', async () => {
    const { olivia, bright, done, read } = panes();
    const asked = await askFor(panes(), bright, 'errand.run', { what: 'too late', far: true });
    await done(olivia, 'authorization.set_level', { action: 'errand.run', level: 'forbidden' });
    const ended = await done(olivia, 'authorization.allow_always', { ...asked });
    expect(ended).toMatchObject({ status: 'stale', grant: null });
    expect(await read(olivia, 'authorization_grants')).toMatchObject([{ level: 'forbidden' }]);
    expect(await countRuns(panes(), 'too late')).toBe(0);
  });
});

describe('a grant with a number a day', () => {
  test('holds for so many and no more, also when ten come at once, and again the next day', async () => {
    const { setClock } = panes();
    await allowAlways({ what: 'counted', far: true }, { per_day: 3 });
    const ten = await Promise.all(Array.from({ length: 10 }, () => send()));
    expect(ten.filter(status => status === 'done')).toHaveLength(3);
    expect(ten.filter(status => status === waiting)).toHaveLength(7);
    expect(await send()).toBe(waiting);
    setClock('2026-11-19T00:00:01-06:00');
    expect([await send(), await send(), await send(), await send()]).toEqual([
      'done',
      'done',
      'done',
      waiting,
    ]);
    setClock('2026-11-18T23:59:59-06:00');
    expect(await send()).toBe(waiting);
  });

  test('is not used up by looking', async () => {
    const { agent, act } = panes();
    await allowAlways({ what: 'looked at', far: true }, { per_day: 1 });
    const look = () => act(agent, 'errand.run', { what: 'look', far: true }, { preview: true });
    for (const { data } of [await look(), await look()]) expect(data.needs_authorization).toBeNull();
    expect([await send(), await send()]).toEqual(['done', waiting]);
    expect((await look()).data.needs_authorization).toMatchObject({ rule: 'far' });
  });

  test('leaves beyond it what held before: a level the owner has set, not the one of the house', async () => {
    const { olivia, agent, act, done } = panes();
    const rename = async (job_title: string) =>
      (await act(agent, 'contact.update', { contact_id: 'C-1001', job_title }, { reasoning })).status;
    expect(await rename('Teacher')).toBe('done');
    await done(olivia, 'authorization.set_level', {
      action: 'contact.update',
      level: 'requires_authorization',
    });
    await allowAlways({ contact_id: 'C-1001', job_title: 'Painter' }, { per_day: 1 }, 'contact.update');
    expect([await rename('Baker'), await rename('Pilot')]).toEqual(['done', waiting]);
  });

  test('takes the place of an earlier one without', async () => {
    const { olivia, bright, done, read } = panes();
    const [one, two] = [
      await askFor(panes(), bright, 'errand.run', { what: 'one', far: true }),
      await askFor(panes(), bright, 'errand.run', { what: 'two', far: true }),
    ];
    await done(olivia, 'authorization.allow_always', { ...one });
    await done(olivia, 'authorization.allow_always', { ...two, limits: { per_day: 1 } });
    expect([await send(), await send()]).toEqual(['done', waiting]);
    const grants = await read(olivia, 'authorization_grants');
    expect(grants).toMatchObject([{ limits: { per_day: 1 } }]);
    await done(olivia, 'authorization.revoke_grant', { id: grants[0]?.id });
    panes().setClock('2026-11-20T08:00:00-06:00');
    expect(await send()).toBe(waiting);
  });
});

describe('a grant up to an amount', () => {
  test('holds for that amount and not for a cent more', async () => {
    await allowAlways({ what: 'paid', far: true, amount_cents: 900 }, { amount_cents: 5000 });
    expect(await send({ far: true, amount_cents: 5000 })).toBe('done');
    expect(await send({ far: true, amount_cents: 5001 })).toBe(waiting);
  });

  test('can hold for so many a day as well', async () => {
    await allowAlways({ what: 'both', far: true }, { amount_cents: 5000, per_day: 1 });
    // What is too much uses nothing up.
    expect(await send({ far: true, amount_cents: 5001 })).toBe(waiting);
    expect(await send({ far: true, amount_cents: 5000 })).toBe('done');
    expect(await send({ far: true, amount_cents: 1 })).toBe(waiting);
  });

  test('is refused for what moves no money, and then nothing is done', async () => {
    const { olivia, bright, act, done } = panes();
    const contact_id = await customerWithHistory();
    const asked = await askFor(panes(), bright, 'contact.delete', { contact_id });
    const limits = { amount_cents: 5000 };
    expect(await refusal(act(olivia, 'authorization.allow_always', { ...asked, limits }))).toMatchObject({
      code: 'VALIDATION_ERROR',
      field: 'amount_cents',
    });
    expect(await findRequest(panes(), asked.request)).toMatchObject({ status: 'pending' });
    expect(await panes().read(panes().dana, 'contacts', { id: contact_id })).toHaveLength(1);
    await done(olivia, 'authorization.allow_always', { ...asked });
    expect(await panes().read(panes().dana, 'authorization_grants')).toHaveLength(1);
  });
});

describe('a grant until a day', () => {
  test('holds to the end of that local day, and not after', async () => {
    const id = await allowAlways({ what: 'dated', far: true }, { until: '2099-06-30' });
    expect(await panes().read(panes().olivia, 'authorization_grants')).toMatchObject([
      { id, expires_at: '2099-07-01T05:00:00.000Z' },
    ]);
    expect(await send()).toBe('done');
    await asTableOwner(panes(), "update permission_overrides set expires_at = '2000-01-01' where id = $1", [
      id,
    ]);
    expect(await send()).toBe(waiting);
    expect(await panes().read(panes().olivia, 'authorization_grants')).toEqual([]);
  });

  test('that is over is refused', async () => {
    const { olivia, bright, act } = panes();
    const asked = await askFor(panes(), bright, 'errand.run', { what: 'yesterday', far: true });
    const limits = { until: '2026-11-17' };
    expect(await refusal(act(olivia, 'authorization.allow_always', { ...asked, limits }))).toMatchObject({
      code: 'VALIDATION_ERROR',
      field: 'until',
    });
    expect(await countRuns(panes(), 'yesterday')).toBe(0);
  });
});

describe('a grant', () => {
  test('for another shape of the input does not count', async () => {
    const id = await allowAlways({ what: 'shaped', far: true });
    expect(await send()).toBe('done');
    await asTableOwner(panes(), "update permission_overrides set schema_hash = 'another' where id = $1", [
      id,
    ]);
    expect(await send()).toBe(waiting);
  });

  test('is beaten by a pause', async () => {
    const { olivia, agent, act, done } = panes();
    await allowAlways({ what: 'paused', far: true });
    await done(olivia, 'authorization.pause_agent', { agent_id: 'Office Manager' });
    const errand = act(agent, 'errand.run', { what: 'while paused', far: true }, { reasoning });
    expect(await refusal(errand)).toMatchObject({ code: 'FORBIDDEN' });
    await done(olivia, 'authorization.resume_agent', { agent_id: 'Office Manager' });
    expect(await countRuns(panes(), 'while paused')).toBe(0);
    expect(await send()).toBe('done');
  });

  test('that is revoked does not count for the next call, and cannot be revoked twice', async () => {
    const { olivia, clear, act, done } = panes();
    const id = await allowAlways({ what: 'revoked', far: true });
    const byStranger = act(clear.owner, 'authorization.revoke_grant', { id });
    expect((await refusal(byStranger)).code).toBe('NOT_FOUND');
    expect(await send()).toBe('done');
    await done(olivia, 'authorization.revoke_grant', { id });
    expect(await send()).toBe(waiting);
    const again = act(olivia, 'authorization.revoke_grant', { id });
    expect((await refusal(again)).code).toBe('NOT_FOUND');
  });
});

describe('with two servers', () => {
  const two = useTwoServers();

  test('a grant and its end count for the next call of either', async () => {
    const { office, servers, keys } = two();
    const { done, bright } = office;
    const agent = { via: 'key', key: keys[0] ?? '' } as const;
    const action = 'company.create';
    await done(bright.owner, 'authorization.set_level', { action, level: 'requires_authorization' });
    let tries = 0;
    const add = async () => {
      const statuses: number[] = [];
      for (const { baseUrl } of servers) {
        const call = { action, data: { name: `Glass & Sons ${++tries}` } };
        statuses.push((await callAction(baseUrl, agent.key, call)).status);
      }
      return statuses;
    };
    expect(await add()).toEqual([202, 202]);
    const asked = await askFor(office, { agent, owner: bright.owner }, action, { name: 'Hart & Sons' });
    const { grant } = await done(bright.owner, 'authorization.allow_always', { ...asked });
    expect(await add()).toEqual([200, 200]);
    await done(bright.owner, 'authorization.revoke_grant', { id: grant });
    expect(await add()).toEqual([202, 202]);
  });
});
