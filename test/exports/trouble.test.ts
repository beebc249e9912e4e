import { readFile, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Manifest } from '../../core/exports/format.ts';
import { Sum } from '../../core/exports/zip.ts';
import { newId } from '../../core/kernel/database/ids.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { useOffice } from '../support/office.ts';
import { examples, fc } from '../support/properties.ts';
import { filesIn, manifestIn, restore, useFolder, write, zipUp } from './archives.ts';
import { tellWholeStory } from './whole-story.ts';

// Archives that are broken, cut off or tampered with are refused with words, and leave nothing.

const office = useOffice();
const folder = useFolder();
const file = (name: string) => path.join(folder(), name);
let elsewhere: TestDatabase;
let whole: Map<string, Buffer>;

beforeAll(async () => {
  await tellWholeStory(office(), office().bright, 'Brightly');
  await write(office().db, office().bright.id, file('whole.zip'));
  whole = await filesIn(file('whole.zip'));
  elsewhere = await testDatabase();
});
afterAll(() => elsewhere?.close());

/** How many rows there are of any business, in all tables. */
async function rowsThere(): Promise<number> {
  const { rows } = await elsewhere.owner.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
     and not relispartition
     and relname not in ('schema_migrations', 'paces')`,
  );
  let count = 0;
  for (const { name } of rows)
    count += Number((await elsewhere.owner.query(`select count(*) from ${name}`)).rows[0].count);
  return count;
}

async function expectRefused(archive: string, code: string, words: string | RegExp): Promise<void> {
  const refusal = await restore(elsewhere.admin, archive).then(
    () => 'it was restored',
    (error: unknown) => error,
  );
  expect(refusal).toMatchObject({ code, message: expect.stringMatching(words) });
  expect(Reflect.get(Object(refusal), 'details')).toMatchObject({ hint: expect.stringMatching(/\w/) });
  expect(await rowsThere()).toBe(0);
}

/** An archive with other files in it; with `honest`, the manifest is made to fit, as somebody does who knows how. */
async function tampered(
  change: (files: Map<string, Buffer>, manifest: Manifest) => void,
  { honest = false } = {},
): Promise<string> {
  const files = new Map(whole);
  const manifest = manifestIn(files);
  change(files, manifest);
  if (honest)
    for (const table of manifest.tables) {
      const bytes = files.get(table.file) ?? Buffer.alloc(0);
      const sum = new Sum();
      sum.add(bytes);
      Object.assign(table, sum.ended(), { rows: String(bytes).split('\n').length - 1 });
    }
  if (files.has('manifest.json')) files.set('manifest.json', Buffer.from(JSON.stringify(manifest)));
  const archive = file(`${newId()}.zip`);
  await zipUp(files, archive);
  return archive;
}

const edit = (files: Map<string, Buffer>, name: string, change: (text: string) => string) =>
  files.set(name, Buffer.from(change(String(files.get(name)))));

const lines = (text: string) => text.trimEnd().split('\n');

describe('an archive that is not as it was written', () => {
  test('is refused when it was cut off', async () => {
    const bytes = await readFile(file('whole.zip'));
    for (const part of [0, 1, 100, bytes.length / 2, bytes.length - 1]) {
      await writeFile(file('cut.zip'), bytes);
      await truncate(file('cut.zip'), Math.floor(part));
      await expectRefused(file('cut.zip'), 'VALIDATION_ERROR', /its end is missing/);
    }
  });

  test('is refused when it is something else', async () => {
    await writeFile(file('letter.zip'), 'Dear Sir or Madam');
    await expectRefused(file('letter.zip'), 'VALIDATION_ERROR', /no archive of a business/);
    await zipUp(new Map([['hello.txt', Buffer.from('hello')]]), file('other.zip'));
    await expectRefused(file('other.zip'), 'VALIDATION_ERROR', /it has no manifest.json/);
  });

  test('is refused when one letter of a row is another one', async () => {
    const archive = await tampered(files =>
      edit(files, 'tables/contacts.jsonl', text =>
        text.replace('Jane', 'June').replace('Brightly', 'Brightli'),
      ),
    );
    await expectRefused(archive, 'VALIDATION_ERROR', 'tables/contacts.jsonl is not what was written');
  });

  test('is refused when a file is missing, or is in it that nobody named', async () => {
    const without = await tampered(files => files.delete('tables/notes.jsonl'));
    await expectRefused(without, 'VALIDATION_ERROR', 'tables/notes.jsonl is missing');
    const more = await tampered(files => files.set('tables/users.jsonl', Buffer.from('{}\n')));
    await expectRefused(
      more,
      'VALIDATION_ERROR',
      'tables/users.jsonl is in this archive and not in its manifest',
    );
  });

  test('is refused when any of its bytes are bent, or says exactly what it said', async () => {
    const bytes = await readFile(file('whole.zip'));
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, by) => {
        const bent = Buffer.from(bytes);
        bent[at] = (bent[at] ?? 0) ^ by;
        await writeFile(file('bent.zip'), bent);
        const said = await filesIn(file('bent.zip')).catch(() => undefined);
        const isSame = said !== undefined && [...whole].every(([name, text]) => said.get(name)?.equals(text));
        if (isSame && said.size === whole.size) return;
        await expectRefused(file('bent.zip'), 'VALIDATION_ERROR', /\w/);
      }),
      { numRuns: examples(25) },
    );
  });

  test('is refused when it comes from a newer Deskhand, with what to do', async () => {
    const later = await tampered((_, manifest) =>
      manifest.migrations.push('20991231235959_moons__create.sql'),
    );
    await expectRefused(later, 'VALIDATION_ERROR', 'written by a newer Deskhand');
    const format = await tampered((_, manifest) => Object.assign(manifest, { format_version: 2 }));
    await expectRefused(format, 'VALIDATION_ERROR', 'written by a newer Deskhand');
  });
});

describe('an archive that somebody has made fit after changing it', () => {
  const honest = { honest: true };

  test('brings no row into another business', async () => {
    const other = await testDatabase();
    try {
      const archive = await tampered(
        files =>
          edit(files, 'tables/notes.jsonl', text => text.replaceAll(office().bright.id, office().clear.id)),
        honest,
      );
      // Whose rows they are is not believed; so they read otherwise than the file, and nothing stays.
      await expectRefused(archive, 'VALIDATION_ERROR', 'tables/notes.jsonl does not read the same');
    } finally {
      await other.close();
    }
  });

  test('is refused when a row points to one that is not there', async () => {
    const archive = await tampered(files => files.set('tables/services.jsonl', Buffer.alloc(0)), honest);
    await expectRefused(archive, 'VALIDATION_ERROR', /rows of \w+ point to rows of services/);
  });

  test('is refused when a value cannot be, or a row is there twice', async () => {
    const status = await tampered(
      files =>
        edit(files, 'tables/invoices.jsonl', text => text.replace(/"status":"\w+"/, '"status":"eaten"')),
      honest,
    );
    await expectRefused(status, 'VALIDATION_ERROR', 'holds a row that cannot be one of a business');
    const twice = await tampered(
      files => edit(files, 'tables/notes.jsonl', text => `${text}${lines(text)[0]}\n`),
      honest,
    );
    await expectRefused(twice, 'VALIDATION_ERROR', 'holds a row that cannot be one of a business');
    const bad = await tampered(files => edit(files, 'tables/notes.jsonl', () => '{"id": \n'), honest);
    await expectRefused(bad, 'VALIDATION_ERROR', 'holds a row that cannot be one of a business');
  });

  test('is refused when it names tables or columns that are none of a business’s', async () => {
    const users = await tampered((files, manifest) => {
      files.set('tables/users.jsonl', Buffer.from(`{"id":"${newId()}","email":"eve@example.com"}\n`));
      manifest.tables.push({
        name: 'users',
        file: 'tables/users.jsonl',
        rows: 1,
        bytes: 0,
        sha256: '0'.repeat(64),
        columns: [
          { name: 'id', type: 'uuid' },
          { name: 'email', type: 'text' },
        ],
      });
    }, honest);
    await expectRefused(
      users,
      'VALIDATION_ERROR',
      'This archive says users, which this Deskhand has no place for',
    );
    const column = await tampered((_, { tables }) => {
      tables.find(({ name }) => name === 'notes')?.columns.push({ name: 'taste', type: 'text' });
    }, honest);
    await expectRefused(column, 'VALIDATION_ERROR', 'says notes.taste, which');
  });

  test('does not take over somebody who signs in to another business here', async () => {
    await elsewhere.owner.query(
      `insert into users (id, email) values (gen_random_uuid(), 'olivia@brightpanes.example')`,
    );
    const refusal = restore(elsewhere.admin, file('whole.zip'));
    await expect(refusal).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining(
        'olivia@brightpanes.example already signs in to another business here',
      ),
    });
    await elsewhere.owner.query('delete from users');
    expect(await rowsThere()).toBe(0);
  });
});

test('a whole one is taken where all of these were refused', async () => {
  expect(await restore(elsewhere.admin, file('whole.zip'))).toMatchObject({
    held: 1,
    agent_keys: 2,
    calendars: 1,
  });
  const { rows } = await elsewhere.owner.query(
    `select attempts >= max_attempts as held, last_error from jobs where dedupe_key = 'waits Brightly'`,
  );
  expect(rows).toEqual([{ held: true, last_error: expect.stringContaining('look before you try again') }]);
});
