import { z } from 'zod';
import { sql } from '../core/kernel/database/sql.ts';
import type { ReadContext } from '../core/kernel/pipeline/context.ts';

const requestWords = z.object({
  id: z.string(),
  reference: z.string(),
  action: z.string(),
  rule_reason: z.string(),
  reasoning: z.string().nullable(),
  decision_note: z.string().nullable(),
  targets: z.array(z.object({ reference: z.string().nullable(), label: z.string() })),
});

/** What requests are found by: what was asked for, of whom, and what was said about it. */
export function listRequestWords(context: ReadContext, ids: readonly string[]) {
  return context.tx.many(
    requestWords,
    sql`
    select id, reference, action, rule_reason, reasoning, decision_note,
      coalesce(preview -> 'targets', '[]'::jsonb) as targets
    from authorization_requests
    where organization_id = ${context.organization.id}::uuid
      and id = any (${[...ids]}::uuid[])`,
  );
}

/** What the acting agent has asked for, the newest of it. */
export async function listOwnRequests(context: ReadContext): Promise<string[]> {
  const rows = await context.tx.many(
    z.object({ id: z.string() }),
    sql`
    select id
    from authorization_requests
    where organization_id = ${context.organization.id}::uuid
      and agent_id = ${context.actor.id}::uuid
    order by id desc
    limit 10000`,
  );
  return rows.map(row => row.id);
}
