import { z } from 'zod';
import { identifier, join, type Sql, sql } from '../core/kernel/database/sql.ts';
import { levels, type ReadContext } from '../core/kernel/pipeline/context.ts';
import type { RecordSpec } from '../core/kernel/records/record.ts';
import { defineWaiting } from '../core/kernel/registry/waiting.ts';
import { credentialState, credentialStates } from './credential-queries.ts';

/**
 * How a request stands, over the request as `r` and its agent as `a`: what nobody can allow any more, because its time is
 * over or its key is, reads so before anybody has marked it.
 */
export const statusNow = (context: ReadContext): Sql => sql`case
  when r.status <> 'pending' then r.status
  when r.expires_at <= ${context.now.toString()}::timestamptz then 'expired'
  when ${credentialState} <> 'living' then 'stale'
  else r.status
end`;

/** Holds other agents' counted calls of this organization back until this transaction ends. */
export function lockWindow(context: ReadContext): void {
  context.tx.send(
    sql`select pg_advisory_xact_lock(hashtextextended(${`bulk:${context.organization.id}`}, 0))`,
  );
}

const pendingRow = z.object({ reference: z.string(), action: z.string(), expires_at: z.string() });

/** What the acting agent has asked for and nobody has decided, the first to end first; at most a hundred. */
export function listOwnPending(context: ReadContext) {
  return context.tx.many(
    pendingRow,
    sql`
    select r.reference, r.action, r.expires_at
    from authorization_requests as r
    join agents as a on a.organization_id = r.organization_id and a.id = r.agent_id
    where r.organization_id = ${context.organization.id}::uuid
      and r.agent_id = ${context.actor.id}::uuid
      and ${statusNow(context)} = 'pending'
    order by r.expires_at, r.id
    limit 100`,
  );
}

/**
 * The version of a row, or null when it is gone; kept with a request to notice a change before it runs. `hold` keeps it
 * as it is until this transaction ends, so that nobody changes it between the look and the deed.
 */
export async function findVersion(
  context: ReadContext,
  record: RecordSpec,
  id: string,
  hold: boolean,
): Promise<number | null> {
  const row = await context.tx.maybe(
    z.object({ version: z.number() }),
    sql`
    select version
    from ${identifier(record.table)}
    where organization_id = ${context.organization.id}::uuid
      and id = ${id}::uuid
    ${hold ? sql`for no key update` : sql``}`,
  );
  return row?.version ?? null;
}

export const storedRequest = z.object({
  id: z.string(),
  reference: z.string(),
  status: z.string(),
  expires_at: z.string(),
});

export function findPending(context: ReadContext, agentId: string, askedHash: string) {
  return context.tx.maybe(
    storedRequest,
    sql`
    select id, reference, status, expires_at
    from authorization_requests
    where organization_id = ${context.organization.id}::uuid
      and agent_id = ${agentId}::uuid
      and asked_hash = ${askedHash}
      and status = 'pending'
      and expires_at > ${context.now.toString()}::timestamptz`,
  );
}

/** So many expire in one statement. */
const mostExpired = 500;

/** Waiting requests whose time is over make room for the same request again. Answers how many. */
export function expireOld(context: ReadContext, most = mostExpired): Promise<number> {
  return context.tx.run(sql`
    update authorization_requests
    set status = 'expired'
    where organization_id = ${context.organization.id}::uuid
      and status = 'pending'
      and id in (
        select id
        from authorization_requests
        where organization_id = ${context.organization.id}::uuid
          and status = 'pending'
          and expires_at <= ${context.now.toString()}::timestamptz
        order by id
        limit ${most}::integer
      )`);
}

export interface NewRequest {
  id: string;
  reference: string;
  action: string;
  input: Record<string, unknown>;
  schema_hash: string;
  agent_id: string;
  key_id: string | null;
  asked_hash: string;
  denied_before: string | null;
  digest: string;
  rule_action: string;
  rule: string;
  rule_reason: string;
  reasoning: string | null;
  preview: unknown;
  target_versions: Record<string, number | null>;
  affected_rows: number;
  expires_hours: number;
}

export function insertRequest(context: ReadContext, request: NewRequest) {
  return context.tx.one(
    storedRequest,
    sql`
    insert into authorization_requests (
      organization_id, id, reference, agent_id, key_id, action, input, schema_hash, asked_hash, digest, denied_before,
      rule_action,
      rule, rule_reason, reasoning, preview, target_versions, affected_rows, request_id, created_at, expires_at
    )
    values (
      ${context.organization.id}::uuid, ${request.id}::uuid, ${request.reference}, ${request.agent_id}::uuid,
      ${request.key_id}::uuid, ${request.action}, ${JSON.stringify(request.input)}::jsonb, ${request.schema_hash},
      ${request.asked_hash}, ${request.digest}, ${request.denied_before}::uuid, ${request.rule_action}, ${request.rule}, ${request.rule_reason}, ${request.reasoning},
      ${JSON.stringify(request.preview)}::jsonb, ${JSON.stringify(request.target_versions)}::jsonb,
      ${request.affected_rows}::integer, ${context.request.request_id},
      ${context.now.toString()}::timestamptz, ${context.now.add({ hours: request.expires_hours }).toString()}::timestamptz
    )
    returning id, reference, status, expires_at`,
  );
}

