import { once } from 'node:events';
import { open, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findBinaries } from './binaries.ts';
import {
  type Address,
  type DataFolder,
  findAddress,
  findDataFolder,
  makeSocketFolder,
  onWindows,
  openDataFolder,
  readPostmasterFile,
  socketPort,
} from './data-folder.ts';
import { initializeCluster } from './initialize.ts';
import {
  endPostmaster,
  findPostmaster,
  killOrphans,
  type Launched,
  launch,
  removeStalePidFiles,
  rotateLog,
} from './postmaster.ts';
import { probe, type ServerState } from './probe.ts';
import { chooseRunAs, handOver } from './run-as.ts';
import { renderSettings, type ServerSettings } from './settings.ts';
import { type StartLock, takeStartLock } from './start-lock.ts';

export interface EmbeddedOptions extends ServerSettings {
  /** Made when missing. One folder belongs to one machine (or container) at a time. */
  dataDir: string;
  /** A folder with initdb, postgres and pg_ctl, to be used instead of the npm package's. */
  binDir?: string;
}

export interface EmbeddedServer {
  /** Folder of the unix socket; 127.0.0.1 on Windows. */
  host: string;
  port: number;
  superuser: 'postgres';
  dataDir: string;
  /** Whether it was this call that started it. */
  started: boolean;
  /** Only on Windows. */
  password?: string;
}

export interface EmbeddedStatus {
  dataDir: string;
  /** Whether there is a complete cluster in the folder. */
  initialized: boolean;
  running: boolean;
  /** Of the postmaster. */
  pid?: number;
  log: string;
}

const patienceMs = 120_000; // for a recovery after a crash, or another process that starts the server
const retryMs = 5_000; // a killed server may stay in the way for some seconds,
const retries = 20; // which are few attempts on a machine that is busy with other things
const orphansMs = 300;
const hopeless = 'contains errors'; // a configuration file does: trying again is no use

/**
 * A running PostgreSQL for this data folder, which every process of the installation shares and which outlives them
 * all. Connects when it runs; else the process that takes `start.lock` makes the cluster if there is none and
 * starts the server, while the others wait until they can connect. Needs no help after a kill -9 of anything at any
 * time. Databases and roles are the caller's affair. Throws an Error that says what to do.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const folder = await openDataFolder(options.dataDir);
  const giveUpAt = Date.now() + patienceMs;
  let holder = 0;
  while (Date.now() < giveUpAt) {
    const address = await findAddress(folder);
    const state = await stateOf(folder, address);
    if (state === 'ready') return describe(folder, address, false);
    if (state === 'absent') {
      const lock = await takeStartLock(folder.startLock);
      if (typeof lock !== 'number') return start(folder, options, giveUpAt).finally(lock.release);
      holder = lock;
    }
    await delay(40); // not faster: ten that wait slow down the one that works
  }
  throw new Error(
    `The PostgreSQL in ${folder.root} could not be reached for ${patienceMs / 1000} s` +
      `${holder ? ` while process ${holder} was starting it` : ''}. See ${folder.log}.`,
  );
}

/**
 * Starts the server of this folder again when it has died, where it was before. One that was stopped took its pid file along and
 * is left alone, for whoever stopped it meant it; so is one that is stopping, starting or recovering.
 */
export async function reviveEmbedded(options: EmbeddedOptions): Promise<void> {
  const folder = await findDataFolder(options.dataDir);
  const written = await readPostmasterFile(folder);
  if (!written || (await findPostmaster(folder)) !== undefined) return;
  await startEmbedded({ ...options, settings: { ...options.settings, port: String(written.port) } });
}

/** Stops the server of this folder. False when none was running. Throws when it does not stop. */
export async function stopEmbedded(dataDir: string): Promise<boolean> {
  const folder = await findDataFolder(dataDir).catch(() => undefined);
  if (!folder) return false;
  const lock = await waitForLock(folder);
  try {
    const pid = await findPostmaster(folder);
    if (pid === undefined) return false;
    await endPostmaster(folder, pid, onWindows ? await findBinaries() : undefined);
    return true;
  } finally {
    await lock.release();
  }
}

/** What there is in this folder, without changing anything. */
export async function embeddedStatus(dataDir: string): Promise<EmbeddedStatus> {
  const folder = await findDataFolder(dataDir).catch(() => undefined);
  if (!folder) return { dataDir, initialized: false, running: false, log: join(dataDir, 'postgres.log') };
  const initialized = await stat(join(folder.cluster, 'PG_VERSION')).then(
    () => true,
    () => false,
  );
  const pid = await findPostmaster(folder);
  const running = pid !== undefined && (await stateOf(folder, await findAddress(folder))) !== 'absent';
  return {
    dataDir: folder.root,
    initialized,
    running,
    log: folder.log,
    ...(pid === undefined ? {} : { pid }),
  };
}

