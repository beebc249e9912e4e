import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import type { DatabaseAddress } from '../../core/kernel/database/db.ts';
import { dropDistributed, makeDistributed } from './citus.ts';

export interface TestDatabase {
  /** For the application: a role that owns nothing. Through the pooler when the run has one. */
  address: DatabaseAddress;
  /** For the schema: straight to the cluster, as a superuser. */
  admin: DatabaseAddress;
  /** For looking at everything: the owner of the tables. */
  owner: pg.Pool;
  close(): Promise<void>;
}

/** A sum over all tables at once would start helpers, each of which learns all tables first. */
const alone = '-c max_parallel_workers_per_gather=0';

/** A fresh migrated database of this test file. */
export async function testDatabase(): Promise<TestDatabase> {
  const name = `t_${randomBytes(8).toString('hex')}`;
  const nodes = inject('nodes');
  if (nodes) await makeDistributed(name, nodes);
  else
    await asSuperuser(client =>
      client.query(
        `create database ${name} template deskhand_template strategy file_copy owner deskhand_owner`,
      ),
    );
  const at = (user: string): DatabaseAddress => ({ ...inject('cluster'), user, database: name });
  const owner = new pg.Pool({
    ...at('deskhand_owner'),
    ssl: false,
    max: 5,
    idleTimeoutMillis: 0,
    options: alone,
  });
  owner.on('error', () => undefined);
  return {
    address: { ...at('deskhand_app'), ...inject('pooler') },
    admin: at('postgres'),
    owner,
    async close() {
      await owner.end();
      if (nodes) await dropDistributed(name, nodes);
      else await asSuperuser(client => client.query(`drop database if exists ${name} with (force)`));
    },
  };
}

async function asSuperuser(work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ ...inject('cluster'), user: 'postgres', database: 'postgres' });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
