import { beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../core/kernel/database/ids.ts';
import { as, useOffice } from '../support/office.ts';
import { refusal } from '../support/refusal.ts';

const office = useOffice();

const asked = [
  { type: 'contacts', query: { fields: ['full_name'] } },
  { type: 'companies', query: { fields: ['name'], limit: 1, sort: 'name' } },
];
const readAll = (caller: ReturnType<typeof as>, more = asked) =>
  office().app.readTogether(caller, more, { request_id: newId() });

beforeAll(async () => {
  const { done, bright, clear } = office();
  await done(bright.owner, 'contact.create', { full_name: 'Jane Smith' });
  for (const name of ['Oak Lane Dental', 'Pine Court']) await done(bright.owner, 'company.create', { name });
  await done(clear.owner, 'contact.create', { full_name: 'Carl Somebody' });
});

describe('several lists read together', () => {
  test('say what each says by itself, page by page', async () => {
    const { bright, app } = office();
    const together = await readAll(bright.owner);
    const alone = await Promise.all(
      asked.map(({ type, query }) => app.read(bright.owner, type, query, { request_id: newId() })),
    );
    expect(together).toEqual(alone);
    expect(together.map(({ rows }) => rows.map(row => row.full_name ?? row.name))).toEqual([
      ['Jane Smith'],
      ['Oak Lane Dental'],
    ]);
    expect(together.map(({ next_cursor }) => next_cursor !== undefined)).toEqual([false, true]);
  });

  test('are refused as a whole to whoever may not read one of them', async () => {
    const { bright } = office();
    expect(await refusal(readAll(as(bright, 'Theo')))).toMatchObject({ code: 'FORBIDDEN' });
    expect(await readAll(as(bright, 'Dana'))).toHaveLength(2);
  });

  test('are never a search, which takes its turn by itself', async () => {
    const { bright, app } = office();
    const search = [{ type: 'contacts', query: { search: 'Jane' } }];
    await expect(app.readTogether(bright.owner, search, { request_id: newId() })).rejects.toThrow(
      'a search is read by itself',
    );
  });
});
