import { createServer, type Server } from 'node:http';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createHttpApp } from '../../api/http/server.ts';
import { mountMcp } from '../../api/mcp.ts';
import { newId } from '../../core/kernel/database/ids.ts';
import { connectClient } from '../support/mcp-clients.ts';
import { useOffice } from '../support/office.ts';
import { soon } from '../support/patience.ts';
import { refusal } from '../support/refusal.ts';

// When an agent called last: noted beside its calls, seen by its owner.

const office = useOffice();
let server: Server;
let url: string;

beforeAll(async () => {
  server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  const logger = pino({ level: 'silent' });
  const { app } = office();
  const mcp = mountMcp(app, { baseUrl: url, host: '127.0.0.1', logger });
  server.on(
    'request',
    createHttpApp({ app, logger, baseUrl: url, ready: async () => true, version: '0.0.0-test', mcp }),
  );
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const keys = async (who: 'bright' | 'clear') =>
  (await office().read(office()[who].owner, 'agent_keys', { limit: 10 })).map(
    ({ last_used_at }) => last_used_at,
  );

describe('when an agent called last', () => {
  test('is known after its first look at the tools, for its own key and nobody else’s', async () => {
    const { bright } = office();
    expect(await keys('bright')).toEqual([null]);
    const client = await connectClient('v1', { url: `${url}/mcp`, key: bright.agent.key });
    await client.list();
    await vi.waitFor(async () => expect(await keys('bright')).toEqual([expect.any(String)]), soon);
    await client.close();
    expect(await keys('clear')).toEqual([null]);
  });

  test('is no change of the key: neither its version nor the history moves', async () => {
    const { app, bright, database } = office();
    const state = async () =>
      (
        await database.owner.query(
          'select (select array_agg(version) from agent_keys) as versions, (select count(*) from audit_log) as entries',
        )
      ).rows;
    await database.owner.query('update agent_keys set last_used_at = null');
    const before = await state();
    await app.noteCall(bright.agent, { request_id: newId() });
    expect(await keys('bright')).toEqual([expect.any(String)]);
    expect(await state()).toEqual(before);
  });

  test('is written at most once in five seconds, whoever asks', async () => {
    const { app, bright } = office();
    const [first] = await keys('bright');
    await app.noteCall(bright.agent, { request_id: newId() });
    expect(await keys('bright')).toEqual([first]);
  });

  test('is not told of a key nobody made', async () => {
    const { app } = office();
    const noted = app.noteCall({ via: 'key', key: 'dh_made-up' }, { request_id: newId() });
    expect((await refusal(noted)).code).toBe('UNAUTHENTICATED');
    expect(await keys('clear')).toEqual([null]);
  });
});
