import { once } from 'node:events';
import { stat, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EmbeddedServer, startEmbedded } from '../../core/kernel/database/postgres/launcher.ts';
import { useOwnFolder } from './own-folder.ts';

// A wrong value in the environment stops the start with a sentence that says what to do: no stack, no driver's words
// alone, nothing half done.

const folder = useOwnFolder();
const listeners: Server[] = [];

afterAll(() => {
  for (const listener of listeners) listener.close();
});

/** Starts the server with these settings, which must end it; answers what it says. */
async function refusalOf(env: Record<string, string>): Promise<string> {
  const { code, stdout, stderr } = await folder().run(['serve'], { PORT: '0', ...env });
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).not.toMatch(/\n\s+at |node:internal|Error:/);
  return stderr;
}

/** One line that ends as a sentence does. */
async function sentenceOf(env: Record<string, string>): Promise<string> {
  const text = await refusalOf(env);
  expect(text).toMatch(/^\S.{20,350}[.)]\n$|^\S.{20,350} npm start\n$/);
  return text;
}

describe('a value that cannot be read', () => {
  test.each([
    [{ PORT: 'abc' }, 'PORT is "abc"; use a number from 0 to 65535, such as PORT=3000.\n'],
    [{ PORT: '99999' }, 'PORT is "99999"; use a number from 0 to 65535, such as PORT=3000.\n'],
    [{ PORT: '-1' }, 'PORT is "-1"; use a number from 0 to 65535, such as PORT=3000.\n'],
    [{ DESKHAND_DEMO: 'maybe' }, 'DESKHAND_DEMO is "maybe"; use 1, small or 0.\n'],
    [{ DESKHAND_WORKER: '2' }, 'DESKHAND_WORKER is "2"; use 1 or 0.\n'],
    [{ PREPARED_STATEMENTS: 'auto' }, /^PREPARED_STATEMENTS is "auto"; use 1 or 0\.\n$/],
    [
      { DATABASE_CONNECTIONS: 'many' },
      /^DATABASE_CONNECTIONS is "many"; use how many .* such as DATABASE_CONNECTIONS=20\.\n$/,
    ],
    [{ DATABASE_PATIENCE: 'long' }, /^DATABASE_PATIENCE is "long"; use how many seconds .*=10\.\n$/],
    [{ DATABASE_CONNECTIONS: '2' }, /^DATABASE_CONNECTIONS is "2"; use how many .* from 3 to 9999.*\.\n$/],
    [{ TRUSTED_PROXIES: '10.0.0.0/8,nginx' }, /^TRUSTED_PROXIES has "nginx", which is no address .*8\.\n$/],
    [{ TRUSTED_PROXIES: '0.0.0.0/0' }, /^TRUSTED_PROXIES has "0\.0\.0\.0\/0", which is no address /],
    [
      { STRIPE_SECRET_KEY: 'pk_test_this_is_the_public_one' },
      /^STRIPE_SECRET_KEY is no secret key of Stripe; copy it from its page API keys, .*\.\n$/,
    ],
    [{ STRIPE_WEBHOOK_SECRET: 'secret' }, /^STRIPE_WEBHOOK_SECRET is no signing secret of Stripe; .*\.\n$/],
    [
      { STRIPE_API_URL: 'http://stripe.example.com' },
      /^STRIPE_API_URL is no https:\/\/ address alone; .*\.\n$/,
    ],
    [{ LOG_LEVEL: 'loud' }, /^LOG_LEVEL is "loud"; use one of .*info, debug.*\.\n$/],
    [
      { BASE_URL: 'https://example.com/crm' },
      /^BASE_URL is "https:\/\/example\.com\/crm"; use the public .*\.\n$/,
    ],
    [{ BASE_URL: 'crm.example.com' }, /^BASE_URL is .* such as https:\/\/crm\.example\.com\.\n$/],
    [{ BASE_URL: 'ftp://crm.example.com' }, /^BASE_URL is .* such as https:\/\/crm\.example\.com\.\n$/],
    [
      { DATABASE_URL: 'mysql://me@localhost/crm' },
      /^DATABASE_URL is no PostgreSQL address; write it as postgres:/,
    ],
    [{ DATABASE_URL: 'localhost' }, /^DATABASE_URL is no PostgreSQL address; write it as postgres:/],
    [{ DATABASE_URL: 'postgres://me@localhost' }, /^DATABASE_URL names no database; write postgres:/],
    [
      { DATABASE_URL: 'postgres://me@localhost/a', DATABASE_OWNER_URL: 'postgres:///a' },
      /^DATABASE_OWNER_URL names no host; write postgres:/,
    ],
  ])('%o ends the start before anything is made', async (env, says) => {
    const data = join(folder().path, 'never-made');
    expect(await sentenceOf({ ...env, DESKHAND_DATA: data })).toMatch(says);
    await expect(stat(data)).rejects.toThrow(/ENOENT/);
  });
});

