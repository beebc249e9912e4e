import { Temporal } from 'temporal-polyfill';
import { beforeEach, describe, expect, test } from 'vitest';
import { registerTimers, ringTimers } from '../../core/jobs/timers.ts';
import { planTimer } from '../../core/jobs/wall-clock.ts';
import { defineAutomation } from '../../core/kernel/registry/automation.ts';
import { createRegistry } from '../../core/kernel/registry/create-registry.ts';
import { defineDomain } from '../../core/kernel/registry/domain.ts';
import type { Registry } from '../../core/kernel/registry/registry.ts';
import { defineTimer, type WallTime } from '../../core/kernel/registry/timer.ts';
import { letters, whileWorking } from '../support/letters.ts';
import { type Business, useOffice } from '../support/office.ts';
import { soon } from '../support/patience.ts';
import { asTableOwner } from '../support/raw-sql.ts';

// Chicago: six hours behind UTC in winter, five in summer.

const struck: string[] = [];
let whileStriking = () => Promise.resolve();
const strike = defineTimer({
  name: 'clock.strike',
  summary: 'The clock strikes.',
  at: { hour: 1, minute: 30 },
  async run(_, organization_id) {
    await whileStriking();
    struck.push(organization_id);
    return {};
  },
});
const cuckoo = defineAutomation({
  name: 'clock.cuckoo',
  summary: 'The cuckoo comes out.',
  on: strike,
  run: () => Promise.resolve({ cuckoo: true }),
});
const clocks = defineDomain({ name: 'clock', summary: 'Clocks.', timers: [strike], automations: [cuckoo] });
const post = letters();
const office = useOffice({ domains: [clocks, post.domain] });
const instant = (text: string) => Temporal.Instant.from(text);
const sql = (text: string) => office().database.owner.query<Record<string, unknown>>(text);

/** What every worker does now and then, at a moment. */
const lookAt = (text: string, registry: Registry = office().app.registry) =>
  ringTimers(office().db, registry, instant(text));
const register = (registry: Registry = office().app.registry) => registerTimers(office().db, registry);

/** The dates the timer has run for, or is to. */
async function dates(business: Business = office().bright): Promise<unknown[]> {
  const { rows } = await sql(
    `select payload ->> 'date' as date from jobs
     where kind = 'timer:clock.strike' and organization_id = '${business.id}' order by id`,
  );
  return rows.map(({ date }) => date);
}
async function timer(): Promise<Record<string, unknown> | undefined> {
  const rows = await office().read(office().bright.owner, 'timers');
  return rows.find(({ name }) => name === 'clock.strike');
}

const moveTo = (time_zone: string) =>
  asTableOwner(office(), 'update organizations set time_zone = $1 where id = $2', [
    time_zone,
    office().bright.id,
  ]);

beforeEach(async () => {
  struck.length = 0;
  whileStriking = () => Promise.resolve();
  await sql('delete from automation_runs');
  await sql('delete from events');
  await sql('delete from jobs');
  await sql('delete from timers');
  await moveTo('America/Chicago');
  await register();
});

