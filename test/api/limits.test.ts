import { expect, test } from 'vitest';
import { useHttp } from '../support/http.ts';

const front = useHttp({ limits: { callsPerMinute: 5, badCallsPerMinute: 8 } });

const statuses = async (count: number, call: () => Promise<{ status: number }>) => {
  const found: number[] = [];
  for (let i = 0; i < count; i++) found.push((await call()).status);
  return found;
};

test('a key that calls too often waits, and another key does not wait for it', async () => {
  const { clear } = front().office;
  expect(await statuses(5, () => front().get('/api/contacts'))).toEqual([200, 200, 200, 200, 200]);
  const answer = await front().get('/api/contacts');
  expect(answer).toMatchObject({ status: 429, error: { code: 'RATE_LIMITED', retryable: true } });
  const seconds = Number(answer.headers.get('retry-after'));
  expect(seconds).toBeGreaterThanOrEqual(1);
  expect(seconds).toBeLessThanOrEqual(60);
  expect((await front().get('/api/contacts', { key: clear.agent.key })).status).toBe(200);
});

test('good keys whose first calls are refused by a rule are not taken for guesses', async () => {
  const { bright, done } = front().office;
  const { id } = await done(bright.owner, 'contact.create', { full_name: 'Jane Smith' });
  const call = { action: 'contact.delete', data: { contact_id: id } };
  for (let n = 0; n < 3; n++) {
    const { key } = await done(bright.owner, 'agent.create_key', { agent_id: bright.agentId });
    const refused = () => front().post('/api/actions', call, { key: String(key) });
    expect(await statuses(4, refused)).toEqual([422, 422, 422, 422]);
  }
});

test('an address that tries keys is stopped early, a key that worked there goes on', async () => {
  const { office } = front();
  const guess = () => front().get('/api/contacts', { key: `dh_${Math.random()}`.padEnd(40, 'x') });
  expect(await statuses(8, guess)).toEqual(Array(8).fill(401));
  const answer = await guess();
  expect(answer).toMatchObject({ status: 429, error: { code: 'RATE_LIMITED' } });
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
  expect((await front().get('/api/contacts', { key: office.clear.agent.key })).status).toBe(200);
  // A call without any credential is refused as such: it costs the database nothing.
  expect((await front().get('/api/contacts', { key: null })).status).toBe(401);
});
