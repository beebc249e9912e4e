import { z } from 'zod';
import { join, sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';

export const outboxRow = z.object({
  id: z.string(),
  kind: z.string(),
  state: z.enum(['waiting', 'delivered', 'dead']),
  payload: z.record(z.string(), z.unknown()),
  attempts: z.number(),
  last_error: z.string().nullable(),
  result: z.record(z.string(), z.unknown()).nullable(),
  run_at: z.string(),
  done_at: z.string().nullable(),
  dead_at: z.string().nullable(),
  created_at: z.string(),
});

/**
 * Jobs newest first, of one state when given. The timers of messages to come are left out, for these have a list of their
 * own, unless they are asked for or could not be worked off. A sign-in mail shows that it went out and to whom, never its text: who
 * reads the link in it could sign in as that person (security.md, rule 1).
 */
export function listOutbox(
  context: ReadContext,
  filter: { state: string | undefined; kind: string | undefined; before: string | undefined; limit: number },
) {
  const conditions = [
    sql`organization_id = ${context.organization.id}::uuid`,
    filter.kind
      ? sql`kind = ${filter.kind}`
      : sql`(kind <> all ('{scheduled_message,automation}') and kind not like 'timer:%' or dead_at is not null)`,
    ...(filter.before ? [sql`id < ${filter.before}::uuid`] : []),
    ...(filter.state === 'waiting' ? [sql`done_at is null and dead_at is null`] : []),
    ...(filter.state === 'delivered' ? [sql`done_at is not null`] : []),
    ...(filter.state === 'dead' ? [sql`dead_at is not null`] : []),
  ];
  return context.tx.many(
    outboxRow,
    sql`
    select id, kind, attempts, last_error, result, run_at, done_at, dead_at, created_at,
      case when done_at is not null then 'delivered' when dead_at is not null then 'dead' else 'waiting' end as state,
      case when kind = 'sign_in_email' then payload - 'text' else payload end as payload
    from jobs
    where ${join(conditions, ' and ')}
    order by id desc
    limit ${filter.limit}::integer`,
  );
}

/** Gives a dead job new attempts; false when there is no dead job with this id. */
export async function reviveJob(context: ReadContext, id: string): Promise<boolean> {
  const revived = await context.tx.run(sql`
    update jobs
    set dead_at = null, attempts = 0, run_at = now(), locked_until = null
    where organization_id = ${context.organization.id}::uuid
      and id = ${id}::uuid
      and dead_at is not null`);
  return revived === 1;
}
