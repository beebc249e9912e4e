import { spawn } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { mcpHttpHandler } from '../../mcp/http.ts';
import {
  clientKinds,
  connectClient,
  stdioEcho,
  type Target,
  type TestClient,
} from '../support/mcp-clients.ts';
import { echo } from '../support/mcp-echo.mjs';
import { type Headers, type RawAnswer, rawRequest } from '../support/raw-request.ts';

let server: Server;
let port: number;
let defects: unknown[] = [];
let keyStore: 'up' | 'down' = 'up';

const oliviasKey = 'dk_olivia_0123456789';
const clearViewKey = 'dk_clearview_0123456789';

beforeAll(async () => {
  const app = express();
  app.all(
    '/mcp',
    mcpHttpHandler({
      tools: [echo],
      instructions: 'Echoes.',
      version: '0.0.0',
      authenticate: async key => {
        if (keyStore === 'down') throw new Error('connection refused');
        return key === oliviasKey || key === clearViewKey;
      },
      allowedHosts: ['127.0.0.1', 'localhost', '[::1]'],
      onDefect: error => defects.push(error),
    }),
  );
  server = createServer(app).listen(0, '127.0.0.1');
  await new Promise(resolve => server.once('listening', resolve));
  port = portOf(server.address());
});

afterEach(() => {
  defects = [];
  keyStore = 'up';
});

afterAll(() => {
  server.close();
  server.closeAllConnections();
});

describe.each(clientKinds)('a client of the kind "%s"', kind => {
  describe.each(['HTTP', 'stdio'])('over %s', transport => {
    let client: TestClient;

    beforeAll(async () => {
      client = await connectClient(kind, transport === 'HTTP' ? endpoint(oliviasKey) : stdioEcho(oliviasKey));
    });
    afterAll(() => client.close());

    test('sees the tool with its title, its hints and both schemas', async () => {
      expect(await client.list()).toMatchObject([
        {
          name: 'echo',
          title: 'Echo',
          description: echo.description,
          inputSchema: echo.inputSchema,
          outputSchema: echo.outputSchema,
          annotations: echo.annotations,
        },
      ]);
      expect(client.instructions).toBe('Echoes.');
      if (kind !== 'v1')
        expect(client.revision).toBe(kind === 'v2 as it comes' ? '2025-11-25' : '2026-07-28');
    });

    test('gets the same facts as structured content and as text, acting with its own key', async () => {
      const answer = await client.call('echo', { text: 'hello' });
      expect(answer.structuredContent).toEqual({ text: 'hello', key: oliviasKey });
      expect(answer.content).toEqual([{ type: 'text', text: `hello (${oliviasKey})` }]);
      expect(answer.isError).not.toBe(true);
    });

    test('reads why a tool refused, in both contents', async () => {
      const answer = await client.call('echo', { text: 'refuse' });
      expect(answer.isError).toBe(true);
      expect(answer.structuredContent).toMatchObject({
        error: { code: 'INVALID_STATE', hint: 'Try tomorrow.' },
      });
      expect(answer.content).toEqual([{ type: 'text', text: 'INVALID_STATE: Not now. Try tomorrow.' }]);
    });

    test('gets a wrong input back as a tool error that names the field', async () => {
      const answer = await client.call('echo', { txt: 'hello' });
      expect(answer.isError).toBe(true);
      expect(answer.structuredContent).toMatchObject({ error: { code: 'VALIDATION_ERROR', field: 'text' } });
    });

    test('learns that a tool failed, but nothing of the defect', async () => {
      const answer = await client.call('echo', { text: 'break' });
      expect(answer.isError).toBe(true);
      expect(answer.structuredContent).toMatchObject({ error: { code: 'INTERNAL_ERROR', retryable: true } });
      expect(JSON.stringify(answer)).not.toContain('secret detail');
      if (transport === 'HTTP') expect(String(defects)).toContain('secret detail');
    });

    test('is told the nearest name when there is no such tool', async () => {
      await expect(client.call('ecko', { text: 'hello' })).rejects.toThrow('Did you mean "echo"?');
    });

    test('is refused arguments with too many elements, and may send a few', async () => {
      const many = await client.call('echo', {
        text: 'hello',
        more: Array.from({ length: 10_001 }, () => 1),
      });
      expect(many.structuredContent).toMatchObject({ error: { code: 'PAYLOAD_TOO_LARGE' } });
      const few = await client.call('echo', { text: 'hello', more: [1, 2, 3] });
      expect(few.isError).not.toBe(true);
    });
  });
});

test("two agents who call at the same time never get each other's answers", async () => {
  const agents = [
    { key: oliviasKey, client: await connectClient('v1', endpoint(oliviasKey)) },
    { key: clearViewKey, client: await connectClient('v2 on the newest revision', endpoint(clearViewKey)) },
  ];
  const calls = agents.flatMap(({ key, client }) =>
    Array.from({ length: 40 }, async (_, index) => {
      const text = `${key} ${index}`;
      const answer = await client.call('echo', { text, wait_ms: (index * 7) % 30 });
      return [answer.structuredContent, { text, key }];
    }),
  );
  for (const [got, expected] of await Promise.all(calls)) expect(got).toEqual(expected);
  for (const { client } of agents) await client.close();
});

