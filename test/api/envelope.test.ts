import { connect } from 'node:net';
import { Router } from 'express';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { defineAction } from '../../core/kernel/registry/define.ts';
import { defineDomain } from '../../core/kernel/registry/domain.ts';
import { useHttp } from '../support/http.ts';

// A verb that stumbles, as code with a defect does.
const stumble = defineAction({
  domain: 'stumble',
  name: 'fall',
  summary: 'Falls.',
  input: z.strictObject({}),
  output: z.object({}),
  permission: { level: 'unrestricted' },
  effect: 'update',
  run: () => Promise.reject(new Error('olivia@brightpanes.example is in the way of select 1')),
});

const pages = Router();
pages.get('/hello', (_request, response) => {
  response.type('html').send('<p>Hello</p>');
});
pages.get('/broken', () => {
  throw new Error('a page with a defect');
});

let databaseAnswers = true;
const front = useHttp({
  domains: [defineDomain({ name: 'stumble', summary: 'Stumbles.', actions: [stumble] })],
  pages,
  mcp: async (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"jsonrpc":"2.0"}');
  },
  ready: async () => databaseAnswers,
});

const create = (body: unknown, headers: Record<string, string> = {}) =>
  front().send('POST', '/api/contacts', { body, headers });

test('success and refusal have the same four members', async () => {
  const good = await create({ full_name: 'Jane Smith' });
  expect(good).toMatchObject({ status: 200, success: true, error: {} });
  const bad = await create({});
  expect(bad).toMatchObject({ status: 400, success: false, data: {}, error: { code: 'VALIDATION_ERROR' } });
});

test('every request has an id of its own, whatever the caller sends', async () => {
  const mine = '01890000-0000-7000-8000-000000000000';
  const a = await front().get('/api/contacts', { headers: { 'x-request-id': mine } });
  const b = await front().get('/api/contacts', { headers: { 'x-request-id': mine } });
  expect(new Set([mine, a.meta.request_id, b.meta.request_id]).size).toBe(3);
  expect(a.headers.get('x-request-id')).toBe(a.meta.request_id);
});

test('answers are not cached, not sniffed, not framed and tell no version', async () => {
  const { headers } = await front().get('/api/contacts');
  expect(Object.fromEntries(headers)).toMatchObject({
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  });
  expect(headers.get('x-powered-by')).toBeNull();
  expect(headers.get('etag')).toBeNull();
});

test.each([
  ['GET', '/api/contcats'],
  ['POST', '/api/contacts/C-1001/dance'],
  ['GET', '/api'],
  ['GET', '/api/contacts/:id'],
  ['GET', '/api/contacts//update'],
  ['GET', '/nowhere'],
  ['DELETE', '/healthz'],
])('%s %s does not exist, and the answer says so in the envelope', async (method, path) => {
  const answer = await front().send(method, path);
  expect(answer).toMatchObject({ status: 404, error: { code: 'NOT_FOUND' } });
  expect(answer.error.hint).toContain('/openapi.json');
});

test('a path with the wrong method names the right ones', async () => {
  const answer = await front().send('PUT', '/api/contacts');
  expect(answer).toMatchObject({
    status: 404,
    error: { code: 'NOT_FOUND', valid_options: ['GET', 'POST'] },
  });
  expect(answer.headers.get('allow')).toBe('GET, POST');
});

const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);

test.each([
  ['broken JSON', '{"full_name": "Jane', {}],
  ['no object', '["Jane"]', {}],
  ['a body nested 33 levels deep', `{"custom_fields": ${deep(32)}}`, {}],
  ['a body nested a hundred thousand levels deep', `{"custom_fields": ${deep(100_000)}}`, {}],
  ['a list of 10,001 members', `{"full_name": "Jane", "tags": [${'1,'.repeat(10_000)}1]}`, {}],
  ['__proto__', '{"full_name": "Jane", "__proto__": {"admin": true}}', {}],
  ['constructor, deep inside', '{"custom_fields": {"a": {"constructor": {"prototype": {}}}}}', {}],
  ['a form', 'full_name=Jane', { 'content-type': 'application/x-www-form-urlencoded' }],
  ['plain text', '{"full_name": "Jane"}', { 'content-type': 'text/plain' }],
  [
    'a foreign character set',
    '{"full_name": "Jane"}',
    { 'content-type': 'application/json; charset=utf-16' },
  ],
  ['a compressed body', '{"full_name": "Jane"}', { 'content-encoding': 'gzip' }],
])('%s is refused before the core sees it', async (_what, body, headers: Record<string, string>) => {
  expect(await create(body, headers)).toMatchObject({ status: 400, error: { code: 'VALIDATION_ERROR' } });
});

test('the largest allowed nesting and the charset everybody sends are taken', async () => {
  const answer = await create('{"full_name": "Jane Deep"}', {
    'content-type': 'application/json; charset=UTF-8',
  });
  expect(answer.status).toBe(200);
  const nested = await create(`{"full_name": "Jane", "tags": ${deep(31)}}`);
  // It reaches the schema, which wants texts here.
  expect(nested).toMatchObject({ status: 400, error: { field: expect.stringMatching(/^tags/) } });
});

