import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { migrate } from '../../core/kernel/database/migrate.ts';
import { startTestCluster, type TestCluster } from './cluster.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    cluster: { host: string; port: number; password?: string };
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
  const client = new pg.Client({ ...address, database: 'postgres' });
  await client.connect();
  await client.query('create database deskhand_template');
  await client.end();
  await migrate({ ...address, database: 'deskhand_template' });
  project.provide('cluster', { host, port, ...(password === undefined ? {} : { password }) });
  return () => cluster.stop();
}
