import { beforeEach, describe, expect, test } from 'vitest';
import { digestOf } from '../../authorization-queue/store.ts';
import { newId } from '../../core/kernel/database/ids.ts';
import type { Caller } from '../../core/kernel/pipeline/context.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { as } from '../support/office.ts';
import { asTableOwner } from '../support/raw-sql.ts';
import { refusal } from '../support/refusal.ts';
import { type Asked, askFor, findRequest, hireAgent } from './asking.ts';
import { countRuns, errands, errandTrip } from './errands.ts';

const panes = useBrightPanes({ domains: [errands], workflows: [errandTrip] });

beforeEach(() => asTableOwner(panes(), 'delete from permission_overrides'));

const allow = (asked: Asked, who: Caller = panes().olivia) =>
  panes().done(who, 'authorization.allow_once', { ...asked });
const refuseToAllow = (asked: Asked, who: Caller) =>
  refusal(panes().act(who, 'authorization.allow_once', { ...asked }));

/** Changes a waiting request in the table, past everything. */
const tamper = ({ request }: Asked, column: string, value: unknown) =>
  asTableOwner(panes(), `update authorization_requests set ${column} = $2 where reference = $1`, [
    request,
    value,
  ]);

/** A new customer, whose job title the agent wants to change while changes need the owner. */
async function askToRename() {
  const { dana, olivia, bright, done } = panes();
  await done(olivia, 'authorization.set_level', {
    action: 'contact.update',
    level: 'requires_authorization',
  });
  const { id } = await done(dana, 'contact.create', { full_name: 'Jo Doe', job_title: 'Baker' });
  const data = { contact_id: String(id), job_title: 'Pilot' };
  return { contact: String(id), data, asked: await askFor(panes(), bright, 'contact.update', data) };
}

async function jobTitle(contact: string): Promise<unknown> {
  return (await panes().read(panes().dana, 'contacts', { id: contact }))[0]?.job_title;
}

test('what nothing happened to is done', async () => {
  const { contact, asked } = await askToRename();
  expect(await allow(asked)).toMatchObject({ status: 'succeeded', replaced_by: null });
  expect(await jobTitle(contact)).toBe('Pilot');
});

describe('what somebody changed in the table is not done', () => {
  test.each<{ column: string; value(facts: { contact: string; other: string; agent: string }): unknown }>([
    { column: 'input', value: ({ other }) => ({ contact_id: other, job_title: 'Pilot' }) },
    { column: 'input', value: ({ contact }) => ({ contact_id: contact, job_title: 'Thief' }) },
    { column: 'action', value: () => 'contact.delete' },
    { column: 'agent_id', value: ({ agent }) => agent },
    { column: 'schema_hash', value: () => 'another' },
    { column: 'target_versions', value: () => ({}) },
  ])('be it the $column', async ({ column, value }) => {
    const { contact, asked } = await askToRename();
    const other = await askToRename();
    const { id } = await hireAgent(panes(), panes().bright, `Stranger ${newId()}`);
    await tamper(asked, column, value({ contact, other: other.contact, agent: id }));
    expect(await allow(asked)).toMatchObject({ status: 'failed', error: { code: 'CONFLICT' }, result: null });
    expect([await jobTitle(contact), await jobTitle(other.contact)]).toEqual(['Baker', 'Baker']);
    expect(await findRequest(panes(), asked.request)).toMatchObject({
      status: 'failed',
      error: { message: 'What is stored is not what was asked for; nothing was done.' },
    });
  });

  test('be it the digest: neither with the one that was shown nor with the new one', async () => {
    const { contact, asked } = await askToRename();
    const digest = 'a'.repeat(64);
    await tamper(asked, 'digest', digest);
    expect(await refuseToAllow(asked, panes().olivia)).toMatchObject({ code: 'CONFLICT', field: 'digest' });
    expect(await allow({ ...asked, digest })).toMatchObject({ status: 'failed' });
    expect(await jobTitle(contact)).toBe('Baker');
  });

  test('be it the input with a digest that fits: what would really happen is asked for anew', async () => {
    const { bright, olivia, read } = panes();
    const { contact, asked } = await askToRename();
    const fields = ['id', 'key_id', 'agent_id', 'action', 'schema_hash', 'target_versions'];
    const stored = await asTableOwner(
      panes(),
      `select ${fields.join()} from authorization_requests where reference = $1`,
      [asked.request],
    );
    const input = { contact_id: contact, job_title: 'Thief' };
    const digest = digestOf(bright.id, { ...stored.rows[0], input });
    await tamper(asked, 'input', input);
    await tamper(asked, 'digest', digest);
    const ended = await allow({ ...asked, digest });
    expect(ended).toMatchObject({ status: 'stale', replaced_by: expect.stringMatching(/^R-/) });
    expect(await jobTitle(contact)).toBe('Baker');
    const [fresh] = await read(olivia, 'authorization_requests', { id: String(ended.replaced_by) });
    expect(JSON.stringify(fresh?.preview)).toContain('Thief');
  });

  test('be it the preview the owner looks at', async () => {
    const { contact, asked } = await askToRename();
    await tamper(asked, 'preview', { changes: [], outgoing: [] });
    expect(await allow(asked)).toMatchObject({ status: 'stale' });
    expect(await jobTitle(contact)).toBe('Baker');
  });
});

