import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import { z } from 'zod';
import { sqlState } from '../words/errors.ts';
import { messageOf } from '../words/message-of.ts';
import type { Database, DatabaseAddress } from './db.ts';
import { packageRoot } from './package-root.ts';
import { sql } from './sql.ts';

/** Where the migrations of this version are. */
export const ownMigrations = path.join(packageRoot, 'migrations');

/**
 * Brings a database to the newest schema: makes the two roles, then runs the files of `migrations/` that are not yet
 * recorded, each in a transaction of its own. Safe to run from many processes at once; one works, the others wait.
 *
 * `admin` may be a superuser or any role that may create roles and owns the database. Answers the names of the files
 * that were run. Throws with a sentence that says what to do when a right is missing, an old file was edited or the
 * server is older than PostgreSQL 15.
 */
export async function migrate(
  admin: DatabaseAddress,
  folder = ownMigrations,
  /** Only these of them, for a database that is brought to an older schema first. */
  only?: ReadonlySet<string>,
): Promise<string[]> {
  return onClient(admin, async client => {
    const pending = await listPending(client, await readMigrations(folder)).then(files =>
      files.filter(({ name }) => only?.has(name) ?? true),
    );
    if (pending.length === 0) return [];
    await ensureRoles(client);
    const done: string[] = [];
    for (const migration of pending) {
      if (await withPatience(() => runOne(client, migration))) done.push(migration.name);
    }
    return done;
  });
}

/** How many migrations of this version have run on the database, and how many have not. Changes nothing. */
export function countMigrations(
  admin: DatabaseAddress,
  folder = ownMigrations,
): Promise<{ ran: number; missing: number }> {
  return onClient(admin, async client => {
    const all = await readMigrations(folder);
    const missing = (await listPending(client, all)).length;
    return { ran: all.length - missing, missing };
  });
}

async function onClient<T>(admin: DatabaseAddress, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    ...admin,
    ssl: admin.ssl ? { rejectUnauthorized: true } : false,
    connectionTimeoutMillis: 5_000,
  });
  // A connection that breaks fails the statement under way; without a listener it would end the process.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Whether every migration of this version has run on the database; those of a newer version may have run as well. */
export async function isMigrated(
  db: Pick<Database, 'transaction'>,
  folder = ownMigrations,
): Promise<boolean> {
  const names = await listMigrations(folder);
  const { missing } = await db.transaction('read only', tx =>
    tx.one(
      z.object({ missing: z.number() }),
      sql`
      select count(*)::integer as missing
      from unnest(${names}::text[]) as wanted (name)
      where not exists (select from schema_migrations as m where m.name = wanted.name)`,
    ),
  );
  return missing === 0;
}

const listMigrations = async (folder: string): Promise<string[]> =>
  (await readdir(folder)).filter(name => /^\d{14}_.*\.sql$/.test(name)).sort();

/** The migration files, oldest first, with their text. */
export async function readMigrations(
  folder: string,
): Promise<{ name: string; text: string; hash: string }[]> {
  const names = await listMigrations(folder);
  return Promise.all(
    names.map(async name => {
      const text = await readFile(path.join(folder, name), 'utf8');
      return { name, text, hash: createHash('sha256').update(text).digest('hex') };
    }),
  );
}

async function ensureRoles(client: pg.Client): Promise<void> {
  try {
    await inTransaction(client, async () => {
      await client.query(createRoles);
      await client.query('set local role deskhand_owner');
      await client.query(`
        create table if not exists schema_migrations (
          name text primary key,
          hash text not null,
          applied_at timestamptz not null default now()
        )`);
      await client.query('grant select on schema_migrations to deskhand_app');
    });
  } catch (error) {
    const reason = messageOf(error);
    throw new Error(
      `The database roles cannot be made (${reason}). Run once as a superuser:\n` +
        '  create role deskhand_owner login; create role deskhand_app login;\n' +
        '  grant deskhand_owner, deskhand_app to <the user of DATABASE_URL>;\n' +
        '  alter database <name> owner to deskhand_owner;',
    );
  }
}

