import { z } from 'zod';
import { lockInBusiness } from '../core/kernel/database/lock.ts';
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
  await lockInBusiness(context, `grant:${agent_id}:${action}:${rule}`);
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
    sql`(p.expires_at is null or p.expires_at > ${context.now.toString()}::timestamptz)`,
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

const setLevel = z.object({
  agent_id: z.string().nullable(),
  agent: z.string().nullable(),
  level: z.enum(levels),
});

/** The newest level that was set for one rule of an action, for every agent and for each of them. */
export function listSetLevels(context: ReadContext, action: string, rule: string) {
  return context.tx.many(
    setLevel,
    sql`
    select distinct on (p.agent_id) p.agent_id, a.name as agent, p.level
    from permission_overrides as p
    left join agents as a on a.organization_id = p.organization_id and a.id = p.agent_id
    where p.organization_id = ${context.organization.id}::uuid
      and p.action = ${action}
      and p.rule = ${rule}
      and p.request_id is null
      and p.revoked_at is null
      and (p.expires_at is null or p.expires_at > ${context.now.toString()}::timestamptz)
      and a.deleted_at is null
    order by p.agent_id, p.id desc`,
  );
}

/** One use of a grant on a local day, and how far the grant goes on such a day. */
export interface Use {
  grant_id: string;
  used_on: string;
  /** What it moves, in cents; 0 for what moves no money. */
  amount_cents: number;
  per_day: number | undefined;
  amount_cents_per_day: number | undefined;
}

/**
 * Counts one more use of a grant; false when its number or its sum of the day would be passed. Calls at once wait for each
 * other here, so that two cannot take the last one.
 */
export async function countUse(context: ReadContext, use: Use): Promise<boolean> {
  if (use.amount_cents > (use.amount_cents_per_day ?? use.amount_cents)) return false;
  const counted = await context.tx.run(sql`
    insert into grant_uses as u (organization_id, grant_id, used_on, amount_cents)
    values (
      ${context.organization.id}::uuid, ${use.grant_id}::uuid, ${use.used_on}::date, ${use.amount_cents}::bigint
    )
    on conflict (organization_id, grant_id, used_on) do update
    set uses = u.uses + 1, amount_cents = u.amount_cents + excluded.amount_cents
    where u.uses < coalesce(${use.per_day ?? null}::integer, u.uses + 1)
      and u.amount_cents + excluded.amount_cents
        <= coalesce(${use.amount_cents_per_day ?? null}::bigint, u.amount_cents + excluded.amount_cents)`);
  return counted === 1;
}

const spent = z.object({ uses: z.number(), amount_cents: z.number() });

/** Whether `countUse` would count it now; nothing is used up. */
export async function hasRoom(context: ReadContext, use: Use): Promise<boolean> {
  const { uses, amount_cents } = (await context.tx.maybe(
    spent,
    sql`
    select uses, amount_cents
    from grant_uses
    where organization_id = ${context.organization.id}::uuid
      and grant_id = ${use.grant_id}::uuid
      and used_on = ${use.used_on}::date`,
  )) ?? { uses: 0, amount_cents: 0 };
  return (
    uses < (use.per_day ?? uses + 1) &&
    amount_cents + use.amount_cents <= (use.amount_cents_per_day ?? amount_cents + use.amount_cents)
  );
}
