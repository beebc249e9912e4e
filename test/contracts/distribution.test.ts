import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase } from '../../core/kernel/database/db.ts';
import { distribution, localTables, referenceTables } from '../../core/kernel/database/distribute.ts';
import { onOwnConnection } from '../../core/kernel/database/own-connection.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { referenceTables as ofNobody } from './schema-lists.ts';

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

test('a table of nobody that is on no list is noticed', async () => {
  await database.owner.query('create table of_nobody (id uuid primary key)');
  await expect(statementsNow()).rejects.toThrow('of_nobody has no organization_id and is on no list');
  await database.owner.query('drop table of_nobody');
});
