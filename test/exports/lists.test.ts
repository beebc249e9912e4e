import { parse } from 'csv-parse/sync';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Caller } from '../../core/kernel/pipeline/context.ts';
import { as, useOffice } from '../support/office.ts';
import { asTableOwner } from '../support/raw-sql.ts';
import { useFolder } from './archives.ts';
import { unzipped, writeFiles } from './files.ts';

// Some lists are taken out as spreadsheets or for programs, in one file.

const office = useOffice();
const folder = useFolder();
const olivia = () => office().bright.owner;
const run = (who: Caller, data: Record<string, unknown>, extra = {}) =>
  office().act(who, 'export.run', data, extra);

async function written(data: Record<string, unknown>): Promise<Map<string, string>> {
  const { reference } = await office().done(olivia(), 'export.run', data);
  await writeFiles(office(), olivia());
  return unzipped(office(), olivia(), { export_id: String(reference), folder: folder() });
}

beforeAll(async () => {
  const { done, clear, bright } = office();
  await done(olivia(), 'contact.create', { full_name: '=cmd|calc', notes: 'two\nlines, "quoted"' });
  await done(clear.owner, 'contact.create', { full_name: 'Quorl of next door' });
  // More than are read at once.
  await asTableOwner(
    office(),
    `insert into contacts (organization_id, id, reference, full_name)
     select $1, gen_random_uuid(), 'C-9' || n, 'Row ' || n from generate_series(10000, 12500) as n`,
    [bright.id],
  );
});

describe('lists in one file', () => {
  test('are spreadsheets, whole, with the words of formulas made harmless', async () => {
    const files = await written({ types: ['services', 'contacts'] });
    expect([...files.keys()].sort()).toEqual(['contacts.csv', 'services.csv']);
    const rows: Record<string, string>[] = parse(files.get('contacts.csv') ?? '', { columns: true });
    const { rows: there } = await office().database.owner.query(
      'select count(*)::int as count from contacts where organization_id = $1 and deleted_at is null',
      [office().bright.id],
    );
    expect(rows).toHaveLength(there[0].count);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
    expect(rows.map(({ full_name }) => full_name)).toContain("'=cmd|calc");
    expect(rows.map(({ notes }) => notes)).toContain('two\nlines, "quoted"');
    expect(files.get('contacts.csv')).not.toContain('Quorl');
  });

  test('are JSON when asked for', async () => {
    const files = await written({ types: ['contacts', 'waitlist'], format: 'json' });
    const rows: Record<string, unknown>[] = JSON.parse(files.get('contacts.json') ?? '');
    expect(rows.length).toBeGreaterThan(2500);
    expect(rows.map(({ full_name }) => full_name)).toContain('=cmd|calc');
    expect(JSON.parse(files.get('waitlist.json') ?? '')).toEqual([]);
  });

  test('are told how many rows they had', async () => {
    await written({ types: ['services'] });
    const [row] = await office().read(olivia(), 'exports', { sort: '-created_at', limit: 1 });
    const services = await office().read(olivia(), 'services', { limit: 100 });
    expect(row).toMatchObject({ title: 'Services', rows_count: services.length, status: 'ready' });
  });
});

describe('asking for lists', () => {
  test('names a list that there is', async () => {
    await expect(run(olivia(), { types: ['contact'] })).rejects.toMatchObject({
      code: 'VALIDATION_ERROR',
      details: { field: 'types', valid_options: expect.arrayContaining(['contacts', 'invoices']) },
    });
    await expect(run(olivia(), { types: ['secrets'] })).rejects.toMatchObject({ code: 'VALIDATION_ERROR' });
    await expect(run(olivia(), { types: [] })).rejects.toMatchObject({ code: 'VALIDATION_ERROR' });
    await expect(run(olivia(), { format: 'json' })).rejects.toMatchObject({
      code: 'VALIDATION_ERROR',
      details: { field: 'format' },
    });
    expect(await run(olivia(), { types: ['notes'] })).toMatchObject({ status: 'done' });
    await writeFiles(office(), olivia());
  });

  test('is for the owner, and by an agent waits for the owner', async () => {
    for (const who of ['Dana', 'Theo'])
      await expect(run(as(office().bright, who), { types: ['notes'] })).rejects.toMatchObject({
        code: 'FORBIDDEN',
      });
    const asked = await run(office().bright.agent, { types: ['notes'] }, { reasoning: 'For the accountant' });
    expect(asked).toMatchObject({ status: 'pending_authorization' });
  });

  test('is refused while five are being written, and the same twice', async () => {
    const kinds = ['notes', 'leads', 'tasks', 'companies', 'services'];
    for (const kind of kinds.slice(0, 4)) await run(olivia(), { types: [kind] });
    await expect(run(olivia(), { types: ['notes'] })).rejects.toMatchObject({ code: 'CONFLICT' });
    await run(olivia(), { types: ['services'] });
    await expect(run(olivia(), { types: ['payments'] })).rejects.toMatchObject({ code: 'CONFLICT' });
    await writeFiles(office(), olivia());
    expect(await run(olivia(), { types: ['notes'] })).toMatchObject({ status: 'done' });
  });
});
