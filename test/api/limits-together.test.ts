import { createServer, type Server } from 'node:http';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '../../api/config.ts';
import { CallLimit } from '../../api/http/call-limit.ts';
import { createHttpApp } from '../../api/http/server.ts';
import { mountMcp } from '../../api/mcp.ts';
import type { App } from '../../core/app.ts';
import { useOffice } from '../support/office.ts';

// Two processes behind one database, as far as limits are concerned: each counts for itself and they share nothing else.

const office = useOffice();
const most = 100;
const servers: Server[] = [];
const urls: string[] = [];
/** What the database is being told of calls. */
const telling = new Set<Promise<unknown>>();

beforeAll(async () => {
  for (const _ of [1, 2]) {
    const server = createServer();
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
    const logger = pino({ level: 'silent' });
    const app: App = { ...office().app, countCalls };
    server.on(
      'request',
      createHttpApp({
        app,
        logger,
        baseUrl: url,
        ready: async () => true,
        version: '0.0.0-test',
        limits: { callsPerMinute: most },
        mcp: mountMcp(app, { baseUrl: url, host: '127.0.0.1', logger }),
      }),
    );
    servers.push(server);
    urls.push(url);
  }
});
const countCalls: App['countCalls'] = (hash, made) => {
  const told = office().app.countCalls(hash, made);
  telling.add(told);
  return told.finally(() => telling.delete(told));
};

afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

const call = (url: string | undefined, key: string, path = '/api/contacts?limit=1') =>
  fetch(`${url}${path}`, { headers: { authorization: `Bearer ${key}` } });

const leftOf = (answer: Response) => Number(/r=(\d+)/.exec(answer.headers.get('ratelimit') ?? '')?.[1]);

describe('the calls of a key in a minute', () => {
  test('are counted for both processes together; another key is not touched, and who is refused hears when to come again', async () => {
    const { bright, clear } = office();
    let taken = 0;
    let refused: Response | undefined;
    for (let turn = 0; turn < 2 * most && !refused; turn += 1) {
      const answer = await call(urls[turn % 2], bright.agent.key);
      if (answer.status === 429) refused = answer;
      else taken += 1;
      // Nobody waits for what the database answers; here nobody is faster either, however busy it is.
      await Promise.all(telling);
    }
    // Each may be two calls off (decision 046).
    expect(taken).toBeGreaterThanOrEqual(most - 1);
    expect(taken).toBeLessThanOrEqual(most + 4);
    const seconds = Number(refused?.headers.get('retry-after'));
    expect(seconds).toBeGreaterThanOrEqual(1);
    expect(seconds).toBeLessThanOrEqual(61);
    expect(refused?.headers.get('ratelimit')).toMatch(/^"calls";r=0;t=\d+$/);
    expect(await refused?.json()).toMatchObject({
      error: { code: 'RATE_LIMITED', retry_after_seconds: seconds },
    });
    for (const url of urls) expect((await call(url, clear.agent.key)).status).toBe(200);
  });

  test('are told in every answer, of the API, of the records and of the MCP endpoint', async () => {
    const { bright, done } = office();
    const { key } = await done(bright.owner, 'agent.create_key', { agent_id: bright.agentId });
    const paths = ['/api/data?type=contacts', '/api/contacts', '/api/contacts/C-9999'];
    const left = [];
    for (const path of paths) {
      const answer = await call(urls[0], String(key), path);
      expect(answer.headers.get('ratelimit-policy')).toBe(`"calls";q=${most};w=60`);
      left.push(leftOf(answer));
    }
    const mcp = await fetch(`${urls[0]}/mcp`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${String(key)}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} }),
    });
    left.push(leftOf(mcp));
    expect(left).toEqual([99, 98, 97, 96]);
  });
});

describe('a process that counts', () => {
  test('tells the database every fiftieth part of the limit, and nothing before', async () => {
    const told: number[] = [];
    const limit = new CallLimit(500, async (_hash, made) => {
      told.push(made);
      return { calls: told.reduce((sum, one) => sum + one, 0), left_ms: 30_000 };
    });
    for (let n = 0; n < 9; n += 1) limit.count('a');
    expect(told).toEqual([]);
    for (let n = 9; n < 40; n += 1) {
      limit.count('a');
      await Promise.resolve();
    }
    expect(told.length).toBeGreaterThanOrEqual(2);
    expect(told.length).toBeLessThanOrEqual(4);
  });

  test('takes what others took for taken, and counts for itself while the database is away', async () => {
    const crowded = new CallLimit(10, async () => ({ calls: 9, left_ms: 30_000 }));
    expect(crowded.count('a')).toMatchObject({ is_taken: true, left: 9 });
    await new Promise(setImmediate);
    expect(crowded.count('a')).toMatchObject({ is_taken: true, left: 0 });
    expect(crowded.count('a')).toMatchObject({ is_taken: false });
    expect(crowded.count('b')).toMatchObject({ is_taken: true });
    const alone = new CallLimit(3, () => Promise.reject(new Error('away')));
    const standings = [];
    for (let n = 0; n < 4; n += 1) {
      standings.push(alone.count('a').is_taken);
      await new Promise(setImmediate);
    }
    expect(standings).toEqual([true, true, true, false]);
  });
});

test('the limit is a setting, and one that is no number is told at the start', () => {
  expect(readConfig({ CALLS_PER_MINUTE: '3000' }).callsPerMinute).toBe(3000);
  expect(readConfig({}).callsPerMinute).toBeUndefined();
  for (const wrong of ['lots', '0', '-5', '1e9', '99999999'])
    expect(() => readConfig({ CALLS_PER_MINUTE: wrong })).toThrow('such as CALLS_PER_MINUTE=3000');
});
