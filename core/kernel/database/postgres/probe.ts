import pg from 'pg';
import type { Address } from './data-folder.ts';
import { errorCode } from './processes.ts';

/** `ready` answers queries, `busy` is there but not ready (starting, recovering, stopping), `absent` is not there. */
export type ServerState = 'ready' | 'busy' | 'absent';

/** Asks the server at this address one query. Throws when it is there and refuses us for good. */
export async function probe(address: Address): Promise<ServerState> {
  if (address.port === 0) return 'absent';
  const client = new pg.Client({
    host: address.host,
    port: address.port,
    user: 'postgres',
    database: 'postgres',
    ssl: false, // else PGSSLMODE of the environment decides
    connectionTimeoutMillis: 2_000,
    query_timeout: 2_000,
    ...(address.password === undefined ? {} : { password: address.password }),
  });
  // A connection that dies after the answer must not end the process.
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('select 1');
  } catch (error) {
    client.end().catch(() => {}); // not awaited: the other side may never answer
    return meaningOf(error);
  }
  await client.end();
  return 'ready';
}

function meaningOf(error: unknown): ServerState {
  if (error instanceof pg.DatabaseError) {
    const state = error.code ?? '';
    if (state.startsWith('57P')) return 'busy'; // starting up, in recovery, shutting down
    if (state.startsWith('53') || state === '3D000') return 'ready'; // no connection left, database dropped: it serves
    throw error;
  }
  const code = errorCode(error) ?? '';
  if (['ENOENT', 'ENOTDIR', 'ECONNREFUSED'].includes(code)) return 'absent';
  if (['EACCES', 'EPERM'].includes(code)) {
    throw new Error('The embedded PostgreSQL was started by another user: run Deskhand as that user.', {
      cause: error,
    });
  }
  return 'busy'; // timed out, cut off in mid-sentence, queue full: somebody is there
}
