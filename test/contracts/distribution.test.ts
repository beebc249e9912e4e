import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dumpDistribution } from '../../api/build/dump-schema.ts';
import { openDatabase } from '../../core/kernel/database/db.ts';
import { distribution, localTables, referenceTables } from '../../core/kernel/database/distribute.ts';
import { onOwnConnection } from '../../core/kernel/database/own-connection.ts';
import { packageRoot } from '../../core/kernel/database/package-root.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { referenceTables as ofNobody } from './schema-lists.ts';
import { findSchemaProblems } from './schema-rules.ts';

// What `deskhand distribute` runs on a cluster. No cluster is here: this looks at the statements; that every table can be distributed by
// them (keys, uniques, foreign keys, triggers) is what schema.test.ts asks of each.

let database: TestDatabase;
const statementsNow = async () => {
  const db = openDatabase({ address: database.admin, connections: 1 });
  try {
    return await onOwnConnection(db, 'read', distribution);
  } finally {
    await db.close();
  }
};
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

test('every table is distributed by its business, copied to every node, or stays on the coordinator', async () => {
  const statements = (await statementsNow()).join('\n');
  const { rows } = await database.owner.query<{ name: string }>(
    `select relname as name from pg_class
     where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition`,
  );
  const named = rows.map(({ name }) => name);
  for (const name of named) {
    const isMoved = statements.includes(`table('${name}'`);
    expect({ [name]: isMoved }).toEqual({ [name]: !Object.hasOwn(localTables, name) });
  }
  expect(named).toEqual(
    expect.arrayContaining([...Object.keys(localTables), ...Object.keys(referenceTables)]),
  );
  expect(
    ofNobody.filter(name => name !== 'organizations' && statements.includes(`table('${name}', `)),
  ).toEqual([]);
});

test('migrations/distribution.sql is what a cluster would run; `npm run schema:dump` brings it up to date', async () => {
  const kept = await readFile(path.join(packageRoot, 'migrations/distribution.sql'), 'utf8');
  expect(await dumpDistribution(database.admin)).toBe(kept);
});

