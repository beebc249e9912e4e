import { z } from 'zod';
import type { Database, Tx } from '../kernel/database/db.ts';
import { sql } from '../kernel/database/sql.ts';
import { jobRow } from '../kernel/outside/outbox.ts';
import { scheduleWords, type TimerSpec } from '../kernel/registry/timer.ts';

// The worker serves every organization, so it works through the definer functions of the jobs migration, with no
// organization set.
function asWorker<T>(db: Database, work: (tx: Tx) => Promise<T>): Promise<T> {
  return db.transaction('read write', async tx => {
    await tx.run(sql`select set_ctx(null, null, '{"kind": "system", "name": "worker"}'::jsonb)`);
    return work(tx);
  });
}

/** What is worked off by itself, so that nothing in it keeps the others waiting; the database says which job stands where. */
export type LaneName = 'general' | 'timers' | 'sign_in' | 'mail';

export interface Claim {
  worker: string;
  most: number;
  lease_seconds: number;
  lane?: LaneName;
  /** So long after the last mail of any worker, in milliseconds; then one is taken at most. */
  spacing_ms?: number | undefined;
  /** What the timers of messages go by, UTC; the database's clock when left out. */
  at?: string | undefined;
}

/**
 * Takes due jobs of a lane for this worker until the lease ends, each customer's in their order. One above its last attempt
 * is there to be given up: every worker that tried it has died.
 */
export const claimJobs = (
  db: Database,
  { worker, most, lease_seconds, lane = 'general', spacing_ms, at }: Claim,
) =>
  asWorker(db, tx =>
    tx.many(
      jobRow,
      sql`
      select organization_id, id, kind, payload, request_id, attempts, max_attempts, last_error, created_at
      from claim_jobs(
        ${worker}, ${most}::integer, make_interval(secs => ${lease_seconds}::integer), ${lane},
        ${spacing_ms ?? null}::double precision * interval '1 millisecond', ${at ?? null}::timestamptz
      )`,
    ),
  );

/** No mail is tried before this moment: the service in between takes none. */
export const pauseMail = (db: Database, until: string) =>
  asWorker(db, tx => tx.run(sql`select pause_mail(${until}::timestamptz)`));

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

/** When the next job of a lane is due, as far as is known now. */
export const findNextDue = (db: Database, lane: LaneName, isPaced: boolean) =>
  asWorker(db, async tx => {
    const { at } = await tx.one(
      z.object({ at: z.string().nullable() }),
      sql`select next_job_at(${lane}, ${isPaced}::boolean) as at`,
    );
    return at;
  });

/** Gives every business these timers; one that is set to another time is planned anew. */
export const seedTimers = (db: Database, timers: readonly TimerSpec[]) =>
  asWorker(db, async tx => {
    await tx.run(sql`
      select seed_timers(${timers.map(({ name }) => name)}::text[], ${timers.map(({ at }) => scheduleWords(at))}::text[])`);
  });

const dueTimer = z.object({
  organization_id: z.string(),
  name: z.string(),
  time_zone: z.string(),
  is_planned: z.boolean(),
  last_run_on: z.string().nullable(),
});

/** Where a timer is moved to; with `run_on`, the job with this id does what it is for on that date. */
export interface Move {
  run_on: string | null;
  next_at: string;
  job: string;
}

/** Moves the timers that are due, in the transaction that holds them. Answers how many were held. */
export const moveDueTimers = (
  db: Database,
  names: readonly string[],
  { at, most }: { at: string; most: number },
  move: (due: z.infer<typeof dueTimer>) => Move,
): Promise<number> =>
  asWorker(db, async tx => {
    const held = await tx.many(
      dueTimer,
      sql`
      select organization_id, name, time_zone, is_planned, last_run_on
      from claim_timers(${[...names]}::text[], ${at}::timestamptz, ${most}::integer)`,
    );
    for (const due of held) {
      const { run_on, next_at, job } = move(due);
      await tx.run(sql`
        select move_timer(
          ${due.organization_id}::uuid, ${due.name}, ${next_at}::timestamptz, ${run_on}::date, ${at}::timestamptz,
          ${job}::uuid
        )`);
    }
    return held.length;
  });

const laneFigures = z.object({
  lane: z.string(),
  waiting: z.number(),
  running: z.number(),
  oldest_seconds: z.number(),
});

/** For each lane: jobs that are due and wait, those under way, and how long the oldest has waited, in seconds. */
export const queueFigures = (db: Database) =>
  db.transaction('read only', tx =>
    tx.many(laneFigures, sql`select lane, waiting, running, oldest_seconds from queue_figures()`),
  );

/** Months of the history that are made ready ahead. */
const monthsAhead = 2;

/** Makes the parts of the history of the months to come; the transaction is short, for nobody writes meanwhile. */
export const extendHistory = (db: Database) =>
  asWorker(db, tx => tx.run(sql`select extend_audit_log(${monthsAhead}::integer)`));

/** Throws away what has served its purpose and is found by its age, of all businesses together. */
export const sweep = (db: Database) =>
  asWorker(db, async tx => {
    await tx.run(sql`select sweep(now() - interval '24 hours', now() - interval '90 days')`);
    await tx.run(sql`select sweep_from_outside(now() - interval '90 days', now() - interval '30 days')`);
  });

const looked = z.object({ count: z.number() });

/** The same of the next so many businesses, each for itself; 0 at the end of a round. */
export const sweepInTurn = (db: Database, businesses: number) =>
  asWorker(db, async tx => {
    const { count } = await tx.one(
      looked,
      sql`
      select sweep_in_turn(${businesses}::integer, now() - interval '90 days', now() - interval '400 days') as count`,
    );
    return count;
  });

/** Throws away words no search finds anything by any more, of the next so many; 0 at the end of a round. */
export const sweepWords = (db: Database, words: number) =>
  asWorker(db, async tx => {
    const { count } = await tx.one(looked, sql`select sweep_search_words(${words}::integer) as count`);
    return count;
  });
