import type { Writable } from 'node:stream';
import { Sum, writeZip, type ZippedFile } from '../exports/zip.ts';
import type { Database } from '../kernel/database/db.ts';
import { type OwnConnection, onOwnConnection } from '../kernel/database/own-connection.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import { type BackupManifest, backupVersion } from './format.ts';
import {
  allBusinesses,
  allTables,
  businessRow,
  hasSchema,
  hereRow,
  migrationRow,
  migrationsWithHashes,
  momentRow,
  momentSeen,
  rowsOfTable,
  seeEverything,
  type TableShape,
  tableShape,
} from './queries.ts';

export interface BackupOptions {
  deskhand_version: string;
  /** Of the vault whose key seals the secrets. */
  key_id: string;
}

/**
 * Writes everything of an installation, all businesses and people, into one zip: a file for each table, and at the end the manifest with counts and
 * checksums. All of it is the state of one moment while everybody goes on working. `owner` is opened as whoever owns the schema;
 * `to` is ended. Memory stays flat.
 */
export function writeBackup(
  owner: Pick<Database, 'connect'>,
  to: Writable,
  options: BackupOptions,
): Promise<{ manifest: BackupManifest; bytes: number; sha256: string }> {
  return onOwnConnection(owner, 'read', async connection => {
    for (const statement of seeEverything) await connection.run(statement);
    const { moment } = await connection.one(momentRow, momentSeen());
    const manifest: BackupManifest = {
      format: 'deskhand installation',
      format_version: backupVersion,
      ...options,
      taken_at: moment,
      businesses: await connection.many(businessRow, allBusinesses()),
      migrations: await connection.many(migrationRow, migrationsWithHashes()),
      tables: [],
    };
    const tables = await connection.many(tableShape, allTables());
    const files = [...tables.map(table => fileOf(connection, manifest, table)), lastOf(manifest)];
    return { manifest, ...(await writeZip(to, new Date(moment), files)) };
  });
}

/**
 * Throws CONFLICT where there is nothing to back up (an address that is wrong by a word would give a file without anybody in it), and
 * what the database says when `owner` may not see everything.
 */
export async function requireInstallation(owner: Pick<Database, 'connect'>): Promise<void> {
  await onOwnConnection(owner, 'read', async connection => {
    if (!(await connection.one(hereRow, hasSchema())).here)
      throw new DeskhandError('CONFLICT', 'There is nothing to back up: this database holds no Deskhand.', {
        hint: 'Name the database of the installation in DATABASE_URL, or its folder in DESKHAND_DATA.',
      });
    for (const statement of seeEverything) await connection.run(statement);
  });
}

function fileOf(connection: OwnConnection, manifest: BackupManifest, table: TableShape): ZippedFile {
  const file = `tables/${table.name}.jsonl`;
  return {
    name: file,
    async *bytes() {
      const sum = new Sum();
      let rows = 0;
      for await (const lines of connection.batches(rowsOfTable(table))) {
        rows += lines.length;
        yield sum.add(Buffer.from(`${lines.join('\n')}\n`));
      }
      manifest.tables.push({ name: table.name, file, rows, ...sum.ended(), columns: table.columns });
    },
  };
}

/** Last, for it says what the others have become. */
const lastOf = (manifest: BackupManifest): ZippedFile => ({
  name: 'manifest.json',
  async *bytes() {
    yield Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);
  },
});