describe('a place that cannot be used', () => {
  test('a port that is taken is named, and the start does not count as the first one', async () => {
    const port = String(await listenWith(() => undefined));
    expect(await sentenceOf({ PORT: port })).toBe(
      `Port ${port} is taken. Stop the other program or choose another: PORT=3001 npm start\n`,
    );
    const server = await folder().serve({ PORT: '0' });
    expect(server.output()).toMatch(/npx deskhand signin-link olivia@brightpanes\.example$/m);
    expect(await server.stop()).toBe(0);
  });

  test('a port for the health checks of a worker that is taken is named, with the setting it is of', async () => {
    const port = String(await listenWith(() => undefined));
    expect(await folder().run(['worker'], { WORKER_PORT: port })).toMatchObject({
      code: 1,
      stderr: `Port ${port} is taken. Stop the other program or choose another: WORKER_PORT=3001 deskhand worker\n`,
    });
  });

  test.each(['192.0.2.1', 'no-such-host.invalid'])('HOST=%s is no address of this machine', async HOST => {
    expect(await sentenceOf({ HOST })).toBe(
      `HOST is "${HOST}", which is no address of this machine. Use 127.0.0.1 or 0.0.0.0.\n`,
    );
  });

  test('a data folder that cannot be written is named', async () => {
    const file = join(folder().path, 'a-file');
    await writeFile(file, '');
    for (const DESKHAND_DATA of [file, join(file, 'data'), '/dev/null/data']) {
      const said = await sentenceOf({ DESKHAND_DATA });
      expect(said).toContain(`The data folder ${DESKHAND_DATA} cannot be used (`);
      expect(said).toMatch(/Choose another one.*\n$/);
    }
  });
});

