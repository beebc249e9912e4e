import { newId } from '../database/ids.ts';
import { raw, sql } from '../database/sql.ts';
import { DeskhandError } from '../words/errors.ts';
import { authenticate } from './authenticate.ts';
import type { ReadContext } from './context.ts';
import type { Incoming, Kernel } from './invocation.ts';

/** What was taken out of one place, never the number itself: the security event about it (SAN-02). */
export interface Removal {
  action: string;
  field: string;
  kinds: readonly string[];
}

type Acting = Pick<ReadContext, 'tx' | 'organization' | 'actor' | 'request'>;

/**
 * Writes the events in this transaction. Of a call that was `refused`, with that code, no event is written that the same
 * caller has left within the last minute, so that nobody fills the table by trying on.
 */
export async function insertRemovals(
  { tx, organization, actor, request }: Acting,
  removals: readonly Removal[],
  refused?: string,
): Promise<void> {
  for (const { action, field, kinds } of removals) {
    const details = { kinds: [...new Set(kinds)], ...(refused === undefined ? {} : { refused }) };
    const isNew = sql`
      where not exists (
        select 1
        from security_events
        where organization_id = ${organization.id}::uuid
          and kind = 'redaction'
          and id >= uuid7_floor(now() - interval '1 minute')
          and (action, field, actor_kind, actor_name) = (${action}, ${field}, ${actor.kind}, ${actor.name})
          and details ? 'refused'
      )`;
    await tx.run(sql`
      insert into security_events (organization_id, id, kind, action, field, details, actor_kind, actor_name, request_id)
      select ${organization.id}::uuid, ${newId()}::uuid, 'redaction', ${action}, ${field},
        ${JSON.stringify(details)}::jsonb, ${actor.kind}, ${actor.name}, ${request.request_id}
      ${refused === undefined ? raw('') : isNew}`);
  }
}

/** One refused call is told from another by its first places. */
const mostOfRefused = 20;

/**
 * Writes down what was taken out of a call that was refused. It has been rolled back by then, so this is a transaction of
 * its own; when it fails the refusal still stands.
 */
export async function keepRemovals(
  kernel: Kernel,
  { caller, request, found }: Incoming,
  removals: readonly Removal[],
  error: unknown,
): Promise<void> {
  if (removals.length === 0) return;
  const refused = error instanceof DeskhandError ? error.code : 'INTERNAL_ERROR';
  try {
    await kernel.db.transaction('read write', async tx => {
      const { organization, actor } = await authenticate(tx, caller, request, { action: found.id });
      await insertRemovals({ tx, organization, actor, request }, removals.slice(0, mostOfRefused), refused);
    });
  } catch {
    // A key that ended at this moment, or a database that is gone: the caller is refused all the same.
  }
}
