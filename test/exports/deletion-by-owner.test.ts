import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eraseBusiness } from '../../core/deletions/erase.ts';
import { type Database, openDatabase } from '../../core/kernel/database/db.ts';
import { newId } from '../../core/kernel/database/ids.ts';
import { useOffice } from '../support/office.ts';
import { sumsOf, useFolder, write } from './archives.ts';
import { tellWholeStory } from './whole-story.ts';

// A database may belong to somebody who is no superuser, as those of most hosts do: a business is deleted there all the same.

const office = useOffice();
const folder = useFolder();
const role = `deskhand_test_${newId().replaceAll('-', '')}`;
let owner: Database;
let deletion_id: string;

beforeAll(async () => {
  const { bright, clear, database } = office();
  await tellWholeStory(office(), bright, 'Brightly');
  await tellWholeStory(office(), clear, 'Quorl');
  const admin = new pg.Client({ ...database.admin, ssl: false });
  await admin.connect();
  await admin.query(`create role ${role} login; grant deskhand_owner to ${role}`);
  const { rows } = await admin.query('select id from business_deletions where organization_id = $1', [
    bright.id,
  ]);
  await admin.end();
  deletion_id = rows[0].id;
  owner = openDatabase({ address: { ...database.admin, user: role } });
});
afterAll(async () => {
  await owner.close();
  const admin = new pg.Client({ ...office().database.admin, ssl: false });
  await admin.connect();
  await admin.query(`drop role ${role}`);
  await admin.end();
});

const answer = async (query: string) =>
  (await office().database.owner.query({ text: query, rowMode: 'array' })).rows;
const asleep = () =>
  answer(`select tgrelid::regclass::text from pg_trigger where not tgisinternal and tgenabled <> 'O'`);

test('who may not keep all triggers still deletes a business whole, and nothing of another', async () => {
  const { bright, clear, db } = office();
  const client = await owner.connect();
  await expect(client.query(`set session_replication_role = 'replica'`)).rejects.toThrow(/permission denied/);
  await client.end();
  const theirs = sumsOf(await write(db, clear.id, path.join(folder(), 'before.zip')));
  const of = { organization_id: bright.id, deletion_id };
  expect(await eraseBusiness(owner, of, async () => undefined)).toBeGreaterThan(400);
  expect(await eraseBusiness(owner, of, async () => undefined)).toBeUndefined();
  const tables = await answer(
    `select table_name from information_schema.columns where table_schema = 'public' and column_name = 'organization_id'`,
  );
  expect(tables.length).toBeGreaterThan(60);
  for (const [table] of tables)
    expect([
      table,
      await answer(`select count(*)::int from ${table} where organization_id = '${bright.id}'`),
    ]).toEqual([table, [[0]]]);
  expect(await answer(`select count(*)::int from organizations where id = '${bright.id}'`)).toEqual([[0]]);
  expect(sumsOf(await write(db, clear.id, path.join(folder(), 'after.zip')))).toEqual(theirs);
});

test('triggers are awake again afterwards, and the history of others still cannot be deleted', async () => {
  expect(await asleep()).toEqual([]);
  await expect(answer('delete from audit_log')).rejects.toThrow();
});

test('a deletion that could not be carried out says so to its owners', async () => {
  const { clear, read, database } = office();
  expect(await read(clear.owner, 'business_deletion')).toEqual([expect.objectContaining({ trouble: null })]);
  await database.owner.query(
    `insert into jobs (organization_id, id, kind, payload, dead_at, last_error)
     values ($1, $2, 'business_erasure', '{}', now(), 'permission denied')`,
    [clear.id, newId()],
  );
  expect(await read(clear.owner, 'business_deletion')).toEqual([
    expect.objectContaining({ trouble: 'permission denied' }),
  ]);
});
