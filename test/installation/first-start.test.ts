import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { embeddedStatus } from '../../core/kernel/database/postgres/launcher.ts';
import { connectClient } from '../support/mcp-clients.ts';
import type { RunningServer } from '../support/process.ts';
import { eventually, useOwnFolder } from './own-folder.ts';

// What a newcomer sees after `npm start`, and what an operator relies on afterwards. The tests of a block build on each
// other, as the days of an installation do.

describe('on an empty folder', () => {
  const folder = useOwnFolder({}, 'installed');
  let server: RunningServer;
  let key: string;

  test('the first start prints the pages, the MCP endpoint and how to get a link and a key, for it is no terminal', async () => {
    server = await folder().serve();
    const { baseUrl } = server;
    expect(baseUrl).toMatch(/^http:\/\/127\.0\.0\.1:[1-9]\d+$/);
    const printed = server.output();
    expect(printed).toMatch(new RegExp(`^Pages +${baseUrl}/ +${baseUrl}/contacts `, 'm'));
    expect(printed).toMatch(new RegExp(`^MCP +${baseUrl}/mcp$`, 'm'));
    expect(printed).toMatch(/Olivia.* npx deskhand signin-link olivia@brightpanes\.example$/m);
    expect(printed).toContain(join(folder().path, 'demo-agent.key'));
    expect(printed).not.toMatch(/sign-in\/|dh_/);
    expect(server.errors()).toBe('');
    key = await readFile(join(folder().path, 'demo-agent.key'), 'utf8');
    expect(key).toMatch(/^dh_[\w-]{43}$/);
  });

  test('every address that is printed can be opened', async () => {
    const link = (await folder().run(['sign-in-link', 'olivia@brightpanes.example'])).stdout.trim();
    const entered = await fetch(link, { method: 'POST', redirect: 'manual', headers: sameSite(server) });
    expect(entered.status).toBe(303);
    const cookie = entered.headers
      .getSetCookie()
      .map(line => line.split(';')[0])
      .join('; ');
    const pages = [...(/^Pages .*$/m.exec(server.output())?.[0] ?? '').matchAll(/http\S+/g)].map(String);
    expect(pages).toHaveLength(5);
    for (const page of pages) {
      const answer = await fetch(page, { headers: { cookie }, redirect: 'manual' });
      expect([page, answer.status]).toEqual([page, 200]);
    }
    const stranger = await fetch(`${server.baseUrl}/contacts`, { redirect: 'manual' });
    expect(stranger.headers.get('location')).toMatch(/^\/sign-in/);
  });

  test('the key of the demo connects a real MCP client, who finds the demo business with its customers and visits', async () => {
    const url = `${server.baseUrl}/mcp`;
    const client = await connectClient('v2 as it comes', { url, key });
    expect(await rowsOf(client.call('crm_query', { type: 'contacts', sort: 'full_name' }))).toMatchObject([
      { full_name: '«Jane Smith»' },
      { full_name: '«Mrs Hart»' },
    ]);
    expect(await rowsOf(client.call('crm_query', { type: 'tickets', sort: 'scheduled_at' }))).toMatchObject([
      { status: 'scheduled', total_cents: 6_000 },
      { status: 'scheduled', total_cents: 66_200 },
      { status: 'scheduled', total_cents: 15_000 },
    ]);
    await client.close();

    const nobody = await fetch(`${server.baseUrl}/mcp`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
      body: '{"jsonrpc":"2.0","id":1,"method":"tools/list"}',
    });
    expect(nobody.status).toBe(401);
  });

  test('the key of the demo agent is kept in a file that only this account can read', async () => {
    const file = join(folder().path, 'demo-agent.key');
    expect(await readFile(file, 'utf8')).toBe(key);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  test('a sign-in link made beside the server leads to the server, though it listens on a port of its own', async () => {
    const { stdout } = await folder().run(['signin-link', 'olivia@brightpanes.example']);
    expect(stdout.startsWith(`${server.baseUrl}/sign-in/`)).toBe(true);
    expect((await fetch(stdout.trim())).status).toBe(200);
    const elsewhere = await folder().run(['signin-link', 'olivia@brightpanes.example'], { PORT: '4711' });
    expect(elsewhere.stdout.startsWith('http://127.0.0.1:4711/sign-in/')).toBe(true);
  });

  test('while the database is away the server says that it is not ready, and it is when the database is back', async () => {
    const ready = async () => (await fetch(`${server.baseUrl}/readyz`)).status;
    expect(await ready()).toBe(200);
    expect(await folder().run(['db', 'stop'])).toEqual({
      code: 0,
      stdout: 'The database is stopped.\n',
      stderr: '',
    });
    expect(await ready()).toBe(503);
    expect((await fetch(`${server.baseUrl}/healthz`)).status).toBe(200);
    expect((await fetch(`${server.baseUrl}/api/data?type=contacts`, bearer(key))).status).toBe(503);

    expect((await folder().run(['doctor'])).code).toBe(0);
    await eventually(async () => (await ready()) === 200);
    expect((await fetch(`${server.baseUrl}/api/data?type=contacts`, bearer(key))).status).toBe(200);
  });

  test('told to stop, the server ends well and the database stays', async () => {
    const client = await connectClient('v1', { url: `${server.baseUrl}/mcp`, key });
    expect(await server.stop()).toBe(0);
    expect(server.output()).toMatch(/^Stopped\. The database stays up.*deskhand db stop/m);
    await client.close();
    expect((await embeddedStatus(folder().path)).running).toBe(true);
  });

  test('the second start keeps the key and founds nothing twice', async () => {
    server = await folder().serve();
    expect(await readFile(join(folder().path, 'demo-agent.key'), 'utf8')).toBe(key);
    const contacts = await fetch(`${server.baseUrl}/api/data?type=contacts`, bearer(key));
    expect(await contacts.json()).toMatchObject({ data: { rows: { length: 2 } } });
    const { stdout } = await folder().run(['doctor']);
    expect(stdout).toMatch(/businesses: up to date; bright-panes$/m);
  });

  test('a key that was revoked is not printed any more; the start says how to make another', async () => {
    await revoke(folder().path, key);
    await server.stop();
    server = await folder().serve();
    expect(server.output()).not.toContain(key);
    expect(server.output()).toMatch(/npx deskhand key create --agent "Office Manager" --org bright-panes/);
    expect(await server.stop()).toBe(0);
  });

  test('the database ends when it is told to, and says when there is nothing to end', async () => {
    expect((await folder().run(['db', 'stop'])).stdout).toBe('The database is stopped.\n');
    expect((await embeddedStatus(folder().path)).running).toBe(false);
    expect((await folder().run(['db', 'stop'])).stdout).toBe('The database was not running.\n');
  });
});

describe('with DESKHAND_DEMO=0', () => {
  const folder = useOwnFolder({ DESKHAND_DEMO: '0' }, 'installed');

  test('the start founds nothing and says how to found a business, which then works', async () => {
    const server = await folder().serve();
    expect(server.output()).not.toMatch(/sign-in\/|Bright Panes|dh_/);
    expect(server.output()).toMatch(/^MCP +http/m);
    const advice = /npx deskhand (business create) ("Your Name") (--owner) (\S+)/.exec(server.output());
    const key = await folder().run(['key', 'create', '--agent', 'Office Manager']);
    expect(key).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('business create') });

    const [, , name = '', option = '', email = ''] = advice ?? [];
    const made = await folder().run(['business', 'create', name.replaceAll('"', ''), option, email]);
    expect(made).toMatchObject({ code: 0, stdout: expect.stringContaining(`deskhand signin-link ${email}`) });
    expect((await folder().run(['signin-link', email])).stdout).toMatch(/\/sign-in\/[\w-]{43}\n$/);
    expect(await server.stop()).toBe(0);
  });

  test('a start beside a real business does not add the demo', async () => {
    const command = 'docker compose exec server deskhand';
    const server = await folder().serve({ DESKHAND_DEMO: '1', DESKHAND_COMMAND: command });
    expect(server.output()).not.toContain('Bright Panes');
    expect(server.output()).toMatch(new RegExp(`^Sign in: +${command} signin-link`, 'm'));
    expect((await folder().run(['doctor'])).stdout).toMatch(/businesses: up to date; your-name$/m);
    // Asked for, it comes.
    expect((await folder().run(['demo'])).stdout).toBe('Bright Panes Window Cleaning is founded.\n');
    expect(await server.stop()).toBe(0);
  });
});

