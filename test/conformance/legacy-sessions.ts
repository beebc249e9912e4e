import { randomUUID } from 'node:crypto';
import type { McpServerFactory } from '@modelcontextprotocol/server';
import { isLegacyRequest, WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/server';
import type { McpFetch } from '../../mcp/plain-calls.ts';

/**
 * Sessions for 2025-era clients, in this test fixture only. A question to the client in the middle of a call comes back
 * as a separate POST, so both must meet the same server object. Requests of the new era go to `next` untouched.
 */
export function withLegacySessions(factory: McpServerFactory, next: McpFetch): McpFetch {
  const sessions = new Map<string, WebStandardStreamableHTTPServerTransport>();
  return async (request, options) => {
    if (!(await isLegacyRequest(request, options.parsedBody))) return next(request, options);
    const id = request.headers.get('mcp-session-id');
    const known = id === null ? undefined : sessions.get(id);
    if (id !== null && known === undefined) {
      return Response.json(
        { jsonrpc: '2.0', id: null, error: { code: -32_001, message: 'Session not found' } },
        { status: 404 },
      );
    }
    return (known ?? (await open(factory, sessions))).handleRequest(request, options);
  };
}

async function open(
  factory: McpServerFactory,
  sessions: Map<string, WebStandardStreamableHTTPServerTransport>,
): Promise<WebStandardStreamableHTTPServerTransport> {
  const transport = new WebStandardStreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    onsessioninitialized: id => {
      sessions.set(id, transport);
    },
    onsessionclosed: id => {
      sessions.delete(id);
    },
  });
  const server = await factory({ era: 'legacy' });
  await server.connect(transport);
  return transport;
}
