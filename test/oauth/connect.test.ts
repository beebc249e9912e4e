import { Client, StreamableHTTPClientTransport, UnauthorizedError } from '@modelcontextprotocol/client';
import { UnauthorizedError as UnauthorizedErrorV1 } from '@modelcontextprotocol/sdk/client/auth.js';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as TransportV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Page } from 'playwright-core';
import { afterEach, describe, expect, test } from 'vitest';
import { useBrowser } from '../support/browser.ts';
import { type Callback, openCallback, signInTab, useConnections } from '../support/oauth.ts';

const front = useConnections();
const tab = useBrowser();
const open: Callback[] = [];
afterEach(() => {
  for (const callback of open.splice(0)) callback.close();
});

/** What a program keeps of its own OAuth flow, as the client package asks for it. */
function memory(redirect_uri: string) {
  const kept: Record<string, unknown> = {};
  return {
    kept,
    redirectUrl: redirect_uri,
    clientMetadata: {
      client_name: 'Claude',
      redirect_uris: [redirect_uri],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
    },
    state: () => 'a-state-of-mine',
    clientInformation: () => kept.client as never,
    saveClientInformation: (client: unknown) => {
      kept.client = client;
    },
    tokens: () => kept.tokens as never,
    saveTokens: (tokens: unknown) => {
      kept.tokens = tokens;
    },
    redirectToAuthorization: (url: URL) => {
      kept.url = url.href;
    },
    saveCodeVerifier: (verifier: string) => {
      kept.verifier = verifier;
    },
    codeVerifier: () => String(kept.verifier),
    saveDiscoveryState: (state: unknown) => {
      kept.discovery = state;
    },
    discoveryState: () => kept.discovery as never,
  };
}

/** Keeps what the owner sees, where CONNECT_PICTURES names a folder: a recording to look at. */
async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.CONNECT_PICTURES;
  if (folder) await page.screenshot({ path: `${folder}/${name}.png` });
}

describe('a program connects by its own OAuth flow', () => {
  test('the owner presses Allow in the browser; it works as an agent until the owner ends it', async () => {
    const { url, office } = front();
    const callback = await openCallback();
    open.push(callback);
    const provider = memory(callback.redirect_uri);
    const address = new URL(`${url}/mcp`);

    const before = new StreamableHTTPClientTransport(address, { authProvider: provider });
    await expect(new Client({ name: 'claude', version: '1' }).connect(before)).rejects.toThrow(
      UnauthorizedError,
    );

    const { page, complaints } = await tab();
    await signInTab(front(), page, office.bright, 'Olivia');
    await page.goto(`${url}/connect`);
    await picture(page, '1-connecting');
    await page.goto(String(provider.kept.url));
    await picture(page, '2-consenting');
    expect(await page.locator('h1').innerText()).toBe('Connect Claude');
    expect(await page.locator('main').innerText()).toContain(
      'wants to work as an assistant for Bright Panes',
    );
    await page.getByLabel('Name of the new assistant').fill('Claude at the desk');
    const came = callback.next();
    await page.getByRole('button', { name: 'Allow' }).click();
    await page.getByRole('heading', { name: 'Connected' }).waitFor();
    const params = await came;
    expect(params.get('state')).toBe('a-state-of-mine');
    expect(params.get('iss')).toBe(url);
    expect(complaints).toEqual([]);

    await before.finishAuth(params);
    const transport = new StreamableHTTPClientTransport(address, { authProvider: provider });
    const client = new Client({ name: 'claude', version: '1' });
    await client.connect(transport);
    expect((await client.listTools()).tools.length).toBeGreaterThan(5);
    const answer = await client.callTool({
      name: 'crm_action',
      arguments: { action: 'contact.create', data: { first_name: 'Ida', last_name: 'Marsh' } },
    });
    expect(answer.isError).toBeFalsy();
    const [entry] = await office.read(office.bright.owner, 'audit_log', {
      params: { actor_name: 'Claude at the desk' },
      limit: 1,
    });
    expect(entry).toMatchObject({ actor_kind: 'agent' });
    await page.goto(`${url}/`);
    await picture(page, '3-working');

    const [connection] = await office.read(office.bright.owner, 'connections');
    expect(connection).toMatchObject({ client_name: 'Claude', redirect_host: '127.0.0.1', scope: 'office' });
    await page.goto(`${url}/assistants/${connection?.agent_id}`);
    await picture(page, '4-connected');
    await page.getByText('Disconnect Claude').click();
    await page.getByRole('button', { name: 'Disconnect it' }).click();
    await page.getByRole('status').first().waitFor();
    await picture(page, '5-ended');
    await expect
      .poll(async () => (await office.read(office.bright.owner, 'connections'))[0]?.ended_at ?? null)
      .not.toBeNull();
    // The next call: its token was good a moment ago, and its refresh token is good for nothing either.
    await expect(client.callTool({ name: 'crm_query', arguments: { type: 'contacts' } })).rejects.toThrow(
      UnauthorizedError,
    );
    const { access_token } = Object(provider.kept.tokens);
    const refused = await fetch(address, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${access_token}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: { name: 'crm_query', arguments: { type: 'contacts' } },
      }),
    });
    expect(refused.status).toBe(401);
  });

  test('so does one of the older package, which refreshes what it has by itself', async () => {
    const { url, office } = front();
    const callback = await openCallback();
    open.push(callback);
    const provider = memory(callback.redirect_uri);
    const address = new URL(`${url}/mcp`);
    const before = new TransportV1(address, { authProvider: provider });
    const client = () => new ClientV1({ name: 'claude', version: '1' });
    await expect(client().connect(before)).rejects.toThrow(UnauthorizedErrorV1);

    const { page } = await tab();
    await signInTab(front(), page, office.bright, 'Olivia');
    await page.goto(String(provider.kept.url));
    await page.getByLabel('Name of the new assistant').fill('Claude of before');
    const came = callback.next();
    await page.getByRole('button', { name: 'Allow' }).click();
    const params = await came;
    expect([params.get('state'), params.get('iss')]).toEqual(['a-state-of-mine', url]);
    await before.finishAuth(params.get('code') ?? '');

    const { refresh_token } = Object(provider.kept.tokens);
    // As after an hour: its token is not good any more.
    provider.kept.tokens = { ...Object(provider.kept.tokens), access_token: 'gone' };
    const connected = client();
    await connected.connect(new TransportV1(address, { authProvider: provider }));
    expect((await connected.listTools()).tools.length).toBeGreaterThan(5);
    expect(Object(provider.kept.tokens).refresh_token).not.toBe(refresh_token);
    await connected.close();
  });
});