describe('a timer', () => {
  test('runs at its time on the clock of the business, once on each day', async () => {
    await lookAt('2026-11-18T14:00:00Z');
    expect(await dates()).toEqual([]);
    expect(await timer()).toMatchObject({
      schedule: 'every day at 01:30',
      next_run_at: '2026-11-19T07:30:00.000Z',
      last_run_at: null,
    });
    await lookAt('2026-11-19T07:29:59Z');
    expect(await dates()).toEqual([]);
    await lookAt('2026-11-19T07:30:00Z');
    await lookAt('2026-11-19T07:30:10Z');
    expect(await dates()).toEqual(['2026-11-19']);
    await lookAt('2026-11-20T07:30:05Z');
    expect(await dates()).toEqual(['2026-11-19', '2026-11-20']);
    expect(await timer()).toMatchObject({
      last_run_on: '2026-11-20',
      next_run_at: '2026-11-21T07:30:00.000Z',
    });
  });

  test('whose time the clocks skip runs right after the gap, once', async () => {
    const early = createRegistry(
      [defineDomain({ name: 'clock', summary: '', timers: [{ ...strike, at: { hour: 2, minute: 30 } }] })],
      [],
    );
    await register(early);
    await lookAt('2027-03-13T12:00:00Z', early);
    // At 02:00, which is 08:00 UTC, it is 03:00 at once.
    await lookAt('2027-03-14T07:59:59Z', early);
    expect(await dates()).toEqual([]);
    await lookAt('2027-03-14T08:00:00Z', early);
    await lookAt('2027-03-14T08:30:00Z', early);
    expect(await dates()).toEqual(['2027-03-14']);
    await lookAt('2027-03-15T07:30:00Z', early);
    expect(await dates()).toEqual(['2027-03-14', '2027-03-15']);
  });

  test('whose time occurs twice runs the first time only', async () => {
    await lookAt('2026-10-31T12:00:00Z');
    await lookAt('2026-11-01T06:30:00Z');
    expect(await dates()).toEqual(['2026-11-01']);
    await lookAt('2026-11-01T07:30:00Z');
    expect(await dates()).toEqual(['2026-11-01']);
    await lookAt('2026-11-02T07:30:00Z');
    expect(await dates()).toEqual(['2026-11-01', '2026-11-02']);
  });

  test('runs exactly once when the server was off for a week', async () => {
    await lookAt('2026-11-18T14:00:00Z');
    await lookAt('2026-11-25T20:00:00Z');
    await lookAt('2026-11-25T20:00:10Z');
    expect(await dates()).toEqual(['2026-11-25']);
    await lookAt('2026-11-26T07:30:00Z');
    expect(await dates()).toEqual(['2026-11-25', '2026-11-26']);
  });

  test('runs once however many workers look at the same moment', async () => {
    await lookAt('2026-11-18T14:00:00Z');
    const rung = await Promise.all(Array.from({ length: 6 }, () => lookAt('2026-11-19T07:30:00Z')));
    // Both businesses, and the product's own timers are not due yet.
    expect(rung.reduce((sum, count) => sum + count, 0)).toBe(2);
    expect(await dates()).toEqual(['2026-11-19']);
    expect(await dates(office().clear)).toEqual(['2026-11-19']);
  });

  test('goes by the new time zone of a business that has moved, and never twice for one date', async () => {
    await lookAt('2026-11-18T14:00:00Z');
    await lookAt('2026-11-19T07:30:00Z');
    await moveTo('Pacific/Honolulu');
    await lookAt('2026-11-19T08:00:00Z');
    expect(await timer()).toMatchObject({ next_run_at: '2026-11-20T11:30:00.000Z' });
    // 01:30 of the 19th in Honolulu: that date is done.
    await lookAt('2026-11-19T11:30:00Z');
    expect(await dates()).toEqual(['2026-11-19']);
    await lookAt('2026-11-20T11:30:00Z');
    expect(await dates()).toEqual(['2026-11-19', '2026-11-20']);
  });

  test('that a new version sets to another time goes by that', async () => {
    await lookAt('2026-11-18T14:00:00Z');
    const late = createRegistry(
      [defineDomain({ name: 'clock', summary: '', timers: [{ ...strike, at: { hour: 22, minute: 0 } }] })],
      [],
    );
    await register(late);
    await lookAt('2026-11-18T14:01:00Z', late);
    await lookAt('2026-11-19T07:30:00Z', late);
    expect(await dates()).toEqual(['2026-11-18']);
    await lookAt('2026-11-20T04:00:00Z', late);
    expect(await dates()).toEqual(['2026-11-18', '2026-11-19']);
  });
});

