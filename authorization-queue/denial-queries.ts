import { z } from 'zod';
import { sql } from '../core/kernel/database/sql.ts';
import type { ReadContext } from '../core/kernel/pipeline/context.ts';

const denial = z.object({
  reference: z.string(),
  agent_id: z.string(),
  decided_at: z.string(),
  decision_note: z.string().nullable(),
});
export type Denial = z.infer<typeof denial>;

/**
 * The newest request somebody denied that asked for the same: the same action with the same input, or with the very
 * same records. Any agent's: what one was denied is not new because another asks.
 */
export async function findDeniedAlike(
  context: ReadContext,
  asked: {
    action: string;
    input: Record<string, unknown>;
    target_versions: Record<string, number | null>;
  },
): Promise<string | undefined> {
  const targets = Object.keys(asked.target_versions).sort();
  const found = await context.tx.maybe(
    z.object({ id: z.string() }),
    sql`
    select id
    from authorization_requests
    where organization_id = ${context.organization.id}::uuid
      and action = ${asked.action}
      and status = 'denied'
      and (
        input = ${JSON.stringify(asked.input)}::jsonb
        or (
          ${targets.length > 0}::boolean
          and target_versions ?& ${targets}::text[]
          and (select count(*) from jsonb_object_keys(target_versions)) = ${targets.length}::bigint
        )
      )
    order by id desc
    limit 1`,
  );
  return found?.id;
}

/** The denial a request was stored with; undefined when there was none. */
export function findDenial(context: ReadContext, requestId: string) {
  return context.tx.maybe(
    denial,
    sql`
    select d.reference, d.agent_id, d.decided_at, d.decision_note
    from authorization_requests as r
    join authorization_requests as d on d.organization_id = r.organization_id and d.id = r.denied_before
    where r.organization_id = ${context.organization.id}::uuid
      and r.id = ${requestId}::uuid`,
  );
}
