import { z } from 'zod';
import type { OwnConnection } from '../kernel/database/own-connection.ts';
import { raw, type Sql, sql, valueRows } from '../kernel/database/sql.ts';
import { hashOfLink } from '../kernel/outside/links.ts';
import type { Vault } from '../kernel/outside/seal.ts';
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

const id = z.object({ id: z.string() });

/**
 * The only rows that are not as they were (decision 040): keys and calendar addresses end, because what opens them stayed
 * behind; links get the hash of this installation's key; and what waited to go out is held, because the business it was
 * exported from may have sent it meanwhile. One entry of the history says when it was restored from what.
 */
export async function adaptRestored(
  connection: OwnConnection,
  { business, taken_at }: Manifest,
  { vault, outside }: { vault: Vault; outside: readonly string[] },
): Promise<Adapted> {
  const mine = sql`organization_id = ${business.id}::uuid`;
  const agent_keys = await connection.run(revoke('agent_keys', mine));
  const calendars = await connection.run(revoke('calendar_feeds', mine));
  const secrets = await connection.many(
    z.object({ name: z.string() }),
    sql`select name from secrets where ${mine} order by name`,
  );
  await signLinks(connection, business.id, vault);
  const held = await connection.run(sql`
    update jobs
    set attempts = max_attempts, locked_until = null, locked_by = null,
      last_error = 'It waited when the business was exported, and may have gone out since: look before you try again.'
    where ${mine}
      and done_at is null
      and dead_at is null
      and run_at <= now()
      and (kind = any (${[...outside]}::text[]) or lane = 'timers')`);
  // Whoever brings it back wants to keep it.
  await connection.run(sql`
    update business_deletions
    set cancelled_at = now(), cancelled_by = asked_by
    where ${mine}
      and cancelled_at is null`);
  const actor = { kind: 'system', name: 'command line' };
  await connection.run(sql`select set_ctx(${business.id}::uuid, null, ${JSON.stringify(actor)}::jsonb)`);
  await connection.run(sql`
    select log_audit('organization', ${business.id}::uuid, 'restored',
      ${JSON.stringify({ archive_of: { old: null, new: taken_at } })}::jsonb)`);
  return { agent_keys, calendars, secrets: secrets.map(({ name }) => name), held };
}

const revoke = (table: 'agent_keys' | 'calendar_feeds', mine: Sql): Sql => sql`
  update ${raw(table)}
  set revoked_at = now()
  where ${mine}
    and revoked_at is null`;

const atOnce = 1000;

/** Without a key of this installation they stay closed, like every link there. */
async function signLinks(connection: OwnConnection, organizationId: string, vault: Vault): Promise<void> {
  if (vault.key_id === '') return;
  const links = await connection.many(
    id,
    sql`select id from customer_links where organization_id = ${organizationId}::uuid`,
  );
  for (let from = 0; from < links.length; from += atOnce) {
    const rows = links
      .slice(from, from + atOnce)
      .map(link => [link.id, hashOfLink(vault, organizationId, link.id)]);
    await connection.run(sql`
      update customer_links as l
      set token_hash = decode(n.hash, 'hex')
      from (values ${valueRows(['uuid', 'text'], rows)}) as n (id, hash)
      where l.organization_id = ${organizationId}::uuid
        and l.id = n.id`);
  }
}
