import { createHash } from 'node:crypto';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import type { Database } from '../kernel/database/db.ts';
import { type OwnConnection, onOwnConnection } from '../kernel/database/own-connection.ts';
import { type ArchiveTable, formatVersion, type Manifest, manifestName } from './format.ts';
import {
  actIn,
  businessOf,
  leftOutOf,
  linesOf,
  lockFile,
  migrationsRun,
  momentOf,
  plainValues,
  type TableOfBusiness,
  tablesOfBusiness,
  tablesShape,
  takeYourTime,
} from './queries.ts';
import { readme } from './readme.ts';
import { rowsLeftOut, tablesLeftOut } from './what-leaves.ts';

export interface ArchiveOptions {
  organization_id: string;
  deskhand_version: string;
  /** While somebody writes one of this name, nobody else does. */
  only_one?: string;
}

export interface WrittenFile {
  manifest: Manifest;
  /** Of the whole file. */
  sha256: string;
}

const business = z.object({ id: z.string(), slug: z.string(), name: z.string() });

/**
 * Writes everything a business has into one zip (decision 040): a file of JSON lines for each table, a page for people, and
 * at the end the manifest with counts and checksums. All of it is the state of one moment, however much changes meanwhile;
 * nobody waits for it. Memory stays flat. `to` is ended. Undefined, and nothing written, while another process writes the
 * one named by `only_one`.
 */
export async function writeArchive(
  db: Pick<Database, 'connect'>,
  to: Writable,
  options: ArchiveOptions,
): Promise<WrittenFile | undefined> {
  return onOwnConnection(db, 'read', async connection => {
    const { organization_id, only_one } = options;
    for (const statement of [actIn(organization_id), takeYourTime, ...plainValues])
      await connection.run(statement);
    if (only_one !== undefined && !(await connection.one(isFree, lockFile(only_one))).is_free) {
      to.destroy();
      return undefined;
    }
    const manifest = await beginManifest(connection, options);
    const tables = (await connection.many(tablesShape, tablesOfBusiness())).filter(
      ({ name }) => tablesLeftOut[name] === undefined,
    );
    return { manifest, ...(await zipUp(connection, to, { manifest, tables, ...options })) };
  });
}

const isFree = z.object({ is_free: z.boolean() });

async function beginManifest(
  connection: OwnConnection,
  { organization_id, deskhand_version }: ArchiveOptions,
): Promise<Manifest> {
  const { moment } = await connection.one(z.object({ moment: z.string() }), momentOf());
  const ran = await connection.many(z.object({ name: z.string() }), migrationsRun());
  return {
    format: 'deskhand business',
    format_version: formatVersion,
    deskhand_version,
    taken_at: moment,
    business: await connection.one(business, businessOf(organization_id)),
    migrations: ran.map(({ name }) => name),
    tables: [],
    documents: [],
    left_out: { ...tablesLeftOut },
  };
}

interface Content extends ArchiveOptions {
  manifest: Manifest;
  tables: readonly TableOfBusiness[];
}

/** The entries one after the other: each is read from the database while the one before is written. */
async function zipUp(
  connection: OwnConnection,
  to: Writable,
  content: Content,
): Promise<Pick<WrittenFile, 'sha256'>> {
  const { manifest, tables } = content;
  const { ZipFile } = await import('yazl');
  const zip = new ZipFile();
  const whole = Readable.from(zip.outputStream);
  zip.on('error', error => whole.destroy(error));
  const add = (name: string, bytes: () => AsyncIterable<Buffer>) =>
    zip.addReadStreamLazy(name, { mtime: new Date(manifest.taken_at), compressionLevel: 3 }, give => {
      const stream = Readable.from(bytes(), { objectMode: false });
      stream.on('error', error => whole.destroy(error));
      give(null, stream);
    });
  for (const table of tables) {
    const file = `tables/${table.name}.jsonl`;
    add(file, async function* () {
      const columns = table.columns
        .filter(({ name }) => leftOutOf(table.name)[name] === undefined)
        .map(({ name, type }) => ({ name, type }));
      const sum = new Sum();
      let rows = 0;
      for await (const lines of connection.batches(linesOf(table, columns, content.organization_id))) {
        rows += lines.length;
        yield sum.add(Buffer.from(`${lines.join('\n')}\n`));
      }
      manifest.tables.push({
        name: table.name,
        file,
        rows,
        ...sum.ended(),
        columns,
        ...saidOf(table.name),
      });
    });
  }
  add('README.txt', async function* () {
    const sum = new Sum();
    yield sum.add(Buffer.from(readme(manifest)));
    manifest.documents.push({ file: 'README.txt', ...sum.ended() });
  });
  add(manifestName, async function* () {
    yield Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);
  });
  zip.end();
  const sum = new Sum();
  const counted = async function* (bytes: AsyncIterable<Buffer>) {
    for await (const chunk of bytes) yield sum.add(chunk);
  };
  await pipeline(whole, counted, to);
  return { sha256: sum.ended().sha256 };
}

function saidOf(table: string): Pick<ArchiveTable, 'left_out' | 'rows_left_out'> {
  const columns = Object.entries(leftOutOf(table)).map(([name, { reason }]) => [name, reason]);
  const rows = rowsLeftOut[table]?.reason;
  return {
    ...(columns.length > 0 ? { left_out: Object.fromEntries(columns) } : {}),
    ...(rows === undefined ? {} : { rows_left_out: rows }),
  };
}

/** Length and checksum of what goes by. */
export class Sum {
  readonly #hash = createHash('sha256');
  #bytes = 0;

  add(bytes: Buffer): Buffer {
    this.#hash.update(bytes);
    this.#bytes += bytes.length;
    return bytes;
  }

  ended = (): { bytes: number; sha256: string } => ({ bytes: this.#bytes, sha256: this.#hash.digest('hex') });
}
