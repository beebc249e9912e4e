import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { isLooser } from '../../authorization-queue/levels.ts';
import { newId } from '../../core/kernel/database/ids.ts';
import type { Action } from '../../core/kernel/registry/define.ts';
import type { Registered } from '../../core/kernel/registry/registry.ts';
import { askFor } from '../authorization-queue/asking.ts';
import { readyInput } from '../contracts/ready-input.ts';
import { isForNobody, registry } from '../contracts/registered.ts';
import { type Story, tellStory } from '../contracts/story.ts';
import { useOffice } from '../support/office.ts';
import { asTableOwner } from '../support/raw-sql.ts';
import { refusal } from '../support/refusal.ts';

const office = useOffice();
const waiting = 'pending_authorization';
const reasoning = 'The customer asked us to do so';

let story: Story;
beforeAll(async () => {
  story = await tellStory(office(), office().bright, 'Bright');
});
beforeEach(async () => {
  await asTableOwner(office(), 'delete from authorization_requests');
  await asTableOwner(office(), 'delete from permission_overrides');
});

const change = (settings: Record<string, unknown>, who = office().bright.agent) =>
  office().act(who, 'organization.update_settings', { settings }, { reasoning });

describe('a setting that bounds an agent', () => {
  const settings = [...registry.settings.values()];
  const value: Readonly<Record<string, unknown>> = {
    passkey_for_irreversible: true,
    calendar_details: 'short',
    agent_mails: 'wait_for_me',
    reply_to: 'office@brightpanes.example',
    payment_url: 'https://pay.brightpanes.example/',
    remind_of_overdue_bills: 'on',
    default_collection_method: 'manual',
    invoicing_enabled: true,
    members_may_connect_agents: true,
  };
  const forPeople = settings.filter(({ open_to }) => open_to === 'people').map(({ name }) => name);
  const forAgents = settings.filter(({ open_to }) => open_to === 'agents').map(({ name }) => name);

  test('each setting says who may change it', () => {
    expect([...forPeople, ...forAgents].sort()).toEqual(settings.map(({ name }) => name).sort());
    expect(forPeople).toEqual(
      expect.arrayContaining([
        'request_expiry_hours',
        'outbound_expiry_hours',
        'llm_requests_per_day',
        'passkey_for_irreversible',
      ]),
    );
  });

  test.each(forPeople)(
    '%s is not even asked for by an agent, and it reads who changes it and where',
    async name => {
      const told = await refusal(change({ [name]: value[name] ?? 1 }));
      expect(told).toMatchObject({ code: 'FORBIDDEN', field: `settings.${name}` });
      expect(told.message).toBe(`${name} is changed by people only.`);
      expect(told.hint).toContain('/settings');
      // Nor is it hidden among what an agent may ask for.
      const mixed = { settings: { slot_minutes: 45, [name]: value[name] ?? 1 }, name: 'Brighter' };
      const { bright, act, read } = office();
      expect(await refusal(act(bright.agent, 'organization.update_settings', mixed))).toMatchObject({
        field: `settings.${name}`,
      });
      expect(await read(bright.owner, 'authorization_requests')).toEqual([]);
    },
  );

  test.each(forAgents)('%s waits for the owner', async name => {
    expect((await change({ [name]: null })).status).toBe(waiting);
  });

  test('opening hours wait for the owner, who may allow them once', async () => {
    const { bright, done, read } = office();
    const data = { business_hours: { sat: [['10:00', '12:00']] } };
    const asked = await askFor(office(), bright, 'organization.update_settings', data);
    await done(bright.owner, 'authorization.allow_once', { ...asked });
    expect(await read(bright.owner, 'organization')).toMatchObject([
      { business_hours: { sat: [['10:00', '12:00']] } },
    ]);
  });
});

/** What an agent could widen its own reach by: the tables that say who may do what, and what comes in or starts by itself. */
const reach = new Set([
  'organization',
  'agent',
  'member',
  'user',
  'permission',
  'passkey',
  'secret',
  'lead_form',
  'automation_setting',
]);

const changed = z.array(z.object({ entity_type: z.string() }));

