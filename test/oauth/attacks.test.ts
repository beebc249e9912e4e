import { beforeEach, describe, expect, test } from 'vitest';
import {
  type Asking,
  allow,
  askTokens,
  authorizeAddress,
  callAction,
  connect,
  formOf,
  pkce,
  postMcp,
  readTokens,
  register,
  Surfer,
  useConnections,
} from '../support/oauth.ts';

// The attacks of RFC 9700 (Best Current Practice for OAuth 2.0 Security), section by section. What other files of this folder show
// stands there: replayed codes and refresh tokens, ended connections (tokens), forged forms, questions answered in another browser
// (consent), descriptions that lead inside (described-program).

const front = useConnections();
const redirect_uri = 'https://assistant.example/oauth/callback';

// So many programs register themselves here as one address may not.
beforeEach(() => front().office.database.owner.query('delete from call_counts'));

const program = (more: object = {}) => register(front(), redirect_uri, { ...more });
const owner = async () => {
  const surfer = new Surfer(front());
  await surfer.signIn(front().office.bright, 'Olivia');
  return surfer;
};
const asking = async (more: Partial<Asking> = {}) => {
  const { verifier, challenge } = pkce();
  const client_id = await program();
  return { verifier, asked: { client_id, redirect_uri, challenge, ...more } };
};
/** What a program that was let in sends for its tokens. */
async function redemption() {
  const { verifier, asked } = await asking();
  const back = await allow(await owner(), authorizeAddress(front(), asked));
  return {
    grant_type: 'authorization_code',
    client_id: asked.client_id,
    redirect_uri,
    code_verifier: verifier,
    code: back.searchParams.get('code') ?? '',
  };
}
const errorOf = async (response: Response) => [response.status, Object(await response.json()).error];

describe('4.1 where the answer goes', () => {
  test.each([
    ['another path', 'https://assistant.example/oauth/callback/..%2Fevil'],
    ['a longer path', 'https://assistant.example/oauth/callback/more'],
    ['words behind it', `${redirect_uri}?to=evil`],
    ['another host that begins so', 'https://assistant.example.evil.example/oauth/callback'],
    ['a name before the host', 'https://assistant.example@evil.example/oauth/callback'],
    ['a host below it', 'https://evil.assistant.example/oauth/callback'],
    ['another port', 'https://assistant.example:8443/oauth/callback'],
    ['in the open', 'http://assistant.example/oauth/callback'],
    ['a fragment', `${redirect_uri}#evil`],
  ])('%s is not where the program said', async (_what, elsewhere) => {
    const { asked } = await asking();
    const refused = await (await owner()).go(
      authorizeAddress(front(), { ...asked, redirect_uri: elsewhere }),
    );
    expect([refused.status, refused.headers.get('location')]).toEqual([400, null]);
    const right = await (await owner()).go(authorizeAddress(front(), asked));
    expect(right.headers.get('location')).toContain('/oauth/consent/');
  });

  test.each(['javascript:alert(1)', 'data:text/html,hello', 'http://assistant.example/callback'])(
    'a program that wants to be called back at %s is not registered',
    async wanted => {
      const ask = (uri: string) =>
        fetch(`${front().url}/oauth/register`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ client_name: 'X', redirect_uris: [uri] }),
        });
      expect((await ask(wanted)).status).toBe(400);
      expect((await ask(redirect_uri)).status).toBe(201);
    },
  );
});

test('4.1 a star in an address stands for nothing but itself', async () => {
  const client_id = await register(front(), 'https://*.example/callback');
  const { challenge } = pkce();
  const ask = async (uri: string) =>
    (await owner()).go(authorizeAddress(front(), { client_id, redirect_uri: uri, challenge }));
  expect((await ask('https://evil.example/callback')).status).toBe(400);
  expect((await ask('https://*.example/callback')).status).not.toBe(400);
});

test('4.2 what opens something is told to no other page: the pages send no referrer, and nobody keeps them', async () => {
  const { asked } = await asking();
  const surfer = await owner();
  const consent = (await surfer.go(authorizeAddress(front(), asked))).headers.get('location') ?? '';
  const { headers } = await surfer.go(consent);
  expect(headers.get('referrer-policy')).toBe('no-referrer');
  expect(headers.get('cache-control')).toContain('no-store');
});

test('4.3 a token in an address, where histories keep it, is none', async () => {
  const { tokens } = await connect(front());
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} });
  const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
  const inAddress = await fetch(`${front().url}/mcp?access_token=${tokens.access_token}`, {
    method: 'POST',
    headers,
    body,
  });
  expect(inAddress.status).toBe(401);
  expect((await postMcp(front(), tokens.access_token, { method: 'tools/list', params: {} })).status).toBe(
    200,
  );
});

test('4.4 who mixes up two servers is told by every answer whose it is', async () => {
  const { asked } = await asking();
  const good = await allow(await owner(), authorizeAddress(front(), asked));
  const bad = await allow(await owner(), authorizeAddress(front(), asked), { answer: 'no' });
  const { issuer } = Object(
    await (await fetch(`${front().url}/.well-known/oauth-authorization-server`)).json(),
  );
  for (const back of [good, bad]) {
    expect(back.searchParams.get('iss')).toBe(issuer);
    expect(back.searchParams.get('state')).toBe('xyz');
  }
  expect([good.searchParams.has('code'), bad.searchParams.get('error')]).toEqual([true, 'access_denied']);
});

