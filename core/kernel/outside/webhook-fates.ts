import type { Tx } from '../database/db.ts';
import { newId } from '../database/ids.ts';
import { sql } from '../database/sql.ts';
import { authenticate } from '../pipeline/authenticate.ts';
import type { Caller, ReadContext } from '../pipeline/context.ts';
import type { Kernel } from '../pipeline/invocation.ts';
import { describeError } from '../words/errors.ts';
import { PermanentFailure, RetryLater } from './delivery-failure.ts';

type ByWebhook = Extract<Caller, { via: 'webhook' }>;

/**
 * Marks an event as carried out, in the transaction of its effect: false when it was already. Who comes second waits for
 * the first to end.
 */
export async function claimEvent(tx: Tx, { organization_id, event }: ByWebhook): Promise<boolean> {
  const claimed = await tx.run(sql`
    update webhook_events
    set processed_at = now(), error = null
    where organization_id = ${organization_id}::uuid
      and id = ${event}::uuid
      and processed_at is null`);
  return claimed === 1;
}

/** Writes down why an event could not be carried out; it is tried again. */
export async function noteTrouble(kernel: Kernel, caller: ByWebhook, error: unknown): Promise<void> {
  const { organization_id, provider, event } = caller;
  // What a connector says of the other side is for people, and holds no text of others.
  const isTold = error instanceof RetryLater || error instanceof PermanentFailure;
  const { message } = isTold ? error : describeError(error);
  await kernel.db.transaction('read write', async tx => {
    const system = { via: 'system', organization_id, name: provider } as const;
    await authenticate(tx, system, { request_id: newId() });
    await tx.run(sql`
      update webhook_events
      set error = ${message.slice(0, 500)}
      where organization_id = ${organization_id}::uuid
        and id = ${event}::uuid
        and processed_at is null`);
  });
}

/** What an event came to: what was done, why nothing was, or why it is not believed. */
export interface Fate {
  outcome: 'done' | 'skipped' | 'refused';
  /** A sentence for people. */
  said: string;
  about?: { type: string; id: string };
}

/** Writes down what became of the event somebody has told us of, in the transaction of its effect; nothing for other callers. */
export async function noteFate(
  { tx, organization, actor }: ReadContext,
  { outcome, said, about }: Fate,
): Promise<void> {
  if (actor.kind !== 'webhook') return;
  await tx.run(sql`
    update webhook_events
    set outcome = ${outcome},
      said = ${said.slice(0, 500)},
      about_type = ${about?.type ?? null},
      about_id = ${about?.id ?? null}::uuid
    where organization_id = ${organization.id}::uuid
      and id = ${actor.id}::uuid`);
}

type Acting = Pick<ReadContext, 'tx' | 'organization' | 'actor' | 'request'>;

/**
 * Writes down, for people who look after the safety of the house, a message that is not to be believed. Of those that are alike one
 * a minute: nobody fills the table by trying on.
 */
export async function noteIncident(
  { tx, organization, actor, request }: Acting,
  { provider, reason, object_id }: { provider: string; reason: string; object_id?: string },
): Promise<void> {
  const details = { provider, reason, ...(object_id === undefined ? {} : { object_id }) };
  await tx.run(sql`
    insert into security_events (organization_id, id, kind, details, actor_kind, actor_name, request_id)
    select ${organization.id}::uuid, ${newId()}::uuid, 'webhook', ${JSON.stringify(details)}::jsonb, ${actor.kind},
      ${actor.name}, ${request.request_id}
    where not exists (
      select 1
      from security_events
      where organization_id = ${organization.id}::uuid
        and kind = 'webhook'
        and id >= uuid7_floor(now() - interval '1 minute')
        and details = ${JSON.stringify(details)}::jsonb
    )`);
}
