import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { packageRoot } from '../../core/kernel/database/package-root.ts';
import { temporaryRoot } from './temporary.ts';

/** What is started, before the arguments of a command. */
export type Program = readonly [file: string, ...args: string[]];

/** The command line as people start it: `node dist …`. */
export const installed: Program = [process.execPath, path.join(packageRoot, 'dist')];

export interface Finished {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a command to its end. What it prints is read to the end, or as `| head -1` reads it. */
export function runCommand(
  args: readonly string[],
  env: Record<string, string>,
  [file, ...before]: Program = installed,
  reads: 'everything' | 'the beginning' = 'everything',
): Promise<Finished> {
  const child = spawn(file, [...before, ...args], {
    env: cleanEnv(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const finished: Finished = { code: null, stdout: '', stderr: '' };
  child.stdout.on('data', chunk => {
    finished.stdout += String(chunk);
    if (reads === 'the beginning') child.stdout.destroy();
  });
  child.stderr.on('data', chunk => {
    finished.stderr += String(chunk);
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', code => resolve({ ...finished, code }));
  });
}

export interface RunningServer {
  baseUrl: string;
  process: ChildProcess;
  /** Everything it has printed so far. */
  output(): string;
  errors(): string;
  /** Asks it to stop and waits for its end; answers the exit code. */
  stop(): Promise<number | null>;
}

/** Another program than `node dist`, or another user than the one who runs the tests. */
export interface HowToStart {
  command?: Program;
  cwd?: string;
  uid?: number;
  gid?: number;
}

/** Starts `deskhand serve` on a free port and waits until it says that it is ready. */
export function startServer(env: Record<string, string>, how: HowToStart = {}): Promise<RunningServer> {
  const { command = installed, ...options } = how;
  const [file, ...args] = command;
  const child = spawn(file, [...args, 'serve'], {
    ...options,
    env: cleanEnv({ PORT: '0', LOG_LEVEL: 'warn', DATABASE_CONNECTIONS: '4', ...env }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  child.stderr.on('data', chunk => {
    errors += String(chunk);
  });
  const ended = new Promise<number | null>(resolve => child.once('close', resolve));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', code => reject(new Error(`the server ended with ${code}:\n${output}\n${errors}`)));
    child.stdout.on('data', chunk => {
      output += String(chunk);
      const baseUrl = /Deskhand is ready at (\S+)/.exec(output)?.[1];
      // The welcome is printed in one piece; its last line tells the MCP address.
      if (baseUrl === undefined || !/^MCP /m.test(output)) return;
      resolve({
        baseUrl,
        process: child,
        output: () => output,
        errors: () => errors,
        stop: () => {
          child.kill('SIGTERM');
          return ended;
        },
      });
    });
  });
}

/** A folder of its own, removed by `remove`; when the run is killed, by the next one (support/cluster.ts). */
export async function temporaryFolder(): Promise<{ path: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(path.join(temporaryRoot(), `deskhand-test-${process.pid}-`));
  return { path: folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

// A developer's own settings must not reach the program under test.
/** The history of the demo would be written beside whatever a test does: who wants it says so. */
function cleanEnv(env: Record<string, string>): Record<string, string> {
  const { PATH = '', HOME = '', TMPDIR = '' } = process.env;
  return { PATH, HOME, ...(TMPDIR ? { TMPDIR } : {}), DESKHAND_DEMO: 'small', ...env };
}
