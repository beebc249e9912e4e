import { z } from 'zod';
import { sql } from '../core/kernel/database/sql.ts';
import { keptEffect } from '../core/kernel/pipeline/audit-entry.ts';
import type { ReadContext } from '../core/kernel/pipeline/context.ts';
import { statusNow } from './queries.ts';

/** A request on its way through a decision. */
const decidedRow = z.object({
  id: z.string(),
  reference: z.string(),
  agent_id: z.string(),
  key_id: z.string().nullable(),
  action: z.string(),
  input: z.record(z.string(), z.unknown()),
  schema_hash: z.string(),
  digest: z.string(),
  rule_action: z.string(),
  rule: z.string(),
  rule_reason: z.string(),
  reasoning: z.string().nullable(),
  preview: keptEffect,
  target_versions: z.record(z.string(), z.number().nullable()),
});
export type Decided = z.infer<typeof decidedRow>;

/**
 * Takes a waiting request for one decision. Of several at once exactly one gets it, and only one who was shown what is
 * stored (security.md, "The queue", 3); the others get undefined.
 */
export function claimRequest(
  context: ReadContext,
  claim: {
    request: string;
    digest: string;
    status: 'executing' | 'denied';
    decision: 'allow_once' | 'allow_always' | 'deny';
    note: string | null;
  },
) {
  return context.tx.maybe(
    decidedRow,
    sql`
    update authorization_requests
    set status = ${claim.status}, decision = ${claim.decision}, decision_note = ${claim.note},
      decided_by = ${context.actor.id}::uuid, decided_at = now()
    where organization_id = ${context.organization.id}::uuid
      and (id::text = lower(${claim.request}) or reference = upper(${claim.request}))
      and status = 'pending'
      and digest = ${claim.digest}
      and expires_at > ${context.now.toString()}::timestamptz
    returning id, reference, agent_id, key_id, action, input, schema_hash, digest, rule_action, rule, rule_reason, reasoning,
      preview, target_versions`,
  );
}

const standing = z.object({
  reference: z.string(),
  status: z.string(),
  digest: z.string(),
  decided_by: z.string().nullable(),
});

/** How a request stands now, for telling why it cannot be decided. An agent is told of its own requests only. */
export function findStanding(context: ReadContext, request: string) {
  const { actor } = context;
  const own = actor.kind === 'agent' ? sql`r.agent_id = ${actor.id}::uuid` : sql`true`;
  return context.tx.maybe(
    standing,
    sql`
    select r.reference, r.digest,
      ${statusNow(context)} as status,
      (
        select m.name
        from members as m
        where m.organization_id = r.organization_id
          and m.id = r.decided_by
      ) as decided_by
    from authorization_requests as r
    join agents as a on a.organization_id = r.organization_id and a.id = r.agent_id
    where r.organization_id = ${context.organization.id}::uuid
      and ${own}
      and (r.id::text = lower(${request}) or r.reference = upper(${request}))`,
  );
}

/** Writes down how the execution ended. */
export async function finishRequest(
  context: ReadContext,
  id: string,
  end: {
    status: 'succeeded' | 'failed' | 'stale';
    result?: Record<string, unknown>;
    error?: Record<string, unknown>;
    replaced_by?: string;
  },
): Promise<void> {
  await context.tx.run(sql`
    update authorization_requests
    set status = ${end.status}, result = ${end.result ? JSON.stringify(end.result) : null}::jsonb,
      error = ${end.error ? JSON.stringify(end.error) : null}::jsonb, replaced_by = ${end.replaced_by ?? null}::uuid
    where organization_id = ${context.organization.id}::uuid
      and id = ${id}::uuid
      and status = 'executing'`);
}

/** Takes back what waits: an agent its own, a person any. Undefined when it does not wait or is another agent's. */
export async function cancelRequest(context: ReadContext, request: string): Promise<string | undefined> {
  const row = await context.tx.maybe(
    z.object({ reference: z.string() }),
    sql`
    update authorization_requests
    set status = 'canceled'
    where organization_id = ${context.organization.id}::uuid
      and (id::text = lower(${request}) or reference = upper(${request}))
      and (agent_id = ${context.actor.id}::uuid or ${context.actor.kind === 'user'}::boolean)
      and status = 'pending'
      and expires_at > ${context.now.toString()}::timestamptz
    returning reference`,
  );
  return row?.reference;
}
