import { z } from 'zod';
import { newId } from '../kernel/database/ids.ts';
import { sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { pickRows } from '../kernel/records/record-queries.ts';

const claimed = z.object({
  automation: z.string(),
  event_id: z.string(),
  name: z.string(),
  payload: z.record(z.string(), z.unknown()),
  created_at: z.string(),
});

/**
 * Takes a run that waits, until this transaction ends: whoever comes second waits for its end and finds it done. What the
 * run emits is told by its request from what people do.
 */
export function claimRun(context: ReadContext, id: string) {
  return context.tx.maybe(
    claimed,
    sql`
    update automation_runs as r
    set request_id = ${context.request.request_id}
    from events as e
    where r.organization_id = ${context.organization.id}::uuid
      and r.id = ${id}::uuid
      and r.state = 'waiting'
      and e.organization_id = r.organization_id
      and e.id = r.event_id
    returning r.automation, r.event_id, e.name, e.payload, e.created_at`,
  );
}

const runState = z.object({ state: z.string(), automation: z.string() });

export async function findRun(context: ReadContext, id: string) {
  const [run] = await pickRows(
    context,
    { from: 'automation_runs', soft_deletes: false },
    runState,
    sql`id = ${id}::uuid`,
  );
  return run;
}

export async function settleRun(
  context: ReadContext,
  run: { id: string; state: 'done' | 'skipped'; why: string | null; did: Record<string, unknown> | null },
): Promise<void> {
  await context.tx.run(sql`
    update automation_runs
    set state = ${run.state},
      why = ${run.why},
      did = ${run.did === null ? null : JSON.stringify(run.did)}::jsonb,
      finished_at = ${context.now.toString()}::timestamptz
    where organization_id = ${context.organization.id}::uuid
      and id = ${run.id}::uuid`);
}

/** The switches a business has touched. */
export const listSettings = (context: ReadContext) =>
  pickRows(context, { from: 'automation_settings', soft_deletes: false }, setting, sql`true`);

const setting = z.object({ automation: z.string(), is_enabled: z.boolean() });

export async function saveSetting(
  context: ReadContext,
  automation: string,
  is_enabled: boolean,
): Promise<void> {
  await context.tx.run(sql`
    insert into automation_settings (organization_id, id, automation, is_enabled)
    values (${context.organization.id}::uuid, ${newId()}::uuid, ${automation}, ${is_enabled}::boolean)
    on conflict (organization_id, automation) do update set is_enabled = excluded.is_enabled`);
}

/** Runs as people see them: one whose job is dead has failed, and says why. */
export const runs = sql`(
  select r.organization_id, r.id, r.automation as workflow, r.event_id, e.name as event, e.payload as subject,
    case when r.state = 'waiting' and j.dead_at is not null then 'failed' else r.state end as state,
    coalesce(r.why, j.last_error) as why, r.did, coalesce(j.attempts, 0) as attempts, r.created_at as started_at,
    r.finished_at
  from automation_runs as r
  join events as e on e.organization_id = r.organization_id and e.id = r.event_id
  left join jobs as j on j.organization_id = r.organization_id and j.id = r.id
) as runs`;

/** When a timer comes next, when it ran, and what went wrong. */
export const timerFacts = z.object({
  next_run_at: z.string().nullable(),
  last_run_on: z.string().nullable(),
  last_run_at: z.string().nullable(),
  last_error: z.string().nullable(),
});
const timerRow = timerFacts.extend({ name: z.string() });

/** The timers of a business; one whose time is not computed yet has no next time. */
export const listTimers = (context: ReadContext) =>
  context.tx.many(
    timerRow,
    sql`
    select t.name, nullif(t.next_run_at, '-infinity'::timestamptz) as next_run_at, t.last_run_on, t.last_run_at,
      j.last_error
    from timers as t
    left join jobs as j on j.organization_id = t.organization_id and j.id = t.last_job_id
    where t.organization_id = ${context.organization.id}::uuid`,
  );
