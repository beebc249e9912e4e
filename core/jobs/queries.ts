import { z } from 'zod';
import type { Database, Tx } from '../kernel/database/db.ts';
import { sql } from '../kernel/database/sql.ts';
import { jobRow } from '../kernel/outside/outbox.ts';

// The worker serves every organization, so it works through the definer functions of the jobs migration, with no
// organization set.
function asWorker<T>(db: Database, work: (tx: Tx) => Promise<T>): Promise<T> {
  return db.transaction('read write', async tx => {
    await tx.run(sql`select set_ctx(null, null, '{"kind": "system", "name": "worker"}'::jsonb)`);
    return work(tx);
  });
}

/** Takes due jobs for this worker until the lease ends. */
export const claimJobs = (db: Database, worker: string, most: number, leaseSeconds: number) =>
  asWorker(db, tx =>
    tx.many(
      jobRow,
      sql`
      select organization_id, id, kind, payload, request_id, attempts, max_attempts, created_at
      from claim_jobs(${worker}, ${most}::integer, make_interval(secs => ${leaseSeconds}::integer))`,
    ),
  );

/** Records how a job ended; false when the lease was lost to another worker meanwhile. */
export const settleJob = (
  db: Database,
  settled: {
    organization_id: string;
    id: string;
    worker: string;
    outcome: Record<string, unknown> | null;
    error: string | null;
    retry_at: string | null;
  },
) =>
  asWorker(db, async tx => {
    const { done } = await tx.one(
      z.object({ done: z.boolean() }),
      sql`
      select settle_job(
        ${settled.organization_id}::uuid, ${settled.id}::uuid, ${settled.worker},
        ${settled.outcome === null ? null : JSON.stringify(settled.outcome)}::jsonb, ${settled.error},
        ${settled.retry_at}::timestamptz
      ) as done`,
    );
    return done;
  });

/** When the next job is due, as far as is known now. */
export const findNextDue = (db: Database) =>
  asWorker(db, async tx => {
    const { at } = await tx.one(z.object({ at: z.string().nullable() }), sql`select next_job_at() as at`);
    return at;
  });

/** Throws away what has served its purpose. */
export const sweep = (db: Database) =>
  asWorker(db, async tx => {
    await tx.run(sql`select sweep(now() - interval '24 hours', now() - interval '90 days')`);
    await tx.run(sql`select sweep_from_outside(now() - interval '90 days', now() - interval '30 days')`);
  });
