import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
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

/** The parts that hold a module. */
const holding = (all: Map<string, string>, module: string): string[] =>
  [...all.keys()].filter(name => all.get(name)?.includes(`// dist/${module}\n`));

test('a server starts without its pages, without what agents need and without what draws paper', async () => {
  const all = await parts();
  const holds = (module: string) => holding(all, module);
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
  // Express carries pages alone.
  expect(isRead('api/http/web.js')).toBe(false);
  expect(isRead('core/import/csv/calendar.js')).toBe(false);
});

test('a server starts without packages that only some calls want', async () => {
  const all = await parts();
  const [serve = ''] = holding(all, 'api/cli/serve.js');
  const texts = [...readWith(all, serve)].map(name => all.get(name) ?? '');
  const isRead = (name: string) => texts.some(text => text.includes(` from "${name}";`));
  // The control: what every call needs is found.
  expect(isRead('pg')).toBe(true);
  for (const name of ['express', 'helmet', 'express-rate-limit', 'ical.js', 'chrono-node', 'pdfkit'])
    expect({ name, isRead: isRead(name) }).toEqual({ name, isRead: false });
});

test('a server starts without fetch, which takes 3 MB', async () => {
  const all = await parts();
  const [serve = ''] = holding(all, 'api/cli/serve.js');
  const urls = [path.join(packageRoot, 'dist/api/cli/leftovers.js'), path.join(folder, serve)];
  const child = `
    const isRead = () => process.moduleLoadList.includes('NativeModule internal/deps/undici/undici');
    const [{ sayWhatRuns }, serve] = [await import(${JSON.stringify(urls[0])}), ${JSON.stringify(urls[1])}];
    sayWhatRuns();
    await import(serve);
    const before = isRead();
    // The control: this reads it.
    new Response();
    console.log(before, isRead());
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', child], {
    timeout: 60_000,
  });
  expect(stdout).toBe('false true\n');
});
