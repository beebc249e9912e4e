import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import type { App } from '../../core/app.ts';
import { type Database, openDatabase } from '../../core/kernel/database/db.ts';
import { newId } from '../../core/kernel/database/ids.ts';
import { sql } from '../../core/kernel/database/sql.ts';
import type { ReadQuery } from '../../core/kernel/registry/define.ts';
import { openApp } from '../support/business.ts';
import { useOffice } from '../support/office.ts';
import { asTableOwner } from '../support/raw-sql.ts';

const office = useOffice();
let db: Database;
let app: App;

/** A business of six thousand customers, where PostgreSQL thinks that each has sixty; one connection, which tells of its plans. */
beforeAll(async () => {
  await asTableOwner(
    office(),
    `insert into contacts (organization_id, id, reference, full_name)
     select $1, uuid7(), 'C-' || (5000 + n), 'Somebody ' || n from generate_series(1, 6000) as n`,
    [office().bright.id],
  );
  const { owner, address } = office().database;
  await owner.query('alter table contacts alter column organization_id set (n_distinct = 100)');
  await owner.query('vacuum (analyze) contacts');
  db = openDatabase({ address, connections: 1, prepares: true });
  app = openApp(db, office().now);
});
afterAll(() => db.close());

const plans = z.object({ custom: z.number(), mode: z.string() });

/** How often a list is planned anew when it is read twenty times, and how statements are planned after it. */
async function plannedAnew(query: ReadQuery): Promise<z.infer<typeof plans>> {
  const asked = () =>
    db.transaction('read only', tx =>
      tx.one(
        plans,
        sql`
        select coalesce(sum(custom_plans), 0)::integer as custom, current_setting('plan_cache_mode') as mode
        from pg_prepared_statements
        where statement like '%from contacts as r%'`,
      ),
    );
  const before = await asked();
  for (let turn = 0; turn < 20; turn += 1)
    await app.read(office().bright.owner, 'contacts', query, { request_id: newId() });
  const after = await asked();
  return { ...after, custom: after.custom - before.custom };
}

test('the first page of a business much larger than the others is planned once', async () => {
  expect(await plannedAnew({ limit: 20 })).toEqual({ custom: 0, mode: 'auto' });
});

test('a list whose plan depends on what is asked for is planned for that', async () => {
  const filtered = await plannedAnew({ limit: 20, params: { status: 'active' } });
  expect(filtered.custom).toBeGreaterThan(0);
  expect(filtered.mode).toBe('auto');
});