describe('what the world has left behind is stale', () => {
  test('when the record was changed; then what would happen now is asked, and that is done', async () => {
    const { dana, olivia, done, read } = panes();
    const { contact, asked } = await askToRename();
    await done(dana, 'contact.update', { contact_id: contact, job_title: 'Judge' });
    const ended = await allow(asked);
    expect(ended).toMatchObject({
      status: 'stale',
      error: { message: 'The customer was changed after this was asked.' },
    });
    expect(await jobTitle(contact)).toBe('Judge');
    const [fresh] = await read(olivia, 'authorization_requests', { id: String(ended.replaced_by) });
    expect(fresh).toMatchObject({ status: 'pending', rule_action: 'contact.update' });
    expect(JSON.stringify(fresh?.preview)).toContain('Judge');
    const { reference, digest } = fresh ?? {};
    expect(await allow({ request: String(reference), digest: String(digest) })).toMatchObject({
      status: 'succeeded',
    });
    expect(await jobTitle(contact)).toBe('Pilot');
  });

  test('when the record is gone; then there is nothing to ask', async () => {
    const { dana, done } = panes();
    const { contact, asked } = await askToRename();
    await done(dana, 'contact.delete', { contact_id: contact });
    expect(await allow(asked)).toMatchObject({ status: 'stale', replaced_by: null });
    await done(dana, 'contact.restore', { contact_id: contact });
    expect(await jobTitle(contact)).toBe('Baker');
  });

  test('when the agent was removed', async () => {
    const { olivia, bright, done } = panes();
    const { id, agent } = await hireAgent(panes(), bright, 'On Trial');
    const ask = (what: string) => askFor(panes(), { ...bright, agent }, 'errand.run', { what, far: true });
    const [before, after] = [await ask('before'), await ask('after')];
    expect(await allow(before)).toMatchObject({ status: 'succeeded' });
    await done(olivia, 'agent.delete', { agent_id: id });
    expect(await allow(after)).toMatchObject({
      status: 'stale',
      error: { message: 'The agent was removed meanwhile.' },
    });
    expect([await countRuns(panes(), 'before'), await countRuns(panes(), 'after')]).toEqual([1, 0]);
  });

  test('when the agent is paused, and can be asked again when it works again', async () => {
    const { olivia, bright, done } = panes();
    const ask = () => askFor(panes(), bright, 'errand.run', { what: 'paused', far: true });
    const asked = await ask();
    await done(olivia, 'authorization.pause_agent', { agent_id: 'Office Manager' });
    expect(await allow(asked)).toMatchObject({ status: 'stale', error: { code: 'FORBIDDEN' } });
    await done(olivia, 'authorization.resume_agent', { agent_id: 'Office Manager' });
    expect(await countRuns(panes(), 'paused')).toBe(0);
    expect(await allow(await ask())).toMatchObject({ status: 'succeeded' });
  });

  test.each([
    { what: 'the action', set: {} },
    { what: 'the rule that fired', set: { rule: 'far' } },
    { what: 'the action for this agent', set: { agent_id: 'Office Manager' } },
  ])('when the owner has forbidden $what meanwhile', async ({ what, set }) => {
    const { olivia, bright, done } = panes();
    const asked = await askFor(panes(), bright, 'errand.run', { what, far: true });
    const level = { action: 'errand.run', level: 'forbidden', ...set };
    const { id } = await done(olivia, 'authorization.set_level', level);
    expect(await allow(asked)).toMatchObject({ status: 'stale', error: { code: 'FORBIDDEN' } });
    expect(await countRuns(panes(), what)).toBe(0);
    await done(olivia, 'authorization.revoke_grant', { id });
    expect(await allow(await askFor(panes(), bright, 'errand.run', { what, far: true }))).toMatchObject({
      status: 'succeeded',
    });
  });

  test('when the action takes other input since', async () => {
    const { bright } = panes();
    const { contact, asked } = await askToRename();
    const { rows } = await asTableOwner(
      panes(),
      'select id, key_id, agent_id, action, input, target_versions from authorization_requests where reference = $1',
      [asked.request],
    );
    const digest = digestOf(bright.id, { ...rows[0], schema_hash: 'of last year' });
    await tamper(asked, 'schema_hash', 'of last year');
    await tamper(asked, 'digest', digest);
    expect(await allow({ ...asked, digest })).toMatchObject({
      status: 'stale',
      error: { message: 'contact.update takes other input now.' },
    });
    expect(await jobTitle(contact)).toBe('Baker');
  });
});

