import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { z } from 'zod';

const nodeRow = z.object({ host: z.string(), port: z.number() });

/**
 * The cluster that CITUS_URL names: the address of its coordinator, for the superuser `postgres`, whose password (if it has one) the two
 * roles of Deskhand get as well. Its workers are those the database of that address knows.
 */
export default async function setup(project: TestProject): Promise<void> {
  const address = process.env.CITUS_URL;
  if (!address)
    throw new Error('Set CITUS_URL to the coordinator, as in postgres://postgres:secret@host:5432/postgres.');
  const { hostname, port, password } = new URL(address);
  const client = new pg.Client(address);
  await client.connect();
  try {
    const { rows } = await client.query(
      'select nodename as host, nodeport as port from pg_dist_node where groupid <> 0 and isactive order by nodeid',
    );
    project.provide('cluster', {
      host: hostname,
      port: Number(port || 5432),
      ...(password ? { password: decodeURIComponent(password) } : {}),
    });
    project.provide(
      'nodes',
      rows.map(row => nodeRow.parse(row)),
    );
  } finally {
    await client.end();
  }
}