describe('4.5 a code that somebody else got hold of', () => {
  test.each([
    ['without what it was asked with', { code_verifier: '' }],
    ['with what somebody else asked with', { code_verifier: pkce().verifier }],
    ['for another way back', { redirect_uri: 'https://evil.example/callback' }],
    ['for another resource', { resource: 'https://other.example/mcp' }],
  ])('opens nothing %s', async (_what, changed) => {
    const mine = await redemption();
    const form = Object.fromEntries(
      Object.entries({ ...mine, ...changed }).filter(([, value]) => value !== ''),
    );
    const refused = await askTokens(front(), form);
    expect(refused.status).toBe(400);
    expect(Object(await refused.json())).not.toHaveProperty('access_token');
    // The same without the change is taken.
    expect((await readTokens(await askTokens(front(), await redemption()))).token_type).toBe('Bearer');
  });

  test('opens nothing for another program', async () => {
    const mine = await redemption();
    const client_id = await program();
    expect(await errorOf(await askTokens(front(), { ...mine, client_id }))).toEqual([400, 'invalid_grant']);
  });
});

test('4.6 nobody can slip somebody else’s token in by an address: none is ever given there', async () => {
  const { asked } = await asking();
  for (const response_type of ['token', 'id_token token', 'code token']) {
    const address = authorizeAddress(front(), { ...asked, extra: { response_type } });
    const location = (await (await owner()).go(address)).headers.get('location') ?? '';
    expect(location).not.toContain('access_token');
    expect(location).toContain('error=unsupported_response_type');
  }
});

describe('4.8 a program that is talked out of PKCE', () => {
  test('is not asked about', async () => {
    const { asked } = await asking();
    const address = new URL(authorizeAddress(front(), asked));
    for (const name of ['code_challenge', 'code_challenge_method']) address.searchParams.delete(name);
    const location = (await (await owner()).go(String(address))).headers.get('location') ?? '';
    expect(new URL(location).searchParams.get('error')).toBe('invalid_request');
  });
});

test('4.9 a token for one server is none for another: what it is good for is said and checked', async () => {
  const { asked } = await asking({ resource: 'https://other.example/mcp' });
  const location = (await (await owner()).go(authorizeAddress(front(), asked))).headers.get('location') ?? '';
  expect(new URL(location).searchParams.get('error')).toBe('invalid_target');
  const { tokens } = await connect(front());
  const { status } = await front().get('/api/data?type=contacts', { key: tokens.access_token });
  expect(status).toBe(401);
});

test('4.11 nobody is sent to a stranger’s page by a link of ours', async () => {
  const { asked } = await asking();
  const nobody = new Surfer(front());
  for (const extra of [
    { redirect_uri: 'https://evil.example/' },
    { client_id: 'https://127.0.0.1/client.json' },
    { client_id: 'nobody', response_type: 'token' },
  ]) {
    const answer = await nobody.go(authorizeAddress(front(), { ...asked, extra }));
    expect([answer.status, answer.headers.get('location')]).toEqual([400, null]);
  }
});

test('4.12 what a form was told is not sent on to a program: no answer repeats it', async () => {
  const { asked } = await asking();
  const surfer = await owner();
  const consent = (await surfer.go(authorizeAddress(front(), asked))).headers.get('location') ?? '';
  const form = formOf(await (await surfer.go(consent)).text());
  const answered = await surfer.go(consent, {
    ...form,
    agent: 'new',
    name: 'Twelve',
    scope: 'read',
    answer: 'allow',
  });
  expect([307, 308]).not.toContain(answered.status);
});

test('4.13 where this server is, it says by its settings, whatever a request says', async () => {
  const headers = {
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'https',
    forwarded: 'host=evil.example',
  };
  for (const path of [
    '/.well-known/oauth-authorization-server',
    '/.well-known/oauth-protected-resource/mcp',
  ]) {
    const said = await (await fetch(`${front().url}${path}`, { headers })).text();
    expect(said).toContain(front().url);
    expect(said).not.toContain('evil.example');
  }
});

describe('4.14 a refresh token that somebody else got hold of', () => {
  test('opens nothing for another program', async () => {
    const { tokens, client_id } = await connect(front());
    const refresh = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token ?? '' };
    const stranger = await askTokens(front(), { ...refresh, client_id: await program() });
    expect(await errorOf(stranger)).toEqual([400, 'invalid_grant']);
    expect((await askTokens(front(), { ...refresh, client_id })).status).toBe(200);
  });

  test('never gives more than the person allowed', async () => {
    const { tokens, client_id } = await connect(front(), { scope: 'read' });
    const refresh = { grant_type: 'refresh_token', client_id, refresh_token: tokens.refresh_token ?? '' };
    expect(await errorOf(await askTokens(front(), { ...refresh, scope: 'office' }))).toEqual([
      400,
      'invalid_scope',
    ]);
    const next = await readTokens(await askTokens(front(), refresh));
    expect(next.scope).toBe('read');
    const refused = await callAction(front(), next.access_token, 'contact.create', { first_name: 'Ida' });
    expect(refused.status).toBe(403);
  });
});

test.each([
  ['2.4 a person’s password', { grant_type: 'password', username: 'olivia', password: 'secret' }],
  ['4.15 a program that speaks for itself', { grant_type: 'client_credentials' }],
])('%s gets no token', async (_what, form) => {
  const answer = await askTokens(front(), { ...form, client_id: await program() });
  expect(await errorOf(answer)).toEqual([400, 'unsupported_grant_type']);
});

test('4.16 the question stands in no frame of another page, where a press could be stolen', async () => {
  const { asked } = await asking();
  const surfer = await owner();
  const consent = (await surfer.go(authorizeAddress(front(), asked))).headers.get('location') ?? '';
  const { headers } = await surfer.go(consent);
  expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
});
