import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { packageRoot } from '../../core/kernel/database/package-root.ts';
import { useOffice } from '../support/office.ts';
import { allowed, owners } from './tables.ts';

const office = useOffice();
const queue = 'authorization-queue';

let tables: ReadonlySet<string>;
let folders: ReadonlySet<string>;
let files: readonly File[];

interface File {
  /** A folder of core, or the authorization queue. */
  folder: string;
  name: string;
  comments: string;
  /** The tables its statements name. */
  tables: readonly string[];
}

beforeAll(async () => {
  const { rows } = await office().database.owner.query<{ name: string }>(
    `select relname as name from pg_class
     where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace and not relispartition`,
  );
  tables = new Set(rows.map(({ name }) => name));
  folders = new Set([...(await readdir(path.join(packageRoot, 'core'))), queue]);
  files = (await Promise.all([readFolder('core'), readFolder(queue)])).flat();
});

async function readFolder(root: string): Promise<File[]> {
  const names = await readdir(path.join(packageRoot, root), { recursive: true });
  return Promise.all(
    names
      .filter(name => name.endsWith('.ts'))
      .map(async name => {
        const text = await readFile(path.join(packageRoot, root, name), 'utf8');
        const folder = root === queue ? queue : (name.split(path.sep)[0] ?? '');
        return { folder, name, comments: text.match(comment)?.join(' ') ?? '', tables: namedIn(text) };
      }),
  );
}

const ownerOf = (table: string): string => owners[table] ?? (folders.has(table) ? table : '');

const comment = /\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm;

function namedIn(text: string): string[] {
  const statements = text.replace(comment, '');
  const named = statements.matchAll(/\b(?:from|join|into|update)(?:: ')?\s*(?:only\s+)?\b([a-z_]+)\b/g);
  return [...new Set([...named].map(([, name = '']) => name).filter(name => tables.has(name)))];
}

describe('the tables of a domain', () => {
  test('belong to somebody, each of them', () => {
    expect(tables.size).toBeGreaterThan(20);
    for (const name of tables) expect({ [name]: folders.has(ownerOf(name)) }).toEqual({ [name]: true });
    expect(Object.keys(owners).filter(name => !tables.has(name) || owners[name] === name)).toEqual([]);
  });

  test('are named in the statements of others only where somebody allowed it', () => {
    const pairs = files.flatMap(file =>
      file.tables.filter(table => ownerOf(table) !== file.folder).map(table => `${file.folder} → ${table}`),
    );
    const known = Object.entries(allowed).flatMap(([folder, names]) =>
      names.map(table => `${folder} → ${table}`),
    );
    expect([...new Set(pairs)].sort()).toEqual(known.sort());
  });

  test('are listed by each file of core/reading that names them', () => {
    const reading = files.filter(file => file.folder === 'reading' && file.tables.length > 0);
    expect(reading.length).toBeGreaterThan(3);
    for (const { name, comments, tables } of reading) {
      const [, listed = ''] = /\bReads\b([\s\S]*)/.exec(comments) ?? [];
      const unsaid = tables.filter(table => !new RegExp(`\\b${table}\\b`).test(listed));
      expect({ [name]: unsaid }).toEqual({ [name]: [] });
    }
  });
});
