import { expect, test } from 'vitest';
import { z } from 'zod';
import { openDatabase } from '../../core/kernel/database/db.ts';
import { typeParser } from '../../core/kernel/database/read-types.ts';
import { sql } from '../../core/kernel/database/sql.ts';
import { asSuperuser, inEmptyDatabase, superuserAt } from '../contracts/superuser.ts';

const row = z.object({ moment: z.string(), day: z.string() });

test('moments and days are read as ISO has them, however the database is set to write them', async () => {
  await inEmptyDatabase(async name => {
    await asSuperuser(
      name,
      `alter database ${name} set datestyle = 'SQL, DMY'; alter database ${name} set timezone = 'Asia/Kolkata'`,
    );
    const db = openDatabase({ address: superuserAt(name), connections: 1 });
    try {
      const read = await db.transaction('read only', tx =>
        tx.one(row, sql`select '2026-03-09 18:30:00+00'::timestamptz as moment, '2026-03-09'::date as day`),
      );
      expect(read).toEqual({ moment: '2026-03-09T18:30:00.000Z', day: '2026-03-09' });
    } finally {
      await db.close();
    }
  });
});

test('a moment that no calendar has is read as it is written, and ends no process', () => {
  const read = typeParser(1184);
  expect(read('2026-03-09 18:30:00+00')).toBe('2026-03-09T18:30:00.000Z');
  for (const written of ['infinity', '-infinity', '12026-03-09 18:30:00+00', '0044-03-15 12:00:00+00 BC'])
    expect(read(written)).toBe(written);
});