test('a table is distributed after those it points to, and comes last where two point to each other', async () => {
  const inOrder = async () => {
    const moved = (await statementsNow()).flatMap(one => /create_\w+_table\('(\w+)'/.exec(one)?.[1] ?? []);
    return (child: string, parent: string) => moved.indexOf(child) - moved.indexOf(parent);
  };
  const { rows: keys } = await database.owner.query<{ child: string; parent: string }>(
    `select conrelid::regclass::text as child, confrelid::regclass::text as parent
     from pg_constraint
     where contype = 'f' and connamespace = 'public'::regnamespace and conparentid = 0 and conrelid <> confrelid
       and conrelid::regclass::text <> all ($1)`,
    [Object.keys(localTables)],
  );
  const order = await inOrder();
  expect(keys.length).toBeGreaterThan(80);
  expect(keys.filter(({ child, parent }) => order(child, parent) < 0)).toEqual([]);

  await database.owner.query(`
    create table hens (organization_id uuid not null, id uuid, egg_id uuid, primary key (organization_id, id));
    create table eggs (
      organization_id uuid not null, id uuid, hen_id uuid, primary key (organization_id, id),
      constraint laid_by foreign key (organization_id, hen_id) references hens (organization_id, id)
    );
    alter table hens add constraint came_from foreign key (organization_id, egg_id) references eggs (organization_id, id)`);
  const statements = await statementsNow();
  const place = (text: string) => statements.findIndex(one => one.startsWith(text));
  const [dropped] = statements.filter(one => /drop constraint (laid_by|came_from)$/.test(one));
  const name = dropped?.split(' ').at(-1);
  const added = statements.findIndex(one => one.includes(`add constraint ${name} FOREIGN KEY`));
  expect(added).toBeGreaterThan(place("select create_distributed_table('hens'"));
  expect(added).toBeGreaterThan(place("select create_distributed_table('eggs'"));
  await database.owner.query('drop table hens, eggs cascade');
});

test('all tables of businesses lie beside their business, which is distributed first', async () => {
  const moved = (await statementsNow()).filter(one => one.includes('create_distributed_table'));
  expect(moved[0]).toBe("select create_distributed_table('organizations', 'id')");
  expect(moved.length).toBeGreaterThan(40);
  for (const one of moved.slice(1))
    expect(one).toMatch(
      /^select create_distributed_table\('\w+', 'organization_id', colocate_with => 'organizations'\)$/,
    );
});

test('no foreign key is left between the coordinator and the nodes', async () => {
  const dropped = (await statementsNow()).filter(one => one.startsWith('alter table'));
  expect(dropped).toContain('alter table jobs drop constraint jobs_organization_id_fkey');
  // They are statements of this schema: each can be run.
  for (const one of dropped) await database.owner.query(one);
  const { rows } = await database.owner.query(
    `select conname from pg_constraint
     where contype = 'f' and connamespace = 'public'::regnamespace
       and (conrelid::regclass::text = any ($1)) <> (confrelid::regclass::text = any ($1))`,
    [Object.keys(localTables)],
  );
  expect(rows).toEqual([]);
});

test('the history sees rows one by one from then on, and a database that is distributed already keeps it so', async () => {
  const made = async () => {
    const { rows } = await database.owner.query<{ name: string }>(
      `select tgrelid::regclass::text as name from pg_trigger where tgname = 'audit_made' order by name`,
    );
    return rows.map(({ name }) => name);
  };
  const before = await made();
  expect(before).toContain('contacts');
  for (const one of (await statementsNow()).filter(text => text.includes(' trigger ')))
    await database.owner.query(one);
  expect(await made()).toEqual([]);
  expect(await findSchemaProblems(database.owner)).toEqual([]);

  await database.owner.query(`
    drop function audit_made();
    create table pg_dist_partition (logicalrelid regclass not null);
    insert into pg_dist_partition values ('contacts')`);
  const file = 'migrations/20261208000000_audit_log__made_together.sql';
  await database.owner.query(await readFile(path.join(packageRoot, file), 'utf8'));
  expect(await made()).toEqual(before.filter(name => name !== 'contacts'));
  await database.owner.query('drop table pg_dist_partition');
  expect(await findSchemaProblems(database.owner)).toEqual([]);
});

test('run again, it distributes the tables that came since, and nothing when none did', async () => {
  // What Citus keeps, as far as it is asked: which tables it has distributed.
  const { rows } = await database.owner.query<{ name: string }>(
    `select relname as name from pg_class
     where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition`,
  );
  const moved = rows.map(({ name }) => name).filter(name => !Object.hasOwn(localTables, name));
  for (const one of (await statementsNow()).filter(text => text.startsWith('alter table')))
    await database.owner.query(one);
  await database.owner.query('create schema of_citus');
  await database.owner.query('create table of_citus.pg_dist_partition (logicalrelid regclass not null)');
  await database.owner.query(
    'insert into of_citus.pg_dist_partition select one::regclass from unnest($1::text[]) as one',
    [moved],
  );
  const name = database.admin.database;
  await database.owner.query(`alter database ${name} set search_path = public, of_citus`);
  expect(await statementsNow()).toEqual([]);

  await database.owner.query(`
    create table came_since (
      organization_id uuid not null references organizations, contact_id uuid, primary key (organization_id, contact_id),
      foreign key (organization_id, contact_id) references contacts (organization_id, id)
    )`);
  expect(await statementsNow()).toEqual([
    "select create_distributed_table('came_since', 'organization_id', colocate_with => 'organizations')",
  ]);
  await database.owner.query('drop table came_since');
  await database.owner.query('drop schema of_citus cascade');
});

test('a table of nobody that is on no list is noticed', async () => {
  await database.owner.query('create table of_nobody (id uuid primary key)');
  await expect(statementsNow()).rejects.toThrow('of_nobody has no organization_id and is on no list');
  await database.owner.query('drop table of_nobody');
});
