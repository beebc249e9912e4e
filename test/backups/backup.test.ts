import { spawn } from 'node:child_process';
import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { openBackup } from '../../core/backups/read.ts';
import { restoreBackup } from '../../core/backups/restore.ts';
import { openToWrite } from '../../core/connectors/archives/store.ts';
import { openArchive } from '../../core/exports/read-archive.ts';
import { writeArchive } from '../../core/exports/write-archive.ts';
import type { DatabaseAddress } from '../../core/kernel/database/db.ts';
import {
  countMigrations,
  migrate,
  ownMigrations,
  readMigrations,
} from '../../core/kernel/database/migrate.ts';
import { asSuperuser, inEmptyDatabase, superuserAt } from '../contracts/superuser.ts';
import { useOffice } from '../support/office.ts';
import { fastProgram } from '../support/one-file.ts';
import { soon } from '../support/patience.ts';
import { runCommand, temporaryFolder } from '../support/process.ts';
import { databaseUrl } from '../support/two-servers.ts';

const office = useOffice();
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let file: string;
let said: string;
/** What the installation held when the backup was taken, told by another statement than the backup's. */
let sums: Record<string, string>;

const envOf = (admin: DatabaseAddress) => ({
  DATABASE_URL: databaseUrl({ ...admin, user: 'deskhand_app' }),
  DATABASE_OWNER_URL: databaseUrl(admin),
  DESKHAND_DATA: folder.path,
  DESKHAND_DEMO: '0',
});
const deskhand = async (admin: DatabaseAddress, ...args: string[]) =>
  runCommand(args, envOf(admin), await fastProgram());

beforeAll(async () => {
  folder = await temporaryFolder();
  file = path.join(folder.path, 'all.zip');
  const { bright, done, database } = office();
  const strange = {
    first_name: 'Zoë "Quote"',
    last_name: "O'Hara \\ back, (comma)",
    notes: 'two\nlines\tand {braces}',
  };
  for (const data of [strange, { first_name: 'Émile', last_name: '山田' }]) {
    const { id } = await done(bright.owner, 'contact.create', data);
    await done(bright.owner, 'note.create', {
      contact_id: String(id),
      content: 'Key is "under" the \\ pot\nreally',
    });
  }
  await database.owner.query(
    `insert into jobs (organization_id, id, kind, payload) values ($1, gen_random_uuid(), 'email', '{"a": null}')`,
    [bright.id],
  );
  sums = await sumsOf(database.admin.database);
  const { code, stdout, stderr } = await deskhand(database.admin, 'backup', file);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  said = stdout;
});
afterAll(() => folder?.remove());

/** A checksum for each table, over its rows as text. */
async function sumsOf(database: string): Promise<Record<string, string>> {
  const client = new pg.Client(superuserAt(database));
  await client.connect();
  try {
    await client.query("set time zone 'Asia/Kolkata'");
    const { rows } = await client.query<{ name: string }>(
      `select relname as name from pg_class where relnamespace = 'public'::regnamespace
       and relkind in ('r', 'p') and not relispartition and relname <> 'schema_migrations'`,
    );
    const found: Record<string, string> = {};
    for (const { name } of rows) {
      const sum = await client.query<{ sum: string }>(
        `select count(*) || ' ' || md5(coalesce(string_agg(to_jsonb(t)::text, '|' order by to_jsonb(t)::text), '')) as sum from ${name} as t`,
      );
      found[name] = sum.rows[0]?.sum ?? '';
    }
    return found;
  } finally {
    await client.end();
  }
}

/** Deliveries that waited are held after a restore; all else is as it was. */
const without = ({ jobs: _jobs, ...rest }: Record<string, string>) => rest;

