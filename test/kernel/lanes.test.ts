import { beforeEach, describe, expect, test } from 'vitest';
import { claimJobs, findNextDue, type LaneName, pauseMail, settleJob } from '../../core/jobs/queries.ts';
import { newId } from '../../core/kernel/database/ids.ts';
import type { Job } from '../../core/kernel/outside/outbox.ts';
import { useOffice } from '../support/office.ts';

// Ten thousand mails may be due in one minute: who waits for whom, and how long.

const office = useOffice();
const db = () => office().db;
const sql = (text: string, values: unknown[] = []) => office().database.owner.query(text, values);
const hour = 3_600_000;

beforeEach(async () => {
  await sql(`delete from jobs`);
  await sql(`update paces set free_at = '-infinity', served = null`);
});

let queued = 0;
/** Queues a job that is due; its number says when it was queued among the others. */
async function queue(
  kind: string,
  more: {
    business?: string;
    contact_id?: string;
    send_at?: string;
    ticket_id?: string;
    invoice_id?: string;
  } = {},
) {
  const { business = office().bright.id, ...payload } = more;
  queued += 1;
  await sql(
    `insert into jobs (organization_id, id, kind, payload, run_at) values ($1, $2, $3, $4, now() - interval '1 minute')`,
    [business, newId(), kind, JSON.stringify({ ...payload, number: queued })],
  );
  return queued;
}

const numbers = (jobs: readonly Job[]) => jobs.map(({ payload }) => payload.number);
const claim = (lane: LaneName, spacing_ms?: number) =>
  claimJobs(db(), { worker: 'w', most: 10, lease_seconds: 60, lane, spacing_ms });
const through = ({ organization_id, id }: Job) =>
  settleJob(db(), { organization_id, id, worker: 'w', outcome: {}, error: null, retry_at: null });
const failed = ({ organization_id, id }: Job) =>
  settleJob(db(), {
    organization_id,
    id,
    worker: 'w',
    outcome: null,
    error: 'later',
    retry_at: new Date(Date.now() + hour).toISOString(),
  });

describe('mails', () => {
  test('to one customer go in the order in which they were written, also when the first is tried again later', async () => {
    const [jane, joe] = [newId(), newId()];
    const first = await queue('email', { contact_id: jane });
    const second = await queue('email', { contact_id: jane });
    const other = await queue('email', { contact_id: joe });
    const [one] = await claim('mail', 0);
    expect(one?.payload.number).toBe(first);
    expect(numbers(await claim('mail', 0))).toEqual([other]);
    expect(await claim('mail', 0)).toEqual([]);
    if (one) await failed(one);
    expect(await claim('mail', 0)).toEqual([]);
    await sql(`update jobs set run_at = now() where run_at > now()`);
    const [again] = await claim('mail', 0);
    expect(again?.payload.number).toBe(first);
    if (again) await through(again);
    expect(numbers(await claim('mail', 0))).toEqual([second]);
  });

  test('about another visit do not wait for a bill that is tried again later; what is about the same does', async () => {
    const contact_id = newId();
    const [visit, other, invoice] = [newId(), newId(), newId()];
    await queue('email', { contact_id, invoice_id: invoice, ticket_id: visit });
    const cancelled = await queue('email', { contact_id, ticket_id: other });
    const reminder = await queue('email', { contact_id, invoice_id: invoice });
    const thanks = await queue('email', { contact_id, ticket_id: visit });
    const news = await queue('email', { contact_id });
    const [bill] = await claim('mail', 0);
    // While it is tried, its turn is not over.
    expect(await claim('mail', 0)).toEqual([]);
    if (bill) await failed(bill);
    const taken = [];
    for (;;) {
      const [next] = await claim('mail', 0);
      if (!next) break;
      taken.push(...numbers([next]));
      await through(next);
    }
    expect(taken).toEqual([cancelled, news]);
    await sql(`update jobs set run_at = now() where run_at > now()`);
    const [again] = await claim('mail', 0);
    if (again) await through(again);
    const [next] = await claim('mail', 0);
    if (next) await through(next);
    expect(numbers([...(next ? [next] : []), ...(await claim('mail', 0))])).toEqual([reminder, thanks]);
  });

  test('are taken one by one, as far apart as the service wants, and not at all while it takes none', async () => {
    const first = await queue('email');
    const second = await queue('email');
    expect(numbers(await claim('mail', hour))).toEqual([first]);
    expect(await claim('mail', hour)).toEqual([]);
    const next = await findNextDue(db(), 'mail', true);
    expect(Date.parse(next ?? '') - Date.now()).toBeGreaterThan(hour / 2);
    await sql(`update paces set free_at = now()`);
    await pauseMail(db(), new Date(Date.now() + hour).toISOString());
    expect(await claim('mail', 0)).toEqual([]);
    await sql(`update paces set free_at = now()`);
    expect(numbers(await claim('mail', 0))).toEqual([second]);
    expect(await findNextDue(db(), 'mail', true)).not.toBeNull();
  });

  test('of one business do not keep those of another waiting', async () => {
    const mine = [await queue('email'), await queue('email'), await queue('email')];
    const theirs = await queue('email', { business: office().clear.id });
    const taken = [];
    for (let at = 0; at < 4; at++) taken.push(...numbers(await claim('mail', 0)));
    expect(taken.indexOf(theirs)).toBeLessThan(2);
    expect([...taken].sort()).toEqual([...mine, theirs].sort());
  });

  test('keep neither sign-in links nor anything else waiting', async () => {
    for (let at = 0; at < 30; at++) await queue('email');
    const link = await queue('sign_in_email');
    const timer = await queue('scheduled_message', { send_at: '2026-11-18T14:00:00Z' });
    const event = await queue('webhook_event');
    expect(numbers(await claim('sign_in', 0))).toEqual([link]);
    expect(numbers(await claim('timers'))).toEqual([timer]);
    expect(numbers(await claim('general'))).toEqual([event]);
  });
});

