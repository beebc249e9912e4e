import { z } from 'zod';
import { HttpConnection, requestText } from './http-client.ts';
import { interleave, median, ratio, round, timeEach } from './measure.ts';
import { atMost, type Bench } from './part.ts';
import { startServer } from './servers.ts';

const meta = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1.0.0' },
  'io.modelcontextprotocol/clientCapabilities': {},
};
const call = { name: 'crm_query', arguments: { type: 'contacts', limit: 20 } };

/** The bytes of one tool call in the newest revision of the protocol. */
export const callText = (key: string, name: string, args: Record<string, unknown>): string =>
  requestText(
    'POST',
    '/mcp',
    key,
    JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name, arguments: args, _meta: meta },
    }),
    { accept, 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call', 'mcp-name': name },
  );

const accept = 'application/json, text/event-stream';

/** (e) A list of 20 customers by an MCP tool call, in both eras of the protocol, against the same over `/api/data`. */
export async function measureMcp({ cluster, rounds }: Bench) {
  const { address, key } = cluster.large;
  const server = await startServer('deskhand', address, `${cluster.dataDir}/bench-servers.log`);
  const connection = await HttpConnection.open(server.port);
  const message = (params: object) => JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params });
  const newest = callText(key, call.name, call.arguments);
  const legacy = requestText('POST', '/mcp', key, message(call), {
    accept,
    'mcp-protocol-version': '2025-11-25',
  });
  const http = requestText('GET', '/api/data?type=contacts&limit=20', key);
  try {
    for (const text of [newest, legacy]) checkRows(await connection.send(text));
    const each = (text: string) => () => timeEach(150, 1, () => connection.send(text));
    const times = await interleave({ newest: each(newest), http: each(http), legacy: each(legacy) }, rounds);
    return {
      ratio: atMost(ratio(times('newest'), times('http')), 1.5),
      // The SDK answers the older revision as a stream of one event.
      ratio_2025_11_25: ratio(times('legacy'), times('http')),
      mcp_ms: round(median(times('newest'))),
      http_ms: round(median(times('http'))),
    };
  } finally {
    connection.close();
    await server.stop();
  }
}

const answer = z.object({
  result: z.object({ structuredContent: z.object({ rows: z.array(z.unknown()).length(20) }) }),
});

/** `body` is JSON, or an event stream of one event. */
const checkRows = (body: string) => answer.parse(JSON.parse(/^data: (.+)$/m.exec(body)?.[1] ?? body));
