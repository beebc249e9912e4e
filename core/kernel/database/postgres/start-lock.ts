import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, rmdir, unlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errorCode, findProcess } from './processes.ts';

/** Held by the one process that may start or stop the server of a data folder. */
export interface StartLock {
  release(): Promise<void>;
}

/**
 * Takes `start.lock`, or answers the id of the living process that holds it.
 *
 * The lock is a folder with one file, named after its owner. That makes three things atomic which a plain file does
 * not: it appears complete (a rename, which fails while another owner's file is inside, so it is as exclusive as
 * O_EXCL), whoever finds a dead owner's lock can remove that owner's file only, never the lock of a process that took
 * over a moment earlier, and nobody can be killed between creating it and writing the pid. It is stale only if its owner
 * is dead, never by age: an `initdb` on a slow disk takes as long as it takes.
 */
export async function takeStartLock(path: string): Promise<StartLock | number> {
  const living = await livingOwner(path);
  if (living !== undefined) return living;
  const name = await ownName();
  const prepared = `${path}.${name}`;
  await mkdir(prepared, { mode: 0o700 });
  await writeFile(join(prepared, name), '');
  try {
    await rename(prepared, path);
  } catch {
    await rm(prepared, { recursive: true, force: true });
    // Whoever was faster; 0 when it has already let go again.
    return (await livingOwner(path)) ?? 0;
  }
  await removeUnused(path);
  return {
    release: async () => {
      await unlink(join(path, name)).catch(ignore);
      await rmdir(path).catch(ignore); // fails, rightly, when the next owner is already in
    },
  };
}

/** Removes what dead owners left, and answers the living one if there is one. */
async function livingOwner(path: string): Promise<number | undefined> {
  const names = await readdir(path).catch(async error => {
    if (errorCode(error) !== 'ENOTDIR') return [];
    return plainFileOwner(path);
  });
  for (const name of names) {
    if (await isAlive(name)) return Number.parseInt(name, 10);
    await unlink(join(path, name)).catch(ignore);
  }
  await rmdir(path).catch(ignore);
  return undefined;
}

/** A lock that is a plain file holding a pid (made by hand, or by other tools) is honoured in the same way. */
async function plainFileOwner(path: string): Promise<string[]> {
  const pid = (await readFile(path, 'utf8').catch(() => '')).trim();
  if (await isAlive(pid)) return [pid];
  await unlink(path).catch(ignore); // cannot hit a lock taken meanwhile, that one is a folder
  return [];
}

/** `4711-81523-9f86d081`: process id, when that process began (ids are reused, in containers at once), a nonce. */
async function ownName(): Promise<string> {
  const self = await findProcess(process.pid);
  return [process.pid, plain(self?.born ?? ''), randomBytes(4).toString('hex')].join('-');
}

async function isAlive(owner: string): Promise<boolean> {
  const [pid = '', born = ''] = owner.split('-');
  if (!/^[1-9]\d*$/.test(pid)) return false;
  const found = await findProcess(Number(pid));
  if (found === undefined) return false;
  return born === '' || found.born === '' || plain(found.born) === born;
}

/** Locks that were prepared by a process which was killed before it could rename them. */
async function removeUnused(path: string): Promise<void> {
  const prefix = `${basename(path)}.`;
  for (const entry of await readdir(dirname(path))) {
    if (!entry.startsWith(prefix) || (await isAlive(entry.slice(prefix.length)))) continue;
    await rm(join(dirname(path), entry), { recursive: true, force: true }).catch(ignore);
  }
}

function plain(text: string): string {
  return text.replace(/[^0-9A-Za-z]/g, '');
}

function ignore(): void {}
