import { z } from 'zod';
import { DeskhandError } from '../words/errors.ts';
import type { Database, Tx } from './db.ts';
import { sql } from './sql.ts';

/** Runs what only reads, wherever that may be. */
export type Reading = <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;

export interface ReplicaOptions {
  primary: Database;
  replica: Database;
  /** A replica may be so far behind, in milliseconds, before the primary is asked instead. */
  patience_ms?: number;
  /** One that says nothing at all for so long, in milliseconds, is away: whoever waits for it wants an answer. */
  silence_ms?: number;
  /** After one that could not be read, or was behind, it is left alone for so long, in milliseconds. */
  away_ms?: number;
  /** Told when reads begin to go to the primary, and why, and when they go to the replica again. */
  onProblem?(message: string): void;
}

/** Why the primary is read; also what whoever runs the installation is told. */
const reasons = {
  behind: 'the replica is behind; the primary was read',
  away: 'the replica could not be read; the primary was',
  stranger: 'REPLICA_URL names no replica of this database (any more); the primary was read',
} as const;
type Reason = keyof typeof reasons;

/**
 * Reads from a replica that has everything the primary had when the reading began: whoever has written something, in whichever process,
 * finds it. The primary is asked for its position and nothing else. It is read itself when the replica stays behind, is away or is none
 * any more, or gives up on a statement; then one reading in `away_ms` tries the replica, and the others do not wait for that.
 */
export function readFromReplica(options: ReplicaOptions): Reading {
  const { primary, replica, away_ms = 5_000, onProblem } = options;
  let trouble: Reason | undefined;
  let awayUntil = 0;
  const goOn = (reason: Reason | undefined) => {
    if (reason !== undefined) awayUntil = performance.now() + away_ms;
    if (reason !== trouble) onProblem?.(reason === undefined ? 'the replica is read again' : reasons[reason]);
    trouble = reason;
  };
  return async work => {
    const here = () => primary.transaction('read only', work);
    const now = performance.now();
    if (now < awayUntil) return here();
    if (trouble !== undefined) awayUntil = now + away_ms;
    const goal = await placeOf(primary);
    const found = await reaches(options, goal).catch((): Reason => 'away');
    if (found !== 'reached') {
      goOn(found);
      return here();
    }
    try {
      const result = await replica.transaction('read only', work);
      awayUntil = 0;
      goOn(undefined);
      return result;
    } catch (error) {
      if (error instanceof DeskhandError) throw error;
      // What fails there as well is no trouble of the replica.
      const result = await here();
      goOn('away');
      return result;
    }
  };
}

/**
 * Where a server is, and which one it is: copies of one cluster share `cluster`, and no two servers were started at the same microsecond.
 * At the beginning of a page the position to write at lies behind a header that no record has written yet, so that a replica which has
 * everything would never come there before the next write.
 */
const placeRow = z.object({ position: z.string(), cluster: z.string(), started: z.string() });
type Place = z.infer<typeof placeRow>;

const placeOf = (primary: Database): Promise<Place> =>
  primary.transaction('read only', tx =>
    tx.one(
      placeRow,
      sql`
      select (insert_at - case
          when mod(insert_at - '0/0', pg_size_bytes(current_setting('wal_segment_size'))) = 40 then 40
          when mod(insert_at - '0/0', current_setting('wal_block_size')::integer) = 24 then 24
          else 0
        end)::text as position,
        (select system_identifier::text from pg_control_system()) as cluster,
        extract(epoch from pg_postmaster_start_time())::text as started
      from pg_current_wal_insert_lsn() as insert_at`,
    ),
  );

const standing = z.object({ has: z.boolean(), is_copy: z.boolean() });

/** Looks a few times, at longer and longer distances. Fails when it is away. */
async function reaches(
  { replica, patience_ms = 200, silence_ms = 1_000 }: ReplicaOptions,
  { position, cluster, started }: Place,
): Promise<'reached' | 'behind' | 'stranger'> {
  const until = performance.now() + patience_ms;
  for (let pause = 2; ; pause *= 2) {
    // A database that follows nobody has positions of its own, which say nothing about the primary, unless it is the primary.
    const look = replica.transaction('read only', tx =>
      tx.one(
        standing,
        sql`
        select
          coalesce(pg_last_wal_replay_lsn() >= ${position}::pg_lsn, false) or not pg_is_in_recovery() as has,
          (select system_identifier::text from pg_control_system()) = ${cluster}
            and (pg_is_in_recovery() or extract(epoch from pg_postmaster_start_time())::text = ${started}) as is_copy`,
      ),
    );
    const { has, is_copy } = await within(silence_ms, look);
    if (!is_copy) return 'stranger';
    if (has) return 'reached';
    if (performance.now() + pause > until) return 'behind';
    await new Promise(resolve => setTimeout(resolve, pause));
  }
}

/** Fails when the work takes longer; it is left to itself then. */
async function within<T>(most_ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('it takes connections and answers nothing')), most_ms);
  });
  try {
    return await Promise.race([work, silence]);
  } finally {
    clearTimeout(timer);
  }
}

/** How a replica stands, for whoever looks after it. */
export type ReplicaStanding = 'follows' | 'behind' | 'stranger' | 'itself';

/** Whether the replica comes within `patience_ms` to where the primary is now. Fails when it is away. */
export async function lookAtReplica(
  options: Required<Pick<ReplicaOptions, 'primary' | 'replica' | 'patience_ms'>>,
): Promise<ReplicaStanding> {
  const goal = await placeOf(options.primary);
  const found = await reaches({ ...options, silence_ms: 5_000 }, goal);
  if (found !== 'reached') return found;
  const { started } = await options.replica.transaction('read only', tx =>
    tx.one(
      placeRow.pick({ started: true }),
      sql`select extract(epoch from pg_postmaster_start_time())::text as started`,
    ),
  );
  return started === goal.started ? 'itself' : 'follows';
}
