import { beforeEach, expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { letters } from '../support/letters.ts';
import { refusal } from '../support/refusal.ts';

const post = letters();
const panes = useBrightPanes({ domains: [post.domain] });
const send = (data: Record<string, unknown>, who = panes().dana) => panes().act(who, 'letter.send', data);
const waiting = async (who = panes().dana) =>
  (await panes().read(who, 'outbox', { params: { kind: 'letter', state: 'waiting' } })).map(
    row => row.payload,
  );

beforeEach(async () => {
  await panes().database.owner.query('delete from jobs');
});

test('a letter waits as soon as the change it belongs to is made', async () => {
  await send({ to: 'Jane' });
  const [job] = await panes().read(panes().dana, 'outbox', {
    fields: ['kind', 'state', 'payload', 'attempts', 'last_error', 'result', 'done_at', 'dead_at'],
  });
  expect(job).toEqual({
    id: expect.any(String),
    kind: 'letter',
    state: 'waiting',
    payload: { to: 'Jane' },
    attempts: 0,
    last_error: null,
    result: null,
    done_at: null,
    dead_at: null,
  });
});

test('nothing goes out for a change that was refused after it had been queued', async () => {
  expect(await refusal(send({ to: 'Jane', then_fail: true }))).toMatchObject({ code: 'VALIDATION_ERROR' });
  expect(await waiting()).toEqual([]);
  await send({ to: 'Jane' });
  expect(await waiting()).toEqual([{ to: 'Jane' }]);
});

test('the same letter twice is one letter while it waits, and a new one after it was sent', async () => {
  const reminder = { to: 'Jane', dedupe_key: 'reminder T-2001' };
  await Promise.all([send(reminder), send(reminder), send(reminder)]);
  expect(await waiting()).toEqual([{ to: 'Jane' }]);
  await send({ ...reminder, dedupe_key: 'reminder T-2002' });
  await send({ to: 'Jane' });
  await send({ to: 'Jane' });
  expect(await waiting()).toHaveLength(4);
  await panes().database.owner.query(`update jobs set done_at = now() where dedupe_key = 'reminder T-2001'`);
  await send(reminder);
  expect(await waiting()).toHaveLength(4);
});

test('what waits in one business is not seen in the other, and does not stand in its way', async () => {
  const { clear } = panes();
  await send({ to: 'Jane', dedupe_key: 'same' });
  await send({ to: 'Carla', dedupe_key: 'same' }, clear.owner);
  expect(await waiting()).toEqual([{ to: 'Jane' }]);
  expect(await waiting(clear.owner)).toEqual([{ to: 'Carla' }]);
});

test('the outbox is read page by page, newest first, by state and kind, by the office', async () => {
  const { dana, theo, app, read, book } = panes();
  await book('2026-11-23T09:00', { notify_customer: true });
  for (const to of ['1', '2', '3']) await send({ to });
  await panes().database.owner.query(`update jobs set dead_at = now() where payload ->> 'to' = '2'`);
  const seen: unknown[] = [];
  let cursor: string | undefined;
  do {
    const query = { limit: 3, ...(cursor === undefined ? {} : { cursor }) };
    const page = await app.read(dana, 'outbox', query, { request_id: 'r' });
    seen.push(...page.rows.map(row => [row.kind, row.state]));
    cursor = page.next_cursor;
  } while (cursor !== undefined);
  expect(seen).toEqual([
    ['letter', 'waiting'],
    ['letter', 'dead'],
    ['letter', 'waiting'],
    ['email', 'waiting'],
  ]);
  expect(await read(dana, 'outbox', { params: { state: 'dead' } })).toMatchObject([{ payload: { to: '2' } }]);
  expect(await read(dana, 'outbox', { params: { state: 'delivered' } })).toEqual([]);
  expect(await refusal(read(theo, 'outbox'))).toMatchObject({ code: 'FORBIDDEN' });
  expect(await refusal(read(dana, 'outbox', { params: { state: 'sent' } }))).toMatchObject({
    valid_options: ['waiting', 'delivered', 'dead', 'failed'],
  });
});
