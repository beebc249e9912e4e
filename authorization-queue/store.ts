import type { Context, Entered } from '../core/kernel/context.ts';
import { DeskhandError } from '../core/kernel/errors.ts';
import type { PendingCall } from '../core/kernel/gate.ts';
import { hashInput } from '../core/kernel/idempotency.ts';
import { newId } from '../core/kernel/ids.ts';
import { nextReference } from '../core/kernel/refs.ts';
import { localTime } from '../core/kernel/time.ts';
import { countPending, expireOld, findPending, findVersion, insertRequest, lockWindow } from './queries.ts';

/** More waiting requests of one agent than this are refused: an owner cannot decide a flood. */
export const pendingCap = 50;

/** Version of what the digest covers; a change here makes every waiting request stale, on purpose. */
const digestVersion = 1;

/**
 * Stores a call for a person to decide (security.md, "The queue", 2). An identical one that still waits is answered
 * instead of doubled. Answers what the agent is told: that it waits, under which reference, and where to ask again.
 */
export async function storeRequest(
  context: Context,
  entered: Entered,
  call: PendingCall,
): Promise<Record<string, unknown>> {
  await lockWindow(context);
  await expireOld(context);
  const versions = await readVersions(context, call);
  const { organization, actor } = entered;
  const digest = hashInput([
    digestVersion,
    organization.id,
    actor.id,
    call.id,
    call.schemaHash,
    call.input,
    versions,
  ]);
  const waiting = (await findPending(context, digest)) ?? (await insert(context, call, digest, versions));
  return {
    status: 'pending_authorization',
    request: waiting.reference,
    rule: call.verdict.rule,
    reason: call.verdict.reason,
    expires_at: waiting.expires_at,
    expires_local: localTime(waiting.expires_at, organization.time_zone),
    review_path: '/review',
    hint: `Nothing has changed yet. The owner decides; read authorization_requests with id ${waiting.reference} to see what became of it.`,
  };
}

async function insert(
  context: Context,
  call: PendingCall,
  digest: string,
  versions: Record<string, number | null>,
) {
  if ((await countPending(context)) >= pendingCap) {
    throw new DeskhandError(
      'TOO_MANY_PENDING',
      `${pendingCap} requests of this agent already wait for the owner.`,
      {
        hint: 'Wait until some are decided; read authorization_requests with filter=pending.',
      },
    );
  }
  return insertRequest(context, {
    id: newId(),
    reference: await nextReference(context, 'R', 1),
    action: call.id,
    input: call.input,
    schema_hash: call.schemaHash,
    digest,
    rule: call.verdict.rule,
    rule_reason: call.verdict.reason,
    preview: { changes: call.preview.changes, outgoing: call.preview.outgoing },
    target_versions: versions,
    affected_rows: call.preview.affected_rows,
    expires_hours: expiryHours(context, call),
  });
}

async function readVersions(context: Context, call: PendingCall): Promise<Record<string, number | null>> {
  const versions: Record<string, number | null> = {};
  for (const { record, id } of call.targets) {
    versions[`${record.name}:${id}`] = await findVersion(context, record, id);
  }
  return versions;
}

// What goes out or moves money is worth little an hour later and dangerous a day later (decision 15).
function expiryHours(context: Context, call: PendingCall): number {
  const name = call.preview.outgoing.length > 0 ? 'outbound_expiry_hours' : 'request_expiry_hours';
  const set = context.organization.settings[name];
  if (typeof set === 'number' && set >= 1) return Math.floor(set);
  return name === 'outbound_expiry_hours' ? 1 : 72;
}
