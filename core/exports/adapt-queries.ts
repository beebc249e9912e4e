import { z } from 'zod';
import { raw, type Sql, sql, valueRows } from '../kernel/database/sql.ts';

// What is not as it was after a restore (decision 040).

/** Ends whatever opens something and whose secret stayed behind. */
export const revokeAll = (table: 'agent_keys' | 'calendar_feeds', organizationId: string): Sql => sql`
  update ${raw(table)}
  set revoked_at = now()
  where organization_id = ${organizationId}::uuid
    and revoked_at is null`;

export const secretsOf = (organizationId: string): Sql => sql`
  select name
  from secrets
  where organization_id = ${organizationId}::uuid
  order by name`;
export const secretName = z.object({ name: z.string() });

/** Holds what waited to go out: the business it was exported from may have sent it meanwhile. */
export const holdJobs = (organizationId: string, kinds: readonly string[]): Sql => sql`
  update jobs
  set attempts = max_attempts, locked_until = null, locked_by = null,
    last_error = 'It waited when the business was exported, and may have gone out since: look before you try again.'
  where organization_id = ${organizationId}::uuid
    and done_at is null
    and dead_at is null
    and run_at <= now()
    and (kind = any (${[...kinds]}::text[]) or lane = 'timers')`;

/** Whoever brings a business back wants to keep it. */
export const endDeletions = (organizationId: string): Sql => sql`
  update business_deletions
  set cancelled_at = now(), cancelled_by = asked_by
  where organization_id = ${organizationId}::uuid
    and cancelled_at is null`;

/** The sums of its days stayed behind: they are counted from the visits until they are summed up anew. */
export const sumDaysAnew = (organizationId: string): Sql => sql`
  insert into changed_days (organization_id, day, changed_by)
  select distinct organization_id, (scheduled_at at time zone 'UTC')::date, 0
  from tickets
  where organization_id = ${organizationId}::uuid
    and status = 'closed'`;

/** The files of earlier exports stayed behind. */
export const endExports = (organizationId: string): Sql => sql`
  update exports
  set status = 'gone'
  where organization_id = ${organizationId}::uuid
    and status = 'ready'`;

export const actAsCommandLine = (organizationId: string): Sql =>
  sql`select set_ctx(${organizationId}::uuid, null, '{"kind": "system", "name": "command line"}'::jsonb)`;

export const logRestored = (organizationId: string, taken_at: string): Sql => sql`
  select log_audit('organization', ${organizationId}::uuid, 'restored',
    ${JSON.stringify({ archive_of: { old: null, new: taken_at } })}::jsonb)`;

export const linksOf = (organizationId: string): Sql =>
  sql`select id from customer_links where organization_id = ${organizationId}::uuid`;
export const linkId = z.object({ id: z.string() });

/** Writes the hashes of links, `[id, hash]`. */
export const setHashes = (organizationId: string, rows: readonly (readonly [string, string])[]): Sql => sql`
  update customer_links as l
  set token_hash = decode(n.hash, 'hex')
  from (values ${valueRows(
    ['uuid', 'text'],
    rows.map(row => [...row]),
  )}) as n (id, hash)
  where l.organization_id = ${organizationId}::uuid
    and l.id = n.id`;
