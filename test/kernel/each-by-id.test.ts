import { beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { eachById } from '../../core/kernel/database/each-by-id.ts';
import { type Sql, sql } from '../../core/kernel/database/sql.ts';
import { useOffice } from '../support/office.ts';
import { asTableOwner } from '../support/raw-sql.ts';

const office = useOffice();
const ids: string[] = [];

/** A business of six thousand customers, where PostgreSQL thinks that each has sixty. */
beforeAll(async () => {
  await asTableOwner(
    office(),
    `insert into contacts (organization_id, id, reference, full_name)
     select $1, uuid7(), 'C-' || (5000 + n), 'Somebody ' || n from generate_series(1, 6000) as n`,
    [office().bright.id],
  );
  const { owner } = office().database;
  await owner.query('alter table contacts alter column organization_id set (n_distinct = 100)');
  await owner.query('vacuum (analyze) contacts');
  const rows = await asTableOwner(
    office(),
    'select id from contacts where organization_id = $1 order by full_name limit 10',
    [office().bright.id],
  );
  ids.push(
    ...z
      .array(z.object({ id: z.string() }))
      .parse(rows.rows)
      .map(({ id }) => id),
  );
});

const explained = z.array(
  z.object({
    'QUERY PLAN': z.array(
      z.object({ Plan: z.object({ 'Shared Hit Blocks': z.number(), 'Actual Rows': z.number() }) }),
    ),
  }),
);

/** What a statement that is planned once, for any business, reads of this one. */
async function readBy(statement: Sql): Promise<{ rows: number; blocks: number }> {
  const client = await office().database.owner.connect();
  try {
    await client.query('set plan_cache_mode = force_generic_plan');
    await client.query(`prepare asked (uuid[], uuid) as ${statement.text}`);
    const execute = `explain (analyze, buffers, format json) execute asked ('{${ids.join(',')}}', '${office().bright.id}')`;
    await client.query(execute);
    const { rows } = await client.query(execute);
    const plan = explained.parse(rows)[0]?.['QUERY PLAN'][0]?.Plan;
    return { rows: plan?.['Actual Rows'] ?? 0, blocks: plan?.['Shared Hit Blocks'] ?? 0 };
  } finally {
    client.release(true);
  }
}

test('ten rows by their ids are ten looks into the primary key, in a business larger than the others as well', async () => {
  const organization = office().bright;
  const { rows, blocks } = await readBy(
    sql`select full_name from ${eachById({ table: 'contacts', alias: 'r', organization, ids })} where deleted_at is null`,
  );
  expect(rows).toBe(10);
  expect(blocks).toBeLessThanOrEqual(40);
});

test('what reads all of a business for ten rows is seen to', async () => {
  const { rows, blocks } = await readBy(
    sql`select full_name from contacts where id::text = any (${ids}::uuid[]::text[]) and organization_id = ${office().bright.id}::uuid and deleted_at is null`,
  );
  expect(rows).toBe(10);
  expect(blocks).toBeGreaterThan(40);
});

test('whoever is named twice, in small or in large letters, is read once, in the order of the names', async () => {
  const [first = '', second = ''] = ids;
  const { text, values } = sql`select r.id from ${eachById({
    table: 'contacts',
    alias: 'r',
    organization: office().bright,
    ids: [second, first, second, first.toUpperCase()],
  })} order by wanted_place`;
  const { rows } = await office().database.owner.query(text, [...values]);
  expect(rows.map(({ id }) => id)).toEqual([second, first]);
});
