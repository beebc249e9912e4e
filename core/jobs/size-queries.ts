import { z } from 'zod';
import type { Database } from '../kernel/database/db.ts';
import { sql } from '../kernel/database/sql.ts';

const sizes = z.object({
  bytes: z.number(),
  /** The largest five with their indexes, a history with all its months; rows as the database last counted them. */
  tables: z.array(z.object({ name: z.string(), rows: z.number(), bytes: z.number() })),
  /** Jobs that are due, 10,000 a lane at the most, and how long the first of them has been. */
  waiting: z.object({ jobs: z.number(), oldest_seconds: z.number().nullable() }),
  search_words: z.number(),
  /** Parts of the history. */
  months: z.number(),
  months_missing: z.boolean(),
});
export type Sizes = z.infer<typeof sizes>;

/** What the installation carries, of all businesses together. */
export const readSizes = (db: Database): Promise<Sizes> =>
  db.transaction('read only', async tx => {
    const row = await tx.one(z.object({ sizes }), sql`select installation_sizes() as sizes`);
    return row.sizes;
  });

/** Indexes PostgreSQL keeps up to date and does not use, of any table of ours. */
export const listUnusedIndexes = (db: Database): Promise<string[]> =>
  db.transaction('read only', async tx => {
    const rows = await tx.many(
      z.object({ name: z.string() }),
      sql`
      select c.relname::text as name
      from pg_index as i
      join pg_class as c on c.oid = i.indexrelid
      where not (i.indisvalid and i.indisready)
        and c.relnamespace = 'public'::regnamespace
      order by c.relname`,
    );
    return rows.map(({ name }) => name);
  });
