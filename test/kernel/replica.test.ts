import { cp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { type Database, openDatabase } from '../../core/kernel/database/db.ts';
import {
  type EmbeddedServer,
  startEmbedded,
  stopEmbedded,
} from '../../core/kernel/database/postgres/launcher.ts';
import { type Reading, readFromReplica } from '../../core/kernel/database/replica.ts';
import { sql } from '../../core/kernel/database/sql.ts';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { temporaryFolder } from '../support/process.ts';

// A primary and a real streaming replica of it, each a server of its own.

const binDir = process.env.TEST_POSTGRES_BIN;
const given = { fsync: false, ...(binDir ? { binDir } : {}) };
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let admin: pg.Client;
let copyAdmin: pg.Client;
let primary: Database;
let replica: Database;
let read: Reading;
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
  await admin.query('create table notes (id int primary key)');
  await admin.query("select pg_backup_start('a copy', fast => true)");
  await cp(dataDir, copyDir(), {
    recursive: true,
    filter: one => !/\.sock|\.s\.PGSQL|postmaster\.pid|start\.lock/.test(one),
  });
  const { rows } = await admin.query('select labelfile from pg_backup_stop(wait_for_archive => false)');
  const cluster = path.join(copyDir(), 'pg');
  await writeFile(path.join(cluster, 'backup_label'), rows[0].labelfile);
  await writeFile(path.join(cluster, 'standby.signal'), '');
  const copy = await startEmbedded({
    dataDir: copyDir(),
    ...given,
    settings: { primary_conninfo: `host=${server.host} port=${server.port} user=${server.superuser}` },
  });
  copyAdmin = new pg.Client(at(copy));
  copyAdmin.on('error', () => undefined);
  await copyAdmin.connect();
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
const look = () =>
  read(tx =>
    tx.one(found, sql`select pg_is_in_recovery() as is_copy, (select count(*)::int from notes) as notes`),
  );
const write = (id: number) => admin.query('insert into notes (id) values ($1)', [id]);

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
  const { rows } = await copyAdmin.query('select count(*)::int as notes from notes');
  expect(rows).toEqual([{ notes: 50 }]);
  await copyAdmin.query('select pg_wal_replay_resume()');
  const patient = readFromReplica({ primary, replica, patience_ms: 60_000 });
  const again = await patient(tx => tx.one(found, sql`select pg_is_in_recovery() as is_copy, 0 as notes`));
  expect(again.is_copy).toBe(true);
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

test('a replica that dies is not missed', async () => {
  await stopEmbedded(copyDir());
  await write(52);
  expect(await look()).toEqual({ is_copy: false, notes: 52 });
  expect(problems.at(-1)).toBe('the replica could not be read; the primary was');
});
