import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { packageRoot } from '../../core/kernel/database/package-root.ts';

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
  const rule = path.join(packageRoot, 'core/kernel/words/redaction.ts');
  await build({ ...how, entryPoints: [...others.map(name => path.join(statics, name)), rule] });
  await build({
    ...how,
    entryPoints: [path.join(statics, closeOut)],
    mangleProps: namesOfRule,
    plugins: [smallRule],
  });
}

// It has six kilobytes, for the page and the worker together, on one bar of signal.
const closeOut = 'close-out.js';

// Members that only the rule of the redaction knows. Those of the queue stay: they outlive the script that wrote them.
const namesOfRule =
  /^(digits|link|nearCardWord|ssnWord|cvvWord|taken|letters|starts|ends|plain|groups|spans|effort|shape|label|before|after|found|first|last|start|end|kind)$/;

/** What the rule does for tests and for servers with much to read: it counts its work, and looks at a text in haste first. */
const beside = /^.*\beffort\.steps \+= .*;$|^.*\bif \(isHarmless\(text\)\).*;$/gm;

/** The zeros of all digits, each as its distance from the one before: few different numbers cost few bytes. */
const asDistances = (source: string): string =>
  source.replace(/const ZEROS =\s*([^;]+);/, (_, list: string) => {
    const zeros = list.match(/[0-9a-f]{3,}/g)?.map(zero => Number.parseInt(zero, 16)) ?? [];
    const distances = zeros.map((zero, index) => (zero - (zeros[index - 1] ?? 0)).toString(36));
    return `let zero = 0;
const ZEROS = '${distances.join(' ')}'.split(' ').map(far => (zero += Number.parseInt(far, 36)).toString(16)).join(' ');`;
  });

const smallRule: Plugin = {
  name: 'small-rule',
  setup(bundler) {
    bundler.onLoad({ filter: /redaction\.ts$/ }, async ({ path: file }) => ({
      contents: asDistances((await readFile(file, 'utf8')).replace(beside, '')),
      loader: 'ts',
    }));
  },
};
