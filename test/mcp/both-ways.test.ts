import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as StdioClientTransportV1 } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as HttpClientTransportV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ElicitRequestSchema, ResourceUpdatedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type ClientKind, clientKinds } from '../support/mcp-clients.ts';
import { useMcpProcess } from '../support/mcp-process.ts';

// The programs of today on both ways to us: who can be asked is asked, who cannot gets the list.

const desk = useMcpProcess();
const asking = z.object({
  requestedSchema: z.object({
    properties: z.object({ choice: z.object({ oneOf: z.array(z.object({ const: z.string() })) }) }),
  }),
});

/** Chooses the second of what is offered. */
function second(params: unknown) {
  const { oneOf } = asking.parse(params).requestedSchema.properties.choice;
  return { action: 'accept' as const, content: { choice: oneOf[1]?.const ?? '' } };
}

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const client of open.splice(0)) await client.close();
});

type Call = { name: string; arguments: Record<string, unknown> };

/** A client that lets its user choose, over one of the transports; answers what calls it. */
async function connect(
  kind: ClientKind,
  transport: 'HTTP' | 'stdio',
): Promise<(call: Call) => Promise<unknown>> {
  const { url, key, command } = desk();
  const address = new URL(`${url}/mcp`);
  const requestInit = { headers: { authorization: `Bearer ${key}` } };
  const capabilities = { elicitation: { form: {} } };
  if (kind === 'v1') {
    const client = new ClientV1({ name: 'test-v1', version: '1.0.0' }, { capabilities });
    client.setRequestHandler(ElicitRequestSchema, async ({ params }) => second(params));
    await client.connect(
      transport === 'HTTP'
        ? new HttpClientTransportV1(address, { requestInit })
        : new StdioClientTransportV1(command),
    );
    open.push(client);
    return async call => (await client.callTool(call)).structuredContent;
  }
  const pinned = { versionNegotiation: { mode: { pin: '2026-07-28' as const } } };
  const client = new Client(
    { name: 'test-v2', version: '1.0.0' },
    { capabilities, ...(kind === 'v2 as it comes' ? {} : pinned) },
  );
  client.setRequestHandler('elicitation/create', async ({ params }) => second(params));
  await client.connect(
    transport === 'HTTP'
      ? new StreamableHTTPClientTransport(address, { requestInit })
      : new StdioClientTransport(command),
  );
  open.push(client);
  return async call => (await client.callTool(call)).structuredContent;
}

const call: Call = {
  name: 'crm_action',
  arguments: { action: 'note.create', data: { contact_id: 'Ann Quill', content: 'Rings twice' } },
};
const chosen = { status: 'done', data: { contact_id: 'C-1002 «Ann Quill»' } };
const listed = {
  error: { code: 'AMBIGUOUS', candidates: [{ reference: 'C-1001' }, { reference: 'C-1002' }] },
};

test.each(clientKinds)('a client of the kind "%s" lets its user choose over stdio', async kind => {
  expect(await (await connect(kind, 'stdio'))(call)).toMatchObject(chosen);
});

test('over HTTP the newest revision lets its user choose', async () => {
  expect(await (await connect('v2 on the newest revision', 'HTTP'))(call)).toMatchObject(chosen);
});

test.each(['v1', 'v2 as it comes'] as const)(
  'over HTTP a client of the kind "%s", which cannot be asked there, gets the list',
  async kind => {
    expect(await (await connect(kind, 'HTTP'))(call)).toMatchObject(listed);
  },
);

test('over stdio, too, a client that shows cards is told which tools have one', async () => {
  const capabilities = {
    extensions: { 'io.modelcontextprotocol/ui': { mimeTypes: ['text/html;profile=mcp-app'] } },
  };
  for (const [options, shown] of [
    [{ capabilities, versionNegotiation: { mode: { pin: '2026-07-28' } } }, 6],
    [{ capabilities }, 6],
    [{}, 0],
  ] as const) {
    const client = new Client({ name: 'test-v2', version: '1.0.0' }, options);
    await client.connect(new StdioClientTransport(desk().command));
    open.push(client);
    const { tools } = await client.listTools();
    expect(tools.filter(({ _meta }) => _meta !== undefined)).toHaveLength(shown);
  }
});

/** Something the agent asks for that waits for its owner; answers its address, and how the owner decides. */
async function askOwner(name: string) {
  const { office } = desk();
  const { bright, act, read, done } = office;
  const caller = { via: 'key', key: bright.agent.key } as const;
  const reasoning = 'The owner mentioned it on the telephone';
  const { data } = await act(caller, 'organization.update_settings', { name }, { reasoning });
  const id = String(data.request);
  const [asked] = await read(bright.owner, 'authorization_requests', { id, fields: ['digest'] });
  return {
    uri: `deskhand://${id}`,
    deny: () => done(bright.owner, 'authorization.deny', { request: id, digest: asked?.digest, note: 'No' }),
  };
}