describe('who may decide', () => {
  test('counts when it is decided: who is owner or admin no more decides nothing', async () => {
    const { olivia, bright, done } = panes();
    const { id } = await done(olivia, 'member.create', {
      name: 'Ada Min',
      email: 'ada@brightpanes.example',
      role: 'admin',
    });
    const ada: Caller = { via: 'member', organization_id: bright.id, user_id: String(id) };
    const ask = (what: string) => askFor(panes(), bright, 'errand.run', { what, far: true });
    expect(await allow(await ask('as admin'), ada)).toMatchObject({ status: 'succeeded' });
    const asked = await ask('as somebody');
    await done(olivia, 'member.update', { member_id: id, role: 'member' });
    expect(await refuseToAllow(asked, ada)).toMatchObject({ code: 'FORBIDDEN' });
    expect(await refuseToAllow(asked, as(bright, 'Theo'))).toMatchObject({ code: 'FORBIDDEN' });
    await done(olivia, 'member.delete', { member_id: id });
    expect(await refuseToAllow(asked, ada)).toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(await findRequest(panes(), asked.request)).toMatchObject({ status: 'pending', decided_by: null });
    expect(await countRuns(panes(), 'as somebody')).toBe(0);
    expect(await allow(asked)).toMatchObject({ status: 'succeeded' });
  });

  test('is of this business: to others the request is like one that does not exist', async () => {
    const { bright, clear, act } = panes();
    const asked = await askFor(panes(), bright, 'errand.run', { what: 'ours', far: true });
    const { id } = await findRequest(panes(), asked.request);
    for (const decision of ['allow_once', 'allow_always', 'deny']) {
      const decide = (request: string) =>
        refusal(act(clear.owner, `authorization.${decision}`, { request, digest: asked.digest }));
      const theirs = await decide(String(id));
      const nobodys = newId();
      expect(theirs.code).toBe('NOT_FOUND');
      expect(JSON.stringify(theirs).replaceAll(String(id), nobodys)).toBe(
        JSON.stringify(await decide(nobodys)),
      );
    }
    expect(await allow(asked)).toMatchObject({ status: 'succeeded' });
  });
});

