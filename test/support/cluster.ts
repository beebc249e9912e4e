import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbedded, stopEmbedded } from '../../core/kernel/database/postgres/launcher.ts';
import { temporaryRoot } from './temporary.ts';

export interface TestCluster {
  host: string;
  port: number;
  superuser: 'postgres';
  /** Only on Windows. */
  password?: string;
  stop(): Promise<void>;
}

const prefix = 'deskhand-test-';

/**
 * A throw-away cluster, in memory if there is enough; fast because nothing in it has to survive anything. Runs the embedded
 * PostgreSQL, or the one whose folder of programs TEST_POSTGRES_BIN names (such as /usr/lib/postgresql/15/bin).
 */
export async function startTestCluster(): Promise<TestCluster> {
  await removeAbandoned();
  const dataDir = await mkdtemp(join(temporaryRoot(), `${prefix}${process.pid}-`));
  const binDir = process.env.TEST_POSTGRES_BIN;
  const { host, port, superuser, password } = await startEmbedded({
    dataDir,
    fsync: false,
    settings: {
      synchronous_commit: 'off',
      full_page_writes: 'off',
      wal_level: 'minimal',
      max_wal_senders: '0',
      max_connections: '300',
      shared_buffers: '128MB',
    },
    ...(binDir ? { binDir } : {}),
  });
  const stop = () => remove(dataDir);
  return { host, port, superuser, ...(password === undefined ? {} : { password }), stop };
}

/** The server is a daemon: it outlives a test run that was killed, so the next run clears away after it. */
async function removeAbandoned(): Promise<void> {
  for (const root of new Set([tmpdir(), temporaryRoot()])) {
    for (const entry of await readdir(root)) {
      const pid = Number(new RegExp(`^${prefix}(\\d+)-`).exec(entry)?.[1] ?? process.pid);
      // A failure is another user's folder, or one that is being removed by another run.
      if (!isAlive(pid)) await remove(join(root, entry)).catch(() => {});
    }
  }
}

async function remove(dataDir: string): Promise<void> {
  await stopEmbedded(dataDir);
  await rm(dataDir, { recursive: true, force: true });
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
