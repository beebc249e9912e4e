import { chmod, cp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { packageRoot } from '../../core/kernel/database/package-root.ts';
import { buildBridge } from './bridge.ts';
import { buildProgram } from './program.ts';
import { buildCards, buildScripts } from './scripts.ts';

// The last step of `npm run build`: makes `node dist` and the installed `deskhand` start the command line.
const program = path.join(packageRoot, 'dist', 'program');
// The names of its parts change with what is in them.
await rm(program, { recursive: true, force: true });
await buildProgram(program);
const entry = path.join(packageRoot, 'dist', 'index.js');
await writeFile(entry, "#!/usr/bin/env node\nimport './program/main.js';\n");
await chmod(entry, 0o755);

// What programs on other machines start to reach a server here.
await buildBridge(path.join(packageRoot, 'dist', 'mcp', 'static'));

// The fonts of what is printed.
const fonts = path.join('core', 'paper', 'fonts');
await cp(path.join(packageRoot, fonts), path.join(packageRoot, 'dist', fonts), { recursive: true });

// What the pages serve: style sheets and pictures as they are, scripts made small.
const statics = path.join('web-review', 'static');
const built = path.join(packageRoot, 'dist', statics);
await cp(path.join(packageRoot, statics), built, { recursive: true });
await buildScripts(built);
await buildCards(path.join(packageRoot, 'dist', 'mcp', 'static'));
