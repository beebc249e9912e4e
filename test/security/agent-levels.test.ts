import { beforeEach, describe, expect, test } from 'vitest';
import type { Caller } from '../../core/kernel/pipeline/context.ts';
import { askFor, hireAgent } from '../authorization-queue/asking.ts';
import { errands } from '../authorization-queue/errands.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { asTableOwner } from '../support/raw-sql.ts';
import { refusal } from '../support/refusal.ts';

const panes = useBrightPanes({ domains: [errands] });
const reasoning = 'The customer asked us to do so';
const waiting = 'pending_authorization';

beforeEach(async () => {
  await asTableOwner(panes(), 'delete from grant_uses');
  await asTableOwner(panes(), 'delete from permission_overrides');
  await asTableOwner(panes(), 'delete from authorization_requests');
});

let runs = 0;
/** How an errand ends: done, waiting, or the code of its refusal. */
async function send(more: Record<string, unknown> = {}, who: Caller = panes().agent): Promise<string> {
  const call = panes().act(who, 'errand.run', { what: `errand ${++runs}`, ...more }, { reasoning });
  return call.then(
    ({ status }) => status,
    async () => (await refusal(call)).code,
  );
}
const set = (level: string, more: Record<string, unknown> = {}) =>
  panes().act(panes().olivia, 'authorization.set_level', { action: 'errand.run', level, ...more });
const forOne = { agent_id: 'Office Manager' };

describe('of a level for all and a level for one agent the stricter holds', () => {
  const order = [
    { first: { level: 'forbidden', more: forOne }, last: { level: 'unrestricted', more: {} } },
    { first: { level: 'unrestricted', more: {} }, last: { level: 'forbidden', more: forOne } },
    { first: { level: 'forbidden', more: {} }, last: { level: 'unrestricted', more: forOne } },
    { first: { level: 'unrestricted', more: forOne }, last: { level: 'forbidden', more: {} } },
  ];

  test.each(order)('whichever was set last: $first.level, then $last.level', async ({ first, last }) => {
    expect(await send()).toBe('done');
    await set(first.level, first.more);
    await set(last.level, last.more);
    expect(await send()).toBe('FORBIDDEN');
    const [own] = await panes().read(panes().agent, 'permissions', { params: { action: 'errand.run' } });
    expect(own?.level).toBe('forbidden');
  });

  test('and another agent, and another business, have what is set for them', async () => {
    const { bright, clear } = panes();
    const night = await hireAgent(panes(), bright, 'Night Shift');
    await set('forbidden', forOne);
    await set('soft_limit');
    expect(await send()).toBe('FORBIDDEN');
    expect(await send({}, night.agent)).toBe('done');
    expect(await send({}, clear.agent)).toBe('done');
  });

  test('set twice at once, neither is lost', async () => {
    await Promise.all([set('forbidden', forOne), set('unrestricted')]);
    expect(await send()).toBe('FORBIDDEN');
  });

  test('and whoever sets the looser one is told that it does not count for that agent', async () => {
    await set('forbidden', forOne);
    const { warnings } = await set('unrestricted');
    expect(warnings).toEqual([
      'Office Manager stays at forbidden, which was set before: the strictest level that applies wins.',
    ]);
    expect((await set('forbidden')).warnings).toEqual([]);
  });

  test('until the stricter one is taken back', async () => {
    const { data } = await set('forbidden', forOne);
    await set('unrestricted');
    await panes().done(panes().olivia, 'authorization.revoke_grant', { id: data.id });
    expect(await send()).toBe('done');
  });

  test('a grant lifts nothing that is forbidden, and nothing that was set after it', async () => {
    const { bright, done, olivia } = panes();
    const asked = await askFor(panes(), bright, 'errand.run', { what: 'granted', far: true });
    await done(olivia, 'authorization.allow_always', { ...asked });
    expect(await send({ far: true })).toBe('done');
    await set('requires_authorization', { rule: 'far' });
    expect(await send({ far: true })).toBe(waiting);
    await set('forbidden', { rule: 'far', ...forOne });
    await set('unrestricted', { rule: 'far' });
    expect(await send({ far: true })).toBe('FORBIDDEN');
  });
});

describe('a grant with a sum a day', () => {
  const grantUpTo = async (limits: Record<string, unknown>) => {
    const { bright, done, olivia } = panes();
    const asked = await askFor(panes(), bright, 'errand.run', {
      what: 'first',
      far: true,
      amount_cents: 100,
    });
    return done(olivia, 'authorization.allow_always', { ...asked, limits });
  };
  const pay = (amount_cents: number) => send({ far: true, amount_cents });

  test('is not passed by many that are small enough each, nor by two at once', async () => {
    await grantUpTo({ amount_cents: 5000, amount_cents_per_day: 12_000 });
    const ten = await Promise.all(Array.from({ length: 10 }, () => pay(5000)));
    expect(ten.filter(status => status === 'done')).toHaveLength(2);
    expect(ten.filter(status => status === waiting)).toHaveLength(8);
    expect(await pay(2001)).toBe(waiting);
    expect(await pay(2000)).toBe('done');
    expect(await pay(1)).toBe(waiting);
    panes().setClock('2026-11-19T08:00:00-06:00');
    expect(await pay(5000)).toBe('done');
    panes().setClock('2026-11-18T08:00:00-06:00');
  });

  test('holds without an amount each time, and together with a number', async () => {
    await grantUpTo({ amount_cents_per_day: 9000, per_day: 2 });
    expect(await pay(9001)).toBe(waiting);
    expect([await pay(4000), await pay(5001), await pay(5000), await pay(1)]).toEqual([
      'done',
      waiting,
      'done',
      waiting,
    ]);
  });

  test('of nothing an owner has bound is no sum', async () => {
    await grantUpTo({ amount_cents: 5000 });
    for (let n = 0; n < 6; n += 1) expect(await pay(5000)).toBe('done');
  });

  test('is refused for what moves no money', async () => {
    const { bright, act, done, dana, olivia } = panes();
    const { id } = await done(dana, 'contact.create', { full_name: 'Remembered' });
    await done(dana, 'note.create', { contact_id: id, content: 'Was here' });
    const asked = await askFor(panes(), bright, 'contact.delete', { contact_id: id });
    const limits = { amount_cents_per_day: 5000 };
    expect(await refusal(act(olivia, 'authorization.allow_always', { ...asked, limits }))).toMatchObject({
      field: 'amount_cents_per_day',
    });
  });
});

