import { readdir, readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createHttpApp } from '../../api/http/server.ts';
import { mountMcp } from '../../api/mcp.ts';
import { oauthRoutes } from '../../api/oauth/routes.ts';
import { type AuthorizationServer, createAuthorizationServer } from '../../api/oauth/server.ts';
import { createPages } from '../../web-review/router.ts';
import {
  allow,
  askTokens,
  authorizeAddress,
  pkce,
  readTokens,
  register,
  Surfer,
  useConnections,
} from '../support/oauth.ts';

const front = useConnections();
const object = z.record(z.string(), z.unknown());
const read = async (path: string, init?: RequestInit) => {
  const response = await fetch(front().url + path, init);
  return { status: response.status, headers: response.headers, body: object.parse(await response.json()) };
};
beforeEach(() => front().office.database.owner.query('delete from call_counts'));

describe('how a program finds its way', () => {
  test('a call without a key says where it is described', async () => {
    const { url } = front();
    const refused = await fetch(`${url}/mcp`, { method: 'POST', body: '{}' });
    expect(refused.status).toBe(401);
    const challenge = refused.headers.get('www-authenticate') ?? '';
    expect(challenge).toBe(
      `Bearer realm="deskhand", resource_metadata="${url}/.well-known/oauth-protected-resource/mcp", scope="office"`,
    );
  });

  test.each(['/.well-known/oauth-protected-resource/mcp', '/.well-known/oauth-protected-resource'])(
    '%s names the resource and who gives tokens for it, to pages of any site',
    async path => {
      const { url } = front();
      const { status, body, headers } = await read(path, {
        headers: { origin: 'https://elsewhere.example' },
      });
      expect(status).toBe(200);
      expect(headers.get('access-control-allow-origin')).toBe('*');
      expect(body).toMatchObject({
        resource: `${url}/mcp`,
        authorization_servers: [url],
        scopes_supported: ['office', 'calendar', 'read'],
      });
    },
  );

  test('what is said of the authorization server is what the authorization server is', async () => {
    const { body } = await read('/.well-known/oauth-authorization-server');
    const { office, url } = front();
    const server = createAuthorizationServer({ app: office.app, db: office.db, baseUrl: url });
    const says = await saidBy(await server.provider());
    // We offer less of the same: pages for people only, and no identity.
    expect(body.issuer).toBe(says.issuer);
    // It is asked here under another port.
    const pathOf = (address: unknown) => new URL(String(address)).pathname;
    for (const name of ['authorization_endpoint', 'token_endpoint', 'revocation_endpoint']) {
      expect({ [name]: pathOf(body[name]) }).toEqual({ [name]: pathOf(says[name]) });
      expect(String(body[name])).toContain(url);
    }
    for (const name of [
      'response_types_supported',
      'grant_types_supported',
      'code_challenge_methods_supported',
      'token_endpoint_auth_methods_supported',
      'authorization_response_iss_parameter_supported',
      'client_id_metadata_document_supported',
    ])
      expect({ [name]: body[name] }).toEqual({ [name]: says[name] });
  });

  test('what is not offered has no address', async () => {
    for (const path of [
      '/oauth/keys',
      '/oauth/introspect',
      '/me',
      '/session/end',
      '/.well-known/openid-configuration',
    ])
      expect([path, (await fetch(front().url + path)).status]).toEqual([path, 404]);
  });
});

/** The document the library itself would send. */
async function saidBy(provider: Awaited<ReturnType<AuthorizationServer['provider']>>) {
  const server = createServer(provider.callback());
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const response = await fetch(`http://127.0.0.1:${port}/.well-known/oauth-authorization-server`);
  server.closeAllConnections();
  server.close();
  return object.parse(await response.json());
}

describe('a program registers itself', () => {
  const post = (body: unknown) =>
    read('/oauth/register', {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: 'https://elsewhere.example' },
      body: JSON.stringify(body),
    });

  test('it gets an id and no secret, whatever it asks for', async () => {
    const { status, body } = await post({
      client_name: 'Older Program',
      redirect_uris: ['https://program.example/back'],
      token_endpoint_auth_method: 'client_secret_post',
      grant_types: ['authorization_code', 'implicit', 'password'],
      scope: 'office admin',
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      redirect_uris: ['https://program.example/back'],
    });
    expect(body).not.toHaveProperty('client_secret');
  });

  test.each([
    ['none', {}],
    ['a script', { redirect_uris: ['javascript:alert(1)'] }],
    ['data', { redirect_uris: ['data:text/html,x'] }],
    ['plain http elsewhere', { redirect_uris: ['http://program.example/back'] }],
    ['a fragment', { redirect_uris: ['https://program.example/back#part'] }],
    ['no address', { redirect_uris: ['back'] }],
    ['no list', { redirect_uris: 'https://program.example/back' }],
  ])('a way back that is none is refused: %s', async (_what, body) => {
    const answer = await post({ client_name: 'Odd', ...body });
    expect(answer.status).toBe(400);
    expect(String(answer.body.error)).toMatch(/^invalid_(redirect_uri|client_metadata)$/);
  });

  test('too many from one address wait a minute', async () => {
    const body = { client_name: 'Many', redirect_uris: ['https://program.example/back'] };
    const statuses: number[] = [];
    for (let n = 0; n < 11; n++) statuses.push((await post(body)).status);
    expect(statuses).toEqual([...Array(10).fill(201), 429]);
    const { headers, body: said } = await post(body);
    expect(said.error).toBe('temporarily_unavailable');
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  });

  test('one that nobody lets in is forgotten after a day; one that works stays for ninety', async () => {
    const { owner } = front().office.database;
    const days = async (): Promise<number[]> =>
      (
        await owner.query(
          `select round(extract(epoch from expires_at - created_at) / 86400)::integer as days
           from oauth_entries where kind = 'Client' order by created_at desc limit 1`,
        )
      ).rows.map(({ days: found }) => found);
    const redirect_uri = 'https://program.example/back';
    const client_id = await register(front(), redirect_uri);
    expect(await days()).toEqual([1]);
    const { verifier, challenge } = pkce();
    const surfer = new Surfer(front());
    await surfer.signIn(front().office.bright, 'Olivia');
    const back = await allow(surfer, authorizeAddress(front(), { client_id, redirect_uri, challenge }));
    const code = back.searchParams.get('code') ?? '';
    await readTokens(
      await askTokens(front(), {
        grant_type: 'authorization_code',
        client_id,
        code,
        redirect_uri,
        code_verifier: verifier,
      }),
    );
    expect(await days()).toEqual([90]);
  });
});

