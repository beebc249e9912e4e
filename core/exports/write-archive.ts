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
  /** Told after each table: for progress. */
  onTable?: (table: ArchiveTable) => void;
}

const business = z.object({ id: z.string(), slug: z.string(), name: z.string() });

/**
 * Writes everything a business has into one zip (decision 040): a file of JSON lines for each table, pictures as files, a
 * page for people, and at the end the manifest with counts and checksums. All of it is the state of one moment, however much
 * changes meanwhile; nobody waits for it. Memory stays flat. Answers the manifest; `to` is ended. Throws NOT_FOUND.
 */
export function writeArchive(
  db: Pick<Database, 'connect'>,
  to: Writable,
  options: ArchiveOptions,
): Promise<Manifest> {
  return onOwnConnection(db, 'read', async connection => {
    const { organization_id } = options;
    for (const statement of [actIn(organization_id), takeYourTime, ...plainValues])
      await connection.run(statement);
    const { moment } = await connection.one(z.object({ moment: z.string() }), momentOf());
    const ran = await connection.many(z.object({ name: z.string() }), migrationsRun());
    const tables = (await connection.many(tablesShape, tablesOfBusiness())).filter(
      ({ name }) => tablesLeftOut[name] === undefined,
    );
    const manifest: Manifest = {
      format: 'deskhand business',
      format_version: formatVersion,
      deskhand_version: options.deskhand_version,
      taken_at: moment,
      business: await connection.one(business, businessOf(organization_id)),
      migrations: ran.map(({ name }) => name),
      tables: [],
      documents: [],
      left_out: { ...tablesLeftOut },
    };
    await zipUp(connection, to, { manifest, tables, ...options });
    return manifest;
  });
}

interface Content extends ArchiveOptions {
  manifest: Manifest;
  tables: readonly TableOfBusiness[];
}

/** The entries one after the other: each is read from the database while the one before is written. */
async function zipUp(connection: OwnConnection, to: Writable, content: Content): Promise<void> {
  const { manifest, tables, onTable } = content;
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
      const written: ArchiveTable = {
        name: table.name,
        file,
        rows,
        ...sum.ended(),
        columns,
        ...saidOf(table.name),
      };
      manifest.tables.push(written);
      onTable?.(written);
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
  await pipeline(whole, to);
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
