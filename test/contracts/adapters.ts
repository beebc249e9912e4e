import { createServer } from 'node:http';
import { pino } from 'pino';
import { createHttpApp } from '../../api/http/server.ts';
import { mountMcp } from '../../api/mcp.ts';
import type { App } from '../../core/app.ts';
import { connectClient } from '../support/mcp-clients.ts';

/** The HTTP interface of an app on a port of its own, and an agent with this key at its MCP endpoint. */
export async function openAdapters(app: App, key: string) {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise(resolve => server.once('listening', resolve));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? (address?.port ?? 0) : 0}`;
  const logger = pino({ level: 'silent' });
  const mcp = mountMcp(app, { baseUrl: url, host: '127.0.0.1', logger });
  server.on(
    'request',
    createHttpApp({ app, logger, baseUrl: url, version: '0', ready: async () => true, mcp }),
  );
  const client = await connectClient('v2 as it comes', { url: `${url}/mcp`, key });
  return { server, url, client };
}
