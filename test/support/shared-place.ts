import pg from 'pg';
import { z } from 'zod';
import { openDatabase, type PooledDatabase } from '../../core/kernel/database/db.ts';
import { type TestDatabase, testDatabase } from './database.ts';

/** A database with connections to it. */
export interface Place {
  database: TestDatabase;
  db: PooledDatabase;
  /** Gives it back, or away. */
  leave(): Promise<void>;
}

/**
 * Enough for two at once and who looks on. A new connection has a database yet to learn: fifty milliseconds of a processor, so
 * a page that reads ten things at once had better wait for the few there are.
 */
const connections = 4;

/**
 * More than a server keeps by name: it asks the same few hundred statements all day, and the files of a worker ask all there are,
 * one after the other. Else those of the first files would be the only ones that are planned once.
 */
const most_prepared = 2_000;

/** A database of one's own. */
export async function openPlace(): Promise<Place> {
  const database = await testDatabase();
  const db = openDatabase({ address: database.address, connections, most_prepared });
  return {
    database,
    db,
    leave: async () => {
      await db.close();
      await database.close();
    },
  };
}

interface Shared {
  place: Place;
  admin: pg.Client;
  /** What its schema looked like. */
  schema: string;
}

let shared: Shared | undefined;
let isTaken = false;

/**
 * The database that the files of a worker share, as empty as a new one. Its connections know it already: what each learns of
 * tables, functions and statements is a sixth of what PostgreSQL has to do for the tests and more. A file that changes the schema, or leaves
 * much behind, is followed by a new one.
 */
export async function takePlace(): Promise<Place> {
  if (isTaken) return openPlace();
  isTaken = true;
  if (shared && !(await isEmptied(shared))) {
    const worn = shared;
    shared = undefined;
    await worn.admin.end().catch(() => undefined);
    await worn.place.leave();
  }
  shared ??= await openShared();
  const { place } = shared;
  return {
    ...place,
    leave: async () => {
      isTaken = false;
    },
  };
}

async function openShared(): Promise<Shared> {
  const place = await openPlace();
  const admin = new pg.Client({ ...place.database.admin, ssl: false });
  admin.on('error', () => undefined);
  await admin.connect();
  const { rows } = await admin.query<{ name: string }>(tables);
  const deletes = rows.map(({ name }) => `delete from ${name};`).join('\n');
  await admin.query(`
    create schema tests;
    create table tests.paces as table paces;
    create function tests.empty() returns void language plpgsql set session_replication_role = 'replica' as $$ begin
      ${deletes}
      delete from paces;
      insert into paces table tests.paces;
    end $$;
    set lock_timeout = '5s'`);
  return { place, admin, schema: await schemaOf(admin) };
}

/** Empties it; false when it is no longer what it was. */
async function isEmptied({ admin, schema }: Shared): Promise<boolean> {
  try {
    if ((await schemaOf(admin)) !== schema) return false;
    await admin.query('select tests.empty()');
    return true;
  } catch {
    return false;
  }
}

/** All tables but those that a migration has filled, of which `paces` is put back as it was. */
const tables = `
  select oid::regclass::text as name
  from pg_class
  where relnamespace = 'public'::regnamespace
    and relkind in ('r', 'p')
    and not relispartition
    and relname not in ('schema_migrations', 'paces')`;

/** Which versions of its tables, columns, functions, triggers and so on there are; too much in it says so as well. */
async function schemaOf(admin: pg.Client): Promise<string> {
  const { rows } = await admin.query(`
    select (select sum(xmin::text::bigint) from pg_proc where pronamespace = 'public'::regnamespace) as functions,
      (
        select md5(string_agg(concat(relname, relnatts, relchecks, relrowsecurity, relacl, reloptions), ' ' order by relname))
        from pg_class
        where relnamespace = 'public'::regnamespace
      ) as tables,
      (
        select md5(string_agg(concat(attrelid, attname, attnotnull, attacl, attoptions), ' ' order by attrelid, attnum))
        from pg_attribute
        where attrelid >= 16384
      ) as columns,
      (select md5(string_agg(t::text, ' ' order by oid)) from pg_trigger as t) as triggers,
      (select sum(xmin::text::bigint) from pg_policy) as policies,
      (select sum(xmin::text::bigint) from pg_constraint) as constraints,
      (
        select sum(pg_relation_size(name)) > 1000000
        from unnest(array['search_documents', 'contacts', 'jobs']::regclass[]) as name
      ) as is_large`);
  return JSON.stringify(z.array(z.record(z.string(), z.unknown())).parse(rows));
}