describe('another PostgreSQL', () => {
  let server: EmbeddedServer;
  let at: string;
  const url = (user: string, database: string) => ({ DATABASE_URL: `postgres://${user}@${at}/${database}` });

  // One that listens on TCP and asks for passwords, as those of other people do.
  beforeAll(async () => {
    const port = await freePort();
    const dataDir = join(folder().path, 'other');
    server = await startEmbedded({
      dataDir,
      fsync: false,
      settings: { listen_addresses: '127.0.0.1', port: String(port) },
    });
    at = `127.0.0.1:${port}`;
    const rules = 'local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n';
    await writeFile(join(dataDir, 'pg', 'pg_hba.conf'), rules);
    await asSuperuser('select pg_reload_conf()', "create role olivia login password 'window'");
    for (const database of ['crm', 'crm2']) await asSuperuser(`create database ${database}`);
  });

  afterAll(() => folder().run(['db', 'stop'], { DESKHAND_DATA: join(folder().path, 'other') }));

  test('that is not there is named with its address', async () => {
    const said = await sentenceOf({ DATABASE_URL: 'postgres://olivia:window@127.0.0.1:1/crm' });
    expect(said).toMatch(
      /^No PostgreSQL answers at 127\.0\.0\.1:1 \(ECONNREFUSED\)\. .*correct DATABASE_URL;/,
    );
    const nowhere = await sentenceOf({ DATABASE_URL: 'postgres://olivia@no-such-host.invalid/crm' });
    expect(nowhere).toMatch(
      /^No PostgreSQL answers at no-such-host\.invalid:5432 \((ENOTFOUND|EAI_AGAIN)\)\. /,
    );
    const socket = await sentenceOf({ DATABASE_URL: 'postgres://olivia@localhost/crm?host=/no/such/folder' });
    expect(socket).toMatch(/^No PostgreSQL answers at \/no\/such\/folder \(ENOENT\)\. /);
  });

  test('that is no PostgreSQL, or says nothing at all, is not waited for longer than some seconds', async () => {
    const web = await listenWith(socket =>
      socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'),
    );
    const silent = await listenWith(() => undefined);
    const said = await Promise.all(
      [web, silent].map(port => sentenceOf({ DATABASE_URL: `postgres://me@127.0.0.1:${port}/crm` })),
    );
    for (const sentence of said) {
      expect(sentence).toMatch(
        /^What answers at 127\.0\.0\.1:\d+ is no PostgreSQL, .*Correct DATABASE_URL\.\n$/,
      );
    }
  });

  test('whose password or user is wrong, or whose database is missing, is told apart', async () => {
    for (const user of ['olivia:door', 'olivia', 'nobody:window']) {
      const said = await sentenceOf(url(user, 'crm'));
      expect(said).toMatch(
        /^The PostgreSQL at \S+ does not let "(olivia|nobody)" in .*Correct user and password/,
      );
      expect(said).not.toContain('door');
    }
    const missing = await sentenceOf(url('olivia:window', 'cmr'));
    expect(missing).toMatch(
      /^There is no database "cmr" at \S+\. Create it \(createdb cmr\), or correct DATABASE_URL/,
    );
  });

  test('without TLS is named when TLS is asked for', async () => {
    const said = await sentenceOf(url('olivia:window', 'crm?sslmode=require'));
    expect(said).toMatch(
      /^The PostgreSQL at \S+ cannot be reached with TLS .*leave sslmode out of DATABASE_URL\.\n$/,
    );
  });

  test('whose user has too few rights gets the statements that help, and they do', async () => {
    const said = await refusalOf(url('olivia:window', 'crm'));
    expect(said).toMatch(
      /^The database roles cannot be made \(permission denied.*\)\. Run once as a superuser:\n/,
    );
    const advice = said
      .replaceAll('<the user of DATABASE_URL>', 'olivia')
      .replaceAll('<name>', 'crm')
      .split('\n')
      .slice(1);
    await asSuperuser(...advice.map(line => line.trim()).filter(line => line !== ''));
    const running = await folder().serve({
      ...url('olivia:window', 'crm'),
      BASE_URL: 'https://crm.example.com',
    });
    expect(running.output()).toMatch(/^Pages +https:\/\/crm\.example\.com\/ /m);
    expect(running.output()).toMatch(/npx deskhand signin-link olivia@brightpanes\.example$/m);
    expect(await running.stop()).toBe(0);
    expect(running.output()).toMatch(/^Stopped\.$/m);
  });

  test('whose user may not act as the application is told which right is missing, and with it the start works', async () => {
    await asSuperuser("create role dana login password 'gutter'");
    const owner = { DATABASE_OWNER_URL: `postgres://olivia:window@${at}/crm2` };
    await asSuperuser('alter database crm2 owner to deskhand_owner');
    const env = url('dana:gutter', 'crm2');
    for (const settings of [{ ...env, ...owner }, env]) {
      const said = await sentenceOf(settings);
      expect(said).toMatch(
        /^"dana", the user of DATABASE_URL, may not do what Deskhand needs \(permission denied/,
      );
      expect(said).toContain('grant deskhand_app to dana;');
    }
    await asSuperuser('grant deskhand_app to dana');
    expect(await folder().run(['demo'], env)).toEqual({
      code: 0,
      stdout: 'Bright Panes Window Cleaning is founded.\n',
      stderr: '',
    });
  });

  async function asSuperuser(...statements: string[]): Promise<void> {
    const { host, port, superuser } = server;
    const client = new pg.Client({ host, port, user: superuser, database: 'postgres' });
    await client.connect();
    try {
      for (const statement of statements) await client.query(statement);
    } finally {
      await client.end();
    }
  }
});

async function listenWith(onConnection: (socket: Socket) => void): Promise<number> {
  const listener = createServer(socket => {
    socket.on('error', () => undefined);
    onConnection(socket);
  }).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  listeners.push(listener);
  return portOf(listener.address());
}

async function freePort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const port = portOf(listener.address());
  listener.close();
  return port;
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('it listens on no port');
  return address.port;
}