// Roles belong to the whole cluster, so another installation (or test) may make them at the same moment.
const createRoles = `
do $$
declare
  name text;
begin
  foreach name in array array['deskhand_owner', 'deskhand_app'] loop
    if not exists (select 1 from pg_roles where rolname = name) then
      begin
        execute format('create role %I login nosuperuser nobypassrls nocreaterole nocreatedb', name);
      exception when duplicate_object or unique_violation then
        null;
      end;
    end if;
    if not pg_has_role(current_user, name, 'member') then
      execute format('grant %I to %I', name, current_user);
    end if;
  end loop;
  if not has_database_privilege('deskhand_owner', current_database(), 'create') then
    execute format('grant create, temporary on database %I to deskhand_owner', current_database());
  end if;
  if not has_schema_privilege('deskhand_owner', 'public', 'create') then
    grant create, usage on schema public to deskhand_owner;
  end if;
end
$$`;

type Migration = Awaited<ReturnType<typeof readMigrations>>[number];

// Needs no lock and, once everything has run, nothing else: every command asks this at its start.
async function listPending(client: pg.Client, migrations: readonly Migration[]): Promise<Migration[]> {
  const { rows: known } = await client.query<{ there: boolean; number: number; version: string }>(`
    select to_regclass('public.schema_migrations') is not null as there,
      current_setting('server_version_num')::int as number,
      current_setting('server_version') as version`);
  if (known[0] && known[0].number < 150_000) {
    throw new Error(`PostgreSQL ${known[0].version} is too old; use 15 or newer.`);
  }
  if (!known[0]?.there) return [...migrations];
  const { rows } = await client.query<{ name: string; hash: string }>(
    'select name, hash from schema_migrations',
  );
  const applied = new Map(rows.map(row => [row.name, row.hash]));
  for (const { name, hash } of migrations) {
    if ((applied.get(name) ?? hash) !== hash) {
      throw new Error(`${name} was edited after it had run; put it back and add a new migration instead.`);
    }
  }
  return migrations.filter(({ name }) => !applied.has(name));
}

/**
 * A migration that waits for a table keeps everybody waiting who comes after it: so it gives way after some seconds, and tries
 * again when those before it are through.
 */
async function withPatience<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const cause = error instanceof Error ? error.cause : undefined;
      if (sqlState(cause) !== lockNotHad || attempt >= 60) throw error;
      // No event says that a table is free without waiting in its line: those who came in the meantime get a second to go first.
      await setTimeout(1_000);
    }
  }
}

const lockNotHad = '55P03';

/** Runs one file unless another process did while we waited for the lock; answers whether it ran. */
function runOne(client: pg.Client, migration: Migration): Promise<boolean> {
  return inTransaction(client, async () => {
    await client.query('set local role deskhand_owner');
    const { rowCount } = await client.query('select 1 from schema_migrations where name = $1', [
      migration.name,
    ]);
    if (rowCount === 1) return false;
    await client.query("set local lock_timeout = '2s'");
    try {
      await client.query(migration.text);
    } catch (error) {
      throw new Error(`${migration.name}: ${messageOf(error)}`, {
        cause: error,
      });
    }
    await client.query('insert into schema_migrations (name, hash) values ($1, $2)', [
      migration.name,
      migration.hash,
    ]);
    return true;
  });
}

/** One transaction under the lock of migrations; the lock of a transaction also holds behind a pooler. */
async function inTransaction<T>(client: pg.Client, work: () => Promise<T>): Promise<T> {
  await client.query('begin');
  try {
    await client.query(`select pg_advisory_xact_lock(${migrationLock})`);
    const result = await work();
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}

/** One key for all versions of the program, chosen once by chance. */
const migrationLock = 7306358417;

/** Keeps migrations away until the transaction ends. */
export const holdMigrations = sql`select pg_advisory_xact_lock(${migrationLock}::bigint)`;
