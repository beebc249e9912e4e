import type pg from 'pg';
import { askAgain } from './ask-again.ts';

/** What tells that something was done and taken back, rather than what is. */
const trail = ['audit_log', 'contact_merges', 'counters', 'idempotency_keys', 'events'];

/**
 * A checksum of what every table says, but for the trail: equal when something was done and taken back exactly. When a
 * row was changed last, and how often, is not compared.
 */
export async function sums(owner: pg.Pool): Promise<Record<string, string>> {
  const tables = await askAgain<{ name: string }>(
    owner,
    `select relname as name
    from pg_class
    where relnamespace = 'public'::regnamespace
      and relkind in ('r', 'p')
      and not relispartition
      and relname <> all ($1)
    order by relname`,
    [trail],
  );
  const each = tables.map(
    ({ name }) =>
      `select '${name}' as name,
        md5(coalesce(string_agg((to_jsonb(t) - '{updated_at,version}'::text[])::text, ',' order by to_jsonb(t)::text), '')) as sum
      from ${name} as t`,
  );
  const rows = await askAgain<{ name: string; sum: string }>(owner, each.join('\nunion all\n'));
  return Object.fromEntries(rows.map(({ name, sum }) => [name, sum]));
}
