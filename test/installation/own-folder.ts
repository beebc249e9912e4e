import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, vi } from 'vitest';
import { stopEmbedded } from '../../core/kernel/database/postgres/launcher.ts';
import { fastProgram } from '../support/one-file.ts';
import {
  type Finished,
  installed,
  type Program,
  type RunningServer,
  runCommand,
  startServer,
} from '../support/process.ts';
import { temporaryRoot } from '../support/temporary.ts';

/** An empty folder with nothing started in it, for the embedded database and everything else of one installation. */
export interface OwnFolder {
  path: string;
  /** What the commands are started with. */
  env: Record<string, string>;
  /** What starts a command. */
  program: Program;
  run(args: readonly string[], env?: Record<string, string>): Promise<Finished>;
  /** Starts a server; it is stopped after the tests unless it has ended before. */
  serve(env?: Record<string, string>): Promise<RunningServer>;
  /** PostgreSQL's log, where each of its starts leaves a line. */
  databaseLog(): Promise<string>;
  /** The first column of what its database answers. */
  column(query: string): Promise<unknown[]>;
}

/**
 * An own folder for the tests of a file (or of a `describe`); the database is stopped and all removed after. The commands
 * are started from one file (`one-file.ts`), or from many, as they are installed.
 */
export function useOwnFolder(
  env: Record<string, string> = {},
  startedAs: 'one file' | 'installed' = 'one file',
): () => OwnFolder {
  // For machines that are slow or busy: no test needs a tenth of it. Said here, for it holds for the file that is being read.
  vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });
  let own: OwnFolder | undefined;
  const servers: RunningServer[] = [];
  beforeAll(async () => {
    // The name as in support/cluster.ts, so that the next run clears away after one that was killed.
    const path = await mkdtemp(join(temporaryRoot(), `deskhand-test-${process.pid}-`));
    const program = startedAs === 'installed' ? installed : await fastProgram();
    own = openFolder({ path, env: { DESKHAND_DATA: path, ...env }, program, servers });
  });
  afterAll(async () => {
    await Promise.all(servers.map(stopIfRunning));
    if (!own) return;
    await stopEmbedded(own.path);
    await rm(own.path, { recursive: true, force: true });
  });
  return () => {
    if (!own) throw new Error('the folder is made in beforeAll');
    return own;
  };
}

/** Asks until the answer is yes; fails after `seconds`. */
export async function eventually(question: () => Promise<boolean>, seconds = 60): Promise<void> {
  const giveUpAt = Date.now() + seconds * 1000;
  while (!(await question())) {
    if (Date.now() > giveUpAt) throw new Error(`not within ${seconds} s: ${question}`);
  }
}

function openFolder({
  path,
  env,
  program,
  servers,
}: Pick<OwnFolder, 'path' | 'env' | 'program'> & { servers: RunningServer[] }): OwnFolder {
  return {
    path,
    env,
    program,
    run: (args, more = {}) => runCommand(args, { ...env, ...more }, program),
    async serve(more = {}) {
      const server = await startServer({ ...env, ...more }, { command: program });
      servers.push(server);
      return server;
    },
    databaseLog: () => readFile(join(path, 'postgres.log'), 'utf8'),
    async column(query) {
      const client = new pg.Client({ host: join(path, 'run'), user: 'postgres', database: 'deskhand' });
      await client.connect();
      const { rows } = await client.query({ text: query, rowMode: 'array' }).finally(() => client.end());
      return rows.map(row => row[0]);
    },
  };
}

async function stopIfRunning({ process: child, stop }: RunningServer): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await stop();
}
