import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import {
  getMcpConfigForManifest,
  hasRequiredConfigMissing,
  type McpbManifestAny,
  unpackExtension,
  validateManifest,
} from '@anthropic-ai/mcpb';
import { McpbManifestSchema } from '@anthropic-ai/mcpb/schemas/0.3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { makeBundle, readBridge } from '../../web-review/connect/bundle.ts';
import { bridgeFile, hosts, keyWords } from '../../web-review/connect/hosts.ts';
import { clientKinds, connectClient, type Target } from '../support/mcp-clients.ts';
import { temporaryRoot } from '../support/temporary.ts';
import { useOwnFolder } from './own-folder.ts';

// A client that only starts programs, on one computer, and a Deskhand on another: the bundle of desktop hosts as such a host takes
// it, the file that `/connect` hands out, and `deskhand mcp --url`, each in real clients against a real server.

const installation = useOwnFolder();
let downloads: string;
let bundle: string;
let manifest: McpbManifestAny;
let key: string;
let baseUrl: string;

beforeAll(async () => {
  downloads = await mkdtemp(path.join(temporaryRoot(), `deskhand-test-${process.pid}-`));
  ({ baseUrl } = await installation().serve());
  key = (await installation().run(['key', 'create', '--agent', 'Office Manager'])).stdout.trim();
  await writeFile(path.join(downloads, bridgeFile), await readBridge());
  bundle = path.join(downloads, 'unpacked');
  await mkdir(bundle);
  await writeFile(path.join(downloads, 'deskhand.mcpb'), await makeBundle(baseUrl));
  const isUnpacked = await unpackExtension({
    mcpbPath: path.join(downloads, 'deskhand.mcpb'),
    outputDir: bundle,
    silent: true,
  });
  expect(isUnpacked).toBe(true);
  manifest = McpbManifestSchema.parse(JSON.parse(await readFile(path.join(bundle, 'manifest.json'), 'utf8')));
});
afterAll(() => rm(downloads, { recursive: true, force: true }));

/** What a host starts when its person has answered what the bundle asks. */
async function asAHostStartsIt(answers: Record<string, string>): Promise<Target> {
  const config = await getMcpConfigForManifest({
    manifest,
    extensionPath: bundle,
    systemDirs: {},
    userConfig: answers,
    pathSeparator: path.sep,
  });
  const { command, args = [], env = {} } = config ?? { command: '' };
  return { command: nodeOf(command), args, stderr: 'ignore', env: { PATH: process.env.PATH ?? '', ...env } };
}

const nodeOf = (command: string) => (command === 'node' ? process.execPath : command);

describe('the bundle for desktop hosts', () => {
  test('is valid by the tool of its makers, and holds the manifest, the program and the icon', async () => {
    expect(validateManifest(path.join(bundle, 'manifest.json'))).toBe(true);
    expect((await readdir(bundle, { recursive: true })).sort()).toEqual([
      'icon.png',
      'manifest.json',
      'server',
      path.join('server', bridgeFile),
    ]);
    expect((await makeBundle(baseUrl)).equals(await makeBundle(baseUrl))).toBe(true);
  });

  test('has the host ask for the key, which it hides, and knows the address of the server that hands it out', () => {
    expect(manifest.user_config).toMatchObject({
      key: { required: true, sensitive: true },
      address: { required: true, default: baseUrl },
    });
    expect(hasRequiredConfigMissing({ manifest, userConfig: { address: baseUrl } })).toBe(true);
    expect(hasRequiredConfigMissing({ manifest, userConfig: { address: baseUrl, key } })).toBe(false);
  });

  test.each(clientKinds)(
    'is started by a client of the kind "%s", which reads and writes with it',
    async kind => {
      const client = await connectClient(kind, await asAHostStartsIt({ address: baseUrl, key }));
      expect((await client.list()).map(({ name }) => name)).toContain('find_customer');
      const found = await client.call('find_customer', { query: 'mrs hart' });
      expect(JSON.stringify(found.structuredContent)).toContain('Mrs Hart');
      const made = await client.call('crm_action', {
        action: 'task.create',
        data: { title: `By ${kind}`, due_at: '2026-12-01' },
        idempotency_key: `by ${kind}`,
      });
      expect(made.isError).not.toBe(true);
      expect((await client.prompts()).length).toBeGreaterThan(1);
      expect((await client.resource('deskhand://today')).contents).toHaveLength(1);
      await client.close();
    },
  );
});

