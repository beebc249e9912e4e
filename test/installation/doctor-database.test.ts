import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeIndexes, describeReplica } from '../../api/cli/database-looks.ts';
import { readConfig } from '../../api/config.ts';
import type { DatabaseAddress } from '../../core/kernel/database/db.ts';
import {
  countMigrations,
  migrate,
  ownMigrations,
  readMigrations,
} from '../../core/kernel/database/migrate.ts';
import { asSuperuser, inEmptyDatabase, superuserAt } from '../contracts/superuser.ts';
import { useOffice } from '../support/office.ts';
import { fastProgram } from '../support/one-file.ts';
import { runCommand, temporaryFolder } from '../support/process.ts';
import { databaseUrl } from '../support/two-servers.ts';

// What the doctor says of a database others work with. How a real replica stands is asked of one in kernel/replica.

const office = useOffice();
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder?.remove());

const envOf = (owner: DatabaseAddress) => ({
  DATABASE_URL: databaseUrl(owner),
  DESKHAND_DATA: folder.path,
  DESKHAND_DEMO: '0',
});
const doctor = async (owner: DatabaseAddress, env = {}) =>
  runCommand(['doctor'], { ...envOf(owner), ...env }, await fastProgram());

test('an empty database is well, and stays empty; one that waits for an upgrade is told of, and not upgraded', async () => {
  await inEmptyDatabase(async name => {
    const owner = superuserAt(name);
    const all = (await readMigrations(ownMigrations)).map(migration => migration.name);
    const empty = await doctor(owner);
    expect(empty.stdout).toMatch(
      /^ok {5}schema and businesses: none yet; the first start makes the schema$/m,
    );
    expect(empty.code).toBe(0);
    expect(await countMigrations(owner)).toEqual({ ran: 0, missing: all.length });
    await migrate(owner, ownMigrations, new Set(all.slice(0, -1)));
    const old = await doctor(owner);
    expect(old.stdout).toMatch(
      /^WRONG {2}schema and businesses: 1 migration of this version has not run: deskhand migrate runs them/m,
    );
    expect(old.code).toBe(1);
    expect(await countMigrations(owner)).toEqual({ ran: all.length - 1, missing: 1 });
  });
});

test('whoever asks the doctor where there is no data folder has none afterwards', async () => {
  const DESKHAND_DATA = path.join(folder.path, 'not', 'there');
  await inEmptyDatabase(async name => {
    const { stdout, code } = await doctor(superuserAt(name), { DESKHAND_DATA });
    expect(stdout).toContain(`ok     data folder: ${DESKHAND_DATA} is made when it is needed\n`);
    expect(code).toBe(0);
  });
  const away = await doctor(superuserAt('x'), { DESKHAND_DATA, DATABASE_URL: 'postgres://a@127.0.0.1:1/b' });
  expect(away.code).toBe(1);
  expect(existsSync(path.dirname(DESKHAND_DATA))).toBe(false);
});

test('a user who may not change the schema is named beside the database, and nothing is wrong with that', async () => {
  const { stdout, code } = await doctor(office().database.address);
  expect(stdout).toMatch(
    /^ok {5}database: .*"\w+" may not change the schema, .* want a DATABASE_OWNER_URL$/m,
  );
  expect(stdout).toMatch(/^Everything looks well\.$/m);
  expect(code).toBe(0);
});

test('a replica that does not answer is told of by the doctor', async () => {
  const { admin } = office().database;
  const REPLICA_URL = 'postgres://a@127.0.0.1:1/b';
  const { stdout, code } = await doctor(admin, { REPLICA_URL });
  expect(stdout).toMatch(
    /^WRONG {2}replica: No PostgreSQL answers at 127\.0\.0\.1:1 \(ECONNREFUSED\)\. Start it or correct REPLICA_URL\.$/m,
  );
  expect(code).toBe(1);
  const config = readConfig(envOf(admin));
  expect(await describeReplica(config, admin)).toMatch(/ is the database itself, which is spared nothing$/);
});

test('an index that is written and never read is told of, with what to do', async () => {
  const { database } = office();
  const look = () => describeIndexes(office());
  expect(await look()).toBe('all can be used');
  const set = (valid: boolean) =>
    asSuperuser(
      database.admin.database,
      `update pg_index set indisvalid = ${valid} where indexrelid = 'contacts_pkey'::regclass`,
    );
  await set(false);
  await expect(look()).rejects.toThrow(
    /^contacts_pkey cannot be used .* _ccnew or _ccold.*reindex index concurrently/,
  );
  await set(true);
  expect(await look()).toBe('all can be used');
});
