import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import type { DatabaseAddress } from '../../core/kernel/database/db.ts';

/** The address of a database of the test cluster for its superuser. */
export const superuserAt = (database: string): DatabaseAddress => ({
  ...inject('cluster'),
  user: 'postgres',
  database,
});

/** Runs statements as the superuser of the test cluster, who may do what no role of ours may. */
export async function asSuperuser(database: string, statements: string): Promise<void> {
  const client = new pg.Client({ ...superuserAt(database) });
  await client.connect();
  try {
    await client.query(statements);
  } finally {
    await client.end();
  }
}

/** Makes an empty database that nothing has migrated yet, hands its name to the work, and drops it. */
export async function inEmptyDatabase(work: (name: string) => Promise<void>): Promise<void> {
  const name = `t_${randomBytes(8).toString('hex')}`;
  await asSuperuser('postgres', `create database ${name}`);
  try {
    await work(name);
  } finally {
    await asSuperuser('postgres', `drop database ${name} with (force)`);
  }
}
