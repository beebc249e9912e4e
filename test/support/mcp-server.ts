import { createServer, type Server } from 'node:http';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { pino } from 'pino';
import { afterAll, beforeAll } from 'vitest';
import { createHttpApp } from '../../api/http/server.ts';
import { mountMcp } from '../../api/mcp.ts';
import type { App } from '../../core/app.ts';

/** The MCP endpoint of an office, as it runs, for the tests of a file. Answers its address, without a slash at the end. */
export function useMcpServer(office: () => { app: App }): () => string {
  let server: Server | undefined;
  let url = '';
  beforeAll(async () => {
    server = createServer().listen(0, '127.0.0.1');
    await new Promise(resolve => server?.once('listening', resolve));
    const address = server.address();
    url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
    const { app } = office();
    const logger = pino({ level: 'silent' });
    const mcp = mountMcp(app, { baseUrl: url, host: '127.0.0.1', logger });
    server.on(
      'request',
      createHttpApp({ app, logger, baseUrl: url, version: '0.0.0', ready: async () => true, mcp }),
    );
  });
  afterAll(() => {
    server?.close();
    server?.closeAllConnections();
  });
  return () => url;
}

/** A client of the v2 package at the newest revision, which declares `capabilities`. The caller closes it. */
export async function connectWith(
  url: string,
  key: string,
  capabilities: Record<string, unknown> = {},
): Promise<Client> {
  const client = new Client(
    { name: 'test', version: '1.0.0' },
    { capabilities, versionNegotiation: { mode: { pin: '2026-07-28' } } },
  );
  await client.connect(
    new StreamableHTTPClientTransport(new URL(`${url}/mcp`), {
      requestInit: { headers: { authorization: `Bearer ${key}` } },
    }),
  );
  return client;
}
