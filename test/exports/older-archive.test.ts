import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { FixUp } from '../../core/exports/fix-ups.ts';
import { fixUps } from '../../core/exports/fix-ups.ts';
import { openDatabase } from '../../core/kernel/database/db.ts';
import { packageRoot } from '../../core/kernel/database/package-root.ts';
import { raw, sql } from '../../core/kernel/database/sql.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { useOffice } from '../support/office.ts';
import { restore, sumsOf, useFolder, write } from './archives.ts';
import { tellWholeStory } from './whole-story.ts';

// What was exported a year ago comes back into the schema of today.

const office = useOffice();
const folder = useFolder();
const file = (name: string) => path.join(folder(), name);
/** Written by the first schema that could, and never again: see `core/decisions/040-…`. */
const first = path.join(packageRoot, 'test/fixtures/exports/first-schema.zip');
let today: TestDatabase;

beforeAll(async () => {
  await tellWholeStory(office(), office().bright, 'Brightly');
  await write(office().db, office().bright.id, file('now.zip'));
});
beforeEach(async () => {
  today = await testDatabase();
  return () => today.close();
});

test('the first archive there ever was is taken by the schema of today, with every row', async () => {
  const restored = await restore(today.admin, first, { fixUps });
  expect(restored).toMatchObject({ business: { slug: 'bright-panes' } });
  expect(restored.rows).toBeGreaterThan(300);
  const { rows } = await today.owner.query(
    `select (select count(*)::int from contacts) as contacts, (select count(*)::int from audit_log) as history`,
  );
  expect(rows[0].contacts).toBeGreaterThan(5);
  expect(rows[0].history).toBeGreaterThan(100);
});

describe('an archive of the schema before', () => {
  const migration = '20991231000000_later';

  /** The schema goes on: a column with a default, one that must be filled, a new name, one that is gone, a new table. */
  const goOn = () =>
    today.owner.query(`
      alter table notes add column mood text not null default 'calm';
      alter table contacts add column salutation text;
      update contacts set salutation = '' ;
      alter table contacts alter column salutation set not null;
      alter table tasks rename column title to subject;
      alter table services drop column summary_of_old;
      create table moons (organization_id uuid not null, id uuid not null, primary key (organization_id, id));
      insert into schema_migrations (name, hash) values ('${migration}.sql', 'x');`);
  const later: FixUp = {
    migration,
    columns: { tasks: { title: 'subject' }, services: { summary_of_old: null } },
    filled: { contacts: { salutation: `'Dear ' || coalesce(x.full_name, 'customer')` } },
    afterwards: id => [sql`update notes set mood = ${raw(`'old'`)} where organization_id = ${id}::uuid`],
  };

  beforeEach(async () => {
    await office().database.owner.query('alter table services add column if not exists summary_of_old text');
    await write(office().db, office().bright.id, file('before.zip'));
  });
  afterAll(() => office().database.owner.query('alter table services drop column if exists summary_of_old'));

  test('is taken by one that went on, with what the migration says of old rows', async () => {
    await today.owner.query('alter table services add column summary_of_old text');
    await goOn();
    await restore(today.admin, file('before.zip'), { fixUps: [later] });
    const { rows } = await today.owner.query(
      `select (select min(salutation) from contacts) as salutation, (select min(mood) from notes) as mood,
         (select count(*)::int from tasks where subject <> '') as tasks`,
    );
    expect(rows[0]).toMatchObject({ salutation: expect.stringMatching(/^Dear /), mood: 'old' });
    expect(rows[0].tasks).toBeGreaterThan(0);
  });

  test('is refused by one that went on without saying what becomes of it, with words, and leaves nothing', async () => {
    await today.owner.query('alter table services add column summary_of_old text');
    await goOn();
    await expect(restore(today.admin, file('before.zip'))).rejects.toMatchObject({
      code: 'VALIDATION_ERROR',
      message: expect.stringContaining('which this Deskhand has no place for'),
    });
    expect((await today.owner.query('select from organizations')).rowCount).toBe(0);
  });

  test('is taken as it is where columns and tables only came', async () => {
    await today.owner.query(`
      alter table services add column summary_of_old text;
      alter table notes add column mood text not null default 'calm';
      create table moons (organization_id uuid not null, id uuid not null, primary key (organization_id, id))`);
    await restore(today.admin, file('before.zip'));
    const db = openDatabase({ address: today.address });
    try {
      await today.owner.query('alter table notes drop column mood; drop table moons');
      const [was, is] = [
        sumsOf(await write(office().db, office().bright.id, file('was.zip'))),
        sumsOf(await write(db, office().bright.id, file('is.zip'))),
      ];
      const differ = Object.keys(was).filter(name => was[name] !== is[name]);
      expect(differ).toEqual([
        'agent_keys',
        'audit_log',
        'business_deletions',
        'calendar_feeds',
        'exports',
        'jobs',
      ]);
    } finally {
      await db.close();
    }
  });
});

test('the fix-ups stand in the order of their migrations, each of one that there is', async () => {
  const names = fixUps.map(({ migration }) => migration);
  expect(names).toEqual([...names].sort());
  for (const name of names) await readFile(path.join(packageRoot, 'migrations', `${name}.sql`));
});
