import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { backoff } from '../../core/jobs/deliver.ts';
import { claimJobs, settleJob } from '../../core/jobs/queries.ts';
import type { Job, JobOutcome } from '../../core/kernel/outside/outbox.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { letters, whileWorking } from '../support/letters.ts';
import { soon } from '../support/patience.ts';
import { refusal } from '../support/refusal.ts';

const post = letters();
const arrive = post.deliver;
const panes = useBrightPanes({ domains: [post.domain] });
const send = (to: string, more: Record<string, unknown> = {}) =>
  panes().done(panes().dana, 'letter.send', { to, ...more });
const outbox = (fields: string[] = ['state', 'attempts', 'last_error']) =>
  panes().read(panes().dana, 'outbox', { params: { kind: 'letter' }, fields, limit: 100 });
const sql = (text: string) => panes().database.owner.query(text);
const arrived = () => expect.poll(() => post.delivered.map(job => job.payload.to), soon);

beforeEach(async () => {
  post.delivered.length = 0;
  post.deliver = arrive;
  await sql('delete from jobs');
});

describe('a delivery', () => {
  test('of an e-mail is a file that any mail program opens', async () => {
    const { book, dana, read } = panes();
    const problems = await whileWorking(panes(), async folder => {
      await book('2026-11-23T09:00', { lines: ['S-1'], notify_customer: true });
      const files = () => readdir(path.join(folder, 'outbox')).catch(() => []);
      await expect.poll(files, soon).toEqual([expect.stringMatching(/^[\w-]{36}\.eml$/)]);
      const [name = ''] = await files();
      const mail = await readFile(path.join(folder, 'outbox', name), 'utf8');
      expect(mail.split('\n')).toEqual(
        expect.arrayContaining([
          'From: Bright Panes Window Cleaning <no-reply@deskhand.invalid>',
          'To: jane.smith@example.com',
          'Subject: Your appointment on Monday, November 23 at 9:00 AM',
          `Message-ID: <${name.replace('.eml', '')}@deskhand.invalid>`,
          'Hello Jane,',
          'Price: $150.00',
        ]),
      );
      const id = name.replace('.eml', '');
      const state = async () => {
        const rows = await read(dana, 'outbox', { fields: ['state', 'result', 'attempts'] });
        return rows.find(row => row.id === id);
      };
      await expect.poll(state, soon).toEqual({
        id,
        state: 'delivered',
        attempts: 1,
        result: { file: name },
      });
    });
    expect(problems).toEqual([]);
  });

  test('happens at once: the worker is woken and does not come by now and then', async () => {
    await whileWorking(panes(), async () => {
      await send('first');
      await arrived().toEqual(['first']);
      await send('second');
      await arrived().toEqual(['first', 'second']);
    });
  });

  test('of what was queued while nobody worked happens when somebody starts', async () => {
    await Promise.all(['a', 'b', 'c'].map(to => send(to)));
    await whileWorking(panes(), async () => {
      await expect.poll(() => post.delivered.length, soon).toBe(3);
    });
    expect(await outbox(['state'])).toMatchObject(Array(3).fill({ state: 'delivered' }));
  });

  test('that is under way is finished before the worker stops', async () => {
    let finish: (outcome: JobOutcome) => void = () => {};
    let begun = false;
    post.deliver = () => {
      begun = true;
      return new Promise(resolve => {
        finish = resolve;
      });
    };
    await send('slow');
    await whileWorking(panes(), async () => {
      await expect.poll(() => begun, soon).toBe(true);
      queueMicrotask(() => setImmediate(() => finish({ late: true })));
    });
    expect(await outbox(['state', 'result'])).toMatchObject([{ state: 'delivered', result: { late: true } }]);
  });

  test('that is planned for later waits for its time', async () => {
    await send('later');
    await sql(`update jobs set run_at = now() + interval '1 hour'`);
    await whileWorking(panes(), async () => {
      await send('now');
      await arrived().toEqual(['now']);
    });
    expect(await outbox(['state'])).toMatchObject([{ state: 'delivered' }, { state: 'waiting' }]);
  });
});

