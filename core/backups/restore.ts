import { createHash } from 'node:crypto';
import { becomeOwner } from '../exports/owner.ts';
import { broken } from '../exports/read-archive.ts';
import { type Database, type DatabaseAddress, openDatabase } from '../kernel/database/db.ts';
import { holdMigrations, migrate, ownMigrations, readMigrations } from '../kernel/database/migrate.ts';
import { type OwnConnection, onOwnConnection } from '../kernel/database/own-connection.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import type { BackupManifest, BackupTable } from './format.ts';
import {
  allBusinesses,
  allTables,
  analyzeTable,
  businessRow,
  emptyTable,
  foreignTables,
  hasSchema,
  hereRow,
  holdWaiting,
  insertRows,
  keepOthersOut,
  migrationRow,
  migrationsWithHashes,
  rowsOfTable,
  seeEverything,
  shapeOfLines,
  type TableShape,
  tableShape,
  takeAllTime,
} from './queries.ts';
import { type Backup, newerBackup } from './read.ts';

export interface RestoreBackupOptions {
  /** Kinds of jobs that reach somebody outside and are held; none are when left out. */
  holds?: readonly string[];
  /** Of this version when left out. */
  migrations?: string;
}

export interface RestoredBackup {
  rows: number;
  tables: number;
  /** Deliveries that are held. */
  held: number;
  /** Migrations that are newer than the backup, and ran after it. */
  migrated: string[];
}

/**
 * Brings an installation back into an empty database: the schema as it was, by the very migrations; then every row in one
 * transaction, each table read again and compared with its checksum; then the migrations the backup did not have yet. A process that is
 * killed leaves a database without any business, and may be started again. Throws CONFLICT unless the database is empty,
 * VALIDATION_ERROR for a backup that is newer, or does not read the same.
 */
export async function restoreBackup(
  owner: DatabaseAddress,
  backup: Backup,
  { holds = [], migrations = ownMigrations }: RestoreBackupOptions = {},
): Promise<RestoredBackup> {
  const { manifest } = backup;
  await requireKnown(manifest, migrations);
  const db = openDatabase({ address: owner, connections: 1 });
  try {
    await requireEmpty(db, manifest);
    await migrate(owner, migrations, new Set(manifest.migrations.map(({ name }) => name)));
    const held = await onOwnConnection(db, 'write', connection => load(connection, backup, holds));
    return {
      rows: manifest.tables.reduce((sum, { rows }) => sum + rows, 0),
      tables: manifest.tables.length,
      held,
      migrated: await migrate(owner, migrations),
    };
  } finally {
    await db.close();
  }
}

async function requireKnown(manifest: BackupManifest, folder: string): Promise<void> {
  const known = new Map((await readMigrations(folder)).map(({ name, hash }) => [name, hash]));
  if (manifest.migrations.some(({ name, hash }) => known.get(name) !== hash)) throw newerBackup();
}

async function requireEmpty(db: Pick<Database, 'connect'>, manifest: BackupManifest): Promise<void> {
  await onOwnConnection(db, 'read', async connection => {
    const [foreign] = await connection.many(tableName, foreignTables());
    if (foreign) throw notEmpty(`a table ${foreign.name}`);
    if (!(await connection.one(hereRow, hasSchema())).here) return;
    const ran = await connection.many(migrationRow, migrationsWithHashes());
    const wanted = new Set(manifest.migrations.map(({ name }) => name));
    if (ran.some(({ name }) => !wanted.has(name))) throw notEmpty('the schema of another version');
    // Before any migration runs and any lock is taken; asked once more under the lock.
    for (const statement of seeEverything) await connection.run(statement);
    const [business] = await connection.many(businessRow, allBusinesses());
    if (business) throw notEmpty(`the business ${business.name}`);
  });
}

const tableName = tableShape.pick({ name: true });

const notEmpty = (what: string) =>
  new DeskhandError('CONFLICT', `This database is not empty: it has ${what}. It was not touched.`, {
    hint: 'Restore into a new one: another DESKHAND_DATA folder, or an empty database in DATABASE_URL.',
  });

async function load(connection: OwnConnection, backup: Backup, holds: readonly string[]): Promise<number> {
  const { manifest } = backup;
  await connection.run(holdMigrations);
  await becomeOwner(connection);
  for (const statement of takeAllTime) await connection.run(statement);
  await connection.run(keepOthersOut);
  const [business] = await connection.many(businessRow, allBusinesses());
  if (business) throw notEmpty(`the business ${business.name}`);
  const ran = await connection.many(migrationRow, migrationsWithHashes());
  if (ran.length !== manifest.migrations.length) throw notEmpty('the schema of another version');
  const here = new Map((await connection.many(tableShape, allTables())).map(table => [table.name, table]));
  if (here.size !== manifest.tables.length)
    throw broken('This backup does not have the tables it should have.');
  for (const table of manifest.tables) await fill(connection, backup, shapeOf(here, table));
  for (const table of manifest.tables) await requireSame(connection, table, shapeOf(here, table));
  return holds.length === 0 ? 0 : connection.run(holdWaiting(holds));
}

/** The table as it is here, with its columns as the backup has them. */
function shapeOf(here: ReadonlyMap<string, TableShape>, { name, columns, ...rest }: BackupTable) {
  const shape = here.get(name);
  if (!shape || [...shape.columns].sort().join() !== [...columns].sort().join())
    throw broken(`${rest.file} has other columns than its table.`);
  return { ...rest, ...shape, columns };
}

async function fill(
  connection: OwnConnection,
  backup: Backup,
  table: BackupTable & TableShape,
): Promise<void> {
  await connection.run(emptyTable(table.name));
  await connection.run(shapeOfLines(table));
  let rows = 0;
  for await (const { json } of backup.rows(table)) rows += await connection.run(insertRows(table, json));
  if (rows !== table.rows) throw broken(`${table.file} has ${rows} rows and says it has ${table.rows}.`);
  await connection.run(analyzeTable(table.name));
}

async function requireSame(
  connection: OwnConnection,
  { file, sha256 }: BackupTable,
  shape: TableShape,
): Promise<void> {
  const hash = createHash('sha256');
  for await (const lines of connection.batches(rowsOfTable(shape))) hash.update(`${lines.join('\n')}\n`);
  if (hash.digest('hex') !== sha256)
    throw broken(`${file} does not read the same after restoring it; so nothing of it was kept.`);
}
