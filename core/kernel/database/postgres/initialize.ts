import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Binaries } from './binaries.ts';
import { type DataFolder, onWindows } from './data-folder.ts';
import { commandFor, handOver, type RunAs } from './run-as.ts';

const run = promisify(execFile);

/**
 * Makes the cluster unless there is one; the caller holds the start lock. It is made in a folder of another name and
 * renamed when complete, so it exists wholly or not at all, whatever is killed when. That name is new each time: after a
 * kill -9 of the starter, its `initdb` goes on and would write into ours.
 */
export async function initializeCluster(
  folder: DataFolder,
  binaries: Binaries,
  runAs: RunAs,
  fsync: boolean,
): Promise<void> {
  await removeInterrupted(folder);
  const existing = await readFile(join(folder.cluster, 'PG_VERSION'), 'utf8').catch(() => undefined);
  if (existing !== undefined) return checkVersion(folder, Number(existing), binaries.major);
  const temporary = join(folder.root, `pg.tmp.${randomBytes(6).toString('hex')}`);
  await mkdir(temporary, { mode: 0o700 });
  await handOver(runAs, temporary);
  try {
    await runInitdb({ folder, target: temporary, binaries, runAs, fsync });
    await includeOurSettings(temporary, fsync);
    await rename(temporary, folder.cluster);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true }).catch(() => {});
    throw error;
  }
  if (fsync) await syncFolder(folder.root);
}

async function runInitdb({
  folder,
  target,
  binaries,
  runAs,
  fsync,
}: {
  folder: DataFolder;
  target: string;
  binaries: Binaries;
  runAs: RunAs;
  fsync: boolean;
}): Promise<void> {
  const args = [
    ...[
      '-D',
      target,
      '-U',
      'postgres',
      '--encoding=UTF8',
      '--text-search-config=english',
      '--no-instructions',
    ],
    ...localeArguments(binaries.major),
    ...(await authArguments(folder)),
    ...(fsync ? [] : ['--no-sync']),
  ];
  const { file, args: all, options } = commandFor(runAs, binaries.initdb, args);
  await run(file, all, options).catch(error => {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
    const detail = said || String(error);
    throw new Error(
      `The database could not be created in ${folder.root}: ${detail}\nIf PostgreSQL does not run on this system ` +
        '(musl instead of glibc, for example), set DATABASE_URL to a PostgreSQL 15 or newer.',
    );
  });
}

/**
 * The same order and the same letters on every system: the built-in C.UTF-8, before version 17 that of the C library.
 * LC_CTYPE is the C library's all the same, and under plain C pg_trgm would take "Müller" for "m" and "ller".
 */
function localeArguments(major: number): string[] {
  const letters = { darwin: 'en_US.UTF-8', win32: 'en-US' }[String(process.platform)] ?? 'C.UTF-8';
  const all = ['--locale=C', `--lc-ctype=${letters}`];
  return major < 17 ? all : [...all, '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
}

/** Why `trust` is enough on the socket stands in settings.ts. */
async function authArguments(folder: DataFolder): Promise<string[]> {
  if (!onWindows) return ['--auth-local=trust', '--auth-host=reject'];
  const password = randomBytes(24).toString('base64url');
  await writeFile(folder.passwordFile, password, { mode: 0o600 });
  return ['--auth=scram-sha-256', `--pwfile=${folder.passwordFile}`];
}

async function includeOurSettings(cluster: string, fsync: boolean): Promise<void> {
  await writeFile(join(cluster, 'deskhand.conf'), '');
  const file = await open(join(cluster, 'postgresql.conf'), 'a');
  try {
    await file.write(
      "\n# Deskhand's settings. Lines below this one win over them.\ninclude 'deskhand.conf'\n",
    );
    if (fsync) await file.sync();
  } finally {
    await file.close();
  }
}

function checkVersion(folder: DataFolder, made: number, installed: number): void {
  if (made === installed) return;
  throw new Error(
    `The data in ${folder.cluster} was made by PostgreSQL ${made}, but PostgreSQL ${installed} is installed. Install the ` +
      'version of Deskhand that made it, or move the data with pg_dump and set DATABASE_URL.',
  );
}

async function removeInterrupted(folder: DataFolder): Promise<void> {
  for (const entry of await readdir(folder.root)) {
    if (!entry.startsWith('pg.tmp')) continue;
    // An initdb that lost its parent may still be writing there; then a later start removes the rest.
    await rm(join(folder.root, entry), { recursive: true, force: true }).catch(() => {});
  }
}

/** So that the rename survives a power cut. */
async function syncFolder(path: string): Promise<void> {
  if (onWindows) return; // folders cannot be opened there
  const handle = await open(path, 'r');
  await handle.sync().finally(() => handle.close());
}
