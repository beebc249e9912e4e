import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { listCandidates } from '../kernel/records/candidates.ts';
import type { Candidate } from '../kernel/records/record.ts';
import { agentRecord } from './agent.ts';

export const keyRow = z.object({
  id: z.string(),
  agent_id: z.string(),
  prefix: z.string(),
  expires_at: z.string().nullable(),
  revoked_at: z.string().nullable(),
  created_at: z.string(),
  last_used_at: z.string().nullable(),
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
    returning id, agent_id, prefix, expires_at, revoked_at, created_at, last_used_at`,
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
    returning id, agent_id, prefix, expires_at, revoked_at, created_at, last_used_at`,
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

export function listByName(context: ReadContext, text: string): Promise<Candidate[]> {
  return listCandidates(context, agentRecord, { where: sql`lower(name) = lower(${text})`, order: sql`name` });
}
