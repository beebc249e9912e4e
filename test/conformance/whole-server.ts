import { type ChildProcessByStdio, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { packageRoot } from '../../core/kernel/database/package-root.ts';

/** An installation as it is started, with the demo business. */
export interface WholeServer {
  /** Without a slash at the end. */
  url: string;
  /** Of the demo's agent. */
  key: string;
  /** A link that signs the owner in, once. */
  signInLink(): Promise<string>;
}

const entry = path.join(packageRoot, 'dist');

/** Starts a whole installation in an empty folder, and clears it away afterwards. */
export async function withServer(work: (server: WholeServer) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'deskhand-inspect-'));
  const env = { ...process.env, PORT: '0', LOG_LEVEL: 'warn', DESKHAND_DATA: folder, DESKHAND_DEMO: 'small' };
  const server = spawn(process.execPath, [entry, 'serve'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const url = await readWelcome(server);
    // Not printed where no terminal is.
    const key = (await readFile(path.join(folder, 'demo-agent.key'), 'utf8')).trim();
    const signInLink = async () => {
      const args = [entry, 'signin-link', 'olivia@brightpanes.example'];
      // With a port of its own choosing the server alone knows the address.
      const beside = { env: { ...env, BASE_URL: url } };
      const { stdout } = await promisify(execFile)(process.execPath, args, beside);
      return /http\S+/.exec(stdout)?.[0] ?? '';
    };
    await work({ url, key, signInLink });
  } finally {
    server.kill('SIGTERM');
    await once(server, 'close');
    await once(spawn(process.execPath, [entry, 'db', 'stop'], { env, stdio: 'ignore' }), 'close');
    await rm(folder, { recursive: true, force: true });
  }
}

/** Where the server says that it is. */
async function readWelcome(server: ChildProcessByStdio<null, Readable, null>): Promise<string> {
  let printed = '';
  for await (const chunk of server.stdout) {
    printed += String(chunk);
    const url = /^MCP +(\S+)\/mcp$/m.exec(printed)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error(`the server ended without its welcome:\n${printed}`);
}