const told: string[] = [];
const hears = (uri: string) => expect.poll(() => told.includes(uri), { timeout: 60_000 }).toBe(true);

describe('a client that listens over stdio is told of a decision that another process took', () => {
  test('at the newest revision', async () => {
    const client = new Client(
      { name: 'test-v2', version: '1.0.0' },
      { versionNegotiation: { mode: { pin: '2026-07-28' } } },
    );
    client.setNotificationHandler(
      'notifications/resources/updated',
      ({ params }) => void told.push(params.uri),
    );
    await client.connect(new StdioClientTransport(desk().command));
    open.push(client);
    const [first, second] = [await askOwner('One'), await askOwner('Two')];
    const subscription = await client.listen({ resourceSubscriptions: [first.uri] });
    await first.deny();
    await hears(first.uri);
    await subscription.close();
    const other = await client.listen({ resourceSubscriptions: [second.uri] });
    await second.deny();
    await hears(second.uri);
    await other.close();
  });

  test.each(['v1', 'v2 as it comes'] as const)('of the kind "%s", which subscribes', async kind => {
    const { uri, deny } = await askOwner(kind);
    if (kind === 'v1') {
      const client = new ClientV1({ name: 'test-v1', version: '1.0.0' });
      client.setNotificationHandler(
        ResourceUpdatedNotificationSchema,
        ({ params }) => void told.push(params.uri),
      );
      await client.connect(new StdioClientTransportV1(desk().command));
      open.push(client);
      await expect(client.subscribeResource({ uri: 'deskhand://C-1001' })).rejects.toThrow('is not watched');
      await client.subscribeResource({ uri });
    } else {
      const client = new Client({ name: 'test-v2', version: '1.0.0' });
      client.setNotificationHandler(
        'notifications/resources/updated',
        ({ params }) => void told.push(params.uri),
      );
      await client.connect(new StdioClientTransport(desk().command));
      open.push(client);
      await client.subscribeResource({ uri });
    }
    await deny();
    await hears(uri);
  });
});

test('over HTTP only the newest revision says that it can be listened to', async () => {
  const { url, key } = desk();
  const requestInit = { headers: { authorization: `Bearer ${key}` } };
  for (const [options, subscribe] of [
    [{ versionNegotiation: { mode: { pin: '2026-07-28' } } }, true],
    [{}, undefined],
  ] as const) {
    const client = new Client({ name: 'test-v2', version: '1.0.0' }, options);
    await client.connect(new StreamableHTTPClientTransport(new URL(`${url}/mcp`), { requestInit }));
    open.push(client);
    expect(client.getServerCapabilities()?.resources?.subscribe).toBe(subscribe);
  }
});

describe.each(clientKinds)('a client of the kind "%s" that brings in a file', kind => {
  test.each(['HTTP', 'stdio'] as const)('hears over %s how far it is', async transport => {
    const { url, key, command } = desk();
    const address = new URL(`${url}/mcp`);
    const requestInit = { headers: { authorization: `Bearer ${key}` } };
    const name = `${kind.at(-1)}${transport}`;
    const rows = Array.from({ length: 510 }, (_, n) => `Eve${n},${name},eve${n}.${name}@example.com\n`);
    const content = `First Name,Last Name,Email\n${rows.join('')}`;
    const call = {
      name: 'crm_action',
      arguments: { action: 'import.csv', data: { content } },
    };
    const heard: unknown[] = [];
    const options = { onprogress: (far: unknown) => void heard.push(far) };
    if (kind === 'v1') {
      const client = new ClientV1({ name: 'test-v1', version: '1.0.0' });
      await client.connect(
        transport === 'HTTP'
          ? new HttpClientTransportV1(address, { requestInit })
          : new StdioClientTransportV1(command),
      );
      open.push(client);
      await client.callTool(call, undefined, options);
    } else {
      const client = new Client(
        { name: 'test-v2', version: '1.0.0' },
        kind === 'v2 as it comes' ? {} : { versionNegotiation: { mode: { pin: '2026-07-28' } } },
      );
      await client.connect(
        transport === 'HTTP'
          ? new StreamableHTTPClientTransport(address, { requestInit })
          : new StdioClientTransport(command),
      );
      open.push(client);
      await client.callTool(call, options);
    }
    expect(heard).toMatchObject([
      { progress: 0, total: 510, message: '0 of 510 written' },
      { progress: 500, total: 510, message: '500 of 510 written' },
    ]);
  });
});