test('what is over cannot be allowed nor denied', async () => {
  const { olivia, bright, act } = panes();
  const asked = await askFor(panes(), bright, 'errand.run', { what: 'over', far: true });
  await asTableOwner(
    panes(),
    `update authorization_requests set expires_at = '2000-01-01' where reference = $1`,
    [asked.request],
  );
  expect(await refuseToAllow(asked, olivia)).toMatchObject({ code: 'INVALID_STATE', state: 'expired' });
  expect(await refusal(act(olivia, 'authorization.deny', { ...asked }))).toMatchObject({ state: 'expired' });
  expect(await countRuns(panes(), 'over')).toBe(0);
  const again = await askFor(panes(), bright, 'errand.run', { what: 'over', far: true });
  expect(await allow(again)).toMatchObject({ status: 'succeeded' });
});

describe('a workflow', () => {
  test('is one request and is decided as one', async () => {
    const { bright, agent, act, done, olivia } = panes();
    const trip = { near: 'post office', far: 'wholesaler' };
    const asked = await askFor(panes(), bright, 'errand_trip', trip);
    expect([await countRuns(panes(), trip.near), await countRuns(panes(), trip.far)]).toEqual([0, 0]);
    expect(await findRequest(panes(), asked.request)).toMatchObject({
      action: 'errand_trip',
      rule_action: 'errand.run',
      rule: 'far',
      preview: { outgoing: [{ payload: { what: trip.near } }, { payload: { what: trip.far } }] },
    });
    const ended = await done(olivia, 'authorization.allow_always', { ...asked });
    expect(ended).toMatchObject({ status: 'succeeded', result: { ran: [trip.near, trip.far] } });
    expect([await countRuns(panes(), trip.near), await countRuns(panes(), trip.far)]).toEqual([1, 1]);
    // What was lifted is the step that needed it.
    expect((await act(agent, 'errand_trip', { near: 'bank', far: 'dump' })).status).toBe('done');
  });

  test('that is not allowed any more in one of its steps does none of them', async () => {
    const { bright, olivia, done } = panes();
    const trip = { near: 'chemist', far: 'quarry' };
    const asked = await askFor(panes(), bright, 'errand_trip', trip);
    await done(olivia, 'authorization.set_level', { action: 'errand.run', rule: 'far', level: 'forbidden' });
    expect(await allow(asked)).toMatchObject({ status: 'stale', error: { code: 'FORBIDDEN' } });
    expect([await countRuns(panes(), trip.near), await countRuns(panes(), trip.far)]).toEqual([0, 0]);
  });
});

