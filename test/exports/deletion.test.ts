import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openArchiveStore } from '../../core/connectors/archives/store.ts';
import { eraseBusiness } from '../../core/deletions/erase.ts';
import { openDatabase } from '../../core/kernel/database/db.ts';
import type { Authenticator } from '../passkeys/authenticator.ts';
import { confirmedBy, enrol } from '../passkeys/people.ts';
import { whileWorking } from '../support/letters.ts';
import { as, storyTime, useOffice } from '../support/office.ts';
import { soon } from '../support/patience.ts';
import { sumsOf, useFolder, write } from './archives.ts';
import { tellWholeStory } from './whole-story.ts';

// A business is deleted by an owner with a passkey, after seven days, all of it and nothing else.

const office = useOffice();
const folder = useFolder();
let device: Authenticator;
const name = 'Bright Panes Window Cleaning';
const olivia = () => office().bright.owner;
const ask = async (data: Record<string, unknown> = {}) =>
  office().act(olivia(), 'deletion.ask', {
    name,
    passkey: await confirmedBy(office(), olivia(), device, { purpose: 'business' }),
    ...data,
  });
const carriedOut = () =>
  office().done({ via: 'system', organization_id: office().bright.id, name: 'worker' }, 'deletion.carry_out');
const waiting = () => office().read(olivia(), 'business_deletion');

beforeAll(async () => {
  await tellWholeStory(office(), office().bright, 'Brightly');
  await tellWholeStory(office(), office().clear, 'Quorl');
  const [before] = await office().read(olivia(), 'passkeys');
  await office().done(olivia(), 'passkey.remove', { id: before?.id });
  device = await enrol(office(), olivia());
});
beforeEach(async () => {
  office().setClock(storyTime);
  if ((await waiting()).length > 0) await office().done(olivia(), 'deletion.cancel');
});

describe('asking that the business be deleted', () => {
  test('takes the name of the business, typed out', async () => {
    await expect(ask({ name: 'Bright Pains' })).rejects.toMatchObject({
      code: 'VALIDATION_ERROR',
      details: { field: 'name', hint: expect.stringContaining(name) },
    });
    expect(await waiting()).toEqual([]);
  });

  test('takes a passkey, used for this and nothing else, and once', async () => {
    const without = office().act(olivia(), 'deletion.ask', { name });
    await expect(without).rejects.toMatchObject({ code: 'FORBIDDEN', details: { field: 'passkey' } });
    const passkey = await confirmedBy(office(), olivia(), device, { purpose: 'settings' });
    await expect(ask({ passkey })).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect(await waiting()).toEqual([]);
    const good = await confirmedBy(office(), olivia(), device, { purpose: 'business' });
    expect(await ask({ passkey: good })).toMatchObject({ status: 'done' });
    await office().done(olivia(), 'deletion.cancel');
    await expect(ask({ passkey: good })).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });

  test('is for the owner: nobody else of the business, no agent, not even to ask', async () => {
    for (const who of ['Dana', 'Theo'])
      await expect(office().act(as(office().bright, who), 'deletion.ask', { name })).rejects.toMatchObject({
        code: 'FORBIDDEN',
      });
    for (const action of ['deletion.ask', 'deletion.cancel', 'deletion.carry_out'])
      await expect(
        office().act(office().bright.agent, action, action === 'deletion.ask' ? { name } : {}, {
          reasoning: 'They said so',
        }),
      ).rejects.toMatchObject({ code: 'HUMAN_ONLY' });
    expect(await waiting()).toEqual([]);
    expect(await ask()).toMatchObject({ status: 'done' });
  });

  test('counts once, also when two owners ask at the same moment', async () => {
    const passkeys = [
      await confirmedBy(office(), olivia(), device, { purpose: 'business' }),
      await confirmedBy(office(), olivia(), device, { purpose: 'business' }),
    ];
    const answers = await Promise.allSettled(passkeys.map(passkey => ask({ passkey })));
    expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await expect(ask()).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await waiting()).toHaveLength(1);
  });

  test('is told to the owners by mail, with the day and where it is taken back', async () => {
    await ask();
    await whileWorking(office(), async into => {
      const outbox = path.join(into, 'outbox');
      const written = async () => {
        const files = await readdir(outbox).catch(() => []);
        const mails = await Promise.all(
          files.filter(file => file.endsWith('.eml')).map(file => readFile(path.join(outbox, file), 'utf8')),
        );
        return mails.find(mail => mail.includes(`${name} is deleted on`)) ?? '';
      };
      await expect.poll(written, soon).toContain('olivia@brightpanes.example');
      const mail = await written();
      expect(mail).toContain('Wednesday, November 25, 2026');
      expect(mail).toContain('/exports/delete');
    });
  });
});