describe('who may call at all', () => {
  test('a call without a key is answered 401 with a hint what to send', async () => {
    const refused = await post({ authorization: undefined });
    expect(refused.status).toBe(401);
    expect(refused.headers['www-authenticate']).toBe('Bearer realm="deskhand"');
    expect(refused.body).toMatchObject({
      jsonrpc: '2.0',
      id: null,
      error: {
        data: {
          code: 'UNAUTHENTICATED',
          hint: expect.stringContaining('Authorization: Bearer'),
          retryable: false,
        },
      },
    });
    expect((await post({})).status).toBe(200);
  });

  test('an unknown key is answered 401, without repeating the key', async () => {
    const refused = await post({ authorization: 'Bearer dk_mallory' });
    expect(refused.status).toBe(401);
    expect(refused.headers['www-authenticate']).toContain('error="invalid_token"');
    expect(refused.text).not.toContain('dk_mallory');
  });

  test.each(clientKinds)(
    'a client of the kind "%s" without a valid key shows the hint to its user',
    async kind => {
      const hint = kind === 'v2 on the newest revision' ? /HTTP 401/ : /Ask the owner for a new key/;
      await expect(connectClient(kind, endpoint('dk_mallory'))).rejects.toThrow(hint);
    },
  );

  test('when keys cannot be checked the answer is an outage, not a wrong key', async () => {
    keyStore = 'down';
    const refused = await post({});
    expect(refused.status).toBe(503);
    expect(refused.headers['retry-after']).toBe('3');
    expect(refused.text).not.toContain('connection refused');
    expect(String(defects)).toContain('connection refused');
  });

  test.each(['evil.example.com', `evil.example.com:80`, '127.0.0.1.evil.example.com'])(
    'a request for the host %s is refused before its key is looked at',
    async host => {
      const refused = await post({ host });
      expect(refused.status).toBe(403);
      expect(refused.body).toMatchObject({ error: { data: { code: 'FORBIDDEN' } } });
    },
  );

  test('a request for an allowed host passes, whatever the port', async () => {
    for (const host of ['127.0.0.1', `localhost:${port}`, `[::1]:${port}`]) {
      expect((await post({ host })).status).toBe(200);
    }
  });

  test('a page of another web site is refused, a page of this server passes', async () => {
    for (const origin of ['https://evil.example.com', 'null', 'http://localhost.evil.example.com']) {
      expect((await post({ origin })).status).toBe(403);
    }
    expect((await post({ origin: `http://127.0.0.1:${port}` })).status).toBe(200);
  });
});

describe('what a request may be', () => {
  test('a body over 256 KB is refused, announced or not, and one just under passes', async () => {
    const large = callOf('x'.repeat(256 * 1024));
    for (const chunked of [false, true]) {
      const refused = await post({}, large, chunked);
      expect(refused.status).toBe(413);
      expect(refused.body).toMatchObject({ error: { data: { code: 'PAYLOAD_TOO_LARGE' } } });
    }
    expect((await post({}, callOf('x'.repeat(255 * 1024)))).status).toBe(200);
  });

  test('arguments nested too deep are refused', async () => {
    const nested = (depth: number) =>
      callOf('hello', []).replace('[]', '['.repeat(depth) + ']'.repeat(depth));
    for (const depth of [30, 100_000]) {
      expect((await post({}, nested(depth))).text).toContain('PAYLOAD_TOO_LARGE');
    }
    expect((await post({}, nested(3))).text).toContain('hello');
  });

  test('what is not one JSON message is refused', async () => {
    expect((await post({}, 'not json')).body).toMatchObject({ error: { code: -32_700 } });
    expect((await post({}, `[${callOf('a')},${callOf('b')}]`)).body).toMatchObject({
      error: { code: -32_600 },
    });
    expect((await post({ 'content-type': 'text/plain' })).status).toBe(415);
  });

  test('there is no stream to open and no session to end', async () => {
    for (const method of ['GET', 'DELETE', 'PUT']) expect((await send(method, {}, '')).status).toBe(405);
  });

  test('every answer carries its request id', async () => {
    const ids = [await post({}), await post({ authorization: undefined })].map(
      answer => answer.headers['x-request-id'],
    );
    expect(ids[0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(ids[1]).not.toBe(ids[0]);
  });
});

test('on stdio only protocol goes to stdout, and the process ends with its client', async () => {
  const target = stdioEcho(oliviasKey);
  if (!('command' in target)) throw new Error('unreachable');
  const child = spawn(target.command, target.args);
  const printed = { out: '', err: '' };
  child.stdout.on('data', text => {
    printed.out += text;
    if (printed.out.includes('"id":2')) child.stdin.end();
  });
  child.stderr.on('data', text => {
    printed.err += text;
  });
  const initialize = {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'test', version: '1' },
  };
  child.stdin.write(
    `${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params: initialize })}\n`,
  );
  child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' })}\n`);
  child.stdin.write(`${callOf('hello', undefined, 2)}\n`);
  const exit_code = await new Promise(resolve => child.once('close', resolve));
  expect(exit_code).toBe(0);
  expect(
    printed.out
      .trim()
      .split('\n')
      .map(line => JSON.parse(line).id),
  ).toEqual([1, 2]);
  expect(printed.err).toContain('A library that prints');
});

const endpoint = (key: string): Target => ({ url: `http://127.0.0.1:${port}/mcp`, key });

function callOf(text: string, more?: unknown[], id = 1): string {
  const args = { text, ...(more === undefined ? {} : { more }) };
  return JSON.stringify({
    jsonrpc: '2.0',
    id,
    method: 'tools/call',
    params: { name: 'echo', arguments: args },
  });
}

function post(headers: Headers, body = callOf('hello'), chunked = false): Promise<RawAnswer> {
  return send('POST', headers, body, chunked);
}

function send(method: string, headers: Headers, body: string, chunked = false): Promise<RawAnswer> {
  const usual = {
    authorization: `Bearer ${oliviasKey}`,
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
  };
  return rawRequest({ port, path: '/mcp', method, headers: { ...usual, ...headers }, body, chunked });
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('The test server has no port');
  return address.port;
}
