import { listUnusedIndexes } from '../../core/jobs/size-queries.ts';
import { type DatabaseAddress, openDatabase } from '../../core/kernel/database/db.ts';
import { countMigrations } from '../../core/kernel/database/migrate.ts';
import { lookAtReplica, type ReplicaStanding } from '../../core/kernel/database/replica.ts';
import { listBusinesses } from '../../core/organizations/found.ts';
import { findDatabase, type Installation } from '../compose.ts';
import type { Config } from '../config.ts';
import { explainDatabase } from '../database-trouble.ts';
import { firstOf } from './installation.ts';

/**
 * Whether a database others work with has a schema at all. Throws when migrations of this version are missing: a look must not run
 * them, and a doctor of the next version may be asked before an upgrade.
 */
export async function hasSchema(config: Config): Promise<boolean> {
  const { owner } = await findDatabase(config);
  const { ran, missing } = await countMigrations(owner);
  if (ran > 0 && missing > 0)
    throw new Error(
      `${missing} migration${missing === 1 ? '' : 's'} of this version ${missing === 1 ? 'has' : 'have'} not run: deskhand migrate runs them, and so does the next start of a server.`,
    );
  return ran > 0;
}

const standings: Readonly<Record<Exclude<ReplicaStanding, 'follows' | 'itself'>, string>> = {
  behind:
    'does not come to where the database is within five seconds, so nothing is read there; see whether its replay is paused (select pg_wal_replay_resume()) and whether it still receives (pg_stat_replication on the database).',
  stranger:
    'is no replica of DATABASE_URL: it was promoted, or belongs to another database, so nothing is read there. Name one that follows, or leave REPLICA_URL out.',
};

/** Whether the replica is one, answers and keeps up; reads go to the database itself otherwise, and nobody notices. */
export async function describeReplica(config: Config, address: DatabaseAddress): Promise<string> {
  const { app } = await findDatabase(config);
  const primary = openDatabase({ address: app, connections: 1 });
  const replica = openDatabase({ address, connections: 1 });
  const at = address.host.startsWith('/') ? address.host : `${address.host}:${address.port}`;
  try {
    const standing = await lookAtReplica({ primary, replica, patience_ms: 5_000 });
    if (standing === 'itself') return `${at} is the database itself, which is spared nothing`;
    if (standing !== 'follows') throw new Error(`${at} ${standings[standing]}`);
    await listBusinesses(replica);
    return `${at} follows and has everything`;
  } catch (error) {
    throw explainDatabase(error, 'REPLICA_URL', address);
  } finally {
    // One that says nothing does not hang up either; the process ends without it.
    void replica.close();
    await primary.close();
  }
}

/** Indexes that are written and never read, as an interrupted `reindex concurrently` leaves them. */
export async function describeIndexes({ db }: Pick<Installation, 'db'>): Promise<string> {
  const names = await listUnusedIndexes(db);
  if (names.length === 0) return 'all can be used';
  throw new Error(
    `${firstOf(names)} cannot be used (an interrupted create or reindex): drop those whose names end in _ccnew or _ccold, and run "reindex index concurrently NAME" for the others.`,
  );
}
