import { randomUUID } from 'node:crypto';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { McpServerFactory } from '@modelcontextprotocol/server';
import { InMemoryServerEventBus, McpServer } from '@modelcontextprotocol/server';
import express from 'express';
import { guardMcp, statelessMcp } from '../../mcp/http.ts';
import { registerQuestions, stateCodec } from './fixture-questions.ts';
import { registerPrompts, registerResources } from './fixture-resources.ts';
import { registerTools } from './fixture-tools.ts';
import { withLegacySessions } from './legacy-sessions.ts';

export interface FixtureServer {
  url: string;
  key: string;
  close(): void;
}

/**
 * The fixture behind the production stack: the same guards, body reading, era routing and per-request servers as
 * `mcpHttpHandler`, on a free port of the loopback interface. `sessions` adds what the tools of the 2025-11-25 set need
 * and ours do not: asking the client something in the middle of a call.
 */
export async function startFixtureServer(options: { sessions: boolean }): Promise<FixtureServer> {
  const bus = new InMemoryServerEventBus();
  const factory = fixtureFactory(bus);
  const stateless = statelessMcp(factory, { bus });
  const key = randomUUID();
  const handler = guardMcp(
    {
      authenticate: async candidate => candidate === key,
      allowedHosts: ['localhost', '127.0.0.1', '[::1]'],
      onDefect: error => console.error(error),
    },
    options.sessions ? withLegacySessions(factory, stateless) : stateless,
  );
  const app = express();
  app.use((request, _response, next) => {
    // The suite has no option for a key, so it is added here, in front of the guard that checks it.
    request.headers.authorization ??= `Bearer ${key}`;
    next();
  });
  app.all('/mcp', handler);
  const server = createServer(app);
  const { port } = await listen(server);
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    key,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function fixtureFactory(bus: InMemoryServerEventBus): McpServerFactory {
  return () => {
    const server = new McpServer(
      { name: 'deskhand-conformance-fixture', version: '1.0.0' },
      {
        capabilities: {
          tools: { listChanged: true },
          prompts: { listChanged: true },
          resources: { subscribe: true, listChanged: true },
          completions: {},
          logging: {},
        },
        requestState: { verify: stateCodec.verify },
        maxToolInputElements: 10_000,
      },
    );
    registerTools(server, bus);
    registerQuestions(server);
    registerResources(server);
    registerPrompts(server);
    return server;
  };
}

function listen(server: HttpServer): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('No port'));
      else resolve(address);
    });
  });
}
