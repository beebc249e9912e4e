import { expect, test } from 'vitest';
import { useHttp } from '../support/http.ts';

const front = useHttp();

test('a line per request tells what happened and nothing about people', async () => {
  const { office, logs } = front();
  const { bright } = office;
  const browser = await front().signIn(bright, 'Dana');
  const answer = await front().post('/api/contacts?preview=true', {
    full_name: 'Jane Smith',
    email: 'jane.smith@example.com',
    notes: 'Key is under the red flowerpot.',
  });
  await front().post('/api/contacts', { full_name: 'Jane Smith', email: 'jane.smith@example.com' });
  await front().get('/api/data?type=contacts&search=jane.smith@example.com');
  await front().get('/api/contacts/jane.smith@example.com');
  await front().get('/sign-in/dGhpc0lzQVNlY3JldFRva2Vu');
  await front().get('/nowhere/jane.smith@example.com');
  await front().get('/api/contacts', { key: null, headers: browser });
  await front().get('/api/contacts', { key: `dh_${'wrong'.repeat(8)}` });
  await front().post('/api/contacts', '{"full_name": "jane.smith@example.com');
  await front().get('/api/contacts', { headers: { 'user-agent': 'jane.smith@example.com' } });

  const lines = logs.map(line => JSON.parse(line)).filter(line => line.msg === 'request');
  expect(lines.find(line => line.request_id === answer.meta.request_id)).toMatchObject({
    level: 30,
    method: 'POST',
    path: '/api/contacts',
    status: 200,
    ms: expect.any(Number),
    actor: 'agent',
  });
  expect(lines.map(({ path, status, actor }) => `${path} ${status} ${actor}`)).toEqual([
    '/api/contacts 200 agent',
    '/api/contacts 200 agent',
    '/api/data 200 agent',
    expect.stringMatching(/^\/api\/contacts\/:id \d+ agent$/),
    '/sign-in/:hidden 404 nobody',
    '/nowhere/:hidden 404 nobody',
    '/api/contacts 200 user',
    '/api/contacts 401 nobody',
    '/api/contacts 400 agent',
    '/api/contacts 200 agent',
  ]);

  const everything = logs.join('\n');
  expect(everything).toContain(answer.meta.request_id);
  for (const secret of [
    bright.agent.key,
    browser.cookie?.split('deskhand_session=')[1] ?? 'no cookie',
    browser['x-csrf-token'] ?? 'no token',
    'wrongwrong',
    'jane',
    '@',
    'flowerpot',
    'dGhpc0lz',
  ]) {
    expect(everything).not.toContain(secret);
  }
});
