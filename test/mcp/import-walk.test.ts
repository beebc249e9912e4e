import { createServer, type Server } from 'node:http';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHttpApp } from '../../api/http/server.ts';
import { mountMcp } from '../../api/mcp.ts';
import { newId } from '../../core/kernel/database/ids.ts';
import { mcpHttpHandler } from '../../mcp/http.ts';
import type { McpTool } from '../../mcp/tool.ts';
import { useBrightPanes } from '../support/bright-panes.ts';

const panes = useBrightPanes();
let server: Server;
let client: Client;

beforeAll(async () => {
  server = createServer().listen(0, '127.0.0.1');
  await new Promise(resolve => server.once('listening', resolve));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  const { app } = panes();
  const logger = pino({ level: 'silent' });
  const mcp = mountMcp(app, { baseUrl: url, host: '127.0.0.1', logger });
  server.on(
    'request',
    createHttpApp({ app, logger, baseUrl: url, version: '0.0.0', ready: async () => true, mcp }),
  );
  client = new Client(
    { name: 'test', version: '1.0.0' },
    { versionNegotiation: { mode: { pin: '2026-07-28' } } },
  );
  const requestInit = { headers: { authorization: `Bearer ${panes().bright.agent.key}` } };
  await client.connect(new StreamableHTTPClientTransport(new URL(`${url}/mcp`), { requestInit }));
});
afterAll(async () => {
  await client.close();
  server.close();
  server.closeAllConnections();
});

type Answer = Record<string, unknown> & { rows?: Record<string, unknown>[]; data?: Record<string, unknown> };
const call = async (name: string, args: Record<string, unknown>, options = {}): Promise<Answer> => {
  const { structuredContent } = await client.callTool({ name, arguments: args }, options);
  return (structuredContent ?? {}) as Answer;
};
const act = (action: string, data: Record<string, unknown>, options = {}) =>
  call('crm_action', { action, data }, options);

const jobber = `J-ID,Created Date,Is Company?,Display Name,Company Name,Title,First Name,Last Name,Main Phone #s,E-mails,Tags,Billing Street 1,Billing City,Billing State,Billing Zip code
101_1,2023-04-02,false,Ada Byron,,,Ada,Byron,(256) 555-0161,ada@example.com,vip,12 Elm St,Madison,AL,35758
102_1,2023-04-03,true,Byte Ltd,Byte Ltd,,Bob,Byte,(256) 555-0162,bob@byte.example,,14 Elm St,Madison,AL,35758
`;

test.each([
  'here is my Jobber export, bring it in',
  'import customers from a file',
  'bring in old customers',
  'load a spreadsheet',
  'move from Housecall Pro',
  'upload csv',
  'take over our old invoices from QuickBooks',
  'we want to switch from Jobber with all our clients',
])('an agent that was told "%s" finds what does it, first', async search => {
  const { rows = [] } = await call('crm_query', { type: 'search', search });
  expect(rows.slice(0, 3).map(({ open }) => open)).toEqual(
    expect.arrayContaining([expect.stringMatching(/^import\.(csv|preview_csv)$/)]),
  );
});

test('looks at the file, brings it in without a detour, hears how far it is, and can take it back', async () => {
  const described = await call('crm_capabilities', { of: ['import.preview_csv', 'import.csv'] });
  expect(JSON.stringify(described)).toContain('"content"');
  const look = await act('import.preview_csv', { content: jobber });
  expect(look.data).toMatchObject({
    source: expect.stringContaining('Jobber clients'),
    kind: 'contacts',
    rows: 2,
  });
  expect(look.data?.questions ?? []).toEqual([]);
  const dry = await act('import.csv', { content: jobber, dry_run: true });
  expect(dry.data).toMatchObject({ created: 2, refused_rows: 0 });
  const heard: unknown[] = [];
  const taken = await act(
    'import.csv',
    { content: jobber },
    { onprogress: (far: unknown) => void heard.push(far) },
  );
  expect(taken).toMatchObject({ status: 'done', data: { created: 2 } });
  expect(heard).toMatchObject([{ progress: 0, total: 2 }]);
  const { rows = [] } = await call('crm_query', { type: 'contacts', search: 'Ada Byron' });
  expect(rows).toHaveLength(1);
  const back = await act('import.undo', { import_id: taken.data?.import }, {});
  expect(JSON.stringify(back)).toMatch(/reasoning|contacts_removed/);
});

test('a client that asks for it hears how far a long call is, whoever calls hears nothing else', async () => {
  const heard: unknown[] = [];
  const rows = Array.from({ length: 1200 }, (_, n) => `Eve${n},Long${n},eve${n}@example.com\n`).join('');
  const request = {
    request_id: newId(),
    progress: (...far: unknown[]) => void heard.push(far),
  };
  const content = `First Name,Last Name,Email\n${rows}`;
  const outcome = await panes().app.execute(
    panes().olivia,
    { action: 'import.csv', data: { content } },
    request,
  );
  expect(outcome.data).toMatchObject({ created: 1200 });
  expect(heard).toEqual([
    [0, 1200, '0 of 1200 written'],
    [500, 1200, '500 of 1200 written'],
    [1000, 1200, '1000 of 1200 written'],
  ]);
});

test('a tool’s progress reaches the client that gave a token', async () => {
  const tool: McpTool = {
    name: 'slow',
    title: 'Slow',
    description: 'Takes its time.',
    inputSchema: { type: 'object' },
    outputSchema: { type: 'object' },
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    async call(_, session) {
      session.progress?.(1, 2, 'half of it');
      return { structured: { told: session.progress !== undefined }, text: 'done' };
    },
  };
  const handler = mcpHttpHandler({
    tools: [tool],
    instructions: '',
    version: '0.0.0',
    allowedHosts: ['127.0.0.1'],
    authenticate: async () => true,
  });
  const own = createServer((incoming, outgoing) => void handler(incoming, outgoing)).listen(0, '127.0.0.1');
  await new Promise(resolve => own.once('listening', resolve));
  const address = own.address();
  const own_url = new URL(`http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/mcp`);
  const other = new Client(
    { name: 'test', version: '1.0.0' },
    { versionNegotiation: { mode: { pin: '2026-07-28' } } },
  );
  await other.connect(
    new StreamableHTTPClientTransport(own_url, { requestInit: { headers: { authorization: 'Bearer x' } } }),
  );
  const heard: unknown[] = [];
  const told = await other.callTool(
    { name: 'slow', arguments: {} },
    { onprogress: far => void heard.push(far) },
  );
  expect(told.structuredContent).toEqual({ told: true });
  expect(heard).toMatchObject([{ progress: 1, total: 2, message: 'half of it' }]);
  const silent = await other.callTool({ name: 'slow', arguments: {} });
  expect(silent.structuredContent).toEqual({ told: false });
  await other.close();
  own.close();
  own.closeAllConnections();
});
