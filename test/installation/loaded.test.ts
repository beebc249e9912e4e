import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../core/kernel/database/package-root.ts';

// What a start of the program reads (decision 067). Each part says in comments which modules it is made of.

const folder = path.join(packageRoot, 'dist', 'program');

async function parts(): Promise<Map<string, string>> {
  const names = (await readdir(folder)).filter(name => name.endsWith('.js'));
  const texts = await Promise.all(names.map(name => readFile(path.join(folder, name), 'utf8')));
  return new Map(names.map((name, at) => [name, texts[at] ?? '']));
}

/** The parts that are read with this one, itself included; those that are asked for later are not. */
function readWith(all: Map<string, string>, name: string, found = new Set<string>()): Set<string> {
  if (found.has(name)) return found;
  found.add(name);
  for (const [, next = ''] of (all.get(name) ?? '').matchAll(
    /^(?:import|\}? ?from|.*\bfrom) "\.\/(.+\.js)";$/gm,
  ))
    readWith(all, next, found);
  return found;
}

test('a server starts without its pages, without what agents need and without what draws paper', async () => {
  const all = await parts();
  const holds = (module: string) =>
    [...all.keys()].filter(name => all.get(name)?.includes(`// dist/${module}\n`));
  const [serve = ''] = holds('api/cli/serve.js');
  const start = readWith(all, serve);
  const isRead = (module: string) => {
    const where = holds(module);
    expect({ module, parts: where.length }).toEqual({ module, parts: 1 });
    return where.some(name => start.has(name));
  };
  // The control: what every call needs is found.
  expect(isRead('core/catalog.js')).toBe(true);
  expect(isRead('api/mcp.js')).toBe(true);
  // Read when the first agent calls (decision 074).
  expect(isRead('mcp/http.js')).toBe(false);
  expect(isRead('mcp/tools/index.js')).toBe(false);
  expect(isRead('web-review/router.js')).toBe(false);
  expect(isRead('web-review/home/home.js')).toBe(false);
  expect(isRead('core/paper/typeset.js')).toBe(false);
});
