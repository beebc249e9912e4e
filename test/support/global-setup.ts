import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { migrate } from '../../core/kernel/database/migrate.ts';
import type { Node } from './citus.ts';
import { startTestCluster, type TestCluster } from './cluster.ts';
import { searchWithPatience } from './patient-search.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    cluster: { host: string; port: number; password?: string };
    /** The workers of a Citus cluster, of which `cluster` is the coordinator then; left out on an ordinary PostgreSQL. */
    nodes?: readonly Node[];
  }
}

/** One cluster for the whole run, with a migrated template that every test file clones in milliseconds. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const cluster = await startTestCluster();
  try {
    return await prepare(project, cluster);
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

async function prepare(project: TestProject, cluster: TestCluster): Promise<() => Promise<void>> {
  const { host, port, password } = cluster;
  const address = { host, port, user: 'postgres', ...(password === undefined ? {} : { password }) };
  await ask({ ...address, database: 'postgres' }, 'create database deskhand_template');
  await migrate({ ...address, database: 'deskhand_template' });
  await ask({ ...address, database: 'deskhand_template' }, searchWithPatience);
  project.provide('cluster', { host, port, ...(password === undefined ? {} : { password }) });
  return () => cluster.stop();
}

async function ask(address: pg.ClientConfig, text: string): Promise<void> {
  const client = new pg.Client(address);
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}
