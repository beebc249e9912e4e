import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageRoot } from '../../core/kernel/database/package-root.ts';

// Whoever comes into a room of the kernel reads there what each file is for: one that is left out is not found.

const kernel = path.join(packageRoot, 'core/kernel');
const rooms = readdirSync(kernel, { withFileTypes: true })
  .filter(entry => entry.isDirectory())
  .map(({ name }) => name);

/** Files of a room and of the folders in it, as its README calls them: `postgres/probe.ts`. */
const filesOf = (room: string): string[] =>
  readdirSync(path.join(kernel, room), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts'))
    .map(name => name.replaceAll(path.sep, '/'));

/** Files that a README does not name, and names in it of which there is no file. */
function mistakes(readme: string, files: readonly string[]) {
  const named = [...readme.matchAll(/`([\w./-]+\.ts)`/g)].map(([, name = '']) => name);
  return {
    left_out: files.filter(file => !named.includes(file)),
    not_there: named.filter(name => !files.includes(name)),
  };
}

describe('the README of a room of the kernel', () => {
  test.each(rooms)('names every file of %s and none that is not there', room => {
    const readme = readFileSync(path.join(kernel, room, 'README.md'), 'utf8');
    expect(mistakes(readme, filesOf(room))).toEqual({ left_out: [], not_there: [] });
  });

  test('is found out when it leaves a file out or names one that has gone', () => {
    const readme = '- `sql.ts`: statements\n- `postgres/probe.ts`, `gone.ts`: whether it answers; see db.ts';
    expect(mistakes(readme, ['db.ts', 'postgres/probe.ts', 'sql.ts'])).toEqual({
      left_out: ['db.ts'],
      not_there: ['gone.ts'],
    });
    expect(filesOf('database')).toContain('postgres/probe.ts');
  });
});
