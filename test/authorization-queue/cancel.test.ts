import { describe, expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { as } from '../support/office.ts';
import { asTableOwner } from '../support/raw-sql.ts';
import { race, refusal } from '../support/refusal.ts';
import { askFor, findRequest, hireAgent } from './asking.ts';
import { countRuns, errands } from './errands.ts';

const panes = useBrightPanes({ domains: [errands] });

const ask = (what: string, who = panes().bright) => askFor(panes(), who, 'errand.run', { what, far: true });
const cancel = (request: string, who = panes().agent) =>
  panes().act(who, 'authorization.cancel_request', { request });

describe('an agent takes back', () => {
  test('its own request while that waits; then nobody can allow it', async () => {
    const { olivia, act, done } = panes();
    const asked = await ask('taken back');
    expect(await cancel(asked.request)).toMatchObject({
      status: 'done',
      data: { request: asked.request, status: 'canceled' },
    });
    expect(await findRequest(panes(), asked.request)).toMatchObject({ status: 'canceled', decided_by: null });
    for (const decision of ['allow_once', 'allow_always', 'deny']) {
      expect(await refusal(act(olivia, `authorization.${decision}`, { ...asked }))).toMatchObject({
        code: 'INVALID_STATE',
        state: 'canceled',
      });
    }
    expect(await countRuns(panes(), 'taken back')).toBe(0);
    const again = await ask('taken back');
    expect(again.request).not.toBe(asked.request);
    await done(olivia, 'authorization.allow_once', { ...again });
    expect(await countRuns(panes(), 'taken back')).toBe(1);
  });

  test('by its id as well, and makes room for another one', async () => {
    const asked = await ask('by id');
    const { id } = await findRequest(panes(), asked.request);
    expect(await cancel(String(id))).toMatchObject({ data: { request: asked.request, status: 'canceled' } });
  });
});

describe('an agent does not take back', () => {
  test('what another agent asked for: that request is for it like one that does not exist', async () => {
    const { bright, clear } = panes();
    const night = await hireAgent(panes(), bright, 'Night Shift');
    const asked = await ask('not yours');
    for (const stranger of [night.agent, clear.agent]) {
      const theirs = await refusal(cancel(asked.request, stranger));
      const nobodys = await refusal(cancel('R-99999', stranger));
      expect(theirs.code).toBe('NOT_FOUND');
      expect(JSON.stringify(theirs).replaceAll(asked.request, 'R-99999')).toBe(JSON.stringify(nobodys));
    }
    expect(await findRequest(panes(), asked.request)).toMatchObject({ status: 'pending' });
    expect((await cancel(asked.request)).status).toBe('done');
  });

  test('what is decided, taken back or over', async () => {
    const { olivia, done } = panes();
    const [allowed, denied, canceled, expired] = [
      await ask('allowed'),
      await ask('denied'),
      await ask('canceled'),
      await ask('expired'),
    ];
    await done(olivia, 'authorization.allow_once', { ...allowed });
    await done(olivia, 'authorization.deny', { ...denied });
    await cancel(canceled.request);
    await asTableOwner(
      panes(),
      `update authorization_requests set expires_at = '2000-01-01' where reference = $1`,
      [expired.request],
    );
    const states = [];
    for (const { request } of [allowed, denied, canceled, expired]) {
      const refused = await refusal(cancel(request));
      states.push([refused.code, refused.state]);
    }
    expect(states).toEqual([
      ['INVALID_STATE', 'succeeded'],
      ['INVALID_STATE', 'denied'],
      ['INVALID_STATE', 'canceled'],
      ['INVALID_STATE', 'expired'],
    ]);
    expect(await countRuns(panes(), 'allowed')).toBe(1);
  });

  test('anything while it is paused', async () => {
    const { olivia, done } = panes();
    const asked = await ask('paused');
    await done(olivia, 'authorization.pause_agent', { agent_id: 'Office Manager' });
    expect((await refusal(cancel(asked.request))).code).toBe('FORBIDDEN');
    await done(olivia, 'authorization.resume_agent', { agent_id: 'Office Manager' });
    expect((await cancel(asked.request)).status).toBe('done');
  });
});

test('an owner takes it back for the agent; who may not decide may not do this either', async () => {
  const { olivia, bright, clear, agent, read } = panes();
  const asked = await ask('by people');
  expect((await refusal(cancel(asked.request, as(bright, 'Dana')))).code).toBe('FORBIDDEN');
  expect((await refusal(cancel(asked.request, clear.owner))).code).toBe('NOT_FOUND');
  expect((await cancel(asked.request, olivia)).status).toBe('done');
  const [row] = await read(agent, 'authorization_requests', { id: asked.request });
  expect(row).toMatchObject({ status: 'canceled', decision: null });
});

test('when it is taken back and allowed at once, one of both happens', async () => {
  const { olivia, agent, act } = panes();
  for (let round = 0; round < 10; round += 1) {
    const what = `round ${round}`;
    const asked = await ask(what);
    const allow = () => act(olivia, 'authorization.allow_once', { ...asked });
    const { won, refused } = await race([
      cancel(asked.request, agent),
      allow(),
      cancel(asked.request),
      allow(),
    ]);
    expect(won).toHaveLength(1);
    expect(new Set(refused)).toEqual(new Set(['INVALID_STATE']));
    const { status } = await findRequest(panes(), asked.request);
    expect(await countRuns(panes(), what)).toBe(status === 'succeeded' ? 1 : 0);
  }
});