/** Connects only when it may help: a server that is starting or stopping writes every knock at its door into its log. */
async function stateOf(folder: DataFolder, address: Address): Promise<ServerState> {
  const written = await readPostmasterFile(folder);
  if (written && !written.ready && (await findPostmaster(folder)) !== undefined) return 'busy';
  return probe(address);
}

/** The caller holds the lock. Another process may have finished just before that. */
async function start(
  folder: DataFolder,
  options: EmbeddedOptions,
  giveUpAt: number,
): Promise<EmbeddedServer> {
  const before = await findAddress(folder);
  if ((await probe(before)) === 'ready') return describe(folder, before, false);
  const binaries = await findBinaries(options.binDir);
  const runAs = await chooseRunAs(folder, binaries.postgres);
  await initializeCluster(folder, binaries, runAs, options.fsync !== false);
  await handOver(runAs, folder.cluster);
  await makeSocketFolder(folder);
  if (!onWindows) await handOver(runAs, folder.socketFolder);
  await rotateLog(folder);
  const port = onWindows ? await freePort() : socketPort;
  const settingsFile = join(folder.cluster, 'deskhand.conf');
  await writeFile(settingsFile, renderSettings(folder, binaries.major, port, options));
  await handOver(runAs, settingsFile);
  const logFrom = await stat(folder.log).then(
    found => found.size,
    () => 0,
  );
  return launchUntilReady(folder, () => launch(folder, binaries, runAs), logFrom, giveUpAt);
}

async function launchUntilReady(
  folder: DataFolder,
  launchOnce: () => Promise<Launched>,
  logFrom: number,
  giveUpAt: number,
): Promise<EmbeddedServer> {
  let launched: Launched | undefined;
  let firstFailure: number | undefined;
  let failures = 0;
  while (Date.now() < giveUpAt) {
    const address = await findAddress(folder);
    const state = await stateOf(folder, address);
    if (state === 'ready') return describe(folder, address, await isTheServer(folder, launched));
    if (state === 'absent' && launched === undefined) {
      await clearTheWay(folder);
      launched = await launchOnce();
    } else if (state === 'absent' && launched?.hasEnded()) {
      firstFailure ??= Date.now();
      failures += 1;
      const failingMs = Date.now() - firstFailure;
      const isTired = failingMs > retryMs && failures > retries;
      if (isTired || (await endOfLog(folder, logFrom)).includes(hopeless)) break;
      if (failingMs > orphansMs) await killOrphans(folder);
      await delay(100);
      launched = undefined;
    }
    await delay(state === 'busy' ? 20 : 10);
  }
  throw new Error(
    `The PostgreSQL in ${folder.root} does not start. Its log says:\n${await endOfLog(folder, logFrom)}`,
  );
}

async function clearTheWay(folder: DataFolder): Promise<void> {
  await removeStalePidFiles(folder);
  const written = await readPostmasterFile(folder);
  const pid = await findPostmaster(folder);
  // It lives and is ready, yet cannot be reached: its socket was deleted, by a cleaner of temporary files for instance.
  if (pid !== undefined && written?.ready) await endPostmaster(folder, pid);
}

async function isTheServer(folder: DataFolder, launched: Launched | undefined): Promise<boolean> {
  if (launched === undefined || launched.hasEnded()) return false;
  return launched.pid === undefined || launched.pid === (await readPostmasterFile(folder))?.pid;
}

function describe(folder: DataFolder, address: Address, started: boolean): EmbeddedServer {
  return { ...address, superuser: 'postgres', dataDir: folder.root, started };
}

async function waitForLock(folder: DataFolder): Promise<StartLock> {
  const giveUpAt = Date.now() + patienceMs;
  for (;;) {
    const lock = await takeStartLock(folder.startLock);
    if (typeof lock !== 'number') return lock;
    if (Date.now() > giveUpAt)
      throw new Error(`Process ${lock} is still starting the PostgreSQL in ${folder.root}.`);
    await delay(15);
  }
}

async function endOfLog(folder: DataFolder, from: number): Promise<string> {
  const file = await open(folder.log, 'r');
  try {
    const { size } = await file.stat();
    const start = Math.max(from, size - 4_000);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - start), 0, size - start, start);
    return buffer.toString('utf8', 0, bytesRead).trim().split('\n').slice(-12).join('\n');
  } finally {
    await file.close();
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string')
    throw new Error('The system gave no port for PostgreSQL.');
  return address.port;
}
