import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { access, chmod, lstat, mkdir, readFile, realpath, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, normalize, resolve } from 'node:path';
import { messageOf } from '../../words/message-of.ts';
import { errorCode } from './processes.ts';

/** Where everything of one installation's database lies. All paths are absolute and without symbolic links. */
export interface DataFolder {
  root: string;
  /** The cluster (PGDATA). Exists only when complete: `initdb` works beside it and the result is renamed. */
  cluster: string;
  log: string;
  startLock: string;
  /** Only on Windows, where the server listens on TCP and needs a password. */
  passwordFile: string;
  /** Folder of the unix socket, with mode 0700. */
  socketFolder: string;
}

/** What a postmaster writes about itself into `postmaster.pid`. */
export interface PostmasterFile {
  pid: number;
  /** The cluster it serves: another one when the folder was copied from, or moved, while a server ran. */
  cluster: string;
  port: number;
  /** Folder of its socket, '' when it has none. */
  socketFolder: string;
  ready: boolean;
}

/** Where to connect. `password` only where the server listens on TCP. */
export interface Address {
  host: string;
  port: number;
  password?: string;
}

export const onWindows = process.platform === 'win32';
/** Only names the socket file: nothing listens on TCP. */
export const socketPort = 5432;
export const socketFileName = `.s.PGSQL.${socketPort}`;
const longestSocketPath = 100; // bytes; the systems' limits are 107 (Linux) and 103 (macOS)

/** Creates the folder when missing (mode 0700: other users of the machine must not see customers' data). */
export async function openDataFolder(dataDir: string): Promise<DataFolder> {
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    const folder = await findDataFolder(dataDir);
    await access(folder.root, constants.W_OK | constants.X_OK);
    return folder;
  } catch (error) {
    throw unusable(dataDir, error);
  }
}

const unusable = (dataDir: string, error: unknown): Error =>
  new Error(
    `The data folder ${dataDir} cannot be used (${messageOf(error)}). Choose another one, or run Deskhand as its owner.`,
  );

/**
 * Whether there is such a folder, for whoever only looks and leaves nothing behind. Throws as `openDataFolder` does when it
 * could not be written, or not be made where nothing is yet.
 */
export async function lookAtDataFolder(dataDir: string): Promise<boolean> {
  const place = resolve(dataDir);
  try {
    for (let folder = place; ; folder = dirname(folder)) {
      const found = await stat(folder).catch(error => {
        if (errorCode(error) !== 'ENOENT' || folder === dirname(folder)) throw error;
      });
      if (!found) continue;
      if (!found.isDirectory()) throw new Error(`${folder} is no folder`);
      await access(folder, constants.W_OK | constants.X_OK);
      return folder === place;
    }
  } catch (error) {
    throw unusable(dataDir, error);
  }
}

/** The same without creating anything. Throws the system's error when there is no such folder. */
export async function findDataFolder(dataDir: string): Promise<DataFolder> {
  const root = await realpath(dataDir);
  return {
    root,
    cluster: join(root, 'pg'),
    log: join(root, 'postgres.log'),
    startLock: join(root, 'start.lock'),
    passwordFile: join(root, 'postgres.password'),
    socketFolder: socketFolderOf(root),
  };
}

/**
 * Where the server of this folder listens, or would. A running one is believed rather than computed: it may have been
 * started under another TMPDIR or, on Windows, on another port.
 */
export async function findAddress(folder: DataFolder): Promise<Address> {
  const written = await readPostmasterFile(folder);
  // The file in a copy of a data folder leads to the server of the original.
  const running = written?.cluster === folder.cluster ? written : undefined;
  if (!onWindows)
    return { host: running?.socketFolder || folder.socketFolder, port: running?.port ?? socketPort };
  const password = await readFile(folder.passwordFile, 'utf8').catch(() => '');
  return { host: '127.0.0.1', port: running?.port ?? 0, password };
}

/** The `postmaster.pid` of this cluster, or undefined when there is none (complete enough to be read). */
export async function readPostmasterFile(folder: DataFolder): Promise<PostmasterFile | undefined> {
  const text = await readFile(join(folder.cluster, 'postmaster.pid'), 'utf8').catch(error => {
    if (errorCode(error) === 'ENOENT') return '';
    if (errorCode(error) !== 'EACCES') throw error;
    throw new Error(
      `${folder.cluster} belongs to another user: run Deskhand as that user, or use another data folder.`,
    );
  });
  const [pid, cluster, , port, socketFolder, , , status] = text.split('\n').map(line => line.trim());
  // A negative number is a single-user PostgreSQL that someone runs by hand.
  if (!/^[1-9]\d*$/.test(pid ?? '') || cluster === undefined || socketFolder === undefined) return undefined;
  return {
    pid: Number(pid),
    cluster: normalize(cluster),
    port: Number(port),
    socketFolder,
    ready: status === 'ready',
  };
}

/** Creates the folder for the socket; refuses one that another user put into the temporary folder before us. */
export async function makeSocketFolder(folder: DataFolder): Promise<void> {
  if (onWindows) return;
  await mkdir(folder.socketFolder, { recursive: true, mode: 0o700 });
  const found = await lstat(folder.socketFolder);
  const cluster = await lstat(folder.cluster);
  const ours = found.uid === cluster.uid || found.uid === process.getuid?.();
  if (found.isDirectory() && ours) return chmod(folder.socketFolder, 0o700);
  throw new Error(
    `${folder.socketFolder} is not a folder of this user. Remove it, or use a shorter data folder path.`,
  );
}

function socketFolderOf(root: string): string {
  const inside = join(root, 'run');
  if (fits(inside)) return inside;
  const name = `deskhand-${createHash('sha256').update(root).digest('hex').slice(0, 16)}`;
  const temporary = join(tmpdir(), name);
  return fits(temporary) ? temporary : join('/tmp', name);
}

function fits(socketFolder: string): boolean {
  return Buffer.byteLength(join(socketFolder, socketFileName)) <= longestSocketPath;
}