test('a body of one megabyte is read, one byte more is too large', async () => {
  const limit = 1024 * 1024;
  const filled = (bytes: number) => `{"full_name":"${'a'.repeat(bytes - 16)}"}`;
  expect(await create(filled(limit))).toMatchObject({ status: 400, error: { field: 'full_name' } });
  const answer = await create(filled(limit + 1));
  expect(answer).toMatchObject({ status: 413, error: { code: 'PAYLOAD_TOO_LARGE', status: 413 } });
});

test('a body that hides its length is cut off at the same limit', async () => {
  const { office, url } = front();
  const chunk = new TextEncoder().encode('a'.repeat(64 * 1024));
  const stream = new ReadableStream({
    start(controller) {
      for (let sent = 0; sent < 20; sent++) controller.enqueue(chunk);
      controller.close();
    },
  });
  const init = {
    method: 'POST',
    headers: {
      authorization: `Bearer ${office.bright.agent.key}`,
      'content-type': 'application/json',
    },
    body: stream,
    duplex: 'half',
  } as const;
  const response = await fetch(`${url}/api/contacts`, init);
  expect(response.status).toBe(413);
});

test('bytes that are no UTF-8 are refused', async () => {
  const { office, url } = front();
  const response = await fetch(`${url}/api/contacts`, {
    method: 'POST',
    headers: { authorization: `Bearer ${office.bright.agent.key}`, 'content-type': 'application/json' },
    body: Buffer.from([...Buffer.from('{"full_name":"'), 0xff, ...Buffer.from('"}')]),
  });
  expect(response.status).toBe(400);
});

test('a broken percent sign in an address is the caller’s mistake, not ours', async () => {
  expect(await front().get('/api/contacts/%E0%A4%A')).toMatchObject({ status: 400, error: { field: 'id' } });
  expect(await front().get('/%E0%A4%A')).toMatchObject({ success: false });
});

test('a defect answers no more than its request id, and the log has the rest', async () => {
  const answer = await front().post('/api/stumble/fall');
  expect(answer).toMatchObject({ status: 500, error: { code: 'INTERNAL_ERROR', retryable: true } });
  expect(JSON.stringify(answer)).not.toContain('select 1');
  const logged = front()
    .logs.map(line => JSON.parse(line))
    .find(line => line.request_id === answer.meta.request_id && line.level === 50);
  expect(logged.stack).toContain('envelope.test.ts');
  expect(logged.stack).toContain('[e-mail] is in the way of select 1');
});

test('a page with a defect answers in the envelope too', async () => {
  const read = await front().get('/broken');
  expect(read).toMatchObject({ status: 500, error: { code: 'INTERNAL_ERROR' } });
  // What was only read has no key that it could be sent again with; a call has.
  expect(JSON.stringify(read)).not.toMatch(/idempotency_key|changed/);
  const call = await front().post('/api/stumble/fall');
  expect(call.error?.hint).toContain('with the same idempotency_key');
});

test('pages come with headers that allow our own scripts and nothing inline', async () => {
  const response = await fetch(`${front().url}/hello`);
  expect(await response.text()).toBe('<p>Hello</p>');
  const policy = response.headers.get('content-security-policy') ?? '';
  expect(policy).toContain("script-src 'self'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toContain('unsafe-inline');
  expect(response.headers.get('referrer-policy')).toBe('no-referrer');
  expect(response.headers.get('x-frame-options')).toBe('DENY');
  expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
});

test('the MCP endpoint is reached with its body unread', async () => {
  const response = await fetch(`${front().url}/mcp`, { method: 'POST', body: 'anything' });
  expect(await response.json()).toEqual({ jsonrpc: '2.0' });
});

test('the health checks need no key, and tell an outage from a living process', async () => {
  const nobody = { key: null };
  expect(await front().get('/healthz', nobody)).toMatchObject({ status: 200, data: { status: 'alive' } });
  expect(await front().get('/readyz', nobody)).toMatchObject({ status: 200, data: { status: 'ready' } });
  databaseAnswers = false;
  expect(await front().get('/healthz', nobody)).toMatchObject({ status: 200 });
  const down = await front().get('/readyz', nobody);
  expect(down).toMatchObject({ status: 503, error: { code: 'UNAVAILABLE', retryable: true } });
  expect(down.headers.get('retry-after')).toBe('3');
  databaseAnswers = true;
});

test('a HEAD request answers the headers of the GET', async () => {
  const { office, url } = front();
  const response = await fetch(`${url}/api/contacts`, {
    method: 'HEAD',
    headers: { authorization: `Bearer ${office.bright.agent.key}` },
  });
  expect(response.status).toBe(200);
  expect(await response.text()).toBe('');
});

test('a caller that leaves in the middle of its body does not disturb the next one', async () => {
  const { office, url } = front();
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  await new Promise(resolve => socket.once('connect', () => resolve(undefined)));
  socket.write(
    `POST /api/contacts HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${office.bright.agent.key}\r\n` +
      'content-type: application/json\r\ncontent-length: 100\r\n\r\n{"full_name"',
  );
  const logged = () => front().logs.filter(line => line.includes('"aborted":true'));
  expect((await create({ full_name: 'Beside Me' })).status).toBe(200);
  socket.destroy();
  await expect.poll(logged).toHaveLength(1);
  expect((await create({ full_name: 'After Me' })).status).toBe(200);
});
