import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type McpHttpOptions, mcpHttpHandler } from '../../mcp/http.ts';
import { type Admitted, answerPlainCalls, KnownClients } from '../../mcp/plain-calls.ts';
import { answer } from '../../mcp/present.ts';
import { echo } from '../support/mcp-echo.mjs';
import { type Headers, type RawAnswer, rawRequest } from '../support/raw-request.ts';

// A call that needs nothing but its frame is answered without the SDK, once the SDK has let its client in (decision 073). The first call
// of a client is therefore the SDK's, and every one after it is not: they have to say the same.

const key = 'dk_olivia_0123456789';
const capabilitiesKey = 'io.modelcontextprotocol/clientCapabilities';
const metaOf = (capabilities: object, more: object = {}): Record<string, unknown> => ({
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1.0.0' },
  [capabilitiesKey]: capabilities,
  ...more,
});
const callOf = (params: object, more: object = {}) => ({
  jsonrpc: '2.0',
  id: 7,
  method: 'tools/call',
  params: { name: 'echo', arguments: { text: 'hello' }, _meta: metaOf({}), ...params },
  ...more,
});
const usual = {
  'mcp-protocol-version': '2026-07-28',
  'mcp-method': 'tools/call',
  'mcp-name': 'echo',
};

/** How answers of the two begin: members stand in another order, which means nothing to a client. */
const begins = { sdk: '{"result"', plain: '{"jsonrpc"' } as const;