describe('with the history of the demo, as it comes', () => {
  const folder = useOwnFolder({ DESKHAND_DEMO: '1' }, 'installed');

  test('the first start says that fourteen months are on their way, and a stop in the middle keeps whole weeks', async () => {
    const server = await folder().serve();
    expect(server.output()).toContain('last fourteen months in the background');
    const closed = "select reference from tickets as t where status = 'closed'";
    await eventually(async () => (await folder().column(closed)).length > 0);
    expect(await server.stop()).toBe(0);
    expect(server.errors()).toBe('');
    const billed = 'exists (select from invoices as i where i.ticket_id = t.id)';
    expect(await folder().column(`${closed} and not ${billed}`)).toEqual([]);
    const again = await folder().serve();
    expect(again.output()).not.toContain('last fourteen months');
    expect(await again.stop()).toBe(0);
  });
});

const bearer = (key: string) => ({ headers: { authorization: `Bearer ${key}` } });

const sameSite = ({ baseUrl }: RunningServer) => ({ origin: baseUrl, 'sec-fetch-site': 'same-origin' });

async function rowsOf(call: Promise<{ structuredContent?: unknown }>): Promise<unknown> {
  return z.object({ rows: z.array(z.looseObject({})) }).parse((await call).structuredContent).rows;
}

/** As the owner would on the page: there is no command for it. */
async function revoke(dataDir: string, key: string): Promise<void> {
  const client = new pg.Client({ host: join(dataDir, 'run'), user: 'postgres', database: 'deskhand' });
  await client.connect();
  try {
    await client.query('begin');
    await client.query(`
      select set_ctx(id, null, '{"kind": "system", "name": "owner"}'::jsonb)
      from organizations`);
    const revoked = 'update agent_keys set revoked_at = now() where prefix = $1';
    expect((await client.query(revoked, [key.slice(0, 10)])).rowCount).toBe(1);
    await client.query('commit');
  } finally {
    await client.end();
  }
}
