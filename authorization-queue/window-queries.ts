import { z } from 'zod';
import { sql } from '../core/kernel/database/sql.ts';
import { change } from '../core/kernel/pipeline/audit-entry.ts';
import type { ReadContext } from '../core/kernel/pipeline/context.ts';

const counted = z.object({ count: z.number() });

const trace = change.extend({ domain_action: z.string().nullable(), request_id: z.string() });

/** So many entries of one window are looked at; whoever left more has long been stopped. */
const mostTraces = 2000;

/**
 * What agents changed, ended or tried again in the last minutes, newest first, this transaction's entries included. What
 * only came into being is left out.
 */
export function listReaching(context: ReadContext, minutes: number) {
  return context.tx.many(
    trace,
    sql`
    select entity_type, entity_id, subject_type, subject_id, action, changes, domain_action, request_id
    from audit_log
    where organization_id = ${context.organization.id}::uuid
      and id >= uuid7_floor(now() - make_interval(mins => ${minutes}::integer))
      and actor_kind = 'agent'
      and action in ('update', 'delete', 'restore', 'retry')
    order by id desc
    limit ${mostTraces}::integer`,
  );
}

/** Records that agents brought in within the last minutes by calls that may make many at once. */
export async function countImported(
  context: ReadContext,
  minutes: number,
  calls: readonly string[],
): Promise<number> {
  const { count } = await context.tx.one(
    counted,
    sql`
    select count(distinct (subject_type, subject_id)) as count
    from audit_log
    where organization_id = ${context.organization.id}::uuid
      and id >= uuid7_floor(now() - make_interval(mins => ${minutes}::integer))
      and actor_kind = 'agent'
      and action = 'create'
      and entity_id = subject_id
      and domain_action = any (${[...calls]}::text[])`,
  );
  return count;
}

/** Messages that calls of agents have queued for the world outside in the last minutes. */
export async function countSent(
  context: ReadContext,
  minutes: number,
  internal: readonly string[],
): Promise<number> {
  const { count } = await context.tx.one(
    counted,
    sql`
    select count(*) as count
    from jobs
    where organization_id = ${context.organization.id}::uuid
      and kind <> all (${[...internal]}::text[])
      and request_id in (
        select request_id
        from audit_log
        where organization_id = ${context.organization.id}::uuid
          and id >= uuid7_floor(now() - make_interval(mins => ${minutes}::integer))
          and actor_kind = 'agent'
      )`,
  );
  return count;
}
