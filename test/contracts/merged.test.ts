import { expect, test } from 'vitest';
import { z } from 'zod';
import { useOffice } from '../support/office.ts';

// When two customers become one, everything that points to the second has to go to the first (CON-24). Relations go by
// themselves; whatever points to a customer without being one stands here, and somebody has made sure that it goes too.

const office = useOffice();

const besides: Readonly<Record<string, string>> = {
  'contact_keys.contact_id': 'addKeys, takeKeys',
  'customer_links.contact_id': 'moveLinks',
  'jobs.contact_id': 'moveJobs',
  'search_documents.contact_id': 'made anew with the row it finds',
};

const pointer = z.object({ pointer: z.string() });

test('every column that points to a customer goes along when two become one', async () => {
  const { database, app } = office();
  const { rows } = await database.owner.query(`
    select table_name || '.' || column_name as pointer
    from information_schema.columns
    where table_schema = 'public'
      and column_name like '%contact_id'
      and table_name in (select tablename from pg_tables where schemaname = 'public')
    union
    select conrelid::regclass || '.' || a.attname
    from pg_constraint as c
    join pg_attribute as a on a.attrelid = c.conrelid and a.attnum = any (c.conkey)
    where c.contype = 'f'
      and c.confrelid = 'contacts'::regclass
      and a.attname <> 'organization_id'`);
  const relations = (app.registry.relations.get('contact') ?? []).map(
    ({ child, column }) => `${child.table}.${column}`,
  );
  const found = z
    .array(pointer)
    .parse(rows)
    .map(row => row.pointer);
  expect(found.filter(name => !relations.includes(name)).sort()).toEqual(Object.keys(besides));
});
