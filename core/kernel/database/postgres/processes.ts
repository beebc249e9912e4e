import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** A process that is running now; a zombie is not. Both members are '' where the system does not tell. */
export interface RunningProcess {
  name: string;
  /** When it began, in whatever unit the system counts: a second process with the same id has another value. */
  born: string;
}

const run = promisify(execFile);

/** The process with this id, or undefined when there is none any more or only its zombie. */
export async function findProcess(pid: number): Promise<RunningProcess | undefined> {
  if (!isKnown(pid)) return undefined;
  if (process.platform === 'linux') return fromProc(pid);
  if (process.platform === 'win32') return { name: '', born: '' };
  return fromPs(pid);
}

/** Ids of all processes, where the system lists them in /proc; elsewhere none. */
export async function listProcessIds(): Promise<number[]> {
  const names = await readdir('/proc').catch(() => []);
  return names.filter(name => /^\d+$/.test(name)).map(Number);
}

/** Whether the system still knows this id: a zombie counts, and so does a process of another user. */
export function isKnown(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it exists and belongs to someone else.
    return errorCode(error) === 'EPERM';
  }
}

/** Sends a signal to a process that may have ended a moment ago. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (errorCode(error) !== 'ESRCH') throw error;
  }
}

/** `ENOENT` and the like, of an error of the system. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

async function fromProc(pid: number): Promise<RunningProcess | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (stat === undefined) return isKnown(pid) ? { name: '', born: '' } : undefined;
  // "4711 (name, which may hold spaces and brackets) S 1 …"; state is field 3, start time field 22.
  const end = stat.lastIndexOf(')');
  const fields = stat.slice(end + 2).split(' ');
  if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
  return { name: stat.slice(stat.indexOf('(') + 1, end), born: fields[19] ?? '' };
}

async function fromPs(pid: number): Promise<RunningProcess | undefined> {
  const columns = ['-o', 'stat=', '-o', 'lstart=', '-o', 'comm=', '-p', String(pid)];
  const answer = await run('ps', columns, { env: { PATH: process.env.PATH, LC_ALL: 'C' } }).catch(
    () => undefined,
  );
  // "Ss   Thu Nov 21 03:39:00 2030 /path/to/postgres"
  const found = /^\s*(\S+)\s+(\S+\s+\S+\s+\S+\s+\S+\s+\S+)\s+(.*?)\s*$/.exec(answer?.stdout ?? '');
  if (!found) return isKnown(pid) ? { name: '', born: '' } : undefined;
  const [, state = '', born = '', name = ''] = found;
  return state.startsWith('Z') ? undefined : { name: name.split('/').at(-1) ?? '', born };
}
