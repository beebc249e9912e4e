import type { Writable } from 'node:stream';
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
import { Sum, writeZip, type ZippedFile } from './zip.ts';

export interface ArchiveOptions {
  organization_id: string;
  deskhand_version: string;
}

export interface WrittenFile {
  manifest: Manifest;
  /** Of the whole file. */
  bytes: number;
  sha256: string;
}

const business = z.object({ id: z.string(), slug: z.string(), name: z.string() });

/**
 * Writes everything a business has into one zip (decision 040): a file of JSON lines for each table, a page for people, and
 * at the end the manifest with counts and checksums. All of it is the state of one moment, however much changes meanwhile;
 * nobody waits for it. Memory stays flat. `to` is ended.
 */
export async function writeArchive(
  db: Pick<Database, 'connect'>,
  to: Writable,
  options: ArchiveOptions,
): Promise<WrittenFile> {
  return onOwnConnection(db, 'read', async connection => {
    const { organization_id } = options;
    for (const statement of [actIn(organization_id), takeYourTime, ...plainValues])
      await connection.run(statement);
    const manifest = await beginManifest(connection, options);
    const tables = (await connection.many(tablesShape, tablesOfBusiness())).filter(
      ({ name }) => tablesLeftOut[name] === undefined,
    );
    const files = filesOf(connection, { manifest, tables, ...options });
    return { manifest, ...(await writeZip(to, new Date(manifest.taken_at), files)) };
  });
}

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

/** The files of the archive, in the order in which they are written. */
function filesOf(connection: OwnConnection, content: Content): ZippedFile[] {
  const { manifest, tables, organization_id } = content;
  const ofTables = tables.map(table => {
    const name = `tables/${table.name}.jsonl`;
    return {
      name,
      async *bytes() {
        const columns = table.columns
          .filter(column => leftOutOf(table.name)[column.name] === undefined)
          .map(column => ({ name: column.name, type: column.type }));
        const sum = new Sum();
        let rows = 0;
        for await (const lines of connection.batches(linesOf(table, columns, organization_id))) {
          rows += lines.length;
          yield sum.add(Buffer.from(`${lines.join('\n')}\n`));
        }
        manifest.tables.push({
          name: table.name,
          file: name,
          rows,
          ...sum.ended(),
          columns,
          ...saidOf(table.name),
        });
      },
    };
  });
  const forPeople = {
    name: 'README.txt',
    async *bytes() {
      const sum = new Sum();
      yield sum.add(Buffer.from(readme(manifest)));
      manifest.documents.push({ file: 'README.txt', ...sum.ended() });
    },
  };
  const last = {
    name: manifestName,
    async *bytes() {
      yield Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);
    },
  };
  return [...ofTables, forPeople, last];
}

function saidOf(table: string): Pick<ArchiveTable, 'left_out' | 'rows_left_out'> {
  const columns = Object.entries(leftOutOf(table)).map(([name, { reason }]) => [name, reason]);
  const rows = rowsLeftOut[table]?.reason;
  return {
    ...(columns.length > 0 ? { left_out: Object.fromEntries(columns) } : {}),
    ...(rows === undefined ? {} : { rows_left_out: rows }),
  };
}
