import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Tx } from '../database/db.ts';
import { sql } from '../database/sql.ts';
import { DeskhandError } from '../words/errors.ts';
import type { Actor } from './context.ts';

const stored = z.object({
  input_hash: z.string(),
  answer: z.record(z.string(), z.unknown()).nullable(),
  /** Younger than a day; older keys may be used again. */
  is_kept: z.boolean(),
});

/** A key as one caller of one business uses it. */
export interface UsedKey {
  organizationId: string;
  actor: Actor;
  key: string;
}

/**
 * Claims a key for this call. Answers undefined when the call must run, or what the first call answered. Of two calls
 * at once the second waits on the primary key until the first has committed (then: the same answer) or gone (then it
 * runs). Throws IDEMPOTENCY_CONFLICT when the key was used with another input.
 */
export async function claimKey(
  tx: Tx,
  used: UsedKey,
  action: string,
  input: unknown,
): Promise<Record<string, unknown> | undefined> {
  const { organizationId, actor, key } = used;
  const hash = hashInput([action, input]);
  const claimed = await tx.run(sql`
    insert into idempotency_keys (organization_id, actor_key, key, action, input_hash)
    values (${organizationId}::uuid, ${actorKey(actor)}, ${key}, ${action}, ${hash})
    on conflict (organization_id, actor_key, key) do update
    set action = excluded.action, input_hash = excluded.input_hash, answer = null, created_at = now()
    where idempotency_keys.created_at < now() - interval '24 hours'`);
  if (claimed === 1) return undefined;
  const first = await findCall(tx, used);
  if (!first) throw new Error('a claimed idempotency key has no row');
  if (first.input_hash !== hash) {
    throw new DeskhandError('IDEMPOTENCY_CONFLICT', 'This idempotency_key was used for another call.', {
      field: 'idempotency_key',
      got: key,
      hint: 'Use a new key for a new call; repeat a key only with exactly the same input.',
    });
  }
  return first.answer ?? undefined;
}

/** Whether a call with this key has its answer already, so that nothing need be prepared for it again. */
export async function isAnswered(tx: Tx, used: UsedKey): Promise<boolean> {
  const first = await findCall(tx, used);
  return first !== undefined && first.answer !== null && first.is_kept;
}

/** What is known of the call that used a key. */
function findCall(tx: Tx, { organizationId, actor, key }: UsedKey) {
  return tx.maybe(
    stored,
    sql`
    select input_hash, answer, created_at >= now() - interval '24 hours' as is_kept
    from idempotency_keys
    where organization_id = ${organizationId}::uuid
      and actor_key = ${actorKey(actor)}
      and key = ${key}`,
  );
}

/** Keeps the answer for the next call with the same key. */
export async function keepAnswer(
  tx: Tx,
  { organizationId, actor, key }: UsedKey,
  answer: Record<string, unknown>,
): Promise<void> {
  await tx.run(sql`
    update idempotency_keys
    set answer = ${JSON.stringify(answer)}::jsonb
    where organization_id = ${organizationId}::uuid
      and actor_key = ${actorKey(actor)}
      and key = ${key}`);
}

/** SHA-256 of the canonical JSON (members sorted by name) of a value, in hexadecimal digits. */
export function hashInput(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}

/** JSON whose text depends on the value alone: members sorted by name, undefined ones left out. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}

const actorKey = (actor: Actor) => `${actor.kind}:${actor.id ?? actor.name}`;