describe('a delivery that fails', () => {
  const fail = () => Promise.reject(new Error('the mailbox is full'));

  test('is told with its reason and comes again later, then later still', async () => {
    post.deliver = fail;
    let since = Date.now();
    await send('Jane');
    const wait = async () => Date.parse(String((await outbox(['run_at']))[0]?.run_at)) - since;
    const problems = await whileWorking(panes(), async () => {
      await expect
        .poll(() => outbox(), soon)
        .toMatchObject([{ state: 'waiting', attempts: 1, last_error: 'the mailbox is full' }]);
      expect(await wait()).toBeGreaterThanOrEqual(10 * backoff(1));
      since = Date.now();
      await sql(`update jobs set run_at = now(); notify deskhand_jobs`);
      await expect.poll(() => outbox(), soon).toMatchObject([{ attempts: 2 }]);
      await expect.poll(wait, soon).toBeGreaterThanOrEqual(10 * backoff(2));
      post.deliver = arrive;
      await sql(`update jobs set run_at = now(); notify deskhand_jobs`);
      await arrived().toEqual(['Jane']);
    });
    expect(problems[0]).toEqual({
      message: 'a delivery failed and comes again',
      facts: { job: expect.any(String), kind: 'letter', attempts: 1, error: 'the mailbox is full' },
    });
    expect(await outbox()).toMatchObject([{ state: 'delivered', attempts: 3, last_error: null }]);
  });

  test('waits twice as long each time, an hour at most', () => {
    expect([1, 2, 3, 10, 11, 12, 100].map(backoff)).toEqual(
      [2, 4, 8, 1024, 2048, 3600, 3600].map(s => s * 1000),
    );
  });

  test('is dead when its attempts are used up, and stays visible as such', async () => {
    post.deliver = fail;
    await send('Jane');
    await sql('update jobs set max_attempts = 1');
    const problems = await whileWorking(panes(), async () => {
      await expect
        .poll(() => outbox(), soon)
        .toMatchObject([{ state: 'dead', attempts: 1, last_error: 'the mailbox is full' }]);
    });
    expect(problems).toMatchObject([{ message: 'a delivery is dead' }]);
  });

  test('of a kind nobody delivers says so', async () => {
    await send('Jane');
    await sql(`update jobs set kind = 'pigeon', max_attempts = 1`);
    await whileWorking(panes(), async () => {
      const dead = () => panes().read(panes().dana, 'outbox', { params: { state: 'dead' } });
      await expect
        .poll(dead, soon)
        .toMatchObject([{ last_error: 'nobody registered a handler for jobs of kind pigeon' }]);
    });
  });

  test('is tried again on request, at once and with new attempts', async () => {
    const { dana, agent, done, act } = panes();
    await send('Jane');
    await sql(`update jobs set dead_at = now(), attempts = max_attempts, last_error = 'the mailbox is full'`);
    const [job] = await outbox();
    expect(await refusal(act(agent, 'message.retry', { id: job?.id }))).toMatchObject({
      code: 'REASONING_REQUIRED',
    });
    await whileWorking(panes(), async () => {
      await send('before');
      await arrived().toEqual(['before']);
      expect(await done(dana, 'message.retry', { id: job?.id })).toEqual({ id: job?.id, state: 'waiting' });
      await arrived().toEqual(['before', 'Jane']);
    });
    expect(await refusal(act(dana, 'message.retry', { id: job?.id }))).toMatchObject({
      code: 'NOT_FOUND',
      field: 'id',
    });
  });

  test('is not revived beside the same delivery that was queued meanwhile', async () => {
    const { dana, act } = panes();
    await send('Jane', { dedupe_key: 'reminder' });
    await sql('update jobs set dead_at = now()');
    const [dead] = await outbox();
    await send('Jane', { dedupe_key: 'reminder' });
    expect(await refusal(act(dana, 'message.retry', { id: dead?.id }))).toMatchObject({
      code: 'CONFLICT',
      message: 'The same delivery was queued again meanwhile and waits already.',
    });
    await sql('update jobs set done_at = now() where dead_at is null');
    expect((await act(dana, 'message.retry', { id: dead?.id })).status).toBe('done');
  });
});

describe('a worker that dies', () => {
  const crash = () => claimJobs(panes().db, { worker: 'the dead one', most: 10, lease_seconds: 60 });

  test('gives its deliveries back when its lease ends, not before', async () => {
    await send('Jane');
    const [job] = await crash();
    await whileWorking(panes(), async () => {
      await send('other');
      await arrived().toEqual(['other']);
      await sql(
        `update jobs set locked_until = now() - interval '1 second' where locked_by = 'the dead one'; notify deskhand_jobs`,
      );
      await arrived().toEqual(['other', 'Jane']);
    });
    const [taken] = post.delivered.filter(({ payload }) => payload.to === 'Jane');
    expect(taken).toMatchObject({ id: job?.id, attempts: 2 });
  });

  test('has no say any more about what another one has taken over', async () => {
    await send('Jane');
    const [job] = await crash();
    await sql(`update jobs set locked_until = now() - interval '1 second'`);
    await claimJobs(panes().db, { worker: 'the living one', most: 10, lease_seconds: 60 });
    const settle = (worker: string) =>
      settleJob(panes().db, { ...idOf(job), worker, outcome: {}, error: null, retry_at: null });
    expect(await settle('the dead one')).toBe(false);
    expect(await outbox()).toMatchObject([{ state: 'waiting' }]);
    expect(await settle('the living one')).toBe(true);
    expect(await outbox()).toMatchObject([{ state: 'delivered' }]);
  });

  test('of its delivery again and again does not take every worker down: the delivery is dead at last', async () => {
    await send('poison');
    await sql('update jobs set max_attempts = 2');
    for (const _attempt of [1, 2]) {
      expect(await crash()).toHaveLength(1);
      await sql(`update jobs set locked_until = now() - interval '1 second'`);
    }
    await whileWorking(panes(), () => expect.poll(async () => (await outbox())[0]?.state, soon).toBe('dead'));
    expect(post.delivered).toEqual([]);
    expect(await outbox()).toMatchObject([
      { state: 'dead', attempts: 2, last_error: 'the worker died during every attempt' },
    ]);
  });
});

test('two workers share the work, and no letter is delivered twice', async () => {
  const names = Array.from({ length: 40 }, (_, index) => `letter ${index}`);
  await whileWorking(panes(), () =>
    whileWorking(panes(), async () => {
      await Promise.all(names.map(name => send(name)));
      await expect.poll(() => post.delivered.length, soon).toBe(40);
    }).then(() => undefined),
  );
  expect(post.delivered.map(job => String(job.payload.to)).sort()).toEqual([...names].sort());
  expect(await outbox()).toMatchObject(Array(40).fill({ state: 'delivered', attempts: 1 }));
});

function idOf(job: Job | undefined): { organization_id: string; id: string } {
  if (!job) throw new Error('there is no job');
  return { organization_id: job.organization_id, id: job.id };
}
