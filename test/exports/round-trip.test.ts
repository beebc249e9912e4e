import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openArchive } from '../../core/exports/read-archive.ts';
import { openDatabase } from '../../core/kernel/database/db.ts';
import { newId } from '../../core/kernel/database/ids.ts';
import { openApp } from '../support/business.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { useOffice } from '../support/office.ts';
import { filesIn, manifestIn, restore, sumsOf, useFolder, write } from './archives.ts';
import { tellWholeStory } from './whole-story.ts';

// A business that went through the whole story leaves with everything and comes back elsewhere.

const office = useOffice();
const folder = useFolder();
const file = (name: string) => path.join(folder(), name);
let elsewhere: TestDatabase;

beforeAll(async () => {
  await tellWholeStory(office(), office().bright, 'Brightly');
  await tellWholeStory(office(), office().clear, 'Quorl');
  elsewhere = await testDatabase();
});
afterAll(() => elsewhere?.close());

describe('an archive of a business', () => {
  test('has a file of lines for every table, each with its checksum, and says what stays behind', async () => {
    const manifest = await write(office().db, office().bright.id, file('a.zip'));
    const files = await filesIn(file('a.zip'));
    expect(manifestIn(files)).toEqual(manifest);
    const { rows } = await office().database.owner.query<{ name: string }>(
      `select distinct table_name as name from information_schema.columns
       where table_schema = 'public' and (column_name = 'organization_id' or table_name = 'organizations')
       and not (select relispartition from pg_class where oid = to_regclass('public.' || table_name))`,
    );
    const known = [...manifest.tables.map(({ name }) => name), ...Object.keys(manifest.left_out)];
    expect(known.sort()).toEqual(rows.map(({ name }) => name).sort());
    for (const table of manifest.tables) {
      const lines = String(files.get(table.file)).split('\n').filter(Boolean);
      expect({ [table.name]: lines.length }).toEqual({ [table.name]: table.rows });
      for (const line of lines) expect(Object.keys(JSON.parse(line))).toContain(table.columns[0]?.name);
    }
    expect(manifest.tables.filter(({ rows }) => rows === 0).map(({ name }) => name)).toEqual([]);
    (await openArchive(file('a.zip'))).close();
  });

  test('holds nothing of another business, and would be seen to if it did', async () => {
    const mine = await office().database.owner.query<{ name: string }>(
      'select full_name as name from contacts where organization_id = $1 and full_name is not null limit 1',
      [office().bright.id],
    );
    const planted = `Planted ${newId()}`;
    await office().done(office().clear.owner, 'contact.create', { full_name: planted });
    await write(office().db, office().bright.id, file('own.zip'));
    await write(office().db, office().clear.id, file('theirs.zip'));
    const textOf = async (name: string) =>
      Buffer.concat([...(await filesIn(file(name))).values()]).toString();
    const [own, theirs] = [await textOf('own.zip'), await textOf('theirs.zip')];
    expect(own).toContain(String(mine.rows[0]?.name));
    for (const strange of [office().clear.id, planted, 'Quorl']) {
      expect(theirs).toContain(strange);
      expect(own).not.toContain(strange);
    }
  });

  test('holds nothing that opens a door', async () => {
    const { owner } = office().database;
    await office().done(office().bright.owner, 'secret.set', {
      name: 'stripe_webhook',
      value: 'whsec_0123456789abcdef0123456789',
    });
    const doors = await owner.query<{ door: string }>(
      `select encode(key_hash, 'base64') as door from agent_keys where organization_id = $1
       union all select encode(key_hash, 'hex') from agent_keys where organization_id = $1
       union all select encode(token_hash, 'base64') from customer_links where organization_id = $1
       union all select encode(token_hash, 'base64') from calendar_feeds where organization_id = $1
       union all select encode(token_hash, 'base64') from sessions where organization_id = $1
       union all select encode(u.phone_secret, 'base64') from users as u join members as m on m.id = u.id and m.organization_id = $1
       union all select challenge from passkey_challenges where organization_id = $1
       union all select sealed from secrets where organization_id = $1`,
      [office().bright.id],
    );
    expect(doors.rows.length).toBeGreaterThan(7);
    await write(office().db, office().bright.id, file('doors.zip'));
    const text = Buffer.concat([...(await filesIn(file('doors.zip'))).values()]).toString();
    expect(doors.rows.filter(({ door }) => text.includes(door.replace(/\n/g, '')))).toEqual([]);
  });
});

