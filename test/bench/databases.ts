import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { z } from 'zod';
import { createDeskhand } from '../../api/compose.ts';
import { type DatabaseAddress, openDatabase } from '../../core/kernel/database/db.ts';
import { newId } from '../../core/kernel/database/ids.ts';
import { migrate } from '../../core/kernel/database/migrate.ts';
import { startEmbedded, stopEmbedded } from '../../core/kernel/database/postgres/launcher.ts';
import type { Caller } from '../../core/kernel/pipeline/context.ts';
import { foundBusiness } from '../../core/organizations/found.ts';
import { squareFile } from './square-file.ts';

/** A filled database: the business that is measured is one of a hundred. */
export interface BenchDatabase {
  address: DatabaseAddress;
  /** For statements without row level security. */
  owner: DatabaseAddress;
  contacts: number;
  organization: string;
  /** Of the measured business's agent. */
  key: string;
  /** The measured business's owner. */
  caller: Caller;
}

export interface BenchCluster {
  dataDir: string;
  small: BenchDatabase;
  large: BenchDatabase;
  /** A copy in which the measured business has no customers yet. */
  empty: BenchDatabase;
  query(statement: string): Promise<pg.QueryResult>;
  close(): Promise<void>;
}

export interface Sizes {
  small: number;
  large: number;
  otherOrganizations: number;
  contactsOfOthers: number;
}

const kept = z.object({ organization: z.string(), user: z.string(), key: z.string() });
type Kept = z.infer<typeof kept>;

/**
 * The embedded PostgreSQL as an installation runs it (fsync on), with three databases of a hundred businesses: one of
 * them has no customers, `small` or `large` many. With a `folder` all is kept there, and the next run, which works on
 * fresh copies, is spared the filling. `binDir` names the programs of another PostgreSQL, as in startEmbedded.
 */
export async function openCluster(
  folder: string | undefined,
  sizes: Sizes,
  say: (text: string) => void,
  binDir?: string,
): Promise<BenchCluster> {
  const dataDir = folder ?? (await mkdtemp(join(tmpdir(), 'deskhand-bench-')));
  const { host, port, superuser, password } = await startEmbedded({
    dataDir,
    ...(binDir === undefined ? {} : { binDir }),
  });
  const server = { host, port, ...(password === undefined ? {} : { password }) };
  // A pool, because one part of the benchmark kills the server under it.
  const admin = new pg.Pool({ ...server, user: superuser, database: 'postgres', max: 1 });
  admin.on('error', () => undefined);
  const named = (database: string) => ({
    address: { ...server, user: 'deskhand_app', database },
    owner: { ...server, user: superuser, database },
  });
  const file = join(dataDir, 'bench.json');
  const names = { empty: 'full_0', small: `full_${sizes.small}`, large: `full_${sizes.large}` };
  const has = async (name: string) =>
    (await admin.query('select 1 from pg_database where datname = $1', [name])).rowCount === 1;

  async function fill(name: string, template: string, owner: Caller, from: number, to: number) {
    if (await has(name)) return;
    await admin.query(`create database ${name}_unfinished template ${template}`);
    say(`importing ${to - from} customers`);
    await importInto(named(`${name}_unfinished`).address, owner, from, to);
    await tidy(named(`${name}_unfinished`).owner);
    await admin.query(`alter database ${name}_unfinished rename to ${name}`);
  }

  for (const name of [names.small, names.large]) await drop(admin, `${name}_unfinished`);
  if (!(await has(names.empty))) {
    await admin.query(`create database ${names.empty}`);
    await migrate(named(names.empty).owner);
    say(`founding ${sizes.otherOrganizations + 1} businesses`);
    await writeFile(file, JSON.stringify(await foundAll(named(names.empty).address, sizes)));
  }
  const { organization, user, key }: Kept = kept.parse(JSON.parse(await readFile(file, 'utf8')));
  const caller: Caller = { via: 'member', organization_id: organization, user_id: user };
  await fill(names.small, names.empty, caller, 0, sizes.small);
  await fill(names.large, names.small, caller, sizes.small, sizes.large);
  const copied = async (original: string, contacts: number): Promise<BenchDatabase> => {
    const name = original.replace('full', 'run');
    await drop(admin, name);
    await admin.query(`create database ${name} template ${original} strategy file_copy`);
    // What was kept may be of an older version.
    await migrate(named(name).owner);
    await withoutWork(named(name).owner);
    return { ...named(name), contacts, organization, key, caller };
  };
  const cluster = {
    dataDir,
    empty: await copied(names.empty, 0),
    small: await copied(names.small, sizes.small),
    large: await copied(names.large, sizes.large),
  };
  await admin.query('checkpoint');
  return {
    ...cluster,
    query: statement => admin.query(statement),
    async close() {
      for (const { owner } of [cluster.empty, cluster.small, cluster.large])
        await drop(admin, owner.database);
      await admin.end();
      if (folder !== undefined) return;
      await stopEmbedded(dataDir);
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

const drop = (admin: pg.Pool, name: string) => admin.query(`drop database if exists ${name} with (force)`);

async function foundAll(address: DatabaseAddress, sizes: Sizes): Promise<Kept> {
  const db = openDatabase({ address, connections: 2 });
  const app = createDeskhand(db);
  try {
    const done = async (caller: Caller, action: string, data: Record<string, unknown>) =>
      (await app.execute(caller, { action, data }, { request_id: newId() })).data;
    for (let other = 1; other <= sizes.otherOrganizations; other++) {
      const { organization_id, owner_id } = await foundBusiness(db, business(other));
      const content = squareFile(1_000_000 + other * sizes.contactsOfOthers, sizes.contactsOfOthers);
      await done({ via: 'member', organization_id, user_id: owner_id }, 'import.square', { content });
    }
    const { organization_id, owner_id } = await foundBusiness(db, business(0));
    const caller: Caller = { via: 'member', organization_id, user_id: owner_id };
    const agent = await done(caller, 'agent.create', { name: 'Office Manager' });
    const { key } = await done(caller, 'agent.create_key', { agent_id: agent.id });
    return { organization: organization_id, user: owner_id, key: String(key) };
  } finally {
    await db.close();
  }
}

const business = (number: number) => ({
  slug: `business-${number}`,
  name: `Window Cleaning ${number}`,
  time_zone: 'America/Chicago',
  owner: { email: `owner${number}@brightpanes.example`, name: 'Olivia Bright' },
});

const rowsPerFile = 20_000;

async function importInto(address: DatabaseAddress, caller: Caller, from: number, to: number): Promise<void> {
  const db = openDatabase({ address, connections: 2 });
  const app = createDeskhand(db);
  try {
    for (let start = from; start < to; start += rowsPerFile) {
      const content = squareFile(start, Math.min(rowsPerFile, to - start));
      await app.execute(caller, { action: 'import.square', data: { content } }, { request_id: newId() });
    }
  } finally {
    await db.close();
  }
}

/**
 * Takes away what the filling left in the queue: thousands of notes to be read, which a server with its worker would go through
 * for minutes beside what is measured, and be called idle the while.
 */
async function withoutWork(owner: DatabaseAddress): Promise<void> {
  const client = new pg.Client({ ...owner, ssl: false });
  await client.connect();
  await client.query('delete from jobs where done_at is null');
  await client.end();
}

/** What the autovacuum does within the next minutes on an installation, at once. */
async function tidy(owner: DatabaseAddress): Promise<void> {
  const client = new pg.Client({ ...owner, ssl: false });
  await client.connect();
  await client.query('vacuum (analyze)');
  await client.end();
}
