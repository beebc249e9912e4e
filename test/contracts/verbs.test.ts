import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { catalog } from '../../core/catalog.ts';
import { packageRoot } from '../../core/kernel/database/package-root.ts';
import { plainActions } from '../../core/kernel/records/record-actions.ts';
import { registry } from './registered.ts';

// A folder of the business reads as the list of its verbs: what somebody can do stands in a file of that name.

/** What is written by hand; the plain actions of a record have no file. */
const plain = new Set(
  catalog.flatMap(({ records = [] }) =>
    records.flatMap(record =>
      plainActions(record, registry.relations).map(({ domain, name }) => `${domain}.${name}`),
    ),
  ),
);
const byHand = [...registry.actions.values()].filter(({ id }) => !plain.has(id));

const folders = [
  ...readdirSync(path.join(packageRoot, 'core'), { withFileTypes: true })
    .filter(entry => entry.isDirectory() && entry.name !== 'kernel' && entry.name !== 'workflows')
    .map(({ name }) => `core/${name}`),
  'authorization-queue',
];

const sources = new Map<string, string>(
  folders.flatMap(folder =>
    readdirSync(path.join(packageRoot, folder))
      .filter(name => name.endsWith('.ts'))
      .map(
        name => [`${folder}/${name}`, readFileSync(path.join(packageRoot, folder, name), 'utf8')] as const,
      ),
  ),
);

/** The folder whose index registers a domain. */
const folderOf = (domain: string) =>
  folders.find(folder =>
    new RegExp(`defineDomain\\(\\{\\s+name: '${domain}'`).test(sources.get(`${folder}/index.ts`) ?? ''),
  );

const fileOf = ({ domain, name }: { domain: string; name: string }) =>
  `${folderOf(domain)}/${name.replaceAll('_', '-')}.ts`;

describe('one verb a file, named after it', () => {
  test.each(byHand.map(({ id, spec }) => [id, fileOf(spec), spec.name] as const))(
    '%s stands in %s',
    (_id, file, name) => {
      expect(sources.get(file)?.includes(`name: '${name}'`)).toBe(true);
    },
  );

  test('no file holds two', () => {
    const verbs = (text: string) => text.match(/\bdefine(?:Action|Decision)\(/g)?.length ?? 0;
    const crowded = [...sources].filter(([, text]) => verbs(text) > 1).map(([file]) => file);
    expect(crowded).toEqual([]);
    expect([...sources.values()].filter(text => verbs(text) === 1).length).toBeGreaterThan(60);
  });
});
