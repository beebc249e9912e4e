import { z } from 'zod';
import type { Tx } from '../database/db.ts';
import { newId } from '../database/ids.ts';
import { sql } from '../database/sql.ts';
import type { NewJob, ReadContext } from '../pipeline/context.ts';

/** A job as the worker gets it. `id` is its idempotency key towards the outside. */
export const jobRow = z.object({
  organization_id: z.string(),
  id: z.string(),
  kind: z.string(),
  payload: z.record(z.string(), z.unknown()),
  request_id: z.string().nullable(),
  attempts: z.number(),
  max_attempts: z.number(),
  /** Why the last attempt failed; null before the first, and after one that ended without a word. */
  last_error: z.string().nullable(),
  created_at: z.string(),
});
export type Job = z.infer<typeof jobRow>;

/** What a delivery leaves behind, shown with the job: a message id, a file name. */
export type JobOutcome = Record<string, unknown>;

/** What a call would send out or has queued, as previews and answers show it. */
export const outgoing = z.object({ kind: z.string(), payload: z.record(z.string(), z.unknown()) });

/**
 * Queues a job in the caller's transaction: it exists exactly when the change does. A second job of the same kind and
 * `dedupe_key` that still waits is the same job.
 */
export async function enqueue(tx: Tx, organizationId: string, requestId: string, job: NewJob): Promise<void> {
  await tx.run(sql`
    insert into jobs (organization_id, id, kind, payload, request_id, run_at, dedupe_key)
    values (
      ${organizationId}::uuid, ${job.id ?? newId()}::uuid, ${job.kind}, ${JSON.stringify(job.payload)}::jsonb, ${requestId},
      coalesce(${job.run_at ?? null}::timestamptz, now()), ${job.dedupe_key ?? null}
    )
    on conflict (organization_id, kind, dedupe_key) where done_at is null and dead_at is null do nothing`);
}

/** Whether a job of a kind whose payload says some things waits, or has died and waits for somebody who tries it again. */
export async function isQueued(
  { tx, organization }: ReadContext,
  { kind, payload }: Pick<NewJob, 'kind' | 'payload'>,
): Promise<boolean> {
  const such = sql`
    select
    from jobs
    where organization_id = ${organization.id}::uuid
      and kind = ${kind}
      and payload @> ${JSON.stringify(payload)}::jsonb`;
  const { is_queued } = await tx.one(
    z.object({ is_queued: z.boolean() }),
    sql`
    select exists (${such} and done_at is null and dead_at is null)
      or exists (${such} and dead_at is not null) as is_queued`,
  );
  return is_queued;
}

/** How many jobs of a kind whose payload says some things were queued within the last minutes. */
export async function countJobs(
  { tx, organization }: ReadContext,
  { kind, payload, minutes }: Pick<NewJob, 'kind' | 'payload'> & { minutes: number },
): Promise<number> {
  const { count } = await tx.one(
    z.object({ count: z.number() }),
    sql`
    select count(*) as count
    from jobs
    where organization_id = ${organization.id}::uuid
      and kind = ${kind}
      and payload @> ${JSON.stringify(payload)}::jsonb
      and created_at > now() - make_interval(mins => ${minutes}::integer)`,
  );
  return count;
}

/** Makes the jobs about somebody be about somebody else, all of them or those named; answers which. What they do stays. */
export async function moveJobs(
  { tx, organization }: ReadContext,
  fromId: string,
  toId: string,
  ids?: readonly string[],
): Promise<string[]> {
  const rows = await tx.many(
    z.object({ id: z.string() }),
    sql`
    update jobs
    set payload = payload || jsonb_build_object('contact_id', ${toId}::text)
    where organization_id = ${organization.id}::uuid
      and contact_id = ${fromId}::uuid
      and (${ids === undefined}::boolean or id = any (${[...(ids ?? [])]}::uuid[]))
    returning id`,
  );
  return rows.map(({ id }) => id);
}

/** What the call with this request id has queued so far. */
export function listQueued(tx: Tx, organizationId: string, requestId: string) {
  return tx.many(
    outgoing,
    sql`
    select kind, payload
    from jobs
    where organization_id = ${organizationId}::uuid
      and request_id = ${requestId}
    order by id`,
  );
}
