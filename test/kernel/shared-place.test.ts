import { expect, test } from 'vitest';
import { foundBusiness } from '../../core/organizations/found.ts';
import { openPlace, type Place, takePlace } from '../support/shared-place.ts';

const name = async ({ database }: Place) =>
  (await database.owner.query('select current_database() as name')).rows[0]?.name;

/** How many rows each table has that has any. */
async function rowsOf({ database }: Place): Promise<Record<string, number>> {
  const { rows: tables } = await database.owner.query(
    `select relname as name from pg_class
    where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition`,
  );
  const counts = tables.map(async ({ name: table }) => {
    const { rows } = await database.owner.query(`select count(*)::int as count from ${table}`);
    return [String(table), Number(rows[0]?.count)] as const;
  });
  return Object.fromEntries((await Promise.all(counts)).filter(([, count]) => count > 0));
}

const found = ({ db }: Place) =>
  foundBusiness(db, {
    slug: 'bright-panes',
    name: 'Bright Panes Window Cleaning',
    time_zone: 'America/Chicago',
    owner: { email: 'olivia@brightpanes.example', name: 'Olivia Bright' },
  });

test('the next file of a worker finds its database as empty as a new one', async () => {
  const first = await takePlace();
  await found(first);
  const before = await name(first);
  expect(await rowsOf(first)).toMatchObject({ organizations: 1, users: 1 });
  await first.leave();

  const second = await takePlace();
  const fresh = await openPlace();
  expect(await name(second)).toBe(before);
  expect(await rowsOf(second)).toEqual(await rowsOf(fresh));
  await Promise.all([second.leave(), fresh.leave()]);
});

test.each([
  ['is gone', 'delete from paces'],
  ['was changed', "update paces set free_at = now(), place = 'elsewhere'"],
])('what a migration has filled and %s is put back for the next file', async (_what, change) => {
  const rows = async ({ database }: Place) =>
    (await database.owner.query('select * from paces order by name')).rows;
  const first = await takePlace();
  const [before, filled] = [await name(first), await rows(first)];
  expect(filled).not.toEqual([]);
  await first.database.owner.query(change);
  expect(await rows(first)).not.toEqual(filled);
  await first.leave();

  const second = await takePlace();
  expect([await name(second), await rows(second)]).toEqual([before, filled]);
  await second.leave();
});

test('a trigger that was off for a while leaves the database as it was', async () => {
  const first = await takePlace();
  const before = await name(first);
  await first.database.owner.query('alter table contacts disable trigger user');
  await first.database.owner.query('alter table contacts enable trigger user');
  await first.leave();
  const second = await takePlace();
  expect(await name(second)).toBe(before);
  await second.leave();
});

test.each([
  ['a table', 'create table left_behind (id int)'],
  ['a column', 'alter table contacts add column left_behind int'],
  ['what is counted of a column', 'alter table contacts alter column organization_id set (n_distinct = 100)'],
  ['a right', 'revoke select on contacts from deskhand_app'],
  ['a trigger', 'alter table contacts disable trigger user'],
  [
    'a function',
    'create or replace function current_organization() returns uuid language sql as $$ select null::uuid $$',
  ],
  ['a rule', 'alter table contacts drop constraint contacts_kind_check'],
])('after a file that leaves %s otherwise, the next one gets a new database', async (_what, change) => {
  const first = await takePlace();
  const before = await name(first);
  await first.database.owner.query(change);
  await first.leave();
  const second = await takePlace();
  expect(await name(second)).not.toBe(before);
  await second.leave();
});

test('who comes while a file is at work gets a database of their own', async () => {
  const [first, second] = [await takePlace(), await takePlace()];
  expect(await name(second)).not.toBe(await name(first));
  await Promise.all([first.leave(), second.leave()]);
});
