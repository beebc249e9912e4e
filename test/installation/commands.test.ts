import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { packageRoot } from '../../core/kernel/database/package-root.ts';
import { type RunningServer, runCommand } from '../support/process.ts';
import { useOwnFolder } from './own-folder.ts';
import { expectSentence } from './said.ts';

// Every command of the command line, beside a running server.

const folder = useOwnFolder();
let server: RunningServer;
const run = (...args: string[]) => folder().run(args);

beforeAll(async () => {
  server = await folder().serve();
});

describe('deskhand key create', () => {
  test('prints a key that works, and nothing else; the same agent keeps its name', async () => {
    const [first, second] = [
      await run('key', 'create', '--agent', 'Scout'),
      await run('key', 'create', '--agent', 'scout'),
    ];
    for (const { code, stdout, stderr } of [first, second]) {
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toMatch(/^dh_[\w-]{43}\n$/);
      expect((await capabilities(stdout.trim())).status).toBe(200);
    }
    expect(first.stdout).not.toBe(second.stdout);
    expect((await capabilities('dh_made-up')).status).toBe(401);
  });

  test('names the businesses there are when the one that is asked for does not exist', async () => {
    expect(await run('key', 'create', '--agent', 'Scout', '--org', 'nowhere')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'There is no business "nowhere". There are: bright-panes.\n',
    });
    expect((await run('key', 'create', '--agent', 'Scout', '--org', 'bright-panes')).code).toBe(0);
  });

  test('refuses a name that is empty, with a sentence', async () => {
    const { code, stdout, stderr } = await run('key', 'create', '--agent', ' ');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expectSentence(stderr);
  });
});

describe('deskhand signin-link', () => {
  test('prints a link that works once, and nothing else', async () => {
    const { code, stdout, stderr } = await run('signin-link', 'Dana@BrightPanes.example');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(new RegExp(`^${server.baseUrl}/sign-in/[\\w-]{43}\n$`));
    const press = () =>
      fetch(stdout.trim(), { method: 'POST', redirect: 'manual', headers: { origin: server.baseUrl } });
    expect([(await press()).status, (await press()).status]).toEqual([303, 410]);
  });

  test('says so when nobody signs in with that address', async () => {
    const { code, stdout, stderr } = await run('signin-link', 'nobody@elsewhere.example');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^Nobody signs in with nobody@elsewhere\.example\. .*\n$/);
  });
});

describe('deskhand passkey forget', () => {
  test('says how many passkeys of a person are gone, and that nobody has the address', async () => {
    expect(await run('passkey', 'forget', 'dana@brightpanes.example')).toEqual({
      code: 0,
      stdout: '0 passkeys of dana@brightpanes.example removed.\n',
      stderr: '',
    });
    expect(await run('passkey', 'forget', 'nobody@elsewhere.example')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'Nobody with the address nobody@elsewhere.example works here.\n',
    });
  });
});

describe('deskhand migrate and deskhand demo', () => {
  test('have nothing to do beside a server that did it all', async () => {
    const upToDate = { code: 0, stdout: 'The schema is up to date.\n', stderr: '' };
    expect(await run('migrate')).toEqual(upToDate);
    const there = { code: 0, stdout: 'The demo business is there already.\n', stderr: '' };
    expect(await run('demo')).toEqual(there);
    expect(await run('demo')).toEqual(there);
  });
});

describe('deskhand business create', () => {
  const create = (...args: string[]) =>
    run('business', 'create', 'Clear View Co', '--owner', 'cleo@clearview.example', ...args);

  test('founds a business whose owner can sign in and whose agents get keys', async () => {
    expect(await create('--time-zone', 'America/Denver', '--currency', 'usd')).toEqual({
      code: 0,
      stdout:
        'Clear View Co (clear-view-co) is founded. Sign in: deskhand signin-link cleo@clearview.example\n',
      stderr: '',
    });
    expect((await run('signin-link', 'cleo@clearview.example')).code).toBe(0);
    const key = await run('key', 'create', '--agent', 'Office Manager', '--org', 'clear-view-co');
    const contacts = await fetch(`${server.baseUrl}/api/data?type=contacts`, bearer(key.stdout.trim()));
    expect(await contacts.json()).toMatchObject({ success: true, data: { rows: [] } });
    // Now that there are two, a command asks which one is meant.
    const unclear = await run('key', 'create', '--agent', 'Office Manager');
    expect(unclear).toMatchObject({ code: 1, stdout: '' });
    expect(unclear.stderr).toMatch(/choose one with --org: bright-panes, clear-view-co\.\n$/);
  });

  test.each([
    { wrong: 'a short name that is taken', args: ['--slug', 'bright-panes'], says: /"bright-panes".*--slug/ },
    { wrong: 'a short name with blanks', args: ['--slug', 'Clear View'], says: /"Clear View".*--slug/ },
    { wrong: 'an unknown time zone', args: ['--time-zone', 'Alabama'], says: /"Alabama" is not a time zone/ },
    { wrong: 'an unknown currency', args: ['--slug', 'x1', '--currency', 'dollars'], says: /currency/i },
    { wrong: 'an unknown country', args: ['--slug', 'x2', '--country', 'Alabama'], says: /country/i },
    { wrong: 'an address that is none', args: ['--owner', 'cleo'], says: /"cleo" is not an e-mail address/ },
  ])('refuses $wrong with a sentence', async ({ args, says }) => {
    const { code, stdout, stderr } = await create(...args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(says);
    expectSentence(stderr);
  });
});

describe('deskhand doctor', () => {
  test('finds everything well', async () => {
    const { code, stdout } = await run('doctor');
    expect(stdout.replace(/: .*/g, '').split('\n')).toEqual([
      ...['ok     Node.js', 'ok     environment', 'ok     data folder', 'ok     language model'],
      'ok     payments',
      ...['ok     database', 'ok     schema and businesses', 'ok     secrets'],
      ...['ok     deletions', 'ok     sizes', 'ok     work in the background'],
      ...['ok     indexes', 'ok     messages of services'],
      ...['Everything looks well.', ''],
    ]);
    expect(code).toBe(0);
  });

  test.each([
    {
      wrong: 'a bad PORT',
      env: { PORT: 'abc' },
      says: /^WRONG {2}environment: PORT is "abc"; use a number/m,
    },
    {
      wrong: 'a database that is away',
      env: { DATABASE_URL: 'postgres://a@127.0.0.1:1/b' },
      says: /^WRONG {2}database: No PostgreSQL answers at 127\.0\.0\.1:1 \(ECONNREFUSED\)\. /m,
    },
    {
      wrong: 'a language model that is away',
      env: { LLM_BASE_URL: 'http://127.0.0.1:1/v1', LLM_MODEL: 'qwen3', LLM_API_KEY: 'sk-secret' },
      says: /^WRONG {2}language model: qwen3 at 127\.0\.0\.1:1 cannot be asked\. .*could not be reached\.$/m,
    },
  ])('names $wrong and ends with 1', async ({ env, says }) => {
    const { code, stdout, stderr } = await folder().run(['doctor'], env);
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout).toMatch(says);
    expect(stdout).toMatch(/^1 thing to mend\.$/m);
  });
});

