import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { packageRoot } from '../../core/kernel/database/package-root.ts';
import { makeBundle } from '../../web-review/connect/bundle.ts';
import { bundleFile } from '../../web-review/connect/hosts.ts';

// `npm run bundle`: the bundle for desktop hosts as a file, which knows no address. A server hands out one that knows its own.

const file = path.join(packageRoot, 'dist', bundleFile);
await writeFile(file, await makeBundle());
console.log(file);
