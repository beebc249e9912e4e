import { z } from 'zod';
import { join, sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';

export const eventRow = z.object({
  id: z.string(),
  provider: z.string(),
  event_id: z.string(),
  type: z.string(),
  object_id: z.string(),
  received_at: z.string(),
  processed_at: z.string().nullable(),
  error: z.string().nullable(),
});

/** Events newest first. */
export function listEvents(
  context: ReadContext,
  filter: { provider: string | undefined; before: string | undefined; limit: number },
) {
  const conditions = [
    sql`organization_id = ${context.organization.id}::uuid`,
    ...(filter.provider === undefined ? [] : [sql`provider = ${filter.provider}`]),
    ...(filter.before === undefined ? [] : [sql`id < ${filter.before}::uuid`]),
  ];
  return context.tx.many(
    eventRow,
    sql`
    select id, provider, event_id, type, object_id, received_at, processed_at, error
    from webhook_events
    where ${join(conditions, ' and ')}
    order by id desc
    limit ${filter.limit}::integer`,
  );
}
