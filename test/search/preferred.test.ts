import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { newId } from '../../core/kernel/database/ids.ts';
import { sql } from '../../core/kernel/database/sql.ts';
import { authenticate } from '../../core/kernel/pipeline/authenticate.ts';
import type { Caller } from '../../core/kernel/pipeline/context.ts';
import { useBrightPanes } from '../support/bright-panes.ts';

const panes = useBrightPanes();
const facts = () => ({ request_id: newId() });

/** Many whom the same words fit, some called so in one way or another, some with visits long ago or lately. */
const names = [
  { full_name: 'Walter Reedman' },
  { full_name: 'Ann Walter' },
  { full_name: 'Mr Walter B. Zorn' },
  { full_name: 'Dr Walter Zorn jun', first_name: 'Walter', last_name: 'Zorn' },
  { full_name: 'Wälter Ohm' },
  { full_name: 'Ada Waltersson' },
  { full_name: 'Ben Waltersson' },
  { full_name: 'Cleo Waltersson' },
  { full_name: 'Dirk Waltersson' },
  { full_name: 'Eve Waltersson', nickname: 'Walter' },
];

beforeAll(async () => {
  const { dana, done, clear } = panes();
  const made = await Promise.all(names.map(each => done(dana, 'contact.create', each)));
  await done(clear.owner, 'contact.create', { full_name: 'Walter Elsewhere' });
  const visit = (index: number, scheduled_at: string) =>
    done(dana, 'ticket.create', {
      contact_id: made[index]?.id,
      scheduled_at,
      technician_ids: ['Theo'],
    });
  await visit(8, '2026-11-25T09:00');
  await visit(1, '2026-11-25T12:00');
  await visit(4, '2026-11-26T09:00');
});

const found = async (search: string, limit: number) =>
  (await panes().read(panes().dana, 'contacts', { search, limit, fields: ['full_name'] })).map(
    row => row.full_name,
  );

describe('a page of customers that words find', () => {
  // As whole names, as beginnings, as parts, with a slip, and of two words with all but one.
  for (const words of ['walter', 'walt', 'alters', 'walterson', 'ada waltersson', 'walter zorn']) {
    test(`begins with those who are mostly meant, however long it is: ${words}`, async () => {
      const all = await found(words, 100);
      expect(all.length).toBeGreaterThan(0);
      for (const limit of [1, 2, 3, 5]) expect(await found(words, limit)).toEqual(all.slice(0, limit));
    });
  }

  test('has who is called so and has a visit before who is only called so, accents or not', async () => {
    expect((await found('walter', 100)).slice(0, 2)).toEqual(['Ann Walter', 'Wälter Ohm']);
    expect((await found('alters', 100))[0]).toBe('Dirk Waltersson');
  });

  test('goes on behind the first page, and shows nobody twice', async () => {
    const { app, dana } = panes();
    const seen: unknown[] = [];
    let cursor: string | undefined;
    do {
      const page = await app.read(
        dana,
        'contacts',
        { search: 'walter', limit: 3, fields: ['full_name'], ...(cursor === undefined ? {} : { cursor }) },
        facts(),
      );
      seen.push(...page.rows.map(row => row.full_name));
      cursor = page.next_cursor;
    } while (cursor !== undefined);
    expect(seen).toEqual(await found('walter', 100));
  });
});

test('the function that finds and orders customers finds nobody of another business', async () => {
  const { dana, clear, db } = panes();
  const titles = (caller: Caller, words: string[]) =>
    db.transaction('read only', async tx => {
      await authenticate(tx, caller, facts());
      const rows = await tx.many(
        z.object({ title: z.string() }),
        sql`select title from search_preferred_customers(${words}::text[], ${words}::text[], now(), 100)`,
      );
      return rows.map(({ title }) => title);
    });
  for (const words of [['walter'], ['elsewhere'], ['lsewher'], ['elsewehre'], ['walter', 'elsewehre']]) {
    expect(await titles(dana, words)).not.toContain('Walter Elsewhere');
    expect(await titles(clear.owner, words)).toEqual(['Walter Elsewhere']);
  }
});
