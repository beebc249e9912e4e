import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { dumpSchema } from '../../api/build/dump-schema.ts';
import { migrate, readMigrations } from '../../core/kernel/database/migrate.ts';
import { packageRoot } from '../../core/kernel/database/package-root.ts';
import { inEmptyDatabase, superuserAt } from './superuser.ts';

const folder = path.join(packageRoot, 'migrations');
const fileNames = async () => (await readMigrations(folder)).map(({ name }) => name);

test('migrations/schema.sql is what the migrations make; `npm run schema:dump` brings it up to date', async () => {
  await inEmptyDatabase(async name => {
    await migrate(superuserAt(name));
    const kept = await readFile(path.join(folder, 'schema.sql'), 'utf8');
    expect(await dumpSchema(superuserAt(name))).toBe(kept);
  });
});

test('migrating a second time does nothing', async () => {
  await inEmptyDatabase(async name => {
    expect(await migrate(superuserAt(name))).toEqual(await fileNames());
    const before = await dumpSchema(superuserAt(name));
    expect(await migrate(superuserAt(name))).toEqual([]);
    expect(await dumpSchema(superuserAt(name))).toBe(before);
  });
});

test('several processes that migrate at once all succeed, and every file runs once', async () => {
  await inEmptyDatabase(async name => {
    const runs = await Promise.all([1, 2, 3].map(() => migrate(superuserAt(name))));
    expect(runs.flat().sort()).toEqual(await fileNames());
  });
});

test('a file that was edited after it had run is refused with a sentence that says what to do', async () => {
  const copy = await mkdtemp(path.join(tmpdir(), 'deskhand-migrations-'));
  try {
    await cp(folder, copy, { recursive: true });
    await inEmptyDatabase(async name => {
      const [first = ''] = await migrate(superuserAt(name), copy);
      expect(await migrate(superuserAt(name), copy)).toEqual([]);
      await writeFile(path.join(copy, first), '-- another text', { flag: 'a' });
      await expect(migrate(superuserAt(name), copy)).rejects.toThrow(
        `${first} was edited after it had run; put it back and add a new migration instead.`,
      );
    });
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
});

test('a file that fails leaves nothing behind and is named', async () => {
  const copy = await mkdtemp(path.join(tmpdir(), 'deskhand-migrations-'));
  try {
    await cp(folder, copy, { recursive: true });
    const broken = '99990101000000_half__create.sql';
    await writeFile(path.join(copy, broken), 'create table half (id uuid); select 1 / 0;');
    await inEmptyDatabase(async name => {
      await expect(migrate(superuserAt(name), copy)).rejects.toThrow(`${broken}: division by zero`);
      expect(await dumpSchema(superuserAt(name))).not.toContain('create table half');
      await writeFile(path.join(copy, broken), 'create table half (id uuid);');
      expect(await migrate(superuserAt(name), copy)).toEqual([broken]);
    });
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
});
