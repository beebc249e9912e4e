import pg from 'pg';
import { inject } from 'vitest';
import { openDatabase } from '../../core/kernel/database/db.ts';
import { distribution } from '../../core/kernel/database/distribute.ts';
import { migrate } from '../../core/kernel/database/migrate.ts';
import { onOwnConnection } from '../../core/kernel/database/own-connection.ts';
import { searchWithPatience } from './patient-search.ts';

export interface Node {
  host: string;
  port: number;
}

/** Makes a database on every node of the cluster the run was given, with the newest schema distributed over them. */
export async function makeDistributed(name: string, nodes: readonly Node[]): Promise<void> {
  const { host, port } = inject('cluster');
  for (const node of [{ host, port }, ...nodes]) {
    await onNode(node, 'postgres', client => client.query(`create database ${name}`));
    await onNode(node, name, client => client.query('create extension citus'));
  }
  const address = { ...inject('cluster'), user: 'postgres', database: name };
  await onNode(address, name, async client => {
    await client.query('select citus_set_coordinator_host($1, $2)', [host, port]);
    for (const node of nodes) await client.query('select citus_add_node($1, $2)', [node.host, node.port]);
  });
  await migrate(address);
  const db = openDatabase({ address, connections: 1 });
  const statements = await onOwnConnection(db, 'read', distribution).finally(() => db.close());
  await onNode(address, name, async client => {
    await client.query(`alter database ${name} owner to deskhand_owner`);
    for (const statement of statements) await client.query(statement);
    await client.query(searchWithPatience);
    const { password } = inject('cluster');
    if (password === undefined) return;
    for (const role of ['deskhand_owner', 'deskhand_app'])
      await client.query(`alter role ${role} password ${client.escapeLiteral(password)}`);
  });
}

export async function dropDistributed(name: string, nodes: readonly Node[]): Promise<void> {
  for (const node of [inject('cluster'), ...nodes])
    await onNode(node, 'postgres', client => client.query(`drop database if exists ${name} with (force)`));
}

async function onNode<T>(
  { host, port }: Node,
  database: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ ...inject('cluster'), host, port, user: 'postgres', database });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
