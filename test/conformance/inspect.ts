import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { z } from 'zod';
import { packageRoot } from '../../core/kernel/database/package-root.ts';
import { nodeVersion, runPackage } from './npx.ts';

/**
 * `npm run inspect`: the MCP Inspector reads the real tool list in both eras and checks with `--strict` that every client
 * can take its schemas. Starts a server of its own on an empty folder, or uses the one MCP_URL and MCP_KEY name. Exits 1
 * when a check fails.
 */

const inspector = '@modelcontextprotocol/inspector@2.12.0';

const { MCP_URL, MCP_KEY } = process.env;
if (MCP_URL !== undefined && MCP_KEY !== undefined) await inspectBoth(MCP_URL, MCP_KEY);
else await withServer(inspectBoth);

async function inspectBoth(address: string, credential: string): Promise<void> {
  let ok = true;
  for (const era of ['legacy', 'modern']) ok = (await inspect(address, credential, era)) && ok;
  console.log(`Inspector ${ok ? 'passed' : 'FAILED'} (${inspector}, Node ${nodeVersion()})`);
  process.exitCode = ok ? 0 : 1;
}

/** A whole installation with the demo business, gone afterwards. */
async function withServer(work: (url: string, key: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'deskhand-inspect-'));
  const env = { ...process.env, PORT: '0', LOG_LEVEL: 'warn', DESKHAND_DATA: folder, DESKHAND_DEMO: 'small' };
  const entry = path.join(packageRoot, 'dist');
  const server = spawn(process.execPath, [entry, 'serve'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const url = await readWelcome(server);
    // Not printed where no terminal is.
    const key = await readFile(path.join(folder, 'demo-agent.key'), 'utf8');
    await work(url, key.trim());
  } finally {
    server.kill('SIGTERM');
    await once(server, 'close');
    await once(spawn(process.execPath, [entry, 'db', 'stop'], { env, stdio: 'ignore' }), 'close');
    await rm(folder, { recursive: true, force: true });
  }
}

/** The endpoint that the server prints for MCP clients. */
async function readWelcome(server: ChildProcessByStdio<null, Readable, null>): Promise<string> {
  let printed = '';
  for await (const chunk of server.stdout) {
    printed += String(chunk);
    const url = /^MCP +(\S+)$/m.exec(printed)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error(`the server ended without its welcome:\n${printed}`);
}

async function inspect(address: string, credential: string, era: string): Promise<boolean> {
  const { exit_code, stdout, stderr } = await runPackage(inspector, 'mcp-inspector', [
    '--cli',
    address,
    '--transport',
    'http',
    '--header',
    `Authorization: Bearer ${credential}`,
    '--method',
    'tools/list',
    '--protocol-era',
    era,
    '--stored-auth-only',
    '--strict',
    '--format',
    'json',
  ]);
  const names = toolNames(stdout);
  console.log(
    `${era}: ${exit_code === 0 ? 'pass' : `exit ${exit_code}`}, ${names.length} tools: ${names.join(', ')}`,
  );
  if (stderr.trim() !== '') console.error(stderr.trim());
  return exit_code === 0 && names.length > 0;
}

function toolNames(stdout: string): string[] {
  if (stdout.trim() === '') return [];
  const { result } = z
    .object({ result: z.object({ tools: z.array(z.object({ name: z.string() })) }) })
    .parse(JSON.parse(stdout));
  return result.tools.map(tool => tool.name);
}
