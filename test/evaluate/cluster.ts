import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import type { DatabaseAddress } from '../../core/kernel/database/db.ts';
import { newId } from '../../core/kernel/database/ids.ts';
import { migrate } from '../../core/kernel/database/migrate.ts';
import { ensureDatabase } from '../../core/kernel/database/postgres/database.ts';
import { startEmbedded, stopEmbedded } from '../../core/kernel/database/postgres/launcher.ts';
import type { Cluster } from './world.ts';

/** A cluster for one run with the name its databases begin with. */
export interface OpenCluster {
  cluster: Cluster;
  name: string;
  close(): Promise<void>;
}

/** The given PostgreSQL, in which only databases of this run's own name are made, or one in a temporary folder. */
export async function openCluster(given: DatabaseAddress | undefined): Promise<OpenCluster> {
  const name = `deskhand_evaluate_${newId().replaceAll('-', '').slice(-12)}`;
  return given ? openGiven(given, name) : openOwn(name);
}

async function openGiven(given: DatabaseAddress, name: string): Promise<OpenCluster> {
  const template = `${name}_template`;
  await ensureDatabase({ ...given, database: given.database }, template);
  await migrate({ ...given, database: template });
  return {
    cluster: { admin: given, template },
    name,
    async close() {
      const client = new pg.Client({ ...given, ssl: given.ssl ?? false });
      await client.connect();
      await client.query(`drop database if exists ${pg.escapeIdentifier(template)} with (force)`);
      await client.end();
    },
  };
}

async function openOwn(name: string): Promise<OpenCluster> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'deskhand-evaluate-'));
  const close = async () => {
    await stopEmbedded(dataDir);
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    // Nothing in it has to survive anything.
    const { host, port, superuser, password } = await startEmbedded({ dataDir, fsync: false });
    const admin = { host, port, user: superuser, ...(password === undefined ? {} : { password }) };
    const template = `${name}_template`;
    await ensureDatabase({ ...admin, database: 'postgres' }, template);
    await migrate({ ...admin, database: template });
    const app = password === undefined ? { app: 'deskhand_app' } : {};
    return { cluster: { admin, template, ...app }, name, close };
  } catch (error) {
    await close();
    throw error;
  }
}
