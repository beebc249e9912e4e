import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Database } from '../kernel/database/db.ts';
import { type OwnConnection, onOwnConnection } from '../kernel/database/own-connection.ts';
import type { Vault } from '../kernel/outside/seal.ts';
import { DeskhandError, sqlState } from '../kernel/words/errors.ts';
import { type Adapted, adaptRestored } from './adapt.ts';
import { fixUpsFor, requireKnown, type TableIn, tablesIn } from './columns-in.ts';
import { type FixUp, fixUps as knownFixUps } from './fix-ups.ts';
import type { Manifest } from './format.ts';
import { becomeOwner } from './owner.ts';
import {
  businessesLike,
  foreignKey,
  foreignKeys,
  insertLines,
  insertPeople,
  linesOf,
  lockBusiness,
  migrationsRun,
  peopleInTheWay,
  rowsWithoutParent,
  type TableOfBusiness,
  tablesOfBusiness,
  tablesShape,
} from './queries.ts';
import { type Archive, broken } from './read-archive.ts';

export interface RestoreOptions {
  vault: Vault;
  /** Kinds of jobs that reach somebody outside. */
  outside: readonly string[];
  /** Those of this version when left out. */
  fixUps?: readonly FixUp[];
  onTable?: (table: { name: string; rows: number }) => void;
}

export interface Restored extends Adapted {
  business: Manifest['business'];
  taken_at: string;
  rows: number;
  tables: number;
}

const named = z.object({ name: z.string() });
const business = z.object({ id: z.string(), slug: z.string(), name: z.string() });

/**
 * Brings the business of an archive back, with every id, number, time and line of history it had, in one transaction: a
 * process that is killed leaves nothing, and may be started again. `db` is opened as whoever owns the schema, for nothing
 * that watches rows may change what comes back. At the end every table is read again and compared with the archive, and
 * every reference looked at. Throws CONFLICT when the business, its short name or one of its people is here already as
 * something else, VALIDATION_ERROR for an archive that is newer, does not fit or contradicts itself.
 */
export function restoreArchive(
  db: Pick<Database, 'connect'>,
  archive: Archive,
  options: RestoreOptions,
): Promise<Restored> {
  const { manifest } = archive;
  const { id } = manifest.business;
  return onOwnConnection(db, 'write', async connection => {
    await becomeOwner(connection);
    await connection.many(z.unknown(), lockBusiness(id));
    requireKnown(
      manifest,
      (await connection.many(named, migrationsRun())).map(({ name }) => name),
    );
    await requireRoom(connection, manifest.business);
    const here = await connection.many(tablesShape, tablesOfBusiness());
    const fixUps = fixUpsFor(manifest, options.fixUps ?? knownFixUps);
    const tables = tablesIn(manifest, here, fixUps);
    for (const table of tables) {
      await fill(connection, archive, table);
      options.onTable?.({ name: table.table.name, rows: table.archived.rows });
    }
    await bringPeople(connection, id);
    for (const { afterwards } of fixUps)
      for (const statement of afterwards?.(id) ?? []) await connection.run(statement);
    await requireReferences(connection, here, id);
    // What fix-ups have changed reads otherwise than it did, on purpose.
    const touched = fixUps.some(({ afterwards }) => afterwards !== undefined);
    for (const table of tables) if (table.is_alike && !touched) await requireSame(connection, table, id);
    const adapted = await adaptRestored(connection, manifest, options);
    const rows = tables.reduce((sum, { archived }) => sum + archived.rows, 0);
    return {
      business: manifest.business,
      taken_at: manifest.taken_at,
      rows,
      tables: tables.length,
      ...adapted,
    };
  });
}

async function requireRoom(
  connection: OwnConnection,
  { id, slug, name }: Manifest['business'],
): Promise<void> {
  const [other] = await connection.many(business, businessesLike({ id, slug }));
  if (!other) return;
  if (other.id === id)
    throw new DeskhandError('CONFLICT', `${other.name} is here already; it was not touched.`, {
      hint: 'Restore into an installation that does not have it: another DESKHAND_DATA folder or DATABASE_URL.',
    });
  throw new DeskhandError('CONFLICT', `Another business here has the short name "${slug}": ${other.name}.`, {
    hint: `Restore ${name} into another installation (another DESKHAND_DATA folder or DATABASE_URL).`,
  });
}

async function fill(connection: OwnConnection, archive: Archive, of: TableIn): Promise<void> {
  const { archived, table, columns } = of;
  let rows = 0;
  for await (const { json } of archive.rows(archived)) {
    rows += await connection
      .run(insertLines(table, columns, json, archive.manifest.business.id))
      .catch(error => {
        // Classes 22 and 23: a value of another kind, or against a rule of the table.
        if (!/^2[23]/.test(sqlState(error) ?? '')) throw error;
        throw broken(`${archived.file} holds a row that cannot be one of a business.`);
      });
  }
  if (rows !== archived.rows)
    throw broken(`${archived.file} has ${rows} rows and says it has ${archived.rows}.`);
}

async function bringPeople(connection: OwnConnection, id: string): Promise<void> {
  const others = await connection.many(z.object({ email: z.string() }), peopleInTheWay(id));
  if (others.length > 0)
    throw new DeskhandError(
      'CONFLICT',
      `${others.map(({ email }) => email).join(', ')} already signs in to another business here, as somebody with another number.`,
      {
        hint: 'Restore into an installation of its own: another DESKHAND_DATA folder or DATABASE_URL. Nothing was restored.',
      },
    );
  await connection.run(insertPeople(id));
}

const count = z.object({ rows: z.number() });

async function requireReferences(
  connection: OwnConnection,
  tables: readonly TableOfBusiness[],
  id: string,
): Promise<void> {
  for (const key of await connection.many(foreignKey, foreignKeys())) {
    const table = tables.find(({ name }) => name === key.child);
    if (!table) continue;
    const { rows } = await connection.one(count, rowsWithoutParent(key, table, id));
    if (rows > 0)
      throw broken(
        `${rows} rows of ${key.child} point to rows of ${key.parent} that are not in this archive.`,
      );
  }
}

async function requireSame(
  connection: OwnConnection,
  { archived, table }: TableIn,
  id: string,
): Promise<void> {
  const hash = createHash('sha256');
  for await (const lines of connection.batches(linesOf(table, archived.columns, id)))
    hash.update(`${lines.join('\n')}\n`);
  if (hash.digest('hex') !== archived.sha256)
    throw broken(`${archived.file} does not read the same after restoring it; so nothing of it was kept.`);
}
