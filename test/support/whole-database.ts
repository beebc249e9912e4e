import type pg from 'pg';

/** Every row of every table as text, bytes in hexadecimal: what somebody finds who has the whole database. */
export async function textOfEverything(owner: pg.Pool): Promise<string> {
  const { rows: tables } = await owner.query<{ name: string }>(`
    select relname as name
    from pg_class
    where relnamespace = 'public'::regnamespace
      and relkind in ('r', 'p')
      and not relispartition`);
  const texts = await Promise.all(
    tables.map(({ name }) =>
      owner.query<{ text: string | null }>(`select string_agg(t::text, E'\\n') as text from ${name} as t`),
    ),
  );
  return texts.map(({ rows }) => rows[0]?.text ?? '').join('\n');
}
