import path from 'node:path';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { closeOut, namesOfRule, statics } from '../../api/build/scripts.ts';

/** The members that are given short names in the script of the close-out, without what stays outside. */
async function shortened(outside: readonly string[]): Promise<string[]> {
  const { mangleCache } = await build({
    entryPoints: [path.join(statics, closeOut)],
    bundle: true,
    write: false,
    format: 'esm',
    external: ['/static/*', ...outside],
    mangleProps: namesOfRule,
    mangleCache: {},
  });
  return Object.keys(mangleCache ?? {});
}

test('what gets a short name in the script of the close-out is a name of the redaction, and none of a page or a browser', async () => {
  expect(await shortened([])).toContain('digits');
  expect(await shortened(['*/redaction.ts'])).toEqual([]);
});