describe('a call answered plainly says what the SDK says', () => {
  const servers: Server[] = [];
  afterAll(() => {
    for (const server of servers) {
      server.close();
      server.closeAllConnections();
    }
  });

  type Send = (body: unknown, more?: Headers) => Promise<RawAnswer>;

  /** A server of its own, and how it is called. */
  async function start(more: Partial<McpHttpOptions> = {}): Promise<Send> {
    const server = createServer(
      mcpHttpHandler({
        tools: [echo],
        instructions: 'Echoes.',
        version: '0.0.0',
        home: 'https://office.example',
        authenticate: async candidate => candidate === key,
        allowedHosts: ['127.0.0.1'],
        requestId: () => 'the same',
        ...more,
      }),
    ).listen(0, '127.0.0.1');
    servers.push(server);
    await new Promise(resolve => server.once('listening', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const headers = {
      ...usual,
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    };
    return (body, others = {}) =>
      rawRequest({
        port,
        path: '/mcp',
        method: 'POST',
        headers: { ...headers, ...others },
        body: JSON.stringify(body),
      });
  }

  /** Answers of a server to the same call made twice. */
  async function twice(body: object, more: Partial<McpHttpOptions> = {}): Promise<[RawAnswer, RawAnswer]> {
    const send = await start(more);
    return [await send(body), await send(body)];
  }

  const facts = ({ status, headers, body }: RawAnswer) => ({
    status,
    type: headers['content-type'],
    request: headers['x-request-id'],
    body,
  });

  test.each([
    ['an answer', callOf({})],
    ['an answer without arguments', callOf({ arguments: undefined })],
    ['an answer to an id in words', callOf({}, { id: 'seven' })],
    ['a refusal', callOf({ arguments: { text: 'refuse' } })],
    ['a wrong input', callOf({ arguments: { txt: 'hello' } })],
    ['a defect', callOf({ arguments: { text: 'break' } })],
    ['arguments that are too many', callOf({ arguments: { text: 'x', more: Array(10_001).fill(1) } })],
    [
      'an answer to a client that says more',
      callOf({ _meta: metaOf({ roots: {} }, { traceparent: '00-a-b-01', own: [1] }) }),
    ],
    [
      'an answer to a client that would hear how far it is',
      callOf({ _meta: metaOf({}, { progressToken: 3 }) }),
    ],
  ])('%s', async (_, body) => {
    const [first, second] = await twice(body);
    expect(first.text.startsWith(begins.sdk)).toBe(true);
    expect(second.text.startsWith(begins.plain)).toBe(true);
    expect(facts(second)).toEqual(facts(first));
  });

  test.each([
    [
      'facts',
      { rows: [{ reference: 'C-1', full_name: '«Zoë \\ "Zed" \u{1f600}\u2028»', tags: [], note: null }] },
      {},
    ],
    ['half a letter', { '\ud800': '\udfff', left_out: undefined }, {}],
    [
      'facts about what was refused',
      { error: { code: 'NOT_FOUND', message: 'There is no "«»".' } },
      { isError: true },
    ],
  ])('%s that are framed as they were written', async (_, said, more) => {
    const tool = { ...echo, call: async () => ({ ...answer(said), ...more }) };
    const [first, second] = await twice(callOf({}), { tools: [tool] });
    expect(second.text.startsWith(begins.plain)).toBe(true);
    expect(facts(second)).toEqual(facts(first));
    expect(second.text).toContain(`"structuredContent":${JSON.stringify(said)}`);
  });

  test.each([
    ['a wrong key', { authorization: 'Bearer dk_nobody_0123456789' }, 401, 'UNAUTHENTICATED'],
    ['another name of the server', { host: 'evil.example.com' }, 403, 'FORBIDDEN'],
    ['a page of another web site', { origin: 'https://evil.example.com' }, 403, 'FORBIDDEN'],
    ['a body that is not said to be JSON', { 'content-type': 'text/plain' }, 415, 'VALIDATION_ERROR'],
  ])('%s is refused, also once calls were answered plainly', async (_, wrong, status, code) => {
    const send = await start();
    await send(callOf({}));
    expect((await send(callOf({}))).text.startsWith(begins.plain)).toBe(true);
    const refused = await send(callOf({}), wrong);
    expect(refused.status).toBe(status);
    expect(refused.body).toMatchObject({ error: { data: { code, request_id: 'the same' } } });
    expect((await send(callOf({}))).status).toBe(200);
  });

  test('a call that is too large is refused, also once calls were answered plainly', async () => {
    const send = await start();
    await send(callOf({}));
    const sized = (kilobytes: number) => callOf({ arguments: { text: 'x'.repeat(kilobytes * 1024) } });
    expect((await send(sized(257))).status).toBe(413);
    expect((await send(sized(255))).text.startsWith(begins.plain)).toBe(true);
  });

  test('the question a person is asked, and where they are led to decide', async () => {
    const form = callOf({ _meta: metaOf({ elicitation: { form: {} } }) });
    const options = [{ value: 'C-1', title: 'Jane Smith' }];
    const [asked, askedPlainly] = await twice(form, {
      findQuestion: () => ({ message: 'Who?', title: 'Contact', at: ['text'], options, is_kept: false }),
    });
    const sealed = { result: { requestState: expect.any(String) } };
    expect(askedPlainly.text.startsWith(begins.plain)).toBe(true);
    expect(askedPlainly.body).toMatchObject({ result: { resultType: 'input_required' } });
    expect(facts({ ...askedPlainly, body: Object.assign({}, askedPlainly.body, sealed) })).toEqual(
      facts({ ...asked, body: Object.assign({}, asked.body, sealed) }),
    );

    const link = callOf({ _meta: metaOf({ elicitation: { url: {} } }) });
    const [led, ledPlainly] = await twice(link, {
      waiting: {
        find: () => ({ reference: 'R-12', url: 'https://office.example/review/R-12', message: 'Waits.' }),
        lookUp: async () => ({ structured: {}, text: '' }),
      },
    });
    expect(ledPlainly.text.startsWith(begins.plain)).toBe(true);
    expect(ledPlainly.body).toMatchObject({ result: { requestState: 'R-12' } });
    expect(facts(ledPlainly)).toEqual(facts(led));
  });
});

describe('the SDK answers', () => {
  let clients: KnownClients;
  beforeAll(() => {
    clients = new KnownClients();
    clients.note(metaOf({}));
    clients.note(metaOf({ roots: {} }));
  });

  /** Who answered. */
  async function answers(parsedBody: unknown, headers: Headers = {}, tool = echo): Promise<string> {
    const answerPlainly = answerPlainCalls({
      tools: [tool],
      clients,
      answerCall: async () => ({ structured: {}, text: 'plain' }),
      serverInfo: { name: 'test', version: '1' },
    });
    const authInfo = { token: key, clientId: 'agent', scopes: [], extra: {} };
    const admitted: Admitted = { headers: { ...usual, ...headers }, parsedBody, authInfo };
    const text = await answerPlainly(admitted, () => AbortSignal.abort());
    return text === undefined ? 'sdk' : 'plain';
  }

  test('nothing but what is no plain call', async () => {
    expect(await answers(callOf({}))).toBe('plain');
    expect(await answers(callOf({ _meta: metaOf({ roots: {} }, { progressToken: 'a' }) }))).toBe('plain');
  });

  test.each([
    ['a client it has not let in', callOf({ _meta: metaOf({ sampling: {} }) })],
    [
      'a client that says its capabilities wrongly',
      callOf({ _meta: metaOf({}, { [capabilitiesKey]: 'all' }) }),
    ],
    ['a client that says nothing of itself', callOf({ _meta: undefined })],
    [
      'a client of another revision',
      callOf({ _meta: metaOf({}, { 'io.modelcontextprotocol/protocolVersion': '2025-11-25' }) }),
    ],
    [
      'what belongs to the protocol beside a call',
      callOf({ _meta: metaOf({}, { 'io.modelcontextprotocol/related-task': {} }) }),
    ],
    ['a progress token that is none', callOf({ _meta: metaOf({}, { progressToken: {} }) })],
    ['another method', callOf({}, { method: 'tools/list' })],
    ['a notification', callOf({}, { id: undefined })],
    ['an id that is none', callOf({}, { id: 1.5 })],
    ['another protocol', callOf({}, { jsonrpc: '1.0' })],
    ['a member of the message it does not know', callOf({}, { more: 1 })],
    ['what a person answered', callOf({ inputResponses: {} })],
    ['what is brought back', callOf({ requestState: 'R-12' })],
    ['a tool that does not exist', callOf({ name: 'ecko' })],
    ['arguments that are a list', callOf({ arguments: [] })],
    ['arguments with a prototype', JSON.parse(JSON.stringify(callOf({})).replace('"text"', '"__proto__"'))],
    ['a body that is nothing', null],
  ])('%s', async (_, body) => {
    expect(await answers(body)).toBe('sdk');
  });

  test.each([
    ['another revision', { 'mcp-protocol-version': '2025-11-25' }],
    ['no revision', { 'mcp-protocol-version': undefined }],
    ['another method', { 'mcp-method': 'tools/list' }],
    ['another name', { 'mcp-name': 'ecko' }],
    ['no name', { 'mcp-name': undefined }],
  ])('a header that names %s', async (_, headers) => {
    expect(await answers(callOf({}), headers)).toBe('sdk');
  });

  test('a call that tells how far it is, to a client that would hear it', async () => {
    const telling = { ...echo, tells_progress: true };
    const asked = callOf({ _meta: metaOf({}, { progressToken: 3 }) });
    expect(await answers(asked, {}, telling)).toBe('sdk');
    expect(await answers(callOf({}), {}, telling)).toBe('plain');
  });
});
