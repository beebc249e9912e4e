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

/**
 * What else may be meant by misspelt words is looked for during a second. On a machine that is busy with other things a
 * search would find less now and then: here it has ten minutes.
 */
const searchWithPatience = `
  do $$
  declare
    made constant text := pg_get_functiondef('search_documents_like'::regproc);
    patient constant text := replace(made, 'interval ''1 second''', 'interval ''10 minutes''');
  begin
    if made = patient then
      raise exception 'search_documents_like does not end after a second any more: look at test/support/global-setup.ts';
    end if;
    execute patient;
  end
  $$`;
