import { execFile } from 'node:child_process';
import { chmod, chown, lchown, readdir, readFile, stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { DataFolder } from './data-folder.ts';

/** How PostgreSQL's programs are run: as ourselves, behind another command, or under another user. */
export interface RunAs {
  prefix: readonly string[];
  user?: User;
}

interface User {
  uid: number;
  gid: number;
}

/** What `spawn` and `execFile` take. */
export interface Command {
  file: string;
  args: string[];
  options: { cwd: string; env: NodeJS.ProcessEnv; windowsHide: boolean; uid?: number; gid?: number };
}

interface Account extends User {
  name: string;
}

const run = promisify(execFile);
const orElse = 'or set DATABASE_URL to a PostgreSQL 15 or newer.';

/**
 * PostgreSQL refuses to run as root, so root runs it
 * - as the owner of the data folder, when that is an ordinary user (a mounted volume, `sudo deskhand …`),
 * - else in a user namespace in which root has another number: nothing changes hands, 0700 folders stay as they are,
 * - else, where the system has no user namespaces (most containers), as `nobody`, who is given the cluster's folder.
 * `initdb` also refuses a user without a name (`docker run --user 12345`); the namespace lends one.
 * Throws an Error that says to set DATABASE_URL or to run as an ordinary user when none of them works.
 */
export async function chooseRunAs(folder: DataFolder, postgres: string): Promise<RunAs> {
  const uid = process.getuid?.();
  if (uid === undefined || (uid !== 0 && hasName())) return { prefix: [] };
  const accounts = await readAccounts();
  const namespace: RunAs = { prefix: otherNumber(accounts) };
  if (uid !== 0) {
    if (await works(namespace, postgres)) return namespace;
    throw new Error(
      `User ${uid} has no name on this system, which PostgreSQL needs. Run Deskhand as a user with one, ${orElse}`,
    );
  }
  const owner = await stat(folder.cluster).catch(() => stat(folder.root));
  if (owner.uid !== 0) {
    const named = accounts.some(account => account.uid === owner.uid);
    const user = { uid: owner.uid, gid: owner.gid };
    return asUser({ prefix: named ? [] : namespace.prefix, user }, user, folder, postgres);
  }
  if (await works(namespace, postgres)) return namespace;
  const nobody = accounts.find(account => account.name === 'nobody') ?? { uid: 65534, gid: 65534 };
  const user = { uid: nobody.uid, gid: nobody.gid };
  return asUser({ prefix: [], user }, user, folder, postgres);
}

/** The command line for one of PostgreSQL's programs. */
export function commandFor(runAs: RunAs, program: string, args: readonly string[]): Command {
  const [file = program, ...rest] = [...runAs.prefix, program, ...args];
  const options = { cwd: dirname(program), env: environment(), windowsHide: true, ...runAs.user };
  return { file, args: rest, options };
}

/** Gives a file or folder of ours, with everything in it, to the user PostgreSQL runs as, if that is another one. */
export async function handOver(runAs: RunAs, path: string): Promise<void> {
  if (!runAs.user) return;
  const { uid, gid } = runAs.user;
  const found = await stat(path);
  if (found.uid === uid) return;
  if (found.isDirectory()) {
    for (const entry of await readdir(path, { recursive: true })) await lchown(join(path, entry), uid, gid);
  }
  // The top last: when this is interrupted, the next start does it again.
  await chown(path, uid, gid);
}

/** The first folder on the way to `path` that this user may not enter. Exported for its test. */
export async function firstClosedFolder(path: string, user: User): Promise<string | undefined> {
  const parents: string[] = [];
  for (let at = dirname(path); parents[0] !== at; at = dirname(at)) parents.unshift(at);
  for (const parent of parents) {
    const { mode, uid, gid } = await stat(parent);
    const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return parent;
  }
  return undefined;
}

async function asUser(runAs: RunAs, user: User, folder: DataFolder, postgres: string): Promise<RunAs> {
  const { mode, uid } = await stat(folder.root);
  // Passing through is enough: the list of its files stays hidden, the cluster and the socket have 0700 folders.
  if (uid === 0 && (mode & 0o001) === 0) await chmod(folder.root, (mode & 0o777) | 0o001);
  const closed = (await firstClosedFolder(folder.cluster, user)) ?? (await firstClosedFolder(postgres, user));
  if (closed === undefined && (await works(runAs, postgres))) return runAs;
  const cause = closed === undefined ? `${postgres} does not run` : `it may not enter ${closed}`;
  throw new Error(
    `PostgreSQL does not run as root, and as user ${user.uid} ${cause}. Run Deskhand as an ordinary user, ${orElse}`,
  );
}

async function works(runAs: RunAs, postgres: string): Promise<boolean> {
  const { file, args, options } = commandFor(runAs, postgres, ['--version']);
  return run(file, args, options).then(
    () => true,
    () => false,
  );
}

/** Runs a command as a user who is the same for the system and has another number, with a name, for the command. */
function otherNumber(accounts: readonly Account[]): string[] {
  const { uid, gid } = accounts.find(account => account.uid > 0) ?? { uid: 1000, gid: 1000 };
  return ['unshare', '-U', `--map-user=${uid}`, `--map-group=${gid}`];
}

async function readAccounts(): Promise<Account[]> {
  const text = await readFile('/etc/passwd', 'utf8').catch(() => '');
  return [...text.matchAll(/^([^:#\n]+):[^:\n]*:(-?\d+):(-?\d+):/gm)].map(([, name = '', uid, gid]) => {
    return { name, uid: Number(uid), gid: Number(gid) };
  });
}

function hasName(): boolean {
  try {
    return userInfo().username !== '';
  } catch {
    return false;
  }
}

/**
 * Our keys and the PG… variables are none of the server's business. LC_ALL is set because macOS otherwise starts
 * threads for the locale, which PostgreSQL refuses.
 */
function environment(): NodeJS.ProcessEnv {
  const kept = ['PATH', 'SystemRoot', 'TEMP', 'TMP'].flatMap(name => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(kept), LC_ALL: 'C' };
}
