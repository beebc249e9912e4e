import path from 'node:path';
import { build } from 'esbuild';
import { packageRoot } from '../../core/kernel/database/package-root.ts';

/**
 * Puts the modules of the command line together into a few files, one for each set that commands load together: looking for a
 * thousand modules takes longer than running them, and a client on stdio waits for that. Packages stay packages.
 */
export async function buildProgram(folder: string): Promise<void> {
  await build({
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
  });
}
