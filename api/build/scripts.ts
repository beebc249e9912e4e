import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { packageRoot } from '../../core/kernel/database/package-root.ts';

export const statics = path.join(packageRoot, 'web-review/static');
const cards = path.join(packageRoot, 'mcp/static');

const small: BuildOptions = { bundle: true, minify: true, format: 'esm', target: 'es2023' };

/** Makes the script and the style of the cards into a folder, each one file: a host loads nothing beside the page. */
export const buildCards = (folder: string): Promise<unknown> =>
  build({
    ...small,
    outdir: folder,
    entryPoints: ['card.js', 'card.css'].map(name => path.join(cards, name)),
  });

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
    ...small,
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
export const closeOut = 'close-out.js';

// Members that only the rule of the redaction knows. Those of the queue stay: they outlive the script that wrote them.
export const namesOfRule =
  /^(digits|link|nearCardWord|ssnWord|cvvWord|taken|letters|starts|ends|plain|groups|spans|effort|shape|label|before|after|found|first|last|start|end|kind)$/;

/**
 * What the rule does for tests and for servers with much to read: it counts its work, looks at a text in haste first, and says what
 * it found.
 */
const beside = /^.*\beffort\.steps \+= .*;$|^.*\bif \(isHarmless\(text\)\).*;$|^ *found\.push\(.*;$/gm;

/** Numbers as people write them: what somebody disguises on purpose is left to the server. */
const undisguised = (source: string): string =>
  source.replace(/^import \{ IN_DISGUISE \} .*$/m, '').replaceAll('IN_DISGUISE', 'false');

/**
 * The digits by what the browser knows of Unicode instead of by a table: the tens of each script stand in a row, so the
 * place in the row tells the digit.
 */
const byClass = (source: string): string =>
  source.replace(
    /^function digitOf[\s\S]*?^}$/m,
    `const isDigit = code => /\\p{Nd}/u.test(String.fromCodePoint(code));
function digitOf(code) {
  if (!isDigit(code)) return '~';
  let place = 0;
  while (isDigit(code - place - 1)) place += 1;
  return String(place % 10);
}`,
  );

/** Patterns in the fewest letters: `/a|b/` for a list that is joined, `\d` for a digit. */
const shortPatterns = (source: string): string =>
  source
    .replace(
      /new RegExp\(\s*\[((?:\s*'[^']*',)+)\s*\]\.join\('\|'\),?\s*\)/g,
      (_, list: string) => `/${(list.match(/(?<=')[^',\s][^']*(?=')/g) ?? []).join('|')}/`,
    )
    .replaceAll('[0-9]', '\\d');

/** Nothing counts the work in a page, and nothing asks for less than the whole rule. */
const uncounted = (source: string): string =>
  source.replace(
    /, effort: Effort(?: = \{ steps: 0 \})?|(?<=spans: \[\]), effort\b|, effort(?=\))|, unusual = true|!unusual \|\| /g,
    '',
  );

/** `redaction.ts` and what it imports. */
const filesOfRule =
  /kernel.words.(?:redaction|card-numbers|digit-groups|number-scan|plain-letters|social-security-numbers)\.ts$/;

const smallRule: Plugin = {
  name: 'small-rule',
  setup(bundler) {
    bundler.onLoad({ filter: filesOfRule }, async ({ path: file }) => ({
      contents: byClass(
        shortPatterns(uncounted(undisguised((await readFile(file, 'utf8')).replace(beside, '')))),
      ),
      loader: 'ts',
    }));
  },
};