describe('a deletion that was asked for', () => {
  test('waits seven days, and is taken back by an owner until then', async () => {
    await ask();
    office().setClock('2026-11-25T07:59:00-06:00');
    expect(await carriedOut()).toEqual({ is_due: false });
    await office().done(olivia(), 'deletion.cancel');
    office().setClock('2026-11-30T08:00:00-06:00');
    expect(await carriedOut()).toEqual({ is_due: false });
    await expect(office().act(olivia(), 'deletion.cancel')).rejects.toMatchObject({ code: 'INVALID_STATE' });
  });

  test('deletes nothing when it was taken back at the last moment', async () => {
    await ask();
    const [asked] = await waiting();
    await office().done(olivia(), 'deletion.cancel');
    const owner = openDatabase({ address: office().database.admin });
    const of = { organization_id: office().bright.id, deletion_id: String(asked?.id) };
    expect(await eraseBusiness(owner, of, async () => undefined)).toBeUndefined();
    expect((await office().read(olivia(), 'contacts')).length).toBeGreaterThan(0);
  });

  test('then deletes every row of the business in every table, its people and files; the other business keeps all of its own', async () => {
    const theirs = sumsOf(await write(office().db, office().clear.id, path.join(folder(), 'before.zip')));
    const { owner } = office().database;
    const { id } = office().bright;
    const { rows: tables } = await owner.query<{ name: string; by: string }>(
      `select table_name as name, column_name as by from information_schema.columns where table_schema = 'public'
       and (column_name = 'organization_id' or (table_name = 'organizations' and column_name = 'id'))`,
    );
    const rowsOf = async () => {
      const counts: Record<string, number> = {};
      for (const { name: table, by } of tables)
        counts[table] = Number(
          (await owner.query(`select count(*) from ${table} where ${by} = $1`, [id])).rows[0].count,
        );
      return counts;
    };
    await ask();
    const [asked] = await waiting();
    office().setClock('2026-11-25T08:00:00-06:00');
    expect(await carriedOut()).toEqual({ is_due: true });
    // There is something in every table, so that there is something to be found missing.
    for (const statement of [
      `insert into summed_days (organization_id, day) values ($1, '2026-11-01')`,
      `insert into summed_services (organization_id, day, position, currency, visits, quantity, cents)
       values ($1, '2026-11-01', 1, 'USD', 1, 1, 100)`,
      `insert into summed_technicians (organization_id, day, technician_id, currency, visits, minutes, cents, timed_cents, callbacks)
       values ($1, '2026-11-01', $1, 'USD', 1, 60, 100, 100, 0)`,
      `insert into changed_days (organization_id, day, changed_by) values ($1, '2026-11-01', 1)`,
      `insert into oauth_entries (kind, id_hash, payload, organization_id, expires_at)
       values ('AccessToken', 'a', '{}', $1, now() + interval '1 hour')`,
    ])
      await owner.query(statement, [id]);
    const empty = Object.entries(await rowsOf()).filter(
      ([table, count]) => count === 0 && table !== 'sign_in_tokens' && !table.startsWith('audit_log_'),
    );
    expect(empty.map(([table]) => table)).toEqual([]);

    const { rows: jobs } = await owner.query<{ id: string }>(
      'select id from jobs where organization_id = $1',
      [id],
    );
    const outbox = path.join(folder(), 'outbox');
    await mkdir(outbox, { recursive: true });
    await writeFile(path.join(outbox, `${jobs[0]?.id}.eml`), 'Dear Jane');
    await writeFile(path.join(outbox, `${jobs[1]?.id}-somebody.eml`), 'Dear Olivia');
    await writeFile(path.join(outbox, 'of-the-neighbour.eml'), 'Dear Carla');
    const store = openArchiveStore({
      db: office().db,
      owner: openDatabase({ address: office().database.admin }),
      dataDir: folder(),
      deskhand_version: '0.1.0',
    });
    expect(await store.eraseBusiness(id, String(asked?.id))).toBeGreaterThan(500);
    // A job whose worker dies right after runs again.
    expect(await store.eraseBusiness(id, String(asked?.id))).toBeUndefined();

    expect(Object.entries(await rowsOf()).filter(([, count]) => count > 0)).toEqual([]);
    expect(await readdir(outbox)).toEqual(['of-the-neighbour.eml']);
    const { rows: people } = await owner.query('select email from users order by email');
    expect(people.map(({ email }) => email).filter(email => email.includes('brightpanes'))).toEqual([]);
    expect(people.length).toBeGreaterThan(0);
    const { rows: left } = await owner.query('select * from deleted_businesses');
    expect(left).toEqual([expect.objectContaining({ id })]);
    expect(Object.keys(left[0]).sort()).toEqual(['asked_at', 'deleted_at', 'id', 'rows']);
    expect(sumsOf(await write(office().db, office().clear.id, path.join(folder(), 'after.zip')))).toEqual(
      theirs,
    );
  });
});
