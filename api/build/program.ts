import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { packageRoot } from '../../core/kernel/database/package-root.ts';

/**
 * Puts the modules of the command line together into a few files, one for each set that commands load together: looking for a
 * thousand modules takes longer than running them, and a client on stdio waits for that. Packages stay packages.
 */
export async function buildProgram(folder: string): Promise<void> {
  const { outputFiles } = await build({
    entryPoints: [path.join(packageRoot, 'dist/api/cli/main.js')],
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    chunkNames: 'part-[hash]',
    logLevel: 'error',
    write: false,
  });
  await mkdir(folder, { recursive: true });
  await Promise.all(outputFiles.map(({ path: file, text }) => writeFile(file, inAscii(text))));
}

/**
 * One letter beyond Latin (an arrow, a dash) makes the engine keep the whole file with two bytes a letter for as long as it runs.
 * What esbuild leaves as it is stands in templates, regular expressions and comments, where an escape means the same.
 */
export const inAscii = (text: string): string => {
  // Behind a backslash the escape would be taken for its letters.
  const wrong = /\\[^\0-\x7f]/.exec(text);
  if (wrong)
    throw new Error(
      `a letter needs no backslash: ${text.slice(Math.max(0, wrong.index - 40), wrong.index + 42)}`,
    );
  return text.replace(/[^\0-\x7f]/g, letter => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
};