test('timers of one customer ring in the order of their times, whichever was set first', async () => {
  const contact_id = newId();
  const late = await queue('planned_message', { contact_id, send_at: '2026-11-18T15:00:00Z' });
  const early = await queue('planned_message', { contact_id, send_at: '2026-11-18T14:00:00Z' });
  const [one, ...others] = await claim('timers');
  expect(others).toEqual([]);
  expect(one?.payload.number).toBe(early);
  if (one) await through(one);
  expect(numbers(await claim('timers'))).toEqual([late]);
});

describe('a business with 20,000 jobs that are due', () => {
  const many = (kind: string, payload = '{}') =>
    sql(
      `insert into jobs (organization_id, id, kind, payload, run_at)
       select $1, uuid7(), $2, $3::jsonb, now() - interval '1 hour' + n * interval '1 millisecond'
       from generate_series(1, 20000) as n`,
      [office().bright.id, kind, payload],
    );

  test.each([
    ['general', 'webhook_event'],
    ['timers', 'scheduled_message'],
  ] as const)('in %s does not keep the only one of another waiting, nor its own', async (lane, kind) => {
    await many(kind);
    const theirs = await queue(kind, { business: office().clear.id });
    const first = await claim(lane);
    expect(first).toHaveLength(10);
    expect(numbers(first)).toContain(theirs);
    expect(await claim(lane)).toHaveLength(10);
  });

  test('is served in turn with the others when one hand is free at a time', async () => {
    await many('webhook_event');
    const theirs: number[] = [];
    for (let at = 0; at < 3; at++) theirs.push(await queue('webhook_event', { business: office().clear.id }));
    const taken = [];
    for (let at = 0; at < 6; at++)
      taken.push(
        ...numbers(await claimJobs(db(), { worker: 'w', most: 1, lease_seconds: 60, lane: 'general' })),
      );
    expect(taken.filter(number => theirs.includes(Number(number)))).toEqual(theirs);
  });

  test('does not stand in the way of what is taken at the same moment: nothing is taken twice', async () => {
    await many('webhook_event');
    await queue('webhook_event', { business: office().clear.id });
    const taken = (await Promise.all(Array.from({ length: 8 }, () => claim('general')))).flat();
    expect(taken).toHaveLength(80);
    expect(new Set(taken.map(({ id }) => id)).size).toBe(80);
  });
});

test('what nobody has to do wakes nobody', async () => {
  expect(await findNextDue(db(), 'mail', true)).toBeNull();
  expect(await findNextDue(db(), 'general', false)).toBeNull();
});
