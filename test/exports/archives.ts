import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll } from 'vitest';
import { openPromise } from 'yauzl';
import yazl from 'yazl';
import type { FixUp } from '../../core/exports/fix-ups.ts';
import type { Manifest } from '../../core/exports/format.ts';
import { openArchive } from '../../core/exports/read-archive.ts';
import { type Restored, restoreArchive } from '../../core/exports/restore.ts';
import { writeArchive } from '../../core/exports/write-archive.ts';
import { type Database, type DatabaseAddress, openDatabase } from '../../core/kernel/database/db.ts';
import { openVault, type Vault } from '../../core/kernel/outside/seal.ts';
import { temporaryRoot } from '../support/temporary.ts';

/** A folder for the archives of a test file; it is removed after. */
export function useFolder(): () => string {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(path.join(temporaryRoot(), `deskhand-test-${process.pid}-`));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return () => folder;
}

export async function write(
  db: Pick<Database, 'connect'>,
  organization_id: string,
  file: string,
): Promise<Manifest> {
  const to = createWriteStream(file);
  const written = await writeArchive(db, to, { organization_id, deskhand_version: '0.1.0' });
  if (!written) throw new Error('somebody else writes this archive');
  return written.manifest;
}

interface Into {
  vault?: Vault;
  outside?: readonly string[];
  fixUps?: readonly FixUp[];
}

/** Restores a file as whoever owns the schema. */
export async function restore(
  admin: DatabaseAddress,
  file: string,
  { vault = openVault('another secret'), outside = ['email'], fixUps = [] }: Into = {},
): Promise<Restored> {
  const archive = await openArchive(file);
  const db = openDatabase({ address: admin, connections: 1 });
  try {
    return await restoreArchive(db, archive, { vault, outside, fixUps });
  } finally {
    archive.close();
    await db.close();
  }
}

/** The files in an archive, whole. */
export async function filesIn(archive: string): Promise<Map<string, Buffer>> {
  const zip = await openPromise(archive);
  const files = new Map<string, Buffer>();
  for await (const entry of zip.eachEntry()) {
    const chunks: Buffer[] = [];
    for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk);
    files.set(entry.fileName, Buffer.concat(chunks));
  }
  return files;
}

/** Zips files up again, for archives that somebody has had their hands on. */
export async function zipUp(files: ReadonlyMap<string, Buffer>, archive: string): Promise<void> {
  const zip = new yazl.ZipFile();
  for (const [name, bytes] of files) zip.addBuffer(bytes, name);
  zip.end();
  const to = createWriteStream(archive);
  zip.outputStream.pipe(to);
  await new Promise((resolve, reject) => to.once('close', () => resolve(undefined)).once('error', reject));
}

export function manifestIn(files: ReadonlyMap<string, Buffer>): Manifest {
  const bytes = files.get('manifest.json');
  if (!bytes) throw new Error('this archive has no manifest');
  return JSON.parse(bytes.toString());
}

/** Checksum and number of rows of every table, by its name. */
export const sumsOf = ({ tables }: Manifest): Record<string, string> =>
  Object.fromEntries(tables.map(({ name, rows, sha256 }) => [name, `${rows} ${sha256}`]));

/** Writes what no action of ours would, past triggers and rules of rows. */
export async function asSuperuser(
  admin: DatabaseAddress,
  statements: readonly (readonly [text: string, values: readonly unknown[]])[],
): Promise<void> {
  const client = new pg.Client({ ...admin, ssl: false });
  await client.connect();
  try {
    await client.query(`set session_replication_role = 'replica'`);
    for (const [text, values] of statements) await client.query(text, [...values]);
  } finally {
    await client.end();
  }
}
