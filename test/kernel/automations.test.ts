import { beforeEach, describe, expect, test } from 'vitest';
import { PermanentFailure } from '../../core/kernel/outside/delivery-failure.ts';
import { whileWorking } from '../support/letters.ts';
import { as, type Business, useOffice } from '../support/office.ts';
import { soon } from '../support/patience.ts';
import { refusal } from '../support/refusal.ts';
import { bells } from './bells.ts';

const house = bells();
const calm = house.whileAnswering;
const office = useOffice({ domains: [house.domain] });
const ring = (door = 'front', business: Business = office().bright) =>
  office().done(business.owner, 'bell.ring', { door });
const runs = (fields = ['workflow', 'state', 'why', 'did'], business = office().bright) =>
  office().read(business.owner, 'workflow_runs', { params: { workflow: 'bell.answer' }, fields });
const states = async () => (await runs(['state'])).map(({ state }) => state);
const answers = (business = office().bright) =>
  office().read(business.owner, 'events', { params: { name: 'bell.answered' }, fields: ['payload'] });
const switchTo = (is_enabled: boolean) =>
  office().done(office().bright.owner, 'automation.set_enabled', { automation: 'bell.answer', is_enabled });
const sql = (text: string) => office().database.owner.query(text);

/** Runs the only run that waits, as the worker does. */
async function deliver() {
  const [run] = await runs(['state']);
  const worker = { via: 'system', organization_id: office().bright.id, name: 'worker' } as const;
  return office().done(worker, 'automation.run', { run: run?.id });
}

beforeEach(async () => {
  house.whileAnswering = calm;
  await sql('delete from automation_runs');
  await sql('delete from events');
  await sql('delete from jobs');
  await switchTo(true);
});

describe('an automation', () => {
  test('runs a moment after its event, and the log says what it did', async () => {
    await whileWorking(office(), async () => {
      await ring('back');
      await expect.poll(states, soon).toEqual(['done']);
    });
    expect(await answers()).toMatchObject([{ payload: { door: 'back' } }]);
    expect(await runs(['workflow', 'event', 'subject', 'state', 'did', 'attempts'])).toEqual([
      {
        id: expect.any(String),
        workflow: 'bell.answer',
        event: 'bell.rung',
        subject: { door: 'back', times: 1 },
        state: 'done',
        did: { opened: 'back' },
        attempts: 1,
      },
    ]);
  });

  test('does not run for a change that was refused', async () => {
    await refusal(office().act(office().bright.owner, 'bell.ring', { door: 'front', then_fail: true }));
    expect(await states()).toEqual([]);
    await ring();
    expect(await states()).toEqual(['waiting']);
  });

  test('happens once when its event is delivered twice', async () => {
    await ring();
    await deliver();
    expect(await deliver()).toMatchObject({ state: 'done' });
    expect(await answers()).toHaveLength(1);
  });

  test('happens once when two workers deliver it at the same moment', async () => {
    await ring();
    await Promise.all([deliver(), deliver(), deliver()]);
    expect(await answers()).toHaveLength(1);
    expect(await states()).toEqual(['done']);
  });

  test('happens once with two workers, for each of many events', async () => {
    for (let door = 0; door < 12; door++) await ring(`door ${door}`);
    await whileWorking(office(), () =>
      whileWorking(office(), async () => {
        await expect.poll(async () => new Set(await states()), soon).toEqual(new Set(['done']));
      }).then(() => undefined),
    );
    expect(await answers()).toHaveLength(12);
  });
});

describe('an automation that fails', () => {
  test('leaves nothing of what it has begun, says why, and comes again', async () => {
    house.whileAnswering = () => Promise.reject(new Error('nobody is at home'));
    await whileWorking(office(), async () => {
      await ring();
      await expect
        .poll(() => runs(['why', 'attempts']), soon)
        .toMatchObject([{ why: 'nobody is at home', attempts: 1 }]);
      expect(await answers()).toEqual([]);
      expect(await states()).toEqual(['waiting']);
      house.whileAnswering = calm;
      await sql('update jobs set run_at = now(); notify deskhand_jobs');
      await expect.poll(states, soon).toEqual(['done']);
    });
    expect(await answers()).toHaveLength(1);
  });

  test('for good is shown as failed, with the reason', async () => {
    house.whileAnswering = () => Promise.reject(new PermanentFailure('the house was sold'));
    await whileWorking(office(), async () => {
      await ring();
      await expect.poll(states, soon).toEqual(['failed']);
    });
    expect(await runs(['why'])).toMatchObject([{ why: 'the house was sold' }]);
    const failed = await office().read(office().bright.owner, 'workflow_runs', {
      params: { state: 'failed' },
    });
    expect(failed).toHaveLength(1);
  });
});

describe('a switch', () => {
  test('stops an automation for this business alone, and starts it again', async () => {
    await switchTo(false);
    await ring();
    await ring('their door', office().clear);
    expect(await states()).toEqual([]);
    expect(await runs(['state'], office().clear)).toMatchObject([{ state: 'waiting' }]);
    await switchTo(true);
    await ring();
    expect(await states()).toEqual(['waiting']);
  });

  test('that is turned off while a run waits makes it skipped, with the reason', async () => {
    await ring();
    await switchTo(false);
    expect(await deliver()).toMatchObject({ state: 'skipped' });
    expect(await runs(['state', 'why'])).toMatchObject([{ state: 'skipped', why: 'it was switched off' }]);
    expect(await answers()).toEqual([]);
  });

  test('is seen in the list', async () => {
    const listed = () =>
      office().read(office().bright.owner, 'workflows', {
        params: { is_enabled: false },
        fields: ['name', 'on'],
      });
    expect(await listed()).toEqual([]);
    await switchTo(false);
    expect(await listed()).toEqual([{ id: 'bell.answer', name: 'bell.answer', on: 'bell.rung' }]);
  });

  test('is the owner’s: an agent asks, and the office may not', async () => {
    const off = { automation: 'bell.answer', is_enabled: false };
    const asked = await office().act(office().bright.agent, 'automation.set_enabled', off);
    expect(asked.status).toBe('pending_authorization');
    const refused = await refusal(office().act(as(office().bright, 'Dana'), 'automation.set_enabled', off));
    expect(refused).toMatchObject({ code: 'FORBIDDEN' });
    await ring();
    expect(await states()).toEqual(['waiting']);
  });

  test('of an automation nobody knows names the nearest', async () => {
    const wrong = { automation: 'bell.answr', is_enabled: false };
    const refused = await refusal(office().act(office().bright.owner, 'automation.set_enabled', wrong));
    expect(refused).toMatchObject({
      code: 'VALIDATION_ERROR',
      field: 'automation',
      did_you_mean: expect.arrayContaining(['bell.answer']),
    });
  });
});

test('a chain of automations that start each other ends after five', async () => {
  const echoes = () =>
    office().read(office().bright.owner, 'workflow_runs', {
      params: { workflow: 'bell.echo' },
      fields: ['state', 'why'],
    });
  await whileWorking(office(), async () => {
    await office().done(office().bright.owner, 'bell.shout', {});
    await expect
      .poll(async () => (await echoes()).map(({ state }) => state), soon)
      .toEqual(['skipped', ...Array(5).fill('done')]);
  });
  expect((await echoes())[0]).toMatchObject({ why: 'it would be number 6 of a chain that started itself' });
});
