import type pg from 'pg';
import { inject } from 'vitest';
import { askAgain } from '../support/ask-again.ts';

/**
 * A checksum of every table: equal before and after when nothing was inserted, changed or deleted anywhere. It goes by where each row
 * is and by which transaction put it there, so that one which was written as it was is told as well; writing all rows out
 * as text took four times as long. Numbers that are given back are counted down again: of `counters` it goes by what they say.
 */
export async function fingerprint(owner: pg.Pool): Promise<Record<string, string>> {
  const tables = await askAgain<{ name: string }>(
    owner,
    `
    select relname as name
    from pg_class
    where relnamespace = 'public'::regnamespace
      and relkind in ('r', 'p')
      and not relispartition
    order by relname`,
  );
  // Citus has no such place for rows that are on several nodes.
  const isSpread = inject('nodes') !== undefined;
  const sums = tables.map(({ name }) => {
    const row = isSpread || name === 'counters' ? 't::text' : `concat(tableoid, ctid, ' ', xmin)`;
    return `select '${name}' as name, concat(count(*), ' ', sum(hashtextextended(${row}, 0))) as sum from ${name} as t`;
  });
  const rows = await askAgain<{ name: string; sum: string }>(owner, sums.join('\nunion all\n'));
  return Object.fromEntries(rows.map(({ name, sum }) => [name, sum]));
}

/**
 * The same, but for what says that an agent tried what is for people: the security event, its entry in the history and the
 * mail to the owner (test/security/agent-attempts.test.ts), and when its key was used last.
 */
export async function fingerprintBesideAttempts(owner: pg.Pool): Promise<Record<string, string>> {
  const { audit_log, security_events, jobs, agent_keys, ...others } = await fingerprint(owner);
  if (!audit_log || !security_events || !jobs || !agent_keys)
    throw new Error('a table that attempts are written to is gone');
  const [row] = await askAgain<Record<string, string>>(
    owner,
    `
    select
      (select md5(string_agg(a::text, ',' order by a.id)) from audit_log as a
        where entity_type <> 'security_event') as audit_log,
      (select md5(string_agg(j::text, ',' order by j.id)) from jobs as j
        where kind <> 'security_notice') as jobs,
      (select md5(string_agg(e::text, ',' order by e.id)) from security_events as e
        where kind <> 'attempt') as security_events,
      (select count(*) || md5(string_agg((to_jsonb(k) - 'last_used_at')::text, ',' order by k.id)) from agent_keys as k)
        as agent_keys`,
  );
  return { ...others, ...row };
}
