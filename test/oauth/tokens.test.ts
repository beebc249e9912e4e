import { describe, expect, test } from 'vitest';
import {
  allow,
  askTokens,
  authorizeAddress,
  connect,
  pkce,
  readTokens,
  register,
  Surfer,
  useConnections,
} from '../support/oauth.ts';

const front = useConnections();
const redirect_uri = 'http://127.0.0.1:49152/callback';

/** Calls a tool with a token, as one HTTP request. */
const call = (
  token: string,
  action = 'contact.create',
  data: object = { first_name: 'Ida', last_name: 'Marsh' },
) => post(token, { method: 'tools/call', params: { name: 'crm_action', arguments: { action, data } } });
const post = (token: string, message: object) =>
  fetch(`${front().url}/mcp`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, ...message }),
  });
const errorOf = async (response: Response) => {
  const { error } = Object(await response.json());
  return [response.status, error];
};
const owner = () => front().office.bright.owner;
const connections = () => front().office.read(owner(), 'connections');

describe('what a program does with what it was given', () => {
  test('a token is good for the MCP endpoint, and for nothing else', async () => {
    const { tokens } = await connect(front());
    expect(tokens).toMatchObject({ token_type: 'Bearer', expires_in: 3600, scope: 'office' });
    expect((await call(tokens.access_token)).status).toBe(200);
    const { status } = await front().get('/api/contacts', { key: tokens.access_token });
    expect(status).toBe(401);
  });

  test('a refresh gives new tokens, and the old one of the two is used up', async () => {
    const { tokens, client_id } = await connect(front());
    const refresh = { grant_type: 'refresh_token', client_id, refresh_token: tokens.refresh_token ?? '' };
    const next = await readTokens(await askTokens(front(), refresh));
    expect(next.refresh_token).not.toBe(tokens.refresh_token);
    expect((await call(next.access_token)).status).toBe(200);
  });

  test('a refresh token shown a second time ends the connection, for whoever has it now too', async () => {
    const { tokens, client_id } = await connect(front());
    const refresh = { grant_type: 'refresh_token', client_id, refresh_token: tokens.refresh_token ?? '' };
    const thief = await readTokens(await askTokens(front(), refresh));
    expect((await call(thief.access_token)).status).toBe(200);
    expect(await errorOf(await askTokens(front(), refresh))).toEqual([400, 'invalid_grant']);
    expect((await call(thief.access_token)).status).toBe(401);
    expect((await call(tokens.access_token)).status).toBe(401);
    const again = { ...refresh, refresh_token: thief.refresh_token ?? '' };
    expect(await errorOf(await askTokens(front(), again))).toEqual([400, 'invalid_grant']);
    const [newest] = await connections();
    expect(newest).toMatchObject({ ended_because: 'token_replayed' });
    const [entry] = await front().office.read(owner(), 'audit_log', { limit: 1 });
    expect(entry).toMatchObject({ action: 'connection_token_replayed', entity_type: 'agent' });
  });

  test('a code is good once: shown again, it ends what was given for it', async () => {
    const { tokens, redemption } = await connect(front());
    expect((await call(tokens.access_token)).status).toBe(200);
    expect(await errorOf(await askTokens(front(), redemption))).toEqual([400, 'invalid_grant']);
    expect((await call(tokens.access_token)).status).toBe(401);
    expect((await connections())[0]).toMatchObject({ ended_because: 'code_replayed' });
  });

  test('of two who redeem a code at once at most one gets tokens, and those open nothing', async () => {
    const client_id = await register(front(), redirect_uri);
    const { verifier, challenge } = pkce();
    const surfer = new Surfer(front());
    await surfer.signIn(front().office.bright, 'Olivia');
    const back = await allow(surfer, authorizeAddress(front(), { client_id, redirect_uri, challenge }));
    const code = back.searchParams.get('code') ?? '';
    const form = { grant_type: 'authorization_code', client_id, code, redirect_uri, code_verifier: verifier };
    const answers = await Promise.all([askTokens(front(), form), askTokens(front(), form)]);
    expect(answers.filter(({ ok }) => ok).length).toBeLessThanOrEqual(1);
    for (const answer of answers.filter(({ ok }) => ok)) {
      expect((await call((await readTokens(answer)).access_token)).status).toBe(401);
    }
    expect((await connections())[0]).toMatchObject({ ended_because: 'code_replayed' });
  });

  test('the program itself ends its connection', async () => {
    const { tokens, client_id } = await connect(front());
    const body = new URLSearchParams({ client_id, token: tokens.refresh_token ?? '' });
    expect((await fetch(`${front().url}/oauth/revoke`, { method: 'POST', body })).status).toBe(200);
    expect((await call(tokens.access_token)).status).toBe(401);
    expect((await connections())[0]).toMatchObject({ ended_because: 'client' });
  });

  test('a paused agent changes nothing by its connection; a removed one is refused at its next call', async () => {
    const { tokens } = await connect(front());
    const { agent_id } = Object((await connections())[0]);
    expect((await call(tokens.access_token)).status).toBe(200);
    await front().office.done(owner(), 'authorization.pause_agent', { agent_id });
    expect(await (await call(tokens.access_token)).text()).toContain('paused');
    await front().office.done(owner(), 'authorization.resume_agent', { agent_id });
    expect((await call(tokens.access_token)).status).toBe(200);
    await front().office.done(owner(), 'agent.delete', { agent_id });
    expect((await call(tokens.access_token)).status).toBe(401);
    await front()
      .office.done(owner(), 'agent.restore', { agent_id })
      .catch(() => undefined);
    expect((await call(tokens.access_token)).status).toBe(401);
  });
});

describe('scopes', () => {
  test('a connection that may only look is told what it would take', async () => {
    const { tokens } = await connect(front(), { scope: 'read' });
    expect(tokens.scope).toBe('read');
    const query = { method: 'tools/call', params: { name: 'crm_query', arguments: { type: 'contacts' } } };
    expect((await post(tokens.access_token, query)).status).toBe(200);
    const refused = await call(tokens.access_token);
    expect(refused.status).toBe(403);
    expect(refused.headers.get('www-authenticate')).toContain('error="insufficient_scope"');
    expect(refused.headers.get('www-authenticate')).toContain('scope="office"');
    expect(refused.headers.get('www-authenticate')).toContain('resource_metadata=');
    expect(await refused.text()).toContain('connect once more');
    const waiting = await front().office.read(owner(), 'authorization_requests');
    expect(waiting).toEqual([]);
  });

  test('a connection for the calendar books, and changes no customer', async () => {
    const { tokens } = await connect(front(), { scope: 'calendar' });
    const refused = await call(tokens.access_token);
    expect(refused.status).toBe(403);
    const data = { kind: 'closed', starts_on: '2026-12-24', ends_on: '2026-12-26', reason: 'Christmas' };
    const answer = await (await call(tokens.access_token, 'absence.create', data)).text();
    expect(answer).not.toContain('scope');
  });
});