test.each(clientKinds)(
  'the file of the page is started by Cursor’s block in a client of the kind "%s"',
  async kind => {
    const text = hosts
      .find(({ id }) => id === 'cursor')
      ?.byKey?.({ address: `${baseUrl}/mcp`, key: keyWords }).block?.text;
    const { command, args } = z
      .object({
        mcpServers: z.object({ deskhand: z.object({ command: z.string(), args: z.array(z.string()) }) }),
      })
      .parse(JSON.parse(text ?? '')).mcpServers.deskhand;
    const client = await connectClient(kind, {
      command: nodeOf(command),
      args: args.map(arg => arg.replace(`\${userHome}/Downloads`, downloads)),
      stderr: 'ignore',
      env: { DESKHAND_KEY: key },
    });
    expect((await client.list()).length).toBe(9);
    await client.close();
  },
);

test('deskhand mcp --url speaks to the server, and needs no database of its own', async () => {
  const [command, ...before] = installation().program;
  const client = await connectClient('v2 on the newest revision', {
    command,
    args: [...before, 'mcp', '--url', baseUrl],
    stderr: 'ignore',
    env: {
      DESKHAND_KEY: key,
      DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
      PATH: process.env.PATH ?? '',
    },
  });
  expect((await client.list()).length).toBe(9);
  await client.close();
});

describe('when something is wrong, the person reads a sentence', () => {
  const hello = {
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
  };

  /** Starts the file with these settings, says hello, and answers what came back and how it ended. */
  async function start(env: Record<string, string>, lines: readonly unknown[] = [hello]) {
    const child = spawn(process.execPath, [path.join(downloads, bridgeFile)], { env, stdio: 'pipe' });
    let errors = '';
    child.stderr.on('data', chunk => {
      errors += String(chunk);
    });
    child.stdin.on('error', () => undefined);
    const ended = once(child, 'close');
    for (const line of lines)
      child.stdin.write(`${typeof line === 'string' ? line : JSON.stringify(line)}\n`);
    const answers: unknown[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      answers.push(JSON.parse(line));
      if (answers.length === lines.length) child.stdin.end();
    }
    const [code] = await ended;
    return { answers, errors, code };
  }

  test('a key nobody made', async () => {
    const { answers, errors, code } = await start({ DESKHAND_URL: baseUrl, DESKHAND_KEY: 'dh_made-up' });
    expect(answers).toMatchObject([
      { id: 1, error: { message: expect.stringContaining('unknown, expired or revoked') } },
    ]);
    expect(errors).not.toContain('dh_made-up');
    expect(code).toBe(0);
    // The positive control: the same with a good key.
    const good = await start({ DESKHAND_URL: `${baseUrl}/mcp`, DESKHAND_KEY: key });
    expect(good).toMatchObject({
      answers: [{ id: 1, result: { serverInfo: { name: 'deskhand' } } }],
      errors: '',
    });
  });

  test('a server that is not there', async () => {
    const { answers } = await start({ DESKHAND_URL: 'http://127.0.0.1:1', DESKHAND_KEY: key });
    expect(answers).toMatchObject([
      { id: 1, error: { message: expect.stringContaining('cannot be reached at http://127.0.0.1:1') } },
    ]);
  });

  test('a line that is no message is answered, and the next one as if nothing had been', async () => {
    const { answers } = await start({ DESKHAND_URL: baseUrl, DESKHAND_KEY: key }, [
      'this is no protocol',
      hello,
    ]);
    expect(answers).toHaveLength(2);
    expect(answers).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ id: null, error: expect.objectContaining({ code: -32_700 }) }),
        expect.objectContaining({ id: 1, result: expect.anything() }),
      ]),
    );
  });

  test.each([
    { wrong: 'no key', env: { DESKHAND_URL: 'https://crm.example.com' }, says: /^Set DESKHAND_KEY .*\n$/ },
    { wrong: 'no address', env: { DESKHAND_KEY: 'dh_x' }, says: /^Set DESKHAND_URL .*\n$/ },
    {
      wrong: 'something that is no address',
      env: { DESKHAND_KEY: 'dh_x', DESKHAND_URL: 'crm.example.com' },
      says: /^"crm\.example\.com" is no address\. .*\n$/,
    },
    {
      wrong: 'plain http to another computer',
      env: { DESKHAND_KEY: 'dh_x', DESKHAND_URL: 'http://crm.example.com' },
      says: /^http:\/\/crm\.example\.com would get the key in the open\. .*\n$/,
    },
  ])('$wrong: it ends before the key goes anywhere', async ({ env, says }) => {
    const { answers, errors, code } = await start(env);
    expect({ answers, code }).toEqual({ answers: [], code: 1 });
    expect(errors).toMatch(says);
  });
});
