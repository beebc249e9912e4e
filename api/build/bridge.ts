import { copyFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { packageRoot } from '../../core/kernel/database/package-root.ts';

/** Makes the bridge one file that needs nothing but Node.js, and lays the icon of bundles beside it. */
export async function buildBridge(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await build({
    entryPoints: [path.join(packageRoot, 'dist/mcp/bridge-program.js')],
    outfile: path.join(folder, 'deskhand-mcp.mjs'),
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'error',
  });
  await copyFile(path.join(packageRoot, 'mcp/static/icon.png'), path.join(folder, 'icon.png'));
}
