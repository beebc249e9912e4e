import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';

export const keyRow = z.object({
  id: z.string(),
  agent_id: z.string(),
  prefix: z.string(),
  expires_at: z.string().nullable(),
  revoked_at: z.string().nullable(),
  created_at: z.string(),
});

export function insertKey(
  context: ReadContext,
  key: { id: string; agent_id: string; prefix: string; hash: string; expires_at: string | null },
) {
  return context.tx.one(
    keyRow,
    sql`
    insert into agent_keys (organization_id, id, agent_id, prefix, key_hash, expires_at)
    values (
      ${context.organization.id}::uuid, ${key.id}::uuid, ${key.agent_id}::uuid, ${key.prefix},
      decode(${key.hash}, 'hex'), ${key.expires_at}::timestamptz
    )
    returning id, agent_id, prefix, expires_at, revoked_at, created_at`,
  );
}

export function listKeys(context: ReadContext, agentId: string | undefined) {
  return context.tx.many(
    keyRow,
    sql`
    select id, agent_id, prefix, expires_at, revoked_at, created_at
    from agent_keys
    where organization_id = ${context.organization.id}::uuid
      and (${agentId ?? null}::uuid is null or agent_id = ${agentId ?? null}::uuid)
    order by id desc
    limit 100`,
  );
}

/** Revokes one key by its id or visible prefix; undefined when there is no living one. */
export function revokeKey(context: ReadContext, key: string) {
  return context.tx.maybe(
    keyRow,
    sql`
    update agent_keys
    set revoked_at = now()
    where organization_id = ${context.organization.id}::uuid
      and (id::text = ${key} or prefix = ${key})
      and revoked_at is null
    returning id, agent_id, prefix, expires_at, revoked_at, created_at`,
  );
}

export async function revokeKeysOf(context: ReadContext, agentId: string): Promise<void> {
  await context.tx.run(sql`
    update agent_keys
    set revoked_at = now()
    where organization_id = ${context.organization.id}::uuid
      and agent_id = ${agentId}::uuid
      and revoked_at is null`);
}

const candidate = z.object({ id: z.string(), reference: z.string(), label: z.string() });

export function listByName(context: ReadContext, text: string) {
  return context.tx.many(
    candidate,
    sql`
    select id, name as reference, name as label
    from agents
    where organization_id = ${context.organization.id}::uuid
      and deleted_at is null
      and lower(name) = lower(${text})
    limit 6`,
  );
}
