import type { OwnConnection } from '../kernel/database/own-connection.ts';
import { hashOfLink } from '../kernel/outside/links.ts';
import type { Vault } from '../kernel/outside/seal.ts';
import {
  actAsCommandLine,
  endDeletions,
  endExports,
  holdJobs,
  linkId,
  linksOf,
  logRestored,
  revokeAll,
  secretName,
  secretsOf,
  setHashes,
  sumDaysAnew,
} from './adapt-queries.ts';
import type { Manifest } from './format.ts';

/** What is to be done by hand after a restore, because it did not come along or may have happened meanwhile. */
export interface Adapted {
  /** Keys of agents that are to be made anew. */
  agent_keys: number;
  /** Calendars that are to be subscribed to anew. */
  calendars: number;
  /** Secrets that are to be set once more, by name. */
  secrets: string[];
  /** Mails and other deliveries that waited, and are held. */
  held: number;
}

/**
 * The only rows that are not as they were (decision 040): keys and calendar addresses end, because what opens them stayed
 * behind; links get the hash of this installation's key; earlier exports have no file any more; and what waited to go out is
 * held, because the business it was exported from may have sent it meanwhile. One entry of the history says when it was
 * restored from what.
 */
export async function adaptRestored(
  connection: OwnConnection,
  { business, taken_at }: Manifest,
  { vault, outside }: { vault: Vault; outside: readonly string[] },
): Promise<Adapted> {
  const { id } = business;
  const agent_keys = await connection.run(revokeAll('agent_keys', id));
  const calendars = await connection.run(revokeAll('calendar_feeds', id));
  const secrets = await connection.many(secretName, secretsOf(id));
  await signLinks(connection, id, vault);
  const held = await connection.run(holdJobs(id, outside));
  for (const statement of [
    endDeletions(id),
    endExports(id),
    sumDaysAnew(id),
    actAsCommandLine(id),
    logRestored(id, taken_at),
  ])
    await connection.run(statement);
  return { agent_keys, calendars, secrets: secrets.map(({ name }) => name), held };
}

const atOnce = 1000;

/** Without a key of this installation they stay closed, like every link there. */
async function signLinks(connection: OwnConnection, organizationId: string, vault: Vault): Promise<void> {
  if (vault.key_id === '') return;
  const links = await connection.many(linkId, linksOf(organizationId));
  for (let from = 0; from < links.length; from += atOnce) {
    const rows = links
      .slice(from, from + atOnce)
      .map(({ id }) => [id, hashOfLink(vault, organizationId, id)] as const);
    await connection.run(setHashes(organizationId, rows));
  }
}
