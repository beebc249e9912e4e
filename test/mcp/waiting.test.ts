import { createServer, type Server } from 'node:http';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createHttpApp } from '../../api/http/server.ts';
import { mountMcp } from '../../api/mcp.ts';
import { useBrightPanes } from '../support/bright-panes.ts';

const panes = useBrightPanes();
const reasoning = 'The owner mentioned a new name on the telephone';
let server: Server;
let url = '';

beforeAll(async () => {
  server = createServer().listen(0, '127.0.0.1');
  await new Promise(resolve => server.once('listening', resolve));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  const { app } = panes();
  const logger = pino({ level: 'silent' });
  server.on(
    'request',
    createHttpApp({
      app,
      logger,
      baseUrl: url,
      version: '0.0.0',
      ready: async () => true,
      mcp: mountMcp(app, { baseUrl: url, host: '127.0.0.1', logger }),
    }),
  );
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

/** A client on the newest revision; `onLink` is what its user does when shown a link. */
async function connect(capabilities: Record<string, unknown>, onLink?: (link: string) => Promise<void>) {
  const client = new Client(
    { name: 'test', version: '1.0.0' },
    { capabilities, versionNegotiation: { mode: { pin: '2026-07-28' } } },
  );
  if (onLink) {
    client.setRequestHandler('elicitation/create', async ({ params }) => {
      await onLink('url' in params ? String(params.url) : '');
      return { action: 'accept' };
    });
  }
  await client.connect(
    new StreamableHTTPClientTransport(new URL(`${url}/mcp`), {
      requestInit: { headers: { authorization: `Bearer ${panes().bright.agent.key}` } },
    }),
  );
  return client;
}

const rename = (client: Client, name: string) =>
  client.callTool({
    name: 'crm_action',
    arguments: { action: 'organization.update_settings', data: { name }, reasoning },
  });

const waiting = () =>
  panes().read(panes().olivia, 'authorization_requests', {
    filter: 'pending',
    fields: ['reference', 'digest'],
  });

describe('a client that shows links', () => {
  test('points its user to the review page, and the agent learns that it waits; nothing is decided by opening it', async () => {
    const links: string[] = [];
    const client = await connect({ elicitation: { url: {} } }, async link => void links.push(link));
    const { structuredContent } = await rename(client, 'Brighter Panes');
    const [request] = await waiting();
    expect(links).toEqual([`${url}/review/${request?.reference}`]);
    expect(structuredContent).toMatchObject({
      status: 'pending_authorization',
      data: { request: request?.reference, review_url: links[0] },
    });
    expect(await waiting()).toHaveLength(1);
    expect(await panes().read(panes().olivia, 'organization')).toMatchObject([
      { name: 'Bright Panes Window Cleaning' },
    ]);
    await client.close();
  });

  test('answers with the decision when the owner decided while the page was open, and asks nothing twice', async () => {
    const { olivia, done, read } = panes();
    const client = await connect({ elicitation: { url: {} } }, async link => {
      const [request] = await read(olivia, 'authorization_requests', {
        id: link.split('/').at(-1) ?? '',
        fields: ['reference', 'digest'],
      });
      await done(olivia, 'authorization.allow_once', {
        request: request?.reference,
        digest: request?.digest,
      });
    });
    const before = (await read(olivia, 'authorization_requests')).length;
    const { structuredContent } = await rename(client, 'Brightest Panes');
    expect(structuredContent).toMatchObject({ status: 'decided', data: { state: 'succeeded' } });
    expect(await read(olivia, 'organization')).toMatchObject([{ name: 'Brightest Panes' }]);
    expect(await read(olivia, 'authorization_requests')).toHaveLength(before + 1);
    await client.close();
  });
});

describe('a client that shows cards', () => {
  const apps = { extensions: { 'io.modelcontextprotocol/ui': { mimeTypes: ['text/html;profile=mcp-app'] } } };

  test('is told which tools have one', async () => {
    const client = await connect(apps);
    const { tools } = await client.listTools();
    const cards = tools.flatMap(({ name, _meta }) => (_meta ? [[name, _meta]] : []));
    const shown = (card: string) => ({ ui: { resourceUri: `ui://deskhand/${card}` } });
    expect(Object.fromEntries(cards)).toEqual({
      schedule_appointment: shown('slots'),
      handle_reschedule_request: shown('slots'),
      process_lead: shown('waiting'),
      send_invoice: shown('invoice'),
      crm_query: shown('lists'),
      crm_action: shown('waiting'),
    });
    const { resources } = await client.listResources();
    expect(resources.map(({ uri }) => uri).slice(0, 5)).toEqual([
      ...['waiting', 'lists', 'slots', 'invoice'].map(card => `ui://deskhand/${card}`),
      'deskhand://today',
    ]);
    await client.close();
  });
});

test('a client that shows neither reads the same in text, and its tools cost nothing more', async () => {
  const client = await connect({});
  const { structuredContent } = await rename(client, 'Plain Panes');
  expect(structuredContent).toMatchObject({
    status: 'pending_authorization',
    data: { review_url: expect.stringMatching(/\/review\/R-\d+$/) },
  });
  const { tools } = await client.listTools();
  expect(tools.every(tool => tool._meta === undefined)).toBe(true);
  const { resources } = await client.listResources();
  expect(resources.every(({ uri }) => uri.startsWith('deskhand://'))).toBe(true);
  await client.close();
});
