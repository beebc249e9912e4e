import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { findDataFolder } from '../../core/kernel/database/postgres/data-folder.ts';
import { chooseRunAs, commandFor, handOver } from '../../core/kernel/database/postgres/run-as.ts';

export interface Pooler {
  /** Folder of its unix socket. */
  host: string;
  port: number;
  stop(): Promise<void>;
}

/** So few connections to PostgreSQL for each database that every client gets other clients' connections. */
export const poolSize = 6;
/** Only names the socket file. */
const port = 6432;

/**
 * PgBouncer in transaction mode before the test cluster whose socket is in `clusterHost`, for the application's role
 * alone. Runs as whoever the cluster runs as: it refuses root, too. Throws when it is not installed or does not start.
 */
export async function startPgBouncer(clusterHost: string, clusterPort: number): Promise<Pooler> {
  const program = await findProgram();
  const folder = await mkdtemp(join(tmpdir(), 'deskhand-pgbouncer-'));
  const runAs = await chooseRunAs(await findDataFolder(dirname(clusterHost)), program);
  await writeFile(join(folder, 'users.txt'), '"deskhand_app" ""\n');
  await writeFile(join(folder, 'pgbouncer.ini'), settings(folder, clusterHost, clusterPort));
  await handOver(runAs, folder);
  const { file, args, options } = commandFor(runAs, program, [join(folder, 'pgbouncer.ini')]);
  const child = spawn(file, args, { ...options, stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr.on('data', piece => {
    log += String(piece);
  });
  const ended = once(child, 'close');
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  for (const giveUpAt = Date.now() + 60_000; !(await answers(folder)); ) {
    if (child.exitCode !== null || Date.now() > giveUpAt) {
      await stop();
      throw new Error(`PgBouncer does not start:\n${log}`);
    }
    await delay(20);
  }
  return { host: folder, port, stop };
}

async function findProgram(): Promise<string> {
  const folders = [...(process.env.PATH ?? '').split(':'), '/usr/sbin'];
  for (const folder of folders.filter(Boolean)) {
    const program = join(folder, 'pgbouncer');
    if (
      await access(program).then(
        () => true,
        () => false,
      )
    )
      return program;
  }
  throw new Error('PgBouncer is not installed (Debian: apt-get install pgbouncer).');
}

const settings = (folder: string, clusterHost: string, clusterPort: number) => `
[databases]
* = host=${clusterHost} port=${clusterPort}

[pgbouncer]
pool_mode = transaction
default_pool_size = ${poolSize}
max_client_conn = 300
listen_addr =
listen_port = ${port}
unix_socket_dir = ${folder}
auth_type = trust
auth_file = ${join(folder, 'users.txt')}
`;

async function answers(host: string): Promise<boolean> {
  const client = new pg.Client({ host, port, user: 'deskhand_app', database: 'postgres' });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}