describe('a business that is restored elsewhere', () => {
  test('has the checksum of every table it had, with all its numbers and its history, but for what is said', async () => {
    const before = await write(office().db, office().bright.id, file('origin.zip'));
    const restored = await restore(elsewhere.admin, file('origin.zip'));
    expect(restored).toMatchObject({ business: { id: office().bright.id, slug: 'bright-panes' } });
    const db = openDatabase({ address: elsewhere.address });
    try {
      const after = await write(db, office().bright.id, file('again.zip'));
      const [was, is] = [sumsOf(before), sumsOf(after)];
      // The sums of its days stayed behind: all days on which there was work are to be summed up.
      const { rows: days } = await elsewhere.owner.query(
        `select distinct (t.scheduled_at at time zone 'UTC')::date = any (
           array(select day from changed_days where organization_id = $1)) as is_said
         from tickets as t where t.organization_id = $1 and t.status = 'closed'`,
        [office().bright.id],
      );
      expect(days).toEqual([{ is_said: true }]);
      const differ = Object.keys(was).filter(name => was[name] !== is[name]);
      // Ended keys and calendars, a deletion that is taken back, exports whose file stayed behind, deliveries that are held, and the line of the history that says so.
      expect(differ).toEqual([
        'agent_keys',
        'audit_log',
        'business_deletions',
        'calendar_feeds',
        'exports',
        'jobs',
      ]);
      expect(Object.keys(is)).toEqual(Object.keys(was));
      const [old, now] = [await filesIn(file('origin.zip')), await filesIn(file('again.zip'))];
      const linesOf = (files: typeof old, table: string) =>
        String(files.get(`tables/${table}.jsonl`)).split('\n');
      const added = linesOf(now, 'audit_log').filter(line => !linesOf(old, 'audit_log').includes(line));
      expect(added.map(line => JSON.parse(line).action)).toEqual(['restored']);
      expect(linesOf(old, 'audit_log').filter(line => !linesOf(now, 'audit_log').includes(line))).toEqual([]);
    } finally {
      await db.close();
    }
  });

  test('goes on: people read what they read before, and the next customer has the next number', async () => {
    const db = openDatabase({ address: elsewhere.address });
    const app = openApp(db, () => office().now());
    const request = () => ({ request_id: newId() });
    try {
      for (const type of ['contacts', 'tickets', 'invoices', 'audit_log']) {
        const [here, there] = await Promise.all(
          [office().app, app].map(one => one.read(office().bright.owner, type, { limit: 20 }, request())),
        );
        expect(here?.rows.length).toBeGreaterThan(0);
        const known = (there?.rows ?? []).filter(row => row.action !== 'restored' && row.verb !== 'restored');
        expect(known.slice(0, 15)).toEqual(here?.rows.slice(0, 15));
      }
      const create = { action: 'contact.create', data: { full_name: 'Next One' } };
      const next = await app.execute(office().bright.owner, create, request());
      const same = await office().act(office().bright.owner, 'contact.create', { full_name: 'Next One' });
      expect(next.status).toBe('done');
      expect(Reflect.get(next, 'data')).toMatchObject({ reference: Reflect.get(same, 'data').reference });
    } finally {
      await db.close();
    }
  });

  test('is not restored a second time, and not touched by the attempt', async () => {
    await expect(restore(elsewhere.admin, file('origin.zip'))).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('is here already'),
    });
  });

  test('leaves no door open: the keys it had open nothing there', async () => {
    const db = openDatabase({ address: elsewhere.address });
    const app = openApp(db, () => office().now());
    try {
      const ask = (one: typeof app) => one.whoIs(office().bright.agent, { request_id: newId() });
      await expect(ask(office().app)).resolves.toMatchObject({ actor: { kind: 'agent' } });
      await expect(ask(app)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    } finally {
      await db.close();
    }
  });
});
