import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { packageRoot } from '../../core/kernel/package-root.ts';

const statics = path.join(packageRoot, 'web-review/static');

/**
 * Makes the scripts of the pages, small, into a folder: each of `web-review/static` with what it imports, and the rule of
 * the redaction for pages that fetch it when somebody begins to write. What a script loads by its address stays a file of
 * its own.
 */
export async function buildScripts(folder: string): Promise<void> {
  const names = (await readdir(statics)).filter(name => name.endsWith('.js'));
  const how: BuildOptions = {
    outdir: folder,
    entryNames: '[name]',
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2023',
    external: ['/static/*'],
  };
  const others = names.filter(name => name !== closeOut);
  const rule = path.join(packageRoot, 'core/kernel/redaction.ts');
  await build({ ...how, entryPoints: [...others.map(name => path.join(statics, name)), rule] });
  await build({
    ...how,
    entryPoints: [path.join(statics, closeOut)],
    mangleProps: namesOfRule,
    plugins: [withoutCounting],
  });
}

// It has six kilobytes, for the page and the worker together, on one bar of signal.
const closeOut = 'close-out.js';

// Members that only the rule of the redaction knows. Those of the queue stay: they outlive the script that wrote them.
const namesOfRule =
  /^(digits|link|nearCardWord|ssnWord|cvvWord|taken|letters|starts|ends|plain|groups|spans|effort|shape|label|before|after|found|first|last|start|end|kind)$/;

/** The rule counts its work for a test; browsers need not. */
const withoutCounting: Plugin = {
  name: 'without-counting',
  setup(bundler) {
    bundler.onLoad({ filter: /redaction\.ts$/ }, async ({ path: file }) => ({
      contents: (await readFile(file, 'utf8')).replace(/^.*\beffort\.steps \+= .*;$/gm, ''),
      loader: 'ts',
    }));
  },
};