describe('two processes of one installation', () => {
  let other: Server;
  let otherUrl = '';
  beforeAll(async () => {
    const { office, url: baseUrl } = front();
    const { app, db } = office;
    const logger = pino({ level: 'silent' });
    const server = createAuthorizationServer({ app, db, baseUrl });
    other = createServer(
      createHttpApp({
        app,
        logger,
        baseUrl,
        version: '0',
        ready: async () => true,
        oauth: oauthRoutes({ app, db, baseUrl, server }),
        mcp: mountMcp(app, { baseUrl, host: '127.0.0.1', logger }),
        pages: createPages({ app, db, baseUrl, dataDir: '', demo: false, connecting: server }),
      }),
    );
    await new Promise<void>(resolve => other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    otherUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  });
  afterAll(() => {
    other.closeAllConnections();
    other.close();
  });

  test('what one begins the other goes on with: registered, asked and allowed here, redeemed and used there', async () => {
    const redirect_uri = 'http://127.0.0.1:49152/callback';
    const client_id = await register(front(), redirect_uri);
    const { verifier, challenge } = pkce();
    const surfer = new Surfer(front());
    await surfer.signIn(front().office.bright, 'Olivia');
    const back = await allow(surfer, authorizeAddress(front(), { client_id, redirect_uri, challenge }));
    const code = back.searchParams.get('code') ?? '';
    const there = { ...front(), url: otherUrl };
    const form = { grant_type: 'authorization_code', client_id, code, redirect_uri, code_verifier: verifier };
    const { access_token, refresh_token = '' } = await readTokens(await askTokens(there, form));
    const list = (url: string, token: string) =>
      fetch(`${url}/mcp`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
        },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
      });
    expect((await list(otherUrl, access_token)).status).toBe(200);
    expect((await list(front().url, access_token)).status).toBe(200);
    const refresh = { grant_type: 'refresh_token', client_id, refresh_token };
    expect((await askTokens(front(), refresh)).status).toBe(200);
    expect((await askTokens(there, refresh)).status).toBe(400);
  });
});

test('an installation that nobody connects to by OAuth never loads the library', async () => {
  const folder = new URL('../../api/oauth/', import.meta.url);
  const sources = (await readdir(folder)).map(async name => readFile(new URL(name, folder), 'utf8'));
  const texts = await Promise.all(sources);
  expect(texts.some(text => text.includes(`await import('oidc-provider')`))).toBe(true);
  for (const text of texts) expect(text).not.toMatch(/^import (?!type)[^;]*from 'oidc-provider'/m);
});

test('what opens something is in the database as a hash alone', async () => {
  const redirect_uri = 'http://127.0.0.1:49152/callback';
  const client_id = await register(front(), redirect_uri);
  const { verifier, challenge } = pkce();
  const surfer = new Surfer(front());
  await surfer.signIn(front().office.bright, 'Olivia');
  const way = (
    await surfer.go(authorizeAddress(front(), { client_id, redirect_uri, challenge }))
  ).headers.get('location');
  const back = await allow(surfer, authorizeAddress(front(), { client_id, redirect_uri, challenge }));
  const code = back.searchParams.get('code') ?? '';
  const form = { grant_type: 'authorization_code', client_id, code, redirect_uri, code_verifier: verifier };
  const { access_token, refresh_token } = await readTokens(await askTokens(front(), form));
  const { rows } = await front().office.database.owner.query<{ text: string }>(
    `select coalesce(string_agg(e::text, ' '), '') as text from oauth_entries as e`,
  );
  const kept = rows[0]?.text ?? '';
  // What is no secret is there as it is.
  expect(kept).toContain(client_id);
  for (const secret of [code, access_token, refresh_token ?? '', way?.split('/').at(-1) ?? '']) {
    expect(secret.length).toBeGreaterThan(20);
    expect(kept).not.toContain(secret);
  }
});
