import type pg from 'pg';

/** A checksum of every table: equal before and after when nothing was inserted, changed or deleted anywhere. */
export async function fingerprint(owner: pg.Pool): Promise<Record<string, string>> {
  const { rows: tables } = await owner.query<{ name: string }>(`
    select relname as name
    from pg_class
    where relnamespace = 'public'::regnamespace
      and relkind = 'r'
    order by relname`);
  const sums = tables.map(
    ({ name }) =>
      `select '${name}' as name, count(*) || ' ' || md5(coalesce(string_agg(t::text, ',' order by t::text), '')) as sum
       from ${name} as t`,
  );
  const { rows } = await owner.query<{ name: string; sum: string }>(sums.join('\nunion all\n'));
  return Object.fromEntries(rows.map(({ name, sum }) => [name, sum]));
}
