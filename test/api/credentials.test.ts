import { request as httpRequest } from 'node:http';
import { expect, test } from 'vitest';
import { type Front, useHttp } from '../support/http.ts';

const front = useHttp();
const customer = { full_name: 'Jane Smith' };

/** A request whose Host header says something else than where it goes. */
function underName(host: string, { url, office }: Front, path = '/api/contacts'): Promise<number> {
  const headers = { host, authorization: `Bearer ${office.bright.agent.key}` };
  return new Promise((resolve, reject) => {
    httpRequest(url + path, { headers }, response => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .once('error', reject)
      .end();
  });
}

test('a call with a key is taken, one without is told what to send', async () => {
  expect((await front().get('/api/contacts')).status).toBe(200);
  const answer = await front().get('/api/contacts', { key: null });
  expect(answer).toMatchObject({ status: 401, error: { code: 'UNAUTHENTICATED' } });
  expect(answer.error.hint).toContain('Authorization: Bearer');
  expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
});

test.each(['/api/contacts', '/api/data?type=contacts', '/api/capabilities', '/api/contacts/C-1'])(
  'nobody reads %s without a credential',
  async path => {
    expect(await front().get(path, { key: null })).toMatchObject({ status: 401 });
  },
);

test('a wrong key is refused for reading and for writing', async () => {
  const key = `dh_${'x'.repeat(43)}`;
  expect(await front().get('/api/contacts', { key })).toMatchObject({ status: 401 });
  const answer = await front().post('/api/contacts', customer, { key });
  expect(answer).toMatchObject({ status: 401, error: { code: 'UNAUTHENTICATED' } });
  expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
});

test('another kind of Authorization is no key, even beside a good cookie', async () => {
  const browser = await front().signIn(front().office.bright, 'Dana');
  const headers = { ...browser, authorization: 'Basic b2xpdmlhOnNlY3JldA==' };
  expect(await front().get('/api/contacts', { key: null, headers })).toMatchObject({ status: 401 });
});

test('a revoked key is refused by the very next call', async () => {
  const { office } = front();
  const { bright, done } = office;
  const made = await done(bright.owner, 'agent.create_key', { agent_id: bright.agentId });
  const key = String(made.key);
  expect((await front().get('/api/contacts', { key })).status).toBe(200);
  await done(bright.owner, 'agent.revoke_key', { key: String(made.id) });
  expect(await front().get('/api/contacts', { key })).toMatchObject({ status: 401 });
});

test('a signed-in person reads with the cookie alone', async () => {
  const { cookie = '' } = await front().signIn(front().office.bright, 'Dana');
  const answer = await front().get('/api/capabilities', { key: null, headers: { cookie } });
  expect(answer).toMatchObject({ status: 200, data: { you: { kind: 'user', name: 'Dana' } } });
});

test('a signed-in person changes something from our own page', async () => {
  const headers = await front().signIn(front().office.bright, 'Dana');
  const answer = await front().post('/api/contacts', customer, { key: null, headers });
  expect(answer).toMatchObject({ status: 200, data: customer });
});

test('without the form token of the session nothing is changed', async () => {
  const { bright } = front().office;
  const { 'x-csrf-token': _token, ...without } = await front().signIn(bright, 'Dana');
  const other = await front().signIn(bright, 'Theo');
  for (const headers of [without, { ...without, 'x-csrf-token': other['x-csrf-token'] ?? '' }]) {
    for (const [method, path] of [
      ['POST', '/api/contacts'],
      ['PATCH', '/api/contacts/C-1001'],
      ['DELETE', '/api/contacts/C-1001'],
      ['POST', '/api/actions'],
    ] as const) {
      const answer = await front().send(method, path, { key: null, headers, body: {} });
      expect(answer).toMatchObject({ status: 403, error: { code: 'FORBIDDEN' } });
    }
  }
});

test('a page of another site changes nothing, even with the right token', async () => {
  const headers = await front().signIn(front().office.bright, 'Dana');
  const post = (more: Record<string, string>) =>
    front().post('/api/contacts', customer, { key: null, headers: { ...headers, ...more } });
  const { origin: _origin, ...withoutOrigin } = headers;
  expect((await post({})).status).toBe(200);
  expect((await post({ 'sec-fetch-site': 'same-origin' })).status).toBe(200);
  expect((await post({ 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  expect((await post({ 'sec-fetch-site': 'same-site' })).status).toBe(403);
  expect((await post({ origin: 'https://evil.example' })).status).toBe(403);
  expect((await post({ origin: 'http://localhost:1' })).status).toBe(403);
  expect((await post({ origin: 'null' })).status).toBe(403);
  const nothing = await front().post('/api/contacts', customer, { key: null, headers: withoutOrigin });
  expect(nothing).toMatchObject({ status: 403, error: { code: 'FORBIDDEN' } });
});

test('a key needs no form token, because no browser sends it by itself', async () => {
  const answer = await front().post('/api/contacts', customer, {
    headers: { cookie: 'deskhand_session=old' },
  });
  expect(answer.status).toBe(200);
});

test('an ended session is refused', async () => {
  const { office } = front();
  const headers = await front().signIn(office.bright, 'Dana');
  expect((await front().get('/api/contacts', { key: null, headers })).status).toBe(200);
  await office.database.owner.query('update sessions set expires_at = now()');
  expect(await front().get('/api/contacts', { key: null, headers })).toMatchObject({ status: 401 });
  expect(await front().post('/api/contacts', customer, { key: null, headers })).toMatchObject({
    status: 401,
  });
});

test('a technician’s session is bound by the technician’s role', async () => {
  const headers = await front().signIn(front().office.bright, 'Theo');
  const answer = await front().post('/api/contacts', customer, { key: null, headers });
  expect(answer).toMatchObject({ status: 403, error: { code: 'FORBIDDEN' } });
});

test('a web site whose name was pointed at this machine gets nothing', async () => {
  const { port } = new URL(front().url);
  expect(await underName(`127.0.0.1:${port}`, front())).toBe(200);
  expect(await underName(`localhost:${port}`, front())).toBe(200);
  expect(await underName('[::1]', front())).toBe(200);
  for (const host of [`evil.example:${port}`, 'localhost.evil.example', '127.0.0.1@evil.example']) {
    expect(await underName(host, front())).toBe(403);
  }
  expect(await underName('evil.example', front(), '/healthz')).toBe(200);
});

test('a page of another site cannot use a key either', async () => {
  const send = (origin: string) => front().get('/api/contacts', { headers: { origin } });
  expect(await send('https://evil.example')).toMatchObject({ status: 403, error: { code: 'FORBIDDEN' } });
  expect(await send(front().url)).toMatchObject({ status: 200 });
});
