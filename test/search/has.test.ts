import { expect, test } from 'vitest';
import { useOffice } from '../support/office.ts';

const office = useOffice();

test('words that tens of thousands of records have together are found to be there, each time', async () => {
  const { bright, database } = office();
  const client = await database.owner.connect();
  const has = async (wanted: string) => {
    const { rows } = await client.query(
      `select count(*) filter (where search_has($1::uuid, array['note'], to_tsquery('simple', $2)))::int as times
      from generate_series(1, 40) as n where n > 0`,
      [bright.id, wanted],
    );
    return rows[0]?.times;
  };
  try {
    await client.query('begin');
    await client.query(
      `insert into search_documents (organization_id, kind, record_id, title, names, lexemes)
      select $1::uuid, 'note', gen_random_uuid(), 'Note', '', array_to_tsvector(array[
        search_prefix($1::uuid, 'note') || 'screen', search_prefix($1::uuid, 'note') || 'door'])
      from generate_series(1, 30000)`,
      [bright.id],
    );
    expect(await has('screen')).toBe(40);
    expect(await has('screen & door')).toBe(40);
    expect(await has('screen & window')).toBe(0);
  } finally {
    await client.query('rollback');
    client.release();
  }
});