describe('what could widen an agent’s reach', () => {
  const actions = [...registry.actions.values()];

  test('says so in its registration: whatever writes one of those tables', async () => {
    const { act, bright } = office();
    const found: string[] = [];
    for (const action of actions) {
      // What takes a browser or a link is for people anyway, and so is what nobody of the business does.
      if (isForNobody(action) || action.spec.decides || /^passkey\./.test(action.id)) continue;
      const input = await readyInput(office(), story, action);
      const outcome = await act(bright.owner, action.id, input, { preview: true }).catch(() => undefined);
      const wrote = changed
        .parse(outcome?.data.would_change ?? [])
        .some(entry => reach.has(entry.entity_type));
      if (wrote) found.push(action.id);
      if (wrote) expect([action.id, action.spec.widens]).toEqual([action.id, expect.any(String)]);
    }
    expect(found).toEqual(
      expect.arrayContaining([
        'organization.update_settings',
        'agent.create',
        'member.create',
        'lead_form.create',
        'automation.set_enabled',
        'authorization.set_level',
      ]),
    );
  });

  const asked = actions.filter(
    ({ spec }) =>
      spec.widens !== undefined && !spec.human_only && spec.permission.level === 'requires_authorization',
  );
  const inputFor = (action: Registered<Action>) => readyInput(office(), story, action);

  test.each(asked.map(action => ({ id: action.id, action })))(
    '$id is never allowed always: no button, and refused when it is posted all the same',
    async ({ id, action }) => {
      const { bright, act, done, read } = office();
      const request = await askFor(office(), bright, id, await inputFor(action));
      const [row] = await read(bright.owner, 'authorization_requests', { id: request.request });
      expect(row?.why_not_always).toContain('is asked for each time');
      expect(await refusal(act(bright.owner, 'authorization.allow_always', { ...request }))).toMatchObject({
        code: 'INVALID_STATE',
      });
      expect(await read(bright.owner, 'authorization_grants')).toEqual([]);
      expect(await done(bright.owner, 'authorization.allow_once', { ...request })).toMatchObject({
        status: 'succeeded',
      });
    },
  );

  test.each(asked.map(action => ({ id: action.id, action })))(
    '$id waits although a grant or a looser level stands in the table',
    async ({ id, action }) => {
      const { bright, act } = office();
      const input = await inputFor(action);
      for (const level of ['unrestricted', 'soft_limit']) {
        for (const request_id of [null, newId()]) {
          await asTableOwner(
            office(),
            `insert into permission_overrides (organization_id, id, action, rule, level, agent_id, request_id, set_by)
            values ($1, uuid7(), $2, '*', $3, $4, $5, $6)`,
            [bright.id, id, level, bright.agentId, request_id, bright.people.Olivia?.id],
          );
          expect((await act(bright.agent, id, input, { reasoning })).status).toBe(waiting);
        }
      }
    },
  );

  test.each(asked.map(({ id }) => id))(
    '%s is not set to a looser level, and can be set to a stricter one',
    async id => {
      const { bright, act, done } = office();
      const set = (level: string) => act(bright.owner, 'authorization.set_level', { action: id, level });
      for (const level of ['unrestricted', 'soft_limit'] as const) {
        expect(isLooser(level, 'requires_authorization')).toBe(true);
        expect(await refusal(set(level))).toMatchObject({ code: 'INVALID_STATE', field: 'level' });
      }
      await done(bright.owner, 'authorization.set_level', { action: id, level: 'forbidden' });
      expect((await refusal(act(bright.agent, id, {}, { reasoning }))).code).not.toBe('INTERNAL_ERROR');
    },
  );

  test('what cannot is allowed always as before', async () => {
    const { bright, done, act } = office();
    await done(bright.owner, 'authorization.set_level', {
      action: 'company.create',
      level: 'requires_authorization',
    });
    const request = await askFor(office(), bright, 'company.create', { name: 'Hart & Sons' });
    await done(bright.owner, 'authorization.allow_always', { ...request });
    expect((await act(bright.agent, 'company.create', { name: 'Miles & Sons' })).status).toBe('done');
  });
});
