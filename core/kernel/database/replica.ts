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
  /** After one that could not be read it is left alone for so long, in milliseconds. */
  away_ms?: number;
  /** Told when reads go to the primary, and why. */
  onProblem?(message: string): void;
}

/**
 * Reads from a replica that has everything the primary had when the reading began: whoever has written something, in whichever process,
 * finds it. The primary is asked for its position and nothing else. It is read itself when the replica stays behind, is away, or gives up
 * on a statement.
 */
export function readFromReplica(options: ReplicaOptions): Reading {
  const { primary, replica, away_ms = 5_000, onProblem } = options;
  let awayUntil = 0;
  return async work => {
    const here = () => primary.transaction('read only', work);
    if (performance.now() < awayUntil) return here();
    const position = await positionOf(primary);
    try {
      if (!(await hasCaughtUp(options, position))) {
        onProblem?.('the replica is behind; the primary was read');
        return await here();
      }
      return await replica.transaction('read only', work);
    } catch (error) {
      if (error instanceof DeskhandError) throw error;
      // What fails there as well is no trouble of the replica.
      const result = await here();
      awayUntil = performance.now() + away_ms;
      onProblem?.('the replica could not be read; the primary was');
      return result;
    }
  };
}

const positionRow = z.object({ position: z.string() });
const caughtUp = z.object({ has: z.boolean() });

async function positionOf(primary: Database): Promise<string> {
  const { position } = await primary.transaction('read only', tx =>
    tx.one(positionRow, sql`select pg_current_wal_insert_lsn()::text as position`),
  );
  return position;
}

/** Looks a few times, at longer and longer distances. */
async function hasCaughtUp(
  { replica, patience_ms = 200 }: ReplicaOptions,
  position: string,
): Promise<boolean> {
  const until = performance.now() + patience_ms;
  for (let pause = 2; ; pause *= 2) {
    const { has } = await replica.transaction('read only', tx =>
      tx.one(
        caughtUp,
        sql`select coalesce(pg_last_wal_replay_lsn() >= ${position}::pg_lsn, not pg_is_in_recovery()) as has`,
      ),
    );
    if (has) return true;
    if (performance.now() + pause > until) return false;
    await new Promise(resolve => setTimeout(resolve, pause));
  }
}
