import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { embeddedStatus } from '../../core/kernel/database/postgres/launcher.ts';
import { useOwnFolder } from './own-folder.ts';

// `deskhand mcp` as a client starts it: looked at byte by byte, since a single stray line ends the conversation.

const folder = useOwnFolder();
let key: string;

const message = z.strictObject({
  jsonrpc: z.literal('2.0'),
  id: z.number(),
  result: z.looseObject({}).optional(),
  error: z.looseObject({ message: z.string() }).optional(),
});

const hello = {
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
};
const find = { method: 'tools/call', params: { name: 'find_customer', arguments: { query: 'mrs hart' } } };

beforeAll(async () => {
  key = (await folder().run(['key', 'create', '--agent', 'Office Manager'])).stdout.trim();
});

test('nothing but protocol goes to stdout, even when everything is logged and a call goes wrong', async () => {
  const agent = start({ DESKHAND_KEY: key, LOG_LEVEL: 'debug', NODE_DEBUG: 'module', DEBUG: '*' });
  agent.send(1, hello);
  expect(await agent.next()).toMatchObject({ id: 1, result: { serverInfo: { name: 'deskhand' } } });
  agent.process.stdin?.write('this is no protocol\n');
  agent.send(2, { method: 'tools/call', params: { name: 'find_custumer', arguments: {} } });
  expect((await agent.next()).error?.message).toMatch(/Did you mean "find_customer"/);
  agent.send(3, find);
  const found = JSON.stringify((await agent.next()).result);
  expect(found).toContain('Mrs Hart');
  expect(await agent.hangUp()).toEqual({ code: 0, left: [] });
});

test('the agent is answered by a database that was down when its client started it', async () => {
  expect((await folder().run(['db', 'stop'])).code).toBe(0);
  const agent = start({ DESKHAND_KEY: key });
  agent.send(1, hello);
  agent.send(2, find);
  expect((await agent.next()).id).toBe(1);
  expect(JSON.stringify((await agent.next()).result)).toContain('Mrs Hart');
  expect(await agent.hangUp()).toEqual({ code: 0, left: [] });
  expect(agent.errors()).toBe('');
});

test('the process ends when its client closes stdin or is killed, and leaves the database to the others', async () => {
  const quiet = start({ DESKHAND_KEY: key });
  expect(await quiet.hangUp()).toEqual({ code: 0, left: [] });
  expect((await embeddedStatus(folder().path)).running).toBe(true);

  const told = start({ DESKHAND_KEY: key });
  told.send(1, hello);
  await told.next();
  const ended = once(told.process, 'exit');
  told.process.kill('SIGTERM');
  await ended;
  expect((await embeddedStatus(folder().path)).running).toBe(true);
});

test.each([
  { wrong: 'a key nobody made', env: { DESKHAND_KEY: 'dh_made-up' }, says: /^This key .* not valid.*\.\n$/ },
  { wrong: 'no key at all', env: {}, says: /^Set DESKHAND_KEY to the agent’s key .*\.\n$/ },
  {
    wrong: 'a setting that is wrong',
    env: { DESKHAND_KEY: 'x', PORT: 'abc' },
    says: /^PORT is "abc"; .*\.\n$/,
  },
  {
    wrong: 'no database',
    env: { DESKHAND_KEY: 'x', DATABASE_URL: 'postgres://deskhand@127.0.0.1:1/deskhand' },
    says: /^No PostgreSQL answers at 127\.0\.0\.1:1 .*\.\n$/,
  },
])('with $wrong it ends with a sentence on stderr and not a byte on stdout', async ({ env, says }) => {
  const agent = start(env);
  agent.send(1, hello);
  expect(await agent.hangUp()).toEqual({ code: 1, left: [] });
  expect(agent.errors()).toMatch(says);
});

interface Agent {
  process: ChildProcess;
  send(id: number, request: { method: string; params: object }): void;
  /** The next line of stdout, which must be a message of the protocol. */
  next(): Promise<z.infer<typeof message>>;
  /** Closes stdin and waits for the end; answers the exit code and the lines that nobody had read. */
  hangUp(): Promise<{ code: number | null; left: string[] }>;
  errors(): string;
}

function start(env: Record<string, string>): Agent {
  const [file, ...before] = folder().program;
  const child = spawn(file, [...before, 'mcp'], {
    env: { PATH: process.env.PATH ?? '', ...folder().env, ...env },
    stdio: 'pipe',
  });
  // A process that ends by itself closes the pipe while we still write.
  child.stdin.on('error', () => undefined);
  let errors = '';
  child.stderr.on('data', chunk => {
    errors += String(chunk);
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ended = once(child, 'close');
  return {
    process: child,
    send: (id, request) => child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, ...request })}\n`),
    async next() {
      const line = await lines.next();
      if (line.done) throw new Error(`the process ended:\n${errors}`);
      return message.parse(JSON.parse(line.value));
    },
    async hangUp() {
      child.stdin.end();
      const left: string[] = [];
      for (let line = await lines.next(); !line.done; line = await lines.next()) left.push(line.value);
      const [code] = z.tuple([z.number().nullable(), z.unknown()]).parse(await ended);
      return { code, left };
    },
    errors: () => errors,
  };
}
