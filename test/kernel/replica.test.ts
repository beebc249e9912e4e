import { cp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { createDeskhand } from '../../api/compose.ts';
import { type Database, type DatabaseAddress, openDatabase } from '../../core/kernel/database/db.ts';
import { newId } from '../../core/kernel/database/ids.ts';
import { migrate } from '../../core/kernel/database/migrate.ts';
import {
  type EmbeddedServer,
  startEmbedded,
  stopEmbedded,
} from '../../core/kernel/database/postgres/launcher.ts';
import { lookAtReplica, type Reading, readFromReplica } from '../../core/kernel/database/replica.ts';
import { sql } from '../../core/kernel/database/sql.ts';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { foundBusiness } from '../../core/organizations/found.ts';
import { temporaryFolder } from '../support/process.ts';

// A primary and a real streaming replica of it, each a server of its own.

const binDir = process.env.TEST_POSTGRES_BIN;
const given = { fsync: false, ...(binDir ? { binDir } : {}) };
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let admin: pg.Client;
let copyAdmin: pg.Client;
let primary: Database;
let replica: Database;
let settings: Record<string, string>;
let read: Reading;
let addresses: Record<'primary' | 'copy', DatabaseAddress>;
const problems: string[] = [];

const copyDir = () => path.join(folder.path, 'copy');
const at = ({ host, port, superuser }: EmbeddedServer) => ({
  host,
  port,
  user: superuser,
  database: 'postgres',
});

beforeAll(async () => {
  folder = await temporaryFolder();
  const dataDir = path.join(folder.path, 'primary');
  const server = await startEmbedded({ dataDir, ...given });
  admin = new pg.Client(at(server));
  await admin.connect();
  await admin.query('create table lagging (id int primary key)');
  await migrate(at(server));
  await admin.query("select pg_backup_start('a copy', fast => true)");
  await cp(dataDir, copyDir(), {
    recursive: true,
    filter: one => !/\.sock|\.s\.PGSQL|postmaster\.pid|start\.lock/.test(one),
  });
  const { rows } = await admin.query('select labelfile from pg_backup_stop(wait_for_archive => false)');
  const cluster = path.join(copyDir(), 'pg');
  await writeFile(path.join(cluster, 'backup_label'), rows[0].labelfile);
  await writeFile(path.join(cluster, 'standby.signal'), '');
  settings = { primary_conninfo: `host=${server.host} port=${server.port} user=${server.superuser}` };
  const copy = await startEmbedded({ dataDir: copyDir(), ...given, settings });
  copyAdmin = new pg.Client(at(copy));
  copyAdmin.on('error', () => undefined);
  await copyAdmin.connect();
  addresses = { primary: at(server), copy: at(copy) };
  primary = openDatabase({ address: at(server), connections: 4 });
  replica = openDatabase({ address: at(copy), connections: 4 });
  read = readFromReplica({ primary, replica, away_ms: 0, onProblem: text => problems.push(text) });
});
afterAll(async () => {
  await admin?.end();
  await copyAdmin?.end().catch(() => undefined);
  await primary?.close();
  await replica?.close();
  await stopEmbedded(copyDir());
  await stopEmbedded(path.join(folder.path, 'primary'));
  await rm(folder.path, { recursive: true, force: true });
});

const found = z.object({ is_copy: z.boolean(), notes: z.number() });
const whatIsRead = sql`select pg_is_in_recovery() as is_copy, (select count(*)::int from lagging) as notes`;
const look = () => read(tx => tx.one(found, whatIsRead));
const write = (id: number) => admin.query('insert into lagging (id) values ($1)', [id]);

test('who has just written something finds it on the replica, every time', async () => {
  for (let id = 1; id <= 50; id++) {
    await write(id);
    expect(await look()).toMatchObject({ notes: id });
  }
  expect(await look()).toEqual({ is_copy: true, notes: 50 });
});

test('the primary is read while the replica is behind, and the replica again when it has caught up', async () => {
  await copyAdmin.query('select pg_wal_replay_pause()');
  await write(51);
  expect(await look()).toEqual({ is_copy: false, notes: 51 });
  expect(problems.at(-1)).toBe('the replica is behind; the primary was read');
  // The control: without looking at the position, an old state would have been read.
  const { rows } = await copyAdmin.query('select count(*)::int as notes from lagging');
  expect(rows).toEqual([{ notes: 50 }]);
  await copyAdmin.query('select pg_wal_replay_resume()');
  const patient = readFromReplica({ primary, replica, patience_ms: 60_000 });
  const again = await patient(tx => tx.one(found, sql`select pg_is_in_recovery() as is_copy, 0 as notes`));
  expect(again.is_copy).toBe(true);
});

test('the history of a business is read on the replica, with who changed what a moment ago', async () => {
  const as = ({ user: _user, ...address }: DatabaseAddress) => ({ ...address, user: 'deskhand_app' });
  const [db, copy] = [
    openDatabase({ address: as(addresses.primary) }),
    openDatabase({ address: as(addresses.copy) }),
  ];
  try {
    const reads: boolean[] = [];
    const reading = readFromReplica({ primary: db, replica: copy, patience_ms: 60_000 });
    const fromReplica: Reading = work =>
      reading(async tx => {
        const { is_copy } = await tx.one(found, sql`select pg_is_in_recovery() as is_copy, 0 as notes`);
        reads.push(is_copy);
        return work(tx);
      });
    const app = createDeskhand(db, undefined, { fromReplica });
    const founded = await foundBusiness(db, {
      slug: 'replicated',
      name: 'Replicated',
      time_zone: 'America/Chicago',
      owner: { email: 'olga@replicated.example', name: 'Olga' },
    });
    const caller = { via: 'system', organization_id: founded.organization_id, name: 'test' } as const;
    const data = { first_name: 'Just', last_name: 'Written' };
    const { data: made } = await app.execute(
      caller,
      { action: 'contact.create', data },
      { request_id: newId() },
    );
    const query = { params: { entity_id: made.id } };
    const { rows } = await app.read(caller, 'audit_log', query, { request_id: newId() });
    expect(rows).toMatchObject([{ domain_action: 'contact.create' }]);
    expect(reads).toEqual([true]);
    await app.read(caller, 'contacts', {}, { request_id: newId() });
    expect(reads).toEqual([true]);
  } finally {
    await db.close();
    await copy.close();
  }
});

test('a database that has begun a new piece of its log, and writes nothing, is not ahead of its replica', async () => {
  await admin.query('select pg_switch_wal()');
  const patient = readFromReplica({ primary, replica, patience_ms: 10_000 });
  const { is_copy } = await patient(tx =>
    tx.one(found, sql`select pg_is_in_recovery() as is_copy, 0 as notes`),
  );
  expect(is_copy).toBe(true);
});

/** The replica, and how often it was asked something. */
function counted(): { database: Database; asked: () => number } {
  let asked = 0;
  const transaction: Database['transaction'] = (mode, work) => {
    asked += 1;
    return replica.transaction(mode, work);
  };
  return { database: { ...replica, transaction }, asked: () => asked };
}

test('a replica that stays behind is waited for once, not by every reading; both is said once', async () => {
  const { database, asked } = counted();
  const said: string[] = [];
  const reading = readFromReplica({
    primary,
    replica: database,
    away_ms: 3_600_000,
    onProblem: text => said.push(text),
  });
  const isCopy = () =>
    reading(tx => tx.one(found, sql`select pg_is_in_recovery() as is_copy, 0 as notes`)).then(
      ({ is_copy }) => is_copy,
    );
  expect(await lookAtReplica({ primary, replica, patience_ms: 60_000 })).toBe('follows');
  await copyAdmin.query('select pg_wal_replay_pause()');
  await admin.query('update lagging set id = id');
  expect(await lookAtReplica({ primary, replica, patience_ms: 50 })).toBe('behind');
  expect(await isCopy()).toBe(false);
  const before = asked();
  expect(await isCopy()).toBe(false);
  expect(await isCopy()).toBe(false);
  expect(asked()).toBe(before);
  expect(said).toEqual(['the replica is behind; the primary was read']);
  await copyAdmin.query('select pg_wal_replay_resume()');
});

test('a replica that says nothing any more is away: no reading waits for it for good', async () => {
  const silent: Database = { ...replica, transaction: () => new Promise(() => undefined) };
  const reading = readFromReplica({ primary, replica: silent, silence_ms: 50, away_ms: 3_600_000 });
  for (let n = 0; n < 2; n++)
    expect(await reading(tx => tx.one(found, whatIsRead))).toMatchObject({ notes: 51 });
});

test('a reading that found the replica well again says so', async () => {
  let isAway = true;
  const transaction: Database['transaction'] = (mode, work) =>
    isAway ? Promise.reject(new Error('connection refused')) : replica.transaction(mode, work);
  const said: string[] = [];
  const reading = readFromReplica({
    primary,
    replica: { ...replica, transaction },
    patience_ms: 60_000,
    away_ms: 0,
    onProblem: text => said.push(text),
  });
  for (let n = 0; n < 3; n++) await reading(tx => tx.one(found, whatIsRead));
  isAway = false;
  for (let n = 0; n < 3; n++) await reading(tx => tx.one(found, whatIsRead));
  expect(said).toEqual(['the replica could not be read; the primary was', 'the replica is read again']);
});

test('a refusal stays a refusal, and is not asked for twice', async () => {
  let asked = 0;
  const refused = read(async () => {
    asked += 1;
    throw new DeskhandError('NOT_FOUND', 'There is no such note.');
  });
  await expect(refused).rejects.toThrow('There is no such note.');
  expect(asked).toBe(1);
});

test('the database itself may stand for its replica', async () => {
  const itself = readFromReplica({ primary, replica: primary });
  expect(await itself(tx => tx.one(found, whatIsRead))).toEqual({ is_copy: false, notes: 51 });
  expect(await lookAtReplica({ primary, replica: primary, patience_ms: 1_000 })).toBe('itself');
});

test('a replica that was promoted goes ways of its own, and is not read', async () => {
  await copyAdmin.query('select pg_promote()');
  await copyAdmin.end();
  // Started again it has forgotten how far it had followed.
  await stopEmbedded(copyDir());
  await startEmbedded({ dataDir: copyDir(), ...given, settings });
  await write(52);
  expect(await look()).toEqual({ is_copy: false, notes: 52 });
  expect(problems.at(-1)).toBe(
    'REPLICA_URL names no replica of this database (any more); the primary was read',
  );
  expect(await lookAtReplica({ primary, replica, patience_ms: 1_000 })).toBe('stranger');
});

test('a replica that dies is not missed', async () => {
  await stopEmbedded(copyDir());
  await write(53);
  expect(await look()).toEqual({ is_copy: false, notes: 53 });
  expect(problems.at(-1)).toBe('the replica could not be read; the primary was');
});
