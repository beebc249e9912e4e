import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin as Step } from 'esbuild';
import type { Plugin } from 'vitest/config';

/** Where the product is; what is in `test` goes through Vitest as ever. */
const folders = ['core', 'api', 'mcp', 'web-review', 'authorization-queue'];
const root = path.resolve(import.meta.dirname, '..', '..');
const kept = path.join(root, '.tools', 'compiled');
const day_ms = 24 * 60 * 60 * 1000;

/**
 * Lets the tests load the product as modules of Node. Vitest would run each as a function of its own, in which every use of an
 * import is a question to an object: a quarter of what its workers did, and the translating was most of what its own process
 * did. Not while it watches, for it does not see such modules change.
 */
export function compiled(): Plugin {
  let place: string | undefined;
  return {
    name: 'compiled',
    enforce: 'pre',
    async configureVitest({ vitest }) {
      if (!vitest.config.watch) place = await compile();
    },
    resolveId(source, importer) {
      if (place === undefined || importer === undefined || !/^\.{1,2}\/.*\.ts$/.test(source))
        return undefined;
      const file = path.relative(root, path.resolve(path.dirname(importer), source));
      if (!folders.some(folder => file.startsWith(`${folder}${path.sep}`))) return undefined;
      return path.join(place, named(file));
    },
  };
}

/** Compiles each source to a file of its own unless that was done; answers the folder, named after what is in the sources. */
async function compile(): Promise<string> {
  const sources = (await Promise.all(folders.map(sourcesIn))).flat().sort();
  const hash = createHash('sha256').update(await readFile(import.meta.filename));
  for (const source of sources) hash.update(source).update(await readFile(path.join(root, source)));
  const place = path.join(kept, hash.digest('hex').slice(0, 16));
  if (existsSync(place)) {
    // In use: not among those to be cleared away.
    await utimes(place, new Date(), new Date());
    return place;
  }
  await mkdir(kept, { recursive: true });
  await clearAway(kept);
  // Runs beside each other make the same, and find it whole or not at all.
  const own = `${place}.${process.pid}`;
  await build({
    entryPoints: sources,
    absWorkingDir: root,
    outbase: root,
    outdir: own,
    bundle: true,
    // Each is as it was written: nothing is left out.
    treeShaking: false,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: 'linked',
    sourcesContent: false,
    plugins: [step],
    logLevel: 'error',
  });
  await rename(own, place).catch(async error => {
    if (!existsSync(place)) throw error;
    await rm(own, { recursive: true });
  });
  return place;
}

const step: Step = {
  name: 'one file each',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /./ }, ({ kind, path: name }) =>
      kind === 'entry-point'
        ? undefined
        : { path: name.startsWith('.') ? named(name) : name, external: true },
    );
    // A file looks for what lies beside it: beside its source.
    onLoad({ filter: /\.ts$/ }, async ({ path: file }) => ({
      contents: (await readFile(file, 'utf8')).replaceAll(
        'import.meta.url',
        JSON.stringify(pathToFileURL(file).href),
      ),
      loader: 'ts',
    }));
  },
};

const named = (source: string): string => source.replace(/\.ts$/, '.js');

async function sourcesIn(folder: string): Promise<string[]> {
  const names = await readdir(path.join(root, folder), { recursive: true });
  return names.filter(name => name.endsWith('.ts')).map(name => path.join(folder, name));
}

/** What nobody has used for a day. */
export async function clearAway(kept: string): Promise<void> {
  for (const name of await readdir(kept)) {
    const place = path.join(kept, name);
    // Another run may have cleared it away at this very moment.
    const used_ms = (await stat(place).catch(() => undefined))?.mtimeMs ?? Date.now();
    if (Date.now() - used_ms > day_ms) await rm(place, { recursive: true, force: true });
  }
}
