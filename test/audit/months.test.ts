import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { migrate } from '../../core/kernel/database/migrate.ts';
import { packageRoot } from '../../core/kernel/database/package-root.ts';
import { inEmptyDatabase, superuserAt } from '../contracts/superuser.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

// The history of all businesses lies in parts of a month each (core/decisions/053).

const business = '0192b0c0-0000-7000-8000-00000000000b';

/** An entry of a moment, as the trigger writes them, with an id of then. */
const entryAt = (moment: string, table = 'audit_log') =>
  `
  insert into ${table} (organization_id, id, entity_type, entity_id, subject_type, subject_id, action, changes, actor_kind, actor_name)
  select '${business}', left(uuid7_floor(${moment})::text, 15) || right(gen_random_uuid()::text, 21))::uuid, 'note', gen_random_uuid(), 'contact',
    '${business}', 'create', '{}', 'user', 'Olivia'`.replace('left(', '(left(');

const nextMonth = `date_trunc('month', now() at time zone 'UTC') at time zone 'UTC' + interval '32 days'`;
const inMonths = (months: number) => `(now() + interval '${months} months')`;

async function partsOf(client: pg.Pool | pg.Client) {
  const { rows } = await client.query<{ name: string; rows: number }>(`
    select c.relname as name,
      (xpath('/row/n/text()', query_to_xml(format('select count(*) as n from %I', c.relname), false, true, '')))[1]::text::int as rows
    from pg_inherits as i
    join pg_class as c on c.oid = i.inhrelid
    where i.inhparent = 'audit_log'::regclass
    order by c.relname`);
  return rows;
}

describe('the months of the history', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await testDatabase();
  });
  afterAll(() => database.close());
  const query = async (text: string) => (await database.owner.query(text)).rows;
  const extend = async (months: number) =>
    (await query(`select extend_audit_log(${months}) as made`))[0].made as number;

  test('are made ahead, once, also by two workers at the same moment', async () => {
    const before = (await partsOf(database.owner)).length;
    const made = await Promise.all([extend(4), extend(4), extend(4)]);
    expect(made.reduce((sum, each) => sum + each, 0)).toBe((await partsOf(database.owner)).length - before);
    expect(Math.max(...made)).toBeGreaterThan(0);
    expect(await extend(4)).toBe(0);
  });

  test('take the entries of their time, and what nobody made a month for is written all the same', async () => {
    await query(entryAt(inMonths(3)));
    await query(entryAt(inMonths(14)));
    await query(entryAt(`'1999-12-31'::timestamptz`));
    const full = (await partsOf(database.owner)).filter(({ rows }) => rows > 0);
    expect(full.map(({ name }) => name)).toEqual([
      expect.stringMatching(/^audit_log_\d{4}_\d\d$/),
      'audit_log_before',
      'audit_log_later',
    ]);
  });

  test('are made up for when nobody made any for half a year; what was written meanwhile stays, in its order', async () => {
    await query(entryAt(inMonths(10)));
    await query(entryAt(inMonths(11)));
    const ids = 'select array_agg(id order by id) as ids from audit_log';
    const [before] = await query(ids);
    expect(await extend(12)).toBeGreaterThan(1);
    const parts = await partsOf(database.owner);
    expect(parts.find(({ name }) => name === 'audit_log_later')?.rows).toBe(1);
    expect((await query(ids))[0]).toEqual(before);
    expect(await extend(12)).toBe(0);
  });

  test('are left for the next time when somebody is reading the whole of it, and nobody has to wait', async () => {
    const reader = await database.owner.connect();
    await reader.query('begin');
    await reader.query('lock table audit_log in access share mode');
    expect(await extend(20)).toBe(0);
    await reader.query('rollback');
    reader.release();
    expect(await extend(20)).toBe(8);
  });

  test('cannot be changed or deleted from, by the owner of the tables either, through the whole or a part', async () => {
    for (const { name } of await partsOf(database.owner)) {
      await query(`select from ${name}`);
      const holds = (await query(`select count(*)::int as rows from ${name}`))[0].rows > 0;
      if (!holds) continue;
      await expect(query(`delete from ${name}`)).rejects.toThrow('audit entries cannot be changed');
      await expect(query(`update ${name} set actor_name = 'Nobody'`)).rejects.toThrow(
        'audit entries cannot be changed',
      );
    }
    await expect(query('delete from audit_log')).rejects.toThrow('audit entries cannot be changed');
  });

  test('are not there for the application but through the whole, and only its own business’s', async () => {
    const client = new pg.Client(database.address);
    await client.connect();
    const context = (of: string) => `select set_ctx('${of}', null, '{"kind": "user", "name": "Olivia"}')`;
    await client.query('begin');
    await client.query(context(business));
    expect((await client.query('select from audit_log')).rowCount).toBe(5);
    await client.query(context('0192b0c0-0000-7000-8000-00000000000c'));
    expect((await client.query('select from audit_log')).rowCount).toBe(0);
    await expect(client.query('select from audit_log_before')).rejects.toThrow('permission denied');
    await client.end();
  });

  test('are read from the newest on, and no further than wanted', async () => {
    const plan = await query(`
      explain (analyze, costs off, timing off, summary off, buffers off)
      select id from audit_log where organization_id = '${business}' and subject_type = 'contact'
        and subject_id = '${business}' order by id desc limit 1`);
    const lines = plan.map(row => row['QUERY PLAN'] as string);
    expect(lines.join('\n')).not.toMatch(/Sort|Merge/);
    expect(lines.filter(line => line.includes('never executed')).length).toBeGreaterThan(3);
  });
});

test('a history from before there were months becomes the first part, unchanged, and what is written meanwhile is in it', async () => {
  const folder = path.join(packageRoot, 'migrations');
  const copy = await mkdtemp(path.join(tmpdir(), 'deskhand-months-'));
  try {
    const names = (await readdir(folder)).filter(name => name.endsWith('.sql')).sort();
    const until = async (last: string) => {
      for (const name of names)
        if (name !== 'schema.sql' && name <= last) await cp(path.join(folder, name), path.join(copy, name));
    };
    await inEmptyDatabase(async name => {
      await until('20261130000000_z');
      await migrate(superuserAt(name), copy);
      const client = new pg.Client(superuserAt(name));
      await client.connect();
      await client.query(entryAt(`now() - interval '3 years'`));
      await client.query(entryAt('now()'));
      const file = `select relfilenode from pg_class where oid = $1::regclass`;
      const { rows: before } = await client.query(file, ['audit_log']);
      await until('20261130040100_z');
      await migrate(superuserAt(name), copy);
      // The month may end while the files run.
      await client.query(entryAt(`now() + interval '6 days'`));
      await until('20261130040200_z');
      await migrate(superuserAt(name), copy);
      expect((await client.query(file, ['audit_log_before'])).rows).toEqual(before);
      await client.query(entryAt(nextMonth));
      expect((await client.query('select from audit_log')).rowCount).toBe(4);
      expect((await client.query('select from audit_log_before')).rowCount).toBeGreaterThanOrEqual(3);
      await expect(client.query('delete from audit_log')).rejects.toThrow('audit entries cannot be changed');
      await client.end();
    });
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
});