describe('a backup of the whole installation', () => {
  test('says what is in it, where the key is, and how it comes back', () => {
    expect(said).toContain('the whole installation, 2 businesses');
    expect(said).toContain('Keep secret.key of the data folder as well, and not beside it');
    expect(said).toContain('deskhand restore all.zip');
  });

  test('comes back into an empty database with every table as it was, and what waited to go out is held', async () => {
    await inEmptyDatabase(async name => {
      const { code, stdout, stderr } = await deskhand(superuserAt(name), 'restore', file);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toContain('2 businesses');
      expect(stdout).toContain('mails and other deliveries waited then and are held');
      const back = await sumsOf(name);
      expect(without(back)).toEqual(without(sums));
      expect(back.jobs?.split(' ')[0]).toBe(sums.jobs?.split(' ')[0]);
      expect(Number(sums.contacts?.split(' ')[0])).toBeGreaterThan(1);
    });
  });

  test('of a database that is away is told so, and what to start', async () => {
    const { code, stderr } = await deskhand(
      { ...superuserAt('x'), host: '127.0.0.1', port: 9 },
      'restore',
      file,
    );
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^No PostgreSQL answers at 127\.0\.0\.1:9 \(ECONNREFUSED\)\. Start it or correct DATABASE_OWNER_URL/,
    );
  });

  test('does not come into a database that has a business, and leaves that as it is', async () => {
    const { admin } = office().database;
    const before = await sumsOf(admin.database);
    await withBackup(async backup => {
      await expect(restoreBackup(admin, backup)).rejects.toThrow('This database is not empty');
    });
    expect(await sumsOf(admin.database)).toEqual(before);
  });

  test('does not come into a database of somebody else', async () => {
    await inEmptyDatabase(async name => {
      await asSuperuser(name, 'create table other_program (id int)');
      await withBackup(async backup => {
        await expect(restoreBackup(superuserAt(name), backup)).rejects.toThrow(
          'it has a table other_program',
        );
      });
    });
  });

  test('that was damaged is refused before anything is written', async () => {
    const bytes = await readFile(file);
    const damaged = path.join(folder.path, 'damaged.zip');
    const middle = Math.floor(bytes.length / 3);
    bytes.fill(0x55, middle, middle + 300);
    await writeFile(damaged, bytes);
    await expect(openBackup(damaged)).rejects.toThrow(/damaged|checksum differs/);
  });

  test('is told from the archive of one business by what the file says', async () => {
    const archive = path.join(folder.path, 'bright.zip');
    const { bright, db } = office();
    const to = await openToWrite(archive);
    await writeArchive(db, to, { organization_id: bright.id, deskhand_version: '0' });
    expect(await openBackup(archive)).toBeUndefined();
    await expect(openArchive(file)).rejects.toThrow('is not one that Deskhand writes');
  });

  test('of an older version comes into a newer one, which brings it up to date', async () => {
    await inEmptyDatabase(async name => {
      const newer = path.join(folder.path, 'newer');
      await cp(ownMigrations, newer, { recursive: true });
      const added = '99990101000000_contacts__byname.sql';
      await writeFile(
        path.join(newer, added),
        `alter table contacts add column byname text not null default 'none';
         alter table contacts disable trigger user;
         update contacts set byname = first_name where first_name is not null;
         alter table contacts enable trigger user;`,
      );
      await withBackup(async backup => {
        const restored = await restoreBackup(superuserAt(name), backup, { migrations: newer });
        expect(restored.migrated).toEqual([added]);
      });
      const client = new pg.Client(superuserAt(name));
      await client.connect();
      const { rows } = await client.query("select byname from contacts where last_name = '山田'");
      await client.end();
      expect(rows).toEqual([{ byname: 'Émile' }]);
    });
  });

  test('of a newer version is refused, with what to do', async () => {
    await inEmptyDatabase(async name => {
      const older = path.join(folder.path, 'older');
      await cp(ownMigrations, older, { recursive: true });
      const last =
        (await readdir(older))
          .filter(one => /^\d{14}/.test(one))
          .sort()
          .at(-1) ?? '';
      await writeFile(path.join(older, last), 'select 1;');
      await withBackup(async backup => {
        await expect(restoreBackup(superuserAt(name), backup, { migrations: older })).rejects.toThrow(
          'This backup was taken by a newer Deskhand than this one.',
        );
      });
    });
  });

  test('does not come into one of an older version that has a business, and leaves its schema as it is', async () => {
    await inEmptyDatabase(async name => {
      const all = (await readMigrations(ownMigrations)).map(migration => migration.name);
      await migrate(superuserAt(name), ownMigrations, new Set(all.slice(0, -1)));
      await asSuperuser(
        name,
        "insert into organizations (id, slug, name, time_zone, business_hours) values (gen_random_uuid(), 'there', 'There', 'UTC', '{}')",
      );
      await withBackup(async backup => {
        await expect(restoreBackup(superuserAt(name), backup)).rejects.toThrow('it has the business There');
      });
      expect(await countMigrations(superuserAt(name))).toEqual({ ran: all.length - 1, missing: 1 });
    });
  });

  test('is one of the version before when it is taken by the next one, before the upgrade', async () => {
    await inEmptyDatabase(async name => {
      const all = (await readMigrations(ownMigrations)).map(migration => migration.name);
      await migrate(superuserAt(name), ownMigrations, new Set(all.slice(0, -1)));
      const before = path.join(folder.path, 'before.zip');
      expect(await deskhand(superuserAt(name), 'backup', before)).toMatchObject({ code: 0, stderr: '' });
      expect(await countMigrations(superuserAt(name))).toEqual({ ran: all.length - 1, missing: 1 });
      await withBackup(async ({ manifest }) => {
        expect(manifest.migrations.map(migration => migration.name)).toEqual(all.slice(0, -1));
      }, before);
    });
  });

  test('is not written of a database that holds no installation, nor by a user who may not see it', async () => {
    const none = path.join(folder.path, 'none.zip');
    await inEmptyDatabase(async name => {
      const { code, stderr } = await deskhand(superuserAt(name), 'backup', none);
      expect(code).toBe(1);
      expect(stderr).toMatch(/^There is nothing to back up: this database holds no Deskhand\./);
      expect(await countMigrations(superuserAt(name))).toMatchObject({ ran: 0 });
    });
    const { address } = office().database;
    const env = { ...envOf(address), DATABASE_OWNER_URL: '' };
    const { code, stderr } = await runCommand(['backup', none], env, await fastProgram());
    expect(code).toBe(1);
    expect(stderr).toMatch(/may not do what Deskhand needs .*set DATABASE_OWNER_URL/);
    await expect(readFile(none)).rejects.toThrow('ENOENT');
  });

  test('that is killed while it comes back leaves no business, and comes back when it is done again', async () => {
    await inEmptyDatabase(async name => {
      const client = new pg.Client(superuserAt(name));
      client.on('error', () => undefined);
      await client.connect();
      // The schema is there, as after an earlier try. Stops this one in the middle of its rows, at a table somebody holds.
      await migrate(superuserAt(name));
      await client.query('begin');
      await client.query('lock table tickets in share mode');
      const [program, ...args] = await fastProgram();
      const child = spawn(program, [...args, 'restore', file], {
        env: { PATH: process.env.PATH, ...envOf(superuserAt(name)) },
        stdio: 'ignore',
      });
      const ended = new Promise(resolve => child.once('close', resolve));
      await vi.waitFor(async () => {
        const { rows } = await client.query(
          "select from pg_locks where relation = 'tickets'::regclass and not granted",
        );
        expect(rows).toHaveLength(1);
      }, soon);
      child.kill('SIGKILL');
      await ended;
      await client.query('rollback');
      await vi.waitFor(async () => {
        const { rows } = await client.query("select from pg_locks where relation = 'contacts'::regclass");
        expect(rows).toHaveLength(0);
      }, soon);
      const { rows } = await client.query(
        'select (select count(*) from organizations)::int + (select count(*) from contacts)::int as rows',
      );
      expect(rows).toEqual([{ rows: 0 }]);
      await client.end();
      expect((await deskhand(superuserAt(name), 'restore', file)).code).toBe(0);
      expect(without(await sumsOf(name))).toEqual(without(sums));
    });
  });

  test('is of one moment, however much is written meanwhile', async () => {
    const { bright, done, database } = office();
    let writing = true;
    const writer = (async () => {
      for (let n = 0; writing; n++) await done(bright.owner, 'contact.create', { first_name: `Moment ${n}` });
    })();
    const moment = path.join(folder.path, 'moment.zip');
    const { code } = await deskhand(database.admin, 'backup', moment);
    writing = false;
    await writer;
    expect(code).toBe(0);
    await inEmptyDatabase(async name => {
      await withBackup(backup => restoreBackup(superuserAt(name), backup), moment);
      const client = new pg.Client(superuserAt(name));
      await client.connect();
      const { rows } = await client.query(`
        select count(*)::int as contacts,
          count(*) filter (where exists (
            select from audit_log as a where a.entity_id = c.id and a.action = 'create'))::int as told,
          count(*) filter (where exists (
            select from search_documents as d where d.record_id = c.id))::int as found
        from contacts as c where first_name like 'Moment %'`);
      await client.end();
      const { contacts, told, found } = rows[0];
      expect(told).toBe(contacts);
      expect(found).toBe(contacts);
    });
  });
});

async function withBackup(
  work: (backup: NonNullable<Awaited<ReturnType<typeof openBackup>>>) => Promise<unknown>,
  of = file,
): Promise<void> {
  const backup = await openBackup(of);
  if (!backup) throw new Error('this is no backup');
  try {
    await work(backup);
  } finally {
    backup.close();
  }
}