describe('a booking that waited', () => {
  const visits = () => panes().read(panes().dana, 'tickets', { limit: 100 });
  const mails = async () =>
    (
      await panes().database.owner.query(
        `select payload ->> 'ticket_id' as ticket from jobs where kind = 'email'`,
      )
    ).rows;
  const restrict = () =>
    panes().done(panes().olivia, 'authorization.set_level', {
      action: 'ticket.create',
      level: 'requires_authorization',
    });

  test('is made once, and its mail is queued once', async () => {
    const { bright, olivia, act } = panes();
    await restrict();
    const asked = await askFor(panes(), bright, 'schedule_appointment', {
      contact_id: 'C-1001',
      scheduled_at: '2026-11-23T09:00',
    });
    const [visitsBefore, mailsBefore] = [await visits(), await mails()];
    const ended = await allow(asked);
    expect(ended).toMatchObject({ status: 'succeeded', result: { booked: true } });
    for (const decision of ['allow_once', 'allow_always', 'deny']) {
      expect(await refusal(act(olivia, `authorization.${decision}`, { ...asked }))).toMatchObject({
        code: 'INVALID_STATE',
        state: 'succeeded',
        decided_by: 'Olivia Bright',
      });
    }
    expect(await visits()).toHaveLength(visitsBefore.length + 1);
    expect(await mails()).toHaveLength(mailsBefore.length + 1);
    const known = visitsBefore.map(({ id }) => id);
    const made = (await visits()).find(({ id }) => !known.includes(id));
    expect((await mails()).filter(({ ticket }) => ticket === made?.id)).toHaveLength(1);
  });

  test('is made as it was shown when it is allowed later, though its customer is asked again later, too', async () => {
    const { bright, database, setClock } = panes();
    await restrict();
    const asked = await askFor(panes(), bright, 'schedule_appointment', {
      contact_id: 'C-1001',
      scheduled_at: '2026-12-16T09:00',
    });
    setClock('2026-11-18T08:50:00-06:00');
    expect(await allow(asked)).toMatchObject({ status: 'succeeded', result: { booked: true } });
    setClock('2026-11-18T08:00:00-06:00');
    const planned = await database.owner.query(
      `select m.kind from scheduled_messages as m join tickets as t on t.id = m.ticket_id
       where t.scheduled_at = '2026-12-16T09:00-06:00' and m.status = 'pending' order by m.kind`,
    );
    expect(planned.rows).toContainEqual({ kind: 'confirmation_follow_up' });
  });

  test('fails with the reason when the time was given away meanwhile, and nothing is left of it', async () => {
    const { bright, book } = panes();
    await restrict();
    const slot = { scheduled_at: '2026-11-24T09:00', technician_ids: ['Theo'] };
    const wish = { contact_id: 'C-1001', duration_minutes: 60, notify_customer: true };
    const asked = await askFor(panes(), bright, 'ticket.create', { ...wish, ...slot });
    const later = await askFor(panes(), bright, 'ticket.create', {
      ...wish,
      ...slot,
      scheduled_at: '2026-11-24T13:00',
    });
    const { reference } = await book(slot.scheduled_at, { technician_ids: ['Theo'] });
    const [visitsBefore, mailsBefore] = [await visits(), await mails()];
    expect(await allow(asked)).toMatchObject({
      status: 'failed',
      result: null,
      error: { code: 'CONFLICT', conflicting_ticket: reference },
    });
    expect(await visits()).toHaveLength(visitsBefore.length);
    expect(await mails()).toHaveLength(mailsBefore.length);
    const [row] = await panes().read(panes().agent, 'authorization_requests', { id: asked.request });
    expect(row).toMatchObject({ status: 'failed', error: { conflicting_ticket: reference } });
    expect(await allow(later)).toMatchObject({ status: 'succeeded' });
  });

  test('is asked for anew when somebody else would come', async () => {
    const { bright, olivia, book, read } = panes();
    await restrict();
    const asked = await askFor(panes(), bright, 'schedule_appointment', {
      contact_id: 'C-1001',
      scheduled_at: '2026-11-25T09:00',
    });
    const before = JSON.stringify((await findRequest(panes(), asked.request)).preview);
    const [theo, tess] = [bright.people.Theo?.id ?? '', bright.people.Tess?.id ?? ''];
    const [chosen, other] = before.includes(theo) ? [theo, tess] : [tess, theo];
    await book('2026-11-25T09:00', { technician_ids: [chosen] });
    const visitsBefore = await visits();
    const ended = await allow(asked);
    expect(ended).toMatchObject({
      status: 'stale',
      error: { message: 'It would not do what was shown any more.' },
    });
    expect(await visits()).toHaveLength(visitsBefore.length);
    const [fresh] = await read(olivia, 'authorization_requests', { id: String(ended.replaced_by) });
    expect(JSON.stringify(fresh?.preview)).toContain(other);
    expect(await allow({ request: String(fresh?.reference), digest: String(fresh?.digest) })).toMatchObject({
      status: 'succeeded',
    });
  });
});
