import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { inTime } from './in-time.ts';
import type { Span } from './periods.ts';
import { periodTable } from './queries.ts';

// What agents did and asked for. Reads agents, audit_log, authorization_requests.

const agentRow = z.object({
  agent_id: z.string(),
  agent: z.string(),
  done: z.coerce.number(),
  asked: z.coerce.number(),
  allowed: z.coerce.number(),
  denied: z.coerce.number(),
  waiting: z.coerce.number(),
  ended: z.coerce.number(),
  mostly: z.string().nullable(),
});

/** Calls that changed something, each once however many rows it changed, and what became of the requests, by agent. */
export const listAgents = (context: ReadContext, span: Span) =>
  inTime(context, () =>
    context.tx.many(
      agentRow,
      sql`
      with p as (select * from ${periodTable(context, [span])}),
      calls as (
        select l.user_id as agent_id, l.request_id, min(l.domain_action) as action
        from p
        join audit_log as l
          on l.organization_id = ${context.organization.id}::uuid
          and l.actor_kind = 'agent'
          -- To ask for something is not to do it.
          and l.entity_type <> 'authorization_request'
          and l.created_at >= p.from_at
          and l.created_at < p.to_at
        group by l.user_id, l.request_id
      ), done as (
        select agent_id, count(*) as done, mode() within group (order by action) as mostly
        from calls
        group by agent_id
      ), asked as (
        select r.agent_id, count(*) as asked,
          count(*) filter (where r.decision in ('allow_once', 'allow_always')) as allowed,
          count(*) filter (where r.status = 'denied') as denied,
          count(*) filter (where r.status = 'pending') as waiting
        from p
        join authorization_requests as r
          on r.organization_id = ${context.organization.id}::uuid
          and r.created_at >= p.from_at
          and r.created_at < p.to_at
        group by r.agent_id
      )
      select a.id as agent_id, a.name as agent, coalesce(done.done, 0) as done, coalesce(asked.asked, 0) as asked,
        coalesce(asked.allowed, 0) as allowed, coalesce(asked.denied, 0) as denied, coalesce(asked.waiting, 0) as waiting,
        coalesce(asked.asked - asked.allowed - asked.denied - asked.waiting, 0) as ended, done.mostly
      from agents as a
      left join done on done.agent_id = a.id
      left join asked on asked.agent_id = a.id
      where a.organization_id = ${context.organization.id}::uuid
        and (a.deleted_at is null or done.done > 0 or asked.asked > 0)
      order by coalesce(done.done, 0) desc, a.name, a.id`,
    ),
  );