/** A request as people and its agent see it. */
export const requestRow = z.object({
  id: z.string(),
  reference: z.string(),
  agent_id: z.string(),
  agent: z.string(),
  action: z.string(),
  input: z.record(z.string(), z.unknown()),
  rule_action: z.string(),
  rule: z.string(),
  rule_reason: z.string(),
  reasoning: z.string().nullable(),
  preview: z.record(z.string(), z.unknown()),
  affected_rows: z.number(),
  /** The last time somebody denied the same, or the same to the same record. */
  denied_before: z
    .object({
      reference: z.string(),
      agent_id: z.string(),
      agent: z.string(),
      decided_at: z.string(),
      decided_by: z.string().nullable(),
      decision_note: z.string().nullable(),
    })
    .optional(),
  /** What a decision must name, so that nobody decides about something else than what was shown. */
  digest: z.string(),
  status: z.string(),
  replaced_by: z.string().nullable(),
  decided_by: z.string().nullable(),
  decision: z.string().nullable(),
  decision_note: z.string().nullable(),
  decided_at: z.string().nullable(),
  result: z.record(z.string(), z.unknown()).nullable(),
  error: z.record(z.string(), z.unknown()).nullable(),
  expires_at: z.string(),
  created_at: z.string(),
});

const listedRow = requestRow.extend({
  credential: z.enum(credentialStates),
  target_versions: z.record(z.string(), z.number().nullable()),
  denied_before: requestRow.shape.denied_before.nullable(),
});

/** What nobody has decided, nothing has overtaken, and whose key lives. */
const waits = (context: ReadContext): Sql =>
  sql`(r.status = 'pending' and r.expires_at > ${context.now.toString()}::timestamptz and ${credentialState} = 'living')`;

/** What agents ask for, counted for whoever decides. */
export const approvalsWait = defineWaiting({
  kind: 'approvals',
  label: 'Approvals',
  view: 'authorization_requests',
  filter: 'pending',
  settled_by: 'authorization.allow_once',
  count: context => sql`
    select count(*)::integer as count, min(r.created_at) as oldest_at
    from authorization_requests as r
    join agents as a on a.organization_id = r.organization_id and a.id = r.agent_id
    where r.organization_id = ${context.organization.id}::uuid
      and ${waits(context)}`,
});

/** Requests newest first, with how the credential stands that they were asked with. */
export function listRequests(
  context: ReadContext,
  filter: {
    id: string | undefined;
    action: string | undefined;
    decidedSince: string | undefined;
    pending: boolean | undefined;
    agentId: string | undefined;
    before: string | undefined;
    limit: number;
  },
) {
  const conditions = [
    sql`r.organization_id = ${context.organization.id}::uuid`,
    ...(filter.id ? [sql`(r.id::text = lower(${filter.id}) or r.reference = upper(${filter.id}))`] : []),
    ...(filter.action ? [sql`r.action = ${filter.action}`] : []),
    ...(filter.decidedSince ? [sql`r.decided_at >= ${filter.decidedSince}::timestamptz`] : []),
    ...(filter.agentId ? [sql`r.agent_id = ${filter.agentId}::uuid`] : []),
    ...(filter.pending === undefined ? [] : [filter.pending ? waits(context) : sql`not ${waits(context)}`]),
    ...(filter.before ? [sql`r.id < ${filter.before}::uuid`] : []),
  ];
  return context.tx.many(
    listedRow,
    sql`
    select r.id, r.reference, r.agent_id, a.name as agent, r.action, r.input, r.rule_action, r.rule, r.rule_reason,
      r.reasoning, r.preview, r.target_versions, r.affected_rows, r.digest, r.decision, r.decision_note, r.decided_at, r.result, r.error,
      r.expires_at, r.created_at,
      (
        select n.reference
        from authorization_requests as n
        where n.organization_id = r.organization_id
          and n.id = r.replaced_by
      ) as replaced_by,
      (
        select m.name
        from members as m
        where m.organization_id = r.organization_id
          and m.id = r.decided_by
      ) as decided_by,
      (
        select jsonb_build_object(
          'reference', d.reference, 'agent_id', d.agent_id, 'agent', e.name, 'decided_at', d.decided_at,
          'decision_note', d.decision_note,
          'decided_by', (
            select m.name
            from members as m
            where m.organization_id = d.organization_id
              and m.id = d.decided_by
          )
        )
        from authorization_requests as d
        join agents as e on e.organization_id = d.organization_id and e.id = d.agent_id
        where d.organization_id = r.organization_id
          and d.id = r.denied_before
      ) as denied_before,
      ${statusNow(context)} as status, ${credentialState} as credential
    from authorization_requests as r
    join agents as a on a.organization_id = r.organization_id and a.id = r.agent_id
    where ${join(conditions, ' and ')}
    order by r.id desc
    limit ${filter.limit}::integer`,
  );
}

const overrideRow = z.object({
  id: z.string(),
  action: z.string(),
  rule: z.string(),
  level: z.enum(levels),
  schema_hash: z.string().nullable(),
  limits: z.record(z.string(), z.unknown()),
  is_for_all: z.boolean(),
  is_grant: z.boolean(),
});

/** Living overrides, newest first; those of one agent and of all agents when an agent is given. */
export function listOverrides(context: ReadContext, agentId: string | null) {
  return context.tx.many(
    overrideRow,
    sql`
    select id, action, rule, level, schema_hash, limits, agent_id is null as is_for_all,
      request_id is not null as is_grant
    from permission_overrides
    where organization_id = ${context.organization.id}::uuid
      and revoked_at is null
      and (expires_at is null or expires_at > ${context.now.toString()}::timestamptz)
      and (agent_id is null or agent_id = ${agentId}::uuid)
    order by id desc`,
  );
}
