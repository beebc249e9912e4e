import { z } from 'zod';
import type { Tx } from '../core/kernel/database/db.ts';
import { join, sql } from '../core/kernel/database/sql.ts';
import type { Identity, ReadContext } from '../core/kernel/pipeline/context.ts';

/**
 * Writes an attempt down; false when the same agent tried the same within the last minute, so that nobody fills the
 * history by trying on.
 */
export async function insertAttempt(
  tx: Tx,
  { organization, actor }: Pick<Identity, 'organization' | 'actor'>,
  attempt: { id: string; action: string; field: string | null; details: object; request_id: string },
): Promise<boolean> {
  const written = await tx.run(sql`
    insert into security_events (organization_id, id, kind, action, field, details, actor_kind, actor_name, request_id)
    select ${organization.id}::uuid, ${attempt.id}::uuid, 'attempt', ${attempt.action}, ${attempt.field},
      ${JSON.stringify(attempt.details)}::jsonb, ${actor.kind}, ${actor.name}, ${attempt.request_id}
    where not exists (
      select 1
      from security_events
      where organization_id = ${organization.id}::uuid
        and kind = 'attempt'
        and id >= uuid7_floor(now() - interval '1 minute')
        and action = ${attempt.action}
        and details ->> 'agent_id' = ${actor.id}
    )`);
  return written === 1;
}

export const attemptRow = z.object({
  id: z.string(),
  kind: z.string(),
  action: z.string().nullable(),
  field: z.string().nullable(),
  details: z.record(z.string(), z.unknown()),
  actor_kind: z.string(),
  actor_name: z.string(),
  request_id: z.string().nullable(),
  created_at: z.string(),
});

/** What was written down, newest first. */
export function listSecurityEvents(
  context: ReadContext,
  filter: { kinds: readonly string[] | undefined; before: string | undefined; limit: number },
) {
  const conditions = [
    sql`organization_id = ${context.organization.id}::uuid`,
    ...(filter.kinds === undefined ? [] : [sql`kind = any (${filter.kinds}::text[])`]),
    ...(filter.before === undefined ? [] : [sql`id < ${filter.before}::uuid`]),
  ];
  return context.tx.many(
    attemptRow,
    sql`
    select id, kind, action, field, details, actor_kind, actor_name, request_id, created_at
    from security_events
    where ${join(conditions, ' and ')}
    order by id desc
    limit ${filter.limit}::integer`,
  );
}
