import { expect, test } from 'vitest';
import { ownMigrations, readMigrations } from '../../core/kernel/database/migrate.ts';
import { contracting, findContractions, firstRelease } from './expand-only.ts';

test('a migration takes nothing away that the version before still uses', async () => {
  const migrations = await readMigrations(ownMigrations);
  const found = migrations
    .filter(({ name }) => name > firstRelease && contracting[name] === undefined)
    .flatMap(({ name, text }) => findContractions(text).map(why => `${name} ${why}`));
  expect(found).toEqual([]);
  const names = migrations.map(({ name }) => name);
  expect(Object.keys(contracting).filter(name => !names.includes(name))).toEqual([]);
});

test.each([
  ['drop table notes', 'drops a table'],
  ['alter table notes drop column content', 'drops a column'],
  ['alter table notes rename column content to body', 'renames'],
  ['alter table notes alter column content type varchar(80)', 'changes the type of a column'],
  ['alter table notes alter column content set not null', 'makes a column needed'],
  ['alter table notes add column mood text not null', 'adds a column that must be given'],
  ['revoke select on notes from deskhand_app', 'takes a right away'],
  ['drop function set_ctx(uuid)', 'drops a function'],
])('%s is noticed', (statement, why) => {
  expect(findContractions(`-- a comment\n${statement};`)[0]).toContain(why);
});

test.each([
  "alter table notes add column mood text not null default ''",
  'alter table notes add column mood text',
  'create table moods (organization_id uuid not null, id uuid not null)',
  'create or replace function f() returns text language sql as $$ drop table notes $$',
  'revoke execute on function f from public',
  '-- drop table notes',
])('%s is not', statement => {
  expect(findContractions(statement)).toEqual([]);
});
