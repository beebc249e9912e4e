import { z } from 'zod';
import { join, sql } from '../core/kernel/database/sql.ts';
import { type Level, levels, type ReadContext } from '../core/kernel/pipeline/context.ts';

export interface NewOverride {
  id: string;
  action: string;
  rule: string;
  agent_id: string | null;
  level: Level;
  request_id: string | null;
  schema_hash: string | null;
  limits: Record<string, unknown>;
  reason: string | null;
  expires_at: string | null;
}

/** Writes a grant or a level; answers its id. */
export async function insertOverride(context: ReadContext, override: NewOverride): Promise<string> {
  await context.tx.run(sql`
    insert into permission_overrides (
      organization_id, id, action, rule, agent_id, level, request_id, schema_hash, limits, reason, set_by, expires_at
    )
    values (
      ${context.organization.id}::uuid, ${override.id}::uuid, ${override.action}, ${override.rule},
      ${override.agent_id}::uuid, ${override.level}, ${override.request_id}::uuid, ${override.schema_hash},
      ${JSON.stringify(override.limits)}::jsonb, ${override.reason}, ${context.actor.id}::uuid,
      ${override.expires_at}::timestamptz
    )`);
  return override.id;
}

/** Ends what was allowed always before for the same rule and agent: the newest words of the owner count alone. */
export async function revokeEarlierGrants(
  context: ReadContext,
  { action, rule, agent_id }: Pick<NewOverride, 'action' | 'rule' | 'agent_id'>,
): Promise<void> {
  // Of two at once the second must see the grant of the first.
  const lock = `grant:${context.organization.id}:${agent_id}:${action}:${rule}`;
  await context.tx.run(sql`select pg_advisory_xact_lock(hashtextextended(${lock}, 0))`);
  await context.tx.run(sql`
    update permission_overrides
    set revoked_at = now()
    where organization_id = ${context.organization.id}::uuid
      and action = ${action}
      and rule = ${rule}
      and agent_id = ${agent_id}::uuid
      and request_id is not null
      and revoked_at is null`);
}

/** False when there is no living one. */
export async function revokeOverride(context: ReadContext, id: string): Promise<boolean> {
  const revoked = await context.tx.run(sql`
    update permission_overrides
    set revoked_at = now()
    where organization_id = ${context.organization.id}::uuid
      and id = ${id}::uuid
      and revoked_at is null`);
  return revoked === 1;
}

export const grantRow = z.object({
  id: z.string(),
  action: z.string(),
  rule: z.string(),
  level: z.enum(levels),
  agent_id: z.string().nullable(),
  agent: z.string().nullable(),
  limits: z.record(z.string(), z.unknown()),
  reason: z.string().nullable(),
  request: z.string().nullable(),
  set_by: z.string(),
  expires_at: z.string().nullable(),
  created_at: z.string(),
});

/** Living overrides, newest first; an agent sees its own and those for all agents. */
export function listGrants(
  context: ReadContext,
  filter: {
    id: string | undefined;
    action: string | undefined;
    agentId: string | undefined;
    before: string | undefined;
    limit: number;
  },
) {
  const conditions = [
    sql`p.organization_id = ${context.organization.id}::uuid`,
    sql`p.revoked_at is null`,
    sql`(p.expires_at is null or p.expires_at > now())`,
    ...(filter.id ? [sql`p.id = ${filter.id}::uuid`] : []),
    ...(filter.action ? [sql`p.action = ${filter.action}`] : []),
    ...(filter.agentId ? [sql`(p.agent_id is null or p.agent_id = ${filter.agentId}::uuid)`] : []),
    ...(filter.before ? [sql`p.id < ${filter.before}::uuid`] : []),
  ];
  return context.tx.many(
    grantRow,
    sql`
    select p.id, p.action, p.rule, p.level, p.agent_id, a.name as agent, p.limits, p.reason, m.name as set_by,
      p.expires_at, p.created_at,
      (
        select r.reference
        from authorization_requests as r
        where r.organization_id = p.organization_id
          and r.id = p.request_id
      ) as request
    from permission_overrides as p
    join members as m on m.organization_id = p.organization_id and m.id = p.set_by
    left join agents as a on a.organization_id = p.organization_id and a.id = p.agent_id
    where ${join(conditions, ' and ')}
    order by p.id desc
    limit ${filter.limit}::integer`,
  );
}

/**
 * Counts one more use of a grant on a local day; false when `most` uses are used up. Calls at once wait for each other
 * here, so that two cannot take the last one.
 */
export async function countUse(
  context: ReadContext,
  grantId: string,
  usedOn: string,
  most: number,
): Promise<boolean> {
  const counted = await context.tx.run(sql`
    insert into grant_uses as u (organization_id, grant_id, used_on)
    values (${context.organization.id}::uuid, ${grantId}::uuid, ${usedOn}::date)
    on conflict (organization_id, grant_id, used_on) do update set uses = u.uses + 1
    where u.uses < ${most}::integer`);
  return counted === 1;
}