describe('the worker', () => {
  const work = (at: string, done: () => Promise<void>) =>
    whileWorking(office(), done, undefined, () => instant(at));

  test('does what the timer is for, for each business, and starts the automations on it', async () => {
    await lookAt('2026-11-18T14:00:00Z');
    const runs = () =>
      office().read(office().bright.owner, 'workflow_runs', { fields: ['workflow', 'event', 'state'] });
    await work('2026-11-19T07:30:00Z', async () => {
      await expect
        .poll(runs, soon)
        .toEqual([
          { id: expect.any(String), workflow: 'clock.cuckoo', event: 'clock.strike', state: 'done' },
        ]);
      await expect.poll(() => struck.length, soon).toBe(2);
    });
    expect([...struck].sort()).toEqual([office().bright.id, office().clear.id].sort());
  });

  test('starts the automations of a date once, although the job fails and comes again', async () => {
    await lookAt('2026-11-18T14:00:00Z');
    const start = () => {
      const worker = { via: 'system', organization_id: office().bright.id, name: 'worker' } as const;
      return office().done(worker, 'automation.start_on_timer', {
        timer: 'clock.strike',
        date: '2026-11-19',
      });
    };
    expect(await start()).toEqual({ started: 1 });
    expect(await start()).toEqual({ started: 0 });
  });

  test('shows what went wrong, and tries again', async () => {
    await lookAt('2026-11-18T14:00:00Z');
    whileStriking = () => Promise.reject(new Error('the spring broke'));
    await work('2026-11-19T07:30:00Z', async () => {
      await expect
        .poll(timer, soon)
        .toMatchObject({ last_error: 'the spring broke', last_run_on: '2026-11-19' });
      whileStriking = () => Promise.resolve();
      await sql('update jobs set run_at = now(); notify deskhand_jobs');
      await expect.poll(timer, soon).toMatchObject({ last_error: null });
    });
  });
});

test('a timer nobody can make sense of holds up no delivery, and is told of', async () => {
  const nonsense = defineDomain({
    name: 'clock',
    summary: '',
    timers: [{ ...strike, at: { hour: 1, minute: 0, day_of_month: 0 } }],
  });
  const app = { ...office().app, registry: createRegistry([nonsense, post.domain], []) };
  await office().done(office().bright.owner, 'letter.send', { to: 'Jane' });
  const problems = await whileWorking({ ...office(), app }, async () => {
    await expect.poll(() => post.delivered.map(({ payload }) => payload.to), soon).toEqual(['Jane']);
  });
  expect(problems).toMatchObject([{ message: 'the worker could not look at the timers' }]);
});

describe('a plan', () => {
  const plan = (at: WallTime, now: string, last_run_on: string | null, time_zone = 'America/Chicago') => {
    const { run_on, next_at } = planTimer({ at, time_zone, is_planned: true, last_run_on }, instant(now));
    return { run_on, next_at: next_at.toString() };
  };

  test('of a weekday comes on that day', () => {
    // The 18th is a Wednesday.
    expect(plan({ hour: 6, minute: 0, weekday: 1 }, '2026-11-18T14:00:00Z', '2026-11-16')).toEqual({
      run_on: undefined,
      next_at: '2026-11-23T12:00:00Z',
    });
    expect(plan({ hour: 6, minute: 0, weekday: 1 }, '2026-11-23T12:00:00Z', '2026-11-16')).toEqual({
      run_on: '2026-11-23',
      next_at: '2026-11-30T12:00:00Z',
    });
  });

  test('of a day of the month comes on the last one of a shorter month', () => {
    expect(plan({ hour: 6, minute: 0, day_of_month: 31 }, '2027-02-28T12:00:00Z', '2027-01-31')).toEqual({
      run_on: '2027-02-28',
      next_at: '2027-03-31T11:00:00Z',
    });
  });

  test('outlives a day that does not exist: Samoa had no 30 December 2011', () => {
    const at = { hour: 6, minute: 0 };
    expect(plan(at, '2011-12-29T16:00:00Z', '2011-12-28', 'Pacific/Apia')).toEqual({
      run_on: '2011-12-29',
      next_at: '2011-12-30T10:00:00Z',
    });
    expect(plan(at, '2011-12-30T16:00:00Z', '2011-12-29', 'Pacific/Apia')).toMatchObject({
      run_on: '2011-12-31',
      next_at: '2011-12-31T16:00:00Z',
    });
  });
});

test('a timer that is set to a time no clock shows is refused at the start', () => {
  const set = (at: WallTime) => () => defineTimer({ name: 'clock.wrong', summary: '', at });
  expect(set({ hour: 23, minute: 59, weekday: 7 })).not.toThrow();
  expect(set({ hour: 24, minute: 0 })).toThrow('clock.wrong is set to a time that never comes');
  expect(set({ hour: 1, minute: 0, weekday: 0 })).toThrow();
  expect(set({ hour: 1, minute: 0, day_of_month: 32 })).toThrow();
});
