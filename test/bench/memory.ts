import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { DatabaseAddress } from '../../core/kernel/database/db.ts';
import { packageRoot } from '../../core/kernel/database/package-root.ts';
import type { Bench } from './part.ts';
import { environmentOf } from './servers.ts';

const settle_ms = 5_000;

/**
 * (f) Memory of an idle installation in MB: the server after its start, and the database with the server's connections.
 * What processes share is divided among them (PSS); where the system does not tell that, their whole size counts (RSS).
 */
export async function measureMemory({ cluster }: Bench) {
  const { child: server } = await serveBuilt(cluster.small.address, cluster.dataDir);
  try {
    await delay(settle_ms);
    const { rows } = await cluster.query('select pid from pg_stat_activity');
    const backends = z.array(z.object({ pid: z.number() })).parse(rows);
    const [, postmaster = ''] =
      /^(\d+)/.exec(await readFile(`${cluster.dataDir}/pg/postmaster.pid`, 'utf8')) ?? [];
    const database = [Number(postmaster), ...backends.map(({ pid }) => pid)];
    return {
      server_mb: await megabytes([server.pid ?? 0]),
      database_mb: await megabytes(database),
      database_processes: database.length,
    };
  } finally {
    const gone = once(server, 'exit');
    server.kill();
    await gone;
  }
}

/** `deskhand serve` as it is built, pages and worker included; the port is the one it says it listens on. */
export async function serveBuilt(
  address: DatabaseAddress,
  dataDir: string,
  more: NodeJS.ProcessEnv = {},
): Promise<{ child: ChildProcess; port: number }> {
  const child = spawn(process.execPath, ['dist', 'serve'], {
    cwd: packageRoot,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...environmentOf(dataDir, address), PORT: '0', LOG_LEVEL: 'warn', ...more },
  });
  const [first] = await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
  if (!Buffer.isBuffer(first)) throw new Error('deskhand serve did not start; was it built?');
  child.stdout.resume();
  return { child, port: Number(/:(\d{2,5})\b/.exec(first.toString())?.[1]) };
}

async function megabytes(pids: readonly number[]): Promise<number | null> {
  let kilobytes = 0;
  for (const pid of pids) {
    const size = await proportionalSize(pid);
    if (size === undefined) return null;
    kilobytes += size;
  }
  return Math.round(kilobytes / 1024);
}

async function proportionalSize(pid: number): Promise<number | undefined> {
  const files = [`/proc/${pid}/smaps_rollup`, `/proc/${pid}/status`];
  for (const file of files) {
    const text = await readFile(file, 'utf8').catch(() => '');
    const found = /^(?:Pss|VmRSS):\s+(\d+) kB/m.exec(text)?.[1];
    if (found !== undefined) return Number(found);
  }
  return undefined;
}
