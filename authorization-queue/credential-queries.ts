import { z } from 'zod';
import { type Sql, sql } from '../core/kernel/database/sql.ts';
import type { ReadContext } from '../core/kernel/pipeline/context.ts';

/** What can have become of the credential a request was asked with. */
export const credentialStates = [
  'living',
  'agent_removed',
  'key_revoked',
  'key_expired',
  'key_gone',
  'connection_ended',
] as const;
export type CredentialState = (typeof credentialStates)[number];

/**
 * How the credential of a request stands, over the request as `r` and its agent as `a`: the agent is there, and the very
 * key or connection it was asked with is that agent's, living. Another one of the same agent does not count.
 */
export const credentialState: Sql = sql`(
  select case
    when a.deleted_at is not null then 'agent_removed'
    when c.ended_at is not null or c.expires_at <= now() then 'connection_ended'
    when c.id is not null then 'living'
    when k.id is null then 'key_gone'
    when k.revoked_at is not null then 'key_revoked'
    when k.expires_at <= now() then 'key_expired'
    else 'living'
  end
  from (values (1)) as one (row)
  left join agent_keys as k
    on k.organization_id = r.organization_id and k.id = r.key_id and k.agent_id = r.agent_id
  left join connections as c
    on c.organization_id = r.organization_id and c.id = r.key_id and c.agent_id = r.agent_id
)`;

const agentRow = z.object({ deleted_at: z.string().nullable() });
const keyRow = z.object({ revoked_at: z.string().nullable(), is_expired: z.boolean() });

/**
 * The same for a request that is being decided. Agent and key are kept as they are until this transaction ends: of a
 * decision and a revocation at once either the decision is over first, or it sees the revocation.
 */
export async function holdCredential(
  context: ReadContext,
  { agent_id, key_id }: { agent_id: string; key_id: string | null },
): Promise<CredentialState> {
  const { tx, organization } = context;
  const agent = await tx.maybe(
    agentRow,
    sql`
    select deleted_at
    from agents
    where organization_id = ${organization.id}::uuid
      and id = ${agent_id}::uuid
    for share`,
  );
  if (!agent || agent.deleted_at !== null) return 'agent_removed';
  const key = await tx.maybe(
    keyRow,
    sql`
    select revoked_at, coalesce(expires_at <= clock_timestamp(), false) as is_expired
    from agent_keys
    where organization_id = ${organization.id}::uuid
      and id = ${key_id}::uuid
      and agent_id = ${agent_id}::uuid
    for share`,
  );
  if (!key) return holdConnection(context, { agent_id, key_id });
  if (key.revoked_at !== null) return 'key_revoked';
  return key.is_expired ? 'key_expired' : 'living';
}

const connectionRow = z.object({ is_over: z.boolean() });

async function holdConnection(
  { tx, organization }: ReadContext,
  { agent_id, key_id }: { agent_id: string; key_id: string | null },
): Promise<CredentialState> {
  const connection = await tx.maybe(
    connectionRow,
    sql`
    select ended_at is not null or expires_at <= clock_timestamp() as is_over
    from connections
    where organization_id = ${organization.id}::uuid
      and id = ${key_id}::uuid
      and agent_id = ${agent_id}::uuid
    for share`,
  );
  if (!connection) return 'key_gone';
  return connection.is_over ? 'connection_ended' : 'living';
}
