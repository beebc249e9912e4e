import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { describeOnce } from '../../api/http/document.ts';
import { createListener, patience } from '../../api/http/listener.ts';
import { createPages } from '../../web-review/router.ts';
import { useOwnFolder } from '../installation/own-folder.ts';
import { useBrowser } from '../support/browser.ts';
import { useHttp } from '../support/http.ts';
import { soon } from '../support/patience.ts';

// Who shows nothing gets little: time, connections, bytes, and no secret out of the logs.

const opened: { servers: Server[]; sockets: Socket[] } = { servers: [], sockets: [] };
afterEach(() => {
  for (const socket of opened.sockets.splice(0)) socket.destroy();
  for (const server of opened.servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A server that answers with the length of the body it got, with its own patience. */
async function listen(own: NonNullable<Parameters<typeof createListener>[0]>): Promise<number> {
  const server = createListener(own);
  opened.servers.push(server);
  server.on('request', (request, response) => {
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
    });
    request.on('end', () => response.end(`got ${bytes}`));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address: AddressInfo | string | null = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('it listens on a port');
  return address.port;
}

interface Talk {
  socket: Socket;
  /** All that came until the other side ended it, or until it contains a text. */
  heard(until?: string): Promise<string>;
}

function talk(port: number, ...said: string[]): Talk {
  const socket = connect(port, '127.0.0.1');
  opened.sockets.push(socket);
  let text = '';
  let isOver = false;
  const waiting = new Set<() => void>();
  const wake = () => {
    for (const look of waiting) look();
  };
  socket.on('data', chunk => {
    text += String(chunk);
    wake();
  });
  socket.on('error', () => undefined);
  socket.on('close', () => {
    isOver = true;
    wake();
  });
  for (const words of said) socket.write(words);
  return {
    socket,
    heard: until =>
      new Promise(resolve => {
        const look = () => {
          if (!isOver && (until === undefined || !text.includes(until))) return;
          waiting.delete(look);
          resolve(text);
        };
        waiting.add(look);
        look();
      }),
  };
}

describe('a connection', () => {
  test('has five seconds for its headers and ten for a whole request', () => {
    expect(patience).toMatchObject({ headers_ms: 5_000, request_ms: 10_000 });
    const server = createListener();
    expect([server.headersTimeout, server.requestTimeout]).toEqual([5_000, 10_000]);
  });

  test('that sends its headers or its body too slowly is ended; one that is quick is answered', async () => {
    const quickly = { headers_ms: 300, request_ms: 600 };
    const { headersTimeout, requestTimeout } = createListener({ patience: quickly });
    expect({ headersTimeout, requestTimeout }).toEqual({ headersTimeout: 300, requestTimeout: 600 });
    const port = await listen({ patience: quickly });
    const headers = talk(port, 'POST / HTTP/1.1\r\nHost: x\r\n');
    const body = talk(port, 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n', '12345');
    const quick = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nConnection: close\r\n\r\n12345';
    // What is quick may come too late all the same where others want the processor: then it is said once more.
    await expect.poll(() => talk(port, quick).heard(), soon).toContain('got 5');
    expect(await headers.heard()).toContain('408 Request Timeout');
    expect(await body.heard()).toContain('408 Request Timeout');
  });

  test('is one of so many that an address may have: the one that says nothing ends, the one that asks is answered', async () => {
    expect(patience.per_address).toBe(256);
    const port = await listen({ patience: { per_address: 5 } });
    const silent = Array.from({ length: 5 }, () => talk(port));
    await Promise.all(silent.map(({ socket }) => new Promise(resolve => socket.once('connect', resolve))));
    const asks = talk(port, 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    expect(await asks.heard()).toContain('got 0');
    await Promise.race(silent.map(each => each.heard()));
    expect(silent.filter(({ socket }) => socket.destroyed)).toHaveLength(1);
  });
});

describe('a request', () => {
  const front = useHttp();
  const port = () => Number(new URL(front().url).port);
  const say = (headers: string, body = '') =>
    talk(
      port(),
      `POST /api/contacts HTTP/1.1\r\nHost: 127.0.0.1:${port()}\r\nConnection: close\r\n${headers}\r\n\r\n${body}`,
    ).heard();

  test('with two Host headers, two lengths, or a length and a transfer coding is refused', async () => {
    expect(await say('Host: evil.example')).toContain('A request has one Host header.');
    expect(await say('hOsT: evil.example')).toContain('A request has one Host header.');
    expect(await say('Content-Length: 2\r\nContent-Length: 3', '{} ')).toMatch(/^HTTP\/1\.1 400/);
    expect(await say('Content-Length: 2\r\nTransfer-Encoding: chunked', '{}')).toMatch(/^HTTP\/1\.1 400/);
    // The same with one of each is asked who it is.
    expect(await say('Content-Length: 2', '{}')).toContain('UNAUTHENTICATED');
  });

  test('of an unknown sender with a long body is refused before the body is there', async () => {
    const key = `Authorization: Bearer dh_${'x'.repeat(43)}`;
    const headers = `${key}\r\nContent-Type: application/json\r\nContent-Length: 500000`;
    const long = talk(
      port(),
      `POST /api/contacts HTTP/1.1\r\nHost: 127.0.0.1:${port()}\r\n${headers}\r\n\r\n{"full_name"`,
    );
    expect(await long.heard('}}')).toContain('UNAUTHENTICATED');
  });

  test('for the OpenAPI document costs little: packed, with a tag, and nothing at all for who has it', async () => {
    const url = `${front().url}/openapi.json`;
    const packed = await fetch(url, { headers: { 'accept-encoding': 'gzip' } });
    expect(packed.headers.get('content-encoding')).toBe('gzip');
    expect(Number(packed.headers.get('content-length'))).toBeLessThan(100_000);
    expect(packed.headers.get('cache-control')).toContain('max-age');
    expect(await packed.json()).toMatchObject({ openapi: '3.1.0' });
    const etag = packed.headers.get('etag') ?? '';
    const again = await fetch(url, { headers: { 'if-none-match': etag } });
    expect([again.status, await again.text()]).toEqual([304, '']);
    const plain = () => fetch(url, { headers: { 'accept-encoding': 'identity' } });
    const first = await plain();
    expect([first.status, first.headers.get('content-encoding')]).toEqual([200, null]);
    const statuses = [];
    for (let n = 0; n < 6; n += 1) statuses.push((await plain()).status);
    expect(statuses.at(-1)).toBe(429);
    expect((await fetch(url, { headers: { 'if-none-match': etag } })).status).toBe(304);
  });
});

test('the OpenAPI document is made once, however often it is asked for', async () => {
  let made = 0;
  const document = describeOnce(() => {
    made += 1;
    return { openapi: '3.1.0' };
  }, 'http://127.0.0.1');
  await Promise.all([document.prepare(), document.prepare()]);
  await document.prepare();
  expect(made).toBe(1);
});

describe('a visitor’s browser, while much comes in', () => {
  const front = useHttp({
    limits: { inquiriesPerAddress: 1, inquiriesPerForm: 1 },
    pagesOf: ({ app, db }, baseUrl) =>
      createPages({ app, db, baseUrl, dataDir: '/srv/deskhand', demo: false }),
  });
  const openTab = useBrowser();

  test('solves the puzzle by itself, and the inquiry arrives as it was typed', async () => {
    const { office, url } = front();
    const { public_key } = await office.done(office.bright.owner, 'lead_form.create', { name: 'Site' });
    const inquiry = { form_key: String(public_key), name: 'Busy Bob', description: 'Gutters' };
    expect((await front().post('/public/leads', inquiry, { key: null })).status).toBe(202);
    const { page, complaints } = await openTab();
    await page.goto(`${url}/sign-in`);
    const fields = Object.entries({ ...inquiry, name: 'Flooded Flora' }).map(
      ([name, value]) => `<input type="hidden" name="${name}" value="${value}">`,
    );
    await page.setContent(
      `<form method="post" action="${url}/public/leads">${fields.join('')}<button>Ask us</button></form>`,
    );
    await page.getByRole('button', { name: 'Ask us' }).click();
    await page.getByRole('alert').waitFor();
    expect(await page.getByLabel('Name').inputValue()).toBe('Flooded Flora');
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByRole('heading', { name: 'Thank you' }).waitFor();
    expect(complaints.filter(text => !text.includes('429'))).toEqual([]);
    const [lead] = await office.read(office.bright.owner, 'leads', {
      fields: ['full_name'],
      sort: '-created_at',
    });
    expect(lead?.full_name).toBe('Flooded Flora');
  });
});

describe('a start', () => {
  const folder = useOwnFolder();

  test('whose output goes into a log prints neither a link nor a key, and the commands it names give both', async () => {
    const server = await folder().serve();
    expect(server.output()).not.toMatch(/sign-in\/[\w-]{20}|dh_[\w-]{20}/);
    expect(server.output()).toContain('npx deskhand signin-link olivia@brightpanes.example');
    const link = await folder().run(['sign-in-link', 'olivia@brightpanes.example']);
    expect(link.stdout).toMatch(/\/sign-in\/[\w-]{43}\n$/);
    expect(await readFile(path.join(folder().path, 'demo-agent.key'), 'utf8')).toMatch(/^dh_[\w-]{43}$/);
    expect(await server.stop()).toBe(0);
  });

  test.skipIf(process.platform === 'win32')('on a terminal greets with both', async () => {
    // util-linux: runs a command on a terminal of its own.
    const child = spawn('script', ['-qec', [...folder().program, 'serve'].join(' '), '/dev/null'], {
      env: { PATH: process.env.PATH ?? '', PORT: '0', LOG_LEVEL: 'warn', ...folder().env },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let printed = '';
    await new Promise<void>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', () => reject(new Error(`it ended:\n${printed}`)));
      child.stdout.on('data', chunk => {
        printed += String(chunk);
        if (/^MCP /m.test(printed)) resolve();
      });
    });
    child.kill('SIGTERM');
    expect(printed).toMatch(/\/sign-in\/[\w-]{43}/);
    expect(printed).toMatch(/Bearer dh_[\w-]{43}/);
  });
});