describe('a command whose reader goes away', () => {
  const unread = (args: string[], env = {}) =>
    runCommand(args, { ...folder().env, ...env }, folder().program, 'the beginning');

  test('does its work to the end, as it would have ended, and says nothing of it', async () => {
    const well = await unread(['doctor']);
    expect(well).toEqual({ code: 0, stdout: expect.stringMatching(/^ok {5}Node\.js/), stderr: '' });
    expect(well.stdout).not.toContain('Everything looks well.');
    expect(
      await unread(['doctor'], { LLM_BASE_URL: 'http://127.0.0.1:1/v1', LLM_MODEL: 'qwen3' }),
    ).toMatchObject({ code: 1, stderr: '' });
    expect(await unread(['--help'])).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('deskhand worker', () => {
  test('starts beside the server and ends well when told to', async () => {
    const [file, ...before] = folder().program;
    const worker = spawn(file, [...before, 'worker'], {
      env: { PATH: process.env.PATH ?? '', ...folder().env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let errors = '';
    for await (const chunk of worker.stderr) {
      errors += String(chunk);
      if (errors.endsWith('\n')) break;
    }
    const code = await end(worker);
    expect({ code, errors }).toEqual({ code: 0, errors: 'The worker is running; Ctrl+C stops it.\n' });
  });
});

describe('the command line itself', () => {
  test('tells its version, that of the package', async () => {
    const { version } = z
      .object({ version: z.string() })
      .parse(JSON.parse(await readFile(join(packageRoot, 'package.json'), 'utf8')));
    expect(await run('--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  test('lists every command and every setting in its help', async () => {
    const { code, stdout } = await run('--help');
    expect(code).toBe(0);
    const commands = [...stdout.matchAll(/^ {2}([a-z-]+(?: [a-z]+)?(?: [<[]\w+[>\]])?) {2,}\S/gm)].map(
      found => found[1],
    );
    expect(commands).toEqual([
      ...['serve', 'mcp', 'worker', 'migrate', 'demo', 'business create <name>', 'key create'],
      ...[
        'signin-link <email>',
        'passkey forget <email>',
        'import square <file>',
        'import csv <file>',
        'export [file]',
      ],
      ...['restore <file>', 'backup [file]', 'distribute', 'search rebuild'],
      ...['doctor', 'db stop'],
    ]);
    // The first setting of each row of the README's table.
    const readme = await readFile(join(packageRoot, 'README.md'), 'utf8');
    const settings = [...readme.matchAll(/^\| `([A-Z][A-Z_]+)`/gm)].map(([, name = '']) => name);
    expect(settings).toContain('BASE_URL');
    expect(settings.filter(name => !stdout.includes(name))).toEqual([]);
  });

  test.each([
    { args: ['sevre'], says: "error: unknown command 'sevre'\n(Did you mean serve?)" },
    { args: ['import', 'squid', 'x.csv'], says: "error: unknown command 'squid'" },
    { args: ['serve', 'now'], says: 'error: too many arguments' },
    { args: ['--prot', '3001'], says: "error: unknown option '--prot'" },
    { args: ['key', 'create'], says: "error: required option '--agent <name>' not specified" },
    { args: ['signin-link'], says: "error: missing required argument 'email'" },
    { args: ['key'], says: 'Usage: deskhand key' },
  ])('shows its help and ends with 1 for: deskhand $args', async ({ args, says }) => {
    const { code, stdout, stderr } = await run(...args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr.startsWith(says)).toBe(true);
    expect(stderr).toContain('Usage: deskhand');
  });

  test('leaves the server as it was', async () => {
    expect((await fetch(`${server.baseUrl}/readyz`)).status).toBe(200);
    expect(server.errors()).toBe('');
    expect((await folder().databaseLog()).match(/database system is ready/g)).toHaveLength(1);
  });
});

const bearer = (key: string) => ({ headers: { authorization: `Bearer ${key}` } });

const capabilities = (key: string) => fetch(`${server.baseUrl}/api/capabilities`, bearer(key));

async function end(child: ChildProcess): Promise<number | null> {
  const ended = once(child, 'close');
  child.kill('SIGTERM');
  const [code] = z.tuple([z.number().nullable(), z.unknown()]).parse(await ended);
  return code;
}
