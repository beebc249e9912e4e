import { beforeAll, describe, expect, test } from 'vitest';
import { csrfOf } from '../support/pages.ts';
import { rowsOf, useRecordPages } from './record-pages.ts';

const { pages, see, follow, send } = useRecordPages();

beforeAll(async () => {
  const { done, bright, clear } = pages();
  for (const name of ['Cove Church', 'Oak Lane Dental', 'Riverbend'])
    await done(bright.owner, 'company.create', { name });
  await done(clear.owner, 'company.create', { name: 'Secret Holdings' });
  await done(clear.owner, 'company.delete', { company_id: 'CO-101' });
});

describe('a deleted record', () => {
  test('is one link away from the word that it is gone, and one press from being back', async () => {
    const list = await send(await see('/records/companies/CO-102'), /\/delete$/);
    expect(list.text).toContain('Oak Lane Dental is deleted.');
    expect(rowsOf(list.markup)).toEqual(['Cove Church', 'Riverbend']);
    const gone = await follow(list, 'Look at it, or restore it');
    expect(gone.path).toBe('/records/companies/CO-102/deleted');
    expect(gone.text).toMatch(/This company was deleted on \w{3}, \w{3} \d/);
    expect(gone.text).toMatch(/History .*deleted company/);
    const back = await send(gone, /\/restore$/);
    expect(back.path).toBe('/records/companies/CO-102');
    expect(back.text).toContain('Oak Lane Dental is back.');
    expect(rowsOf((await see('/records/companies')).markup)).toContain('Oak Lane Dental');
  });

  test('is led to from where its own page was, for who may read it, and from no other address', async () => {
    const { done, bright, send: ask, signIn } = pages();
    const session = await signIn('dana@brightpanes.example');
    const wayFrom = async (path: string) => {
      const { status, headers } = await ask(path, { session });
      return [status, headers.get('location')];
    };
    const path = '/records/companies/CO-102';
    expect(await wayFrom(path)).toEqual([200, null]);
    await done(bright.owner, 'company.delete', { company_id: 'CO-102' });
    expect(await wayFrom(path)).toEqual([303, `${path}/deleted`]);
    expect(await wayFrom(`${path}/edit`)).toEqual([404, null]);
    expect(await wayFrom('/records/companies/CO-999')).toEqual([404, null]);
    expect((await see(path, 'theo')).status).toBe(404);
    await done(bright.owner, 'company.restore', { company_id: 'CO-102' });
  });

  test('stands in the list of what was deleted, and nothing else does', async () => {
    await send(await see('/records/companies/CO-103'), /\/delete$/);
    const deleted = await follow(await see('/records/companies'), 'Deleted');
    expect(rowsOf(deleted.markup)).toEqual(['Riverbend']);
    expect((await follow(deleted, 'Riverbend')).path).toBe('/records/companies/CO-103/deleted');
    expect(rowsOf((await see('/records/companies')).markup)).not.toContain('Riverbend');
  });

  test('that somebody else has brought back meanwhile says so on its page', async () => {
    const { done, bright } = pages();
    await done(bright.owner, 'company.delete', { company_id: 'CO-101' });
    const mine = await see('/records/companies/CO-101/deleted');
    await done(bright.owner, 'company.restore', { company_id: 'CO-101' });
    const refused = await send(mine, /\/restore$/);
    expect(refused.status).toBe(409);
    expect(refused.text).toContain('This company is not deleted.');
    expect(refused.markup).toContain('<h1><bdi>Cove Church</bdi></h1>');
  });

  test('is nowhere when it is not deleted, of another business, or not for this person', async () => {
    expect((await see('/records/companies/CO-103/deleted')).status).toBe(200);
    expect((await see('/records/companies/CO-102/deleted')).status).toBe(404);
    expect((await see('/records/companies/CO-103/deleted', 'theo')).status).toBe(404);
    expect((await see('/records/notes?filter=deleted')).status).toBe(200);
    expect((await see('/records/companies?filter=deleted')).text).not.toContain('Secret Holdings');
    const members = await see('/records/members');
    expect(members.markup).not.toContain('>Deleted</a>');
    expect((await see('/records/members', 'olivia')).markup).toContain('>Deleted</a>');
  });

  test('whose button is opened by hand is shown, and stays where it is', async () => {
    const session = await pages().signIn('dana@brightpanes.example');
    const opened = await pages().send('/records/companies/CO-103/restore', { session });
    expect([opened.status, opened.headers.get('location')]).toEqual([
      303,
      '/records/companies/CO-103/deleted',
    ]);
    const form = { csrf_token: 'x'.repeat(43) };
    expect((await pages().send('/records/companies/CO-103/restore', { session, form })).status).toBe(403);
    const own = { csrf_token: await csrfOf(pages(), session) };
    const restored = await pages().send('/records/companies/CO-103/restore', { session, form: own });
    expect(restored.headers.get('location')).toBe('/records/companies/CO-103');
  });
});

describe('every record that can be deleted', () => {
  test('has a list of what was deleted, and others have none', async () => {
    for (const record of pages().app.registry.records.values()) {
      const { rows } = record.soft_deletes
        ? await pages().app.read(
            pages().bright.owner,
            record.plural,
            { filter: 'deleted' },
            { request_id: 'test' },
          )
        : { rows: [] };
      expect(Array.isArray(rows), record.name).toBe(true);
      expect(record.filters?.deleted !== undefined, record.name).toBe(record.actions.delete !== undefined);
    }
  });
});
