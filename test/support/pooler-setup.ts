import type { TestProject } from 'vitest/node';
import { startPgBouncer } from './pgbouncer.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** A pooler the application goes through; left out when it goes straight to the cluster. */
    pooler?: { host: string; port: number };
  }
}

/** A PgBouncer before the cluster of the run, which was started just before. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const cluster = project.getProvidedContext().cluster;
  const { host, port, stop } = await startPgBouncer(cluster.host, cluster.port);
  project.provide('pooler', { host, port });
  return stop;
}