describe('what was denied', () => {
  const deny = async (data: Record<string, unknown>, note?: string) => {
    const { bright, done, olivia } = panes();
    const asked = await askFor(panes(), bright, 'errand.run', data);
    await done(olivia, 'authorization.deny', { ...asked, ...(note === undefined ? {} : { note }) });
    return asked.request;
  };
  const ask = (data: Record<string, unknown>, who: Caller = panes().agent) =>
    panes().act(who, 'errand.run', data, { reasoning });

  test('and is asked for again carries the denial with its reason, for the agent and for the owner', async () => {
    const data = { what: 'again', far: true };
    const denied = await deny(data, 'Not while she is away');
    const outcome = await ask(data);
    expect(outcome.data).toMatchObject({
      status: waiting,
      denied_before: { request: denied, decision_note: 'Not while she is away' },
    });
    const { olivia, read } = panes();
    const [row] = await read(olivia, 'authorization_requests', { id: String(outcome.data.request) });
    expect(row?.denied_before).toMatchObject({
      reference: denied,
      decided_by: 'Olivia Bright',
      decision_note: 'Not while she is away',
    });
    // The same call a third time is the same request, and still says so.
    expect((await ask(data)).data).toMatchObject({
      request: outcome.data.request,
      denied_before: { request: denied },
    });
  });

  test('is known by what it is about, whatever else is asked', async () => {
    const { bright, dana, olivia, done, act } = panes();
    const add = async () => {
      const { id } = await done(dana, 'contact.create', { full_name: 'Kim', job_title: 'Baker' });
      return String(id);
    };
    await done(olivia, 'authorization.set_level', {
      action: 'contact.update',
      level: 'requires_authorization',
    });
    const [kim, lee] = [await add(), await add()];
    const asked = await askFor(panes(), bright, 'contact.update', { contact_id: kim, job_title: 'Pilot' });
    await done(olivia, 'authorization.deny', { ...asked });
    const change = (contact_id: string) =>
      act(bright.agent, 'contact.update', { contact_id, job_title: 'Captain' }, { reasoning });
    expect((await change(kim)).data.denied_before).toMatchObject({ request: asked.request });
    expect((await change(lee)).data.denied_before).toBeUndefined();
  });

  test('is not told to another agent with the words that were for the first, but marked for the owner', async () => {
    const { bright, olivia, read } = panes();
    const data = { what: 'passed on', far: true };
    const denied = await deny(data, 'Only for you');
    const night = await hireAgent(panes(), bright, 'Errand Night');
    const outcome = await ask(data, night.agent);
    expect(outcome.data.denied_before).toBeUndefined();
    const id = String(outcome.data.request);
    const [own] = await read(night.agent, 'authorization_requests', { id });
    expect(own?.denied_before).toBeUndefined();
    const [row] = await read(olivia, 'authorization_requests', { id });
    expect(row?.denied_before).toMatchObject({ reference: denied, agent: 'Office Manager' });
  });

  test('in another business, or never, marks nothing', async () => {
    const { clear, done } = panes();
    const data = { what: 'theirs', far: true };
    const asked = await askFor(panes(), clear, 'errand.run', data);
    await done(clear.owner, 'authorization.deny', { ...asked });
    expect((await ask(data)).data.denied_before).toBeUndefined();
  });
});

describe('a reason without words', () => {
  const remove = async (said?: string) => {
    const { id } = await panes().done(panes().dana, 'contact.create', { full_name: 'Nobody Known' });
    const extra = said === undefined ? {} : { reasoning: said };
    return panes().act(panes().agent, 'contact.delete', { contact_id: id }, extra);
  };

  test.each(['ab cd ef', '...', 'asdf asdf', 'because because because', '1 2 3'])(
    'such as “%s” is refused with what one looks like',
    async said => {
      const told = await refusal(remove(said));
      expect(told).toMatchObject({ code: 'REASONING_REQUIRED', field: 'reasoning' });
      expect(told.hint).toContain('such as “');
    },
  );

  test.each(['customer asked', 'Kunde hat abgesagt', '客户取消了预约'])('“%s” is one', async said => {
    // A window of ten minutes takes five of them.
    await panes().database.owner.query(`
      alter table audit_log disable trigger immutable;
      delete from audit_log where actor_kind = 'agent';
      alter table audit_log enable trigger immutable`);
    expect((await remove(said)).status).toBe('done');
  });
});
