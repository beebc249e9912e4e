import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Binaries } from './binaries.ts';
import { type DataFolder, onWindows, readPostmasterFile, socketFileName } from './data-folder.ts';
import { findProcess, isKnown, listProcessIds, signal } from './processes.ts';
import { commandFor, handOver, type RunAs } from './run-as.ts';

const run = promisify(execFile);
const logLimit = 5_000_000; // bytes

/** A server process that was launched; whether it is, or stays, the server is for the caller to find out. */
export interface Launched {
  pid: number | undefined;
  hasEnded(): boolean;
}

/**
 * Launches the server as a daemon: a session of its own and no pipe to us, so that it outlives this process and
 * hears nothing of its terminal. Not through `pg_ctl`, which looks only every 100 ms whether the server is up.
 */
export async function launch(folder: DataFolder, binaries: Binaries, runAs: RunAs): Promise<Launched> {
  if (onWindows) return launchOnWindows(folder, binaries, runAs);
  const log = await open(folder.log, 'a', 0o600);
  try {
    await handOver(runAs, folder.log);
    const { file, args, options } = commandFor(runAs, binaries.postgres, ['-D', folder.cluster]);
    const child = spawn(file, args, { ...options, detached: true, stdio: ['ignore', log.fd, log.fd] });
    await once(child, 'spawn');
    child.unref();
    return { pid: child.pid, hasEnded: () => child.exitCode !== null || child.signalCode !== null };
  } finally {
    await log.close();
  }
}

/** The id of this cluster's living postmaster, as its `postmaster.pid` says. */
export async function findPostmaster(folder: DataFolder): Promise<number | undefined> {
  const written = await readPostmasterFile(folder);
  return written && (await isServerOf(folder, written.pid)) ? written.pid : undefined;
}

/** Ends the server: open transactions are rolled back, all else is written out. Throws when it does not end. */
export async function endPostmaster(folder: DataFolder, pid: number, binaries?: Binaries): Promise<void> {
  if (onWindows && binaries) {
    await run(binaries.pgCtl, ['stop', '-w', '-m', 'fast', '-D', folder.cluster], { windowsHide: true });
    return;
  }
  // A "fast" shutdown; after half a minute an immediate one, after which the next start recovers from the log.
  for (const [name, seconds] of [['SIGINT', 30] as const, ['SIGQUIT', 10] as const]) {
    signal(pid, name);
    for (let waited = 0; waited < seconds * 100; waited += 1) {
      if (!(await isServerOf(folder, pid))) return;
      await delay(10);
    }
  }
  throw new Error(`The PostgreSQL in ${folder.root} (process ${pid}) does not stop.`);
}

/**
 * Removes pid files that would keep the server from starting though no server is behind them: PostgreSQL only asks
 * whether a process with that id exists, and after a kill -9 that may be a zombie, after a restart of the machine or
 * the container an unrelated process. Files of ids that are free are left to PostgreSQL. (It still refuses to start,
 * by its shared memory, while a process of the old server lives.)
 */
export async function removeStalePidFiles(folder: DataFolder): Promise<void> {
  const ofSocket = join(folder.socketFolder, `${socketFileName}.lock`);
  for (const path of [join(folder.cluster, 'postmaster.pid'), ofSocket]) {
    const text = await readFile(path, 'utf8').catch(() => undefined);
    if (text === '' && (await isLeftEmpty(path))) await rm(path, { force: true });
    const pid = Math.abs(Number.parseInt(text ?? '', 10));
    if (pid > 0 && isKnown(pid) && !(await isServerOf(folder, pid))) await rm(path, { force: true });
  }
}

/** A server writes into its lock file as soon as it has made it; one that was killed in between never will. */
async function isLeftEmpty(path: string): Promise<boolean> {
  const made = await stat(path).then(
    found => found.mtimeMs,
    () => Date.now(),
  );
  return Date.now() - made > 2_000;
}

/**
 * Kills what a dead postmaster left behind: a backend in the middle of a long computation does not notice that it is
 * alone and keeps the shared memory, and with it the next server from starting. Only where the system has /proc.
 */
export async function killOrphans(folder: DataFolder): Promise<void> {
  if (await findPostmaster(folder)) return;
  for (const pid of await listProcessIds()) {
    if ((await findProcess(pid))?.name !== 'postgres') continue;
    if ((await worksIn(pid, folder.cluster)) === true) signal(pid, 'SIGKILL');
  }
}

/** Keeps postgres.log from growing for ever; the part before is kept once. */
export async function rotateLog(folder: DataFolder): Promise<void> {
  const size = await stat(folder.log).then(
    found => found.size,
    () => 0,
  );
  if (size > logLimit) await rename(folder.log, `${folder.log}.1`);
}

async function isServerOf(folder: DataFolder, pid: number): Promise<boolean> {
  const found = await findProcess(pid);
  if (found === undefined) return false;
  if (found.name !== '' && found.name !== 'postgres') return false;
  const works = await worksIn(pid, folder.cluster);
  if (works !== undefined) return works;
  // In doubt it is, unless the file came with a copy: then PostgreSQL itself decides whether it can start.
  return (await readPostmasterFile(folder))?.cluster === folder.cluster;
}

/** Every process of a server works in its cluster's folder. Undefined when the system does not tell. */
async function worksIn(pid: number, cluster: string): Promise<boolean | undefined> {
  const [theirs, ours] = await Promise.all(
    [`/proc/${pid}/cwd`, cluster].map(path => stat(path).catch(() => undefined)),
  );
  if (!theirs || !ours) return undefined;
  return theirs.dev === ours.dev && theirs.ino === ours.ino;
}

/** There pg_ctl is needed: it takes an administrator's rights away, with which PostgreSQL would refuse to run. */
async function launchOnWindows(folder: DataFolder, binaries: Binaries, runAs: RunAs): Promise<Launched> {
  const { file, args, options } = commandFor(runAs, binaries.pgCtl, [
    ...['start', '-W', '-D', folder.cluster, '-l', folder.log],
  ]);
  const child = spawn(file, args, { ...options, detached: true, stdio: 'ignore' });
  await once(child, 'spawn');
  child.unref();
  return { pid: undefined, hasEnded: () => child.exitCode !== null && child.exitCode !== 0 };
}
