import { beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defineAutomation } from '../../core/kernel/registry/automation.ts';
import { createRegistry } from '../../core/kernel/registry/create-registry.ts';
import { type Domain, defineDomain } from '../../core/kernel/registry/domain.ts';
import { defineEvent } from '../../core/kernel/registry/event.ts';
import { as, useOffice } from '../support/office.ts';
import { refusal } from '../support/refusal.ts';
import { bells, ring, rung } from './bells.ts';

const office = useOffice({ domains: [bells().domain] });
const dana = () => as(office().bright, 'Dana');
const act = (action: string, data: Record<string, unknown>, extra = {}) =>
  office().act(dana(), action, data, extra);
const events = (who = dana()) => office().read(who, 'events', { params: { name: 'bell.rung' } });

beforeEach(async () => {
  const { owner } = office().database;
  await owner.query('delete from automation_runs');
  await owner.query('delete from events');
});

describe('an event', () => {
  test('is written with the change it tells of, by whom and when', async () => {
    await act('bell.ring', { door: 'front', times: 2 });
    expect(await events()).toEqual([
      {
        id: expect.any(String),
        name: 'bell.rung',
        payload: { door: 'front', times: 2 },
        actor_kind: 'user',
        created_at: expect.any(String),
      },
    ]);
  });

  test('is not there when the change is refused after it, nor after a preview', async () => {
    expect(await refusal(act('bell.ring', { door: 'front', then_fail: true }))).toMatchObject({
      code: 'VALIDATION_ERROR',
    });
    await act('bell.ring', { door: 'front' }, { preview: true });
    expect(await events()).toEqual([]);
    await act('bell.ring', { door: 'front' });
    expect(await events()).toHaveLength(1);
  });

  test('is written once for a call that is repeated with its key', async () => {
    for (let call = 0; call < 2; call++)
      await act('bell.ring', { door: 'front' }, { idempotency_key: 'ring-1' });
    expect(await events()).toHaveLength(1);
  });

  test('is refused from an action that has not declared it', async () => {
    await expect(act('bell.ring_undeclared', { door: 'front' })).rejects.toThrow(
      'bell.ring_undeclared emits bell.rung without declaring it in emits',
    );
    expect(await events()).toEqual([]);
  });

  test('of one business is not seen in another', async () => {
    await act('bell.ring', { door: 'front' });
    expect(await events(office().clear.owner)).toEqual([]);
    expect(await events()).toHaveLength(1);
  });

  test('cannot be changed or taken away by the application', async () => {
    await act('bell.ring', { door: 'front' });
    const { owner } = office().database;
    const may = async (verb: string) =>
      (
        await owner.query<{ may: boolean }>(
          `select has_table_privilege('deskhand_app', 'events', '${verb}') as may`,
        )
      ).rows[0]?.may;
    expect([await may('insert'), await may('update'), await may('delete')]).toEqual([true, false, false]);
  });

  test('is among the capabilities of its domain, with the automations on it', async () => {
    const { domains } = await office().app.capabilities(dana(), { request_id: 'look' }, 'bell');
    expect(domains[0]).toMatchObject({
      events: [
        { name: 'bell.rung', summary: 'Somebody rang.', emitted_by: ['bell.ring'] },
        { name: 'bell.answered', emitted_by: ['bell.answer'] },
        { name: 'bell.echoed', emitted_by: ['bell.shout', 'bell.echo'] },
      ],
      automations: [
        { name: 'bell.answer', summary: 'Somebody answers the door.', on: 'bell.rung' },
        { name: 'bell.echo', on: 'bell.echoed' },
      ],
    });
  });
});

describe('the start refuses', () => {
  const start = (parts: Partial<Domain>) => () =>
    createRegistry([defineDomain({ name: 'bell', summary: '', ...parts })], []);

  test('an action that emits what nobody registered', () => {
    expect(start({ actions: [ring], events: [rung] })).not.toThrow();
    expect(start({ actions: [ring] })).toThrow('bell.ring emits bell.rung, which nobody registered');
  });

  test('an automation on what nobody registered', () => {
    const late = defineEvent({ name: 'bell.late', summary: '', payload: z.strictObject({}) });
    const automations = [
      defineAutomation({ name: 'bell.wait', summary: '', on: late, run: () => Promise.resolve({}) }),
    ];
    expect(start({ automations, events: [late] })).not.toThrow();
    expect(start({ automations, events: [rung] })).toThrow(
      'bell.wait waits for bell.late, which nobody registered',
    );
  });

  test('two events of one name', () => {
    expect(start({ events: [rung, { ...rung }] })).toThrow('two registrations are called bell.rung');
  });
});
