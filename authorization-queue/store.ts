import { newId } from '../core/kernel/database/ids.ts';
import type { Preview } from '../core/kernel/pipeline/audit-entry.ts';
import type { Context, Identity, ReadContext } from '../core/kernel/pipeline/context.ts';
import { type PendingCall, requestNumbering } from '../core/kernel/pipeline/gate.ts';
import { hashInput } from '../core/kernel/pipeline/idempotency.ts';
import { listLooks } from '../core/kernel/pipeline/read-log.ts';
import { nextReference } from '../core/kernel/records/numbering.ts';
import { findRow } from '../core/kernel/records/record-queries.ts';
import { settingOf } from '../core/kernel/registry/settings.ts';
import { DeskhandError } from '../core/kernel/words/errors.ts';
import { localTime } from '../core/kernel/words/time.ts';
import { joinBulk } from './bulk.ts';
import { type Denial, findDenial, findDeniedAlike } from './denial-queries.ts';
import { tellOwner } from './notice.ts';
import { expireOld, findPending, findVersion, insertRequest, listOwnPending, lockWindow } from './queries.ts';
import { outboundExpiryHours, requestExpiryHours } from './settings.ts';
import { bulkRule } from './window.ts';

/** More waiting requests of one agent than this are refused: an owner cannot decide a flood. */
export const pendingCap = 50;

/** Version of what the digest covers; a change here makes every waiting request stale, on purpose. */
const digestVersion = 2;

/**
 * Stores a call for a person to decide (security.md, "The queue", 2). An identical one that still waits is answered
 * instead of doubled. Answers what the agent is told: that it waits, under which reference, and where to ask again.
 */
export async function storeRequest(
  context: Context,
  identity: Identity,
  call: PendingCall,
): Promise<Record<string, unknown>> {
  await lockWindow(context);
  await expireOld(context);
  const { organization, actor } = identity;
  const versions = await readVersions(context, call.targets);
  const asked = {
    agent_id: String(actor.id),
    key_id: identity.key_id ?? null,
    action: call.id,
    input: call.input,
    schema_hash: call.schemaHash,
    target_versions: versions,
  };
  const joined = call.verdict.rule === bulkRule ? await joinBulk(context, asked, call) : undefined;
  const waiting = joined ?? (await storeAsked(context, asked, () => groundsOf(context, call)));
  const { reference, expires_at } = waiting;
  const denial = await findDenial(context, waiting.id);
  return {
    status: 'pending_authorization',
    request: reference,
    rule: call.verdict.rule,
    reason: call.verdict.reason,
    ...(joined ? { items: joined.items } : {}),
    expires_at,
    expires_local: localTime(expires_at, organization.time_zone),
    review_path: `/review/${reference}`,
    hint: joined
      ? `Nothing has changed yet. This joined ${reference}, which now holds ${joined.items} calls; the owner decides about all of them at once. Go on telling the owner that ${reference} waits, and read authorization_requests with id ${reference} to see what became of it.`
      : `Nothing has changed yet. The owner decides; read authorization_requests with id ${reference} to see what became of it.`,
    ...(denial && denial.agent_id === asked.agent_id ? { denied_before: toldOf(denial) } : {}),
  };
}

/** An earlier denial as the agent reads it beside the answer to its next attempt. */
const toldOf = ({ reference, decided_at, decision_note }: Denial) => ({
  request: reference,
  decided_at,
  decision_note,
  hint: 'This was denied before. Take it back with authorization.cancel_request unless something has changed since.',
});

/** What would run, for whom, asked with which key, on what. */
export interface Asked {
  agent_id: string;
  key_id: string | null;
  action: string;
  input: Record<string, unknown>;
  schema_hash: string;
  target_versions: Record<string, number | null>;
}

/**
 * SHA-256 over all that must still be the same when a person has decided. The request's own id is part of it: a digest
 * that was shown is good for that request and for no other that asks for the same.
 */
export const digestOf = (organizationId: string, asked: Asked & { id: string }): string =>
  hashInput([digestVersion, organizationId, asked.id, ...partsOf(asked)]);

/** Equal for two calls that ask for the same with the same key: the second is answered with the first. */
export const askedHashOf = (asked: Asked): string => hashInput(partsOf(asked));

/** The digest of a bulk that has grown: it covers what it covered, and what joined it. */
export const grownDigest = (digest: string, asked: Asked): string => hashInput([digest, ...partsOf(asked)]);

const partsOf = (asked: Asked): readonly unknown[] => [
  asked.agent_id,
  asked.key_id,
  asked.action,
  asked.schema_hash,
  asked.input,
  asked.target_versions,
];

/** Why a request waits and what it would do. */
export interface Grounds {
  rule_action: string;
  rule: string;
  rule_reason: string;
  reasoning: string | null;
  /** What the action that waits moves, as it was asked for. */
  amount_cents?: number | undefined;
  preview: Preview;
  targets: readonly TargetName[];
}

async function groundsOf(context: Context, { verdict, preview, targets }: PendingCall): Promise<Grounds> {
  await requireRoom(context);
  return {
    rule_action: verdict.action,
    rule: verdict.rule,
    rule_reason: verdict.reason,
    reasoning: context.request.reasoning ?? null,
    amount_cents: verdict.amount_cents,
    preview,
    targets: await readTargets(context, targets),
  };
}

const mostNamed = 10;

/** Throws TOO_MANY_PENDING, with the requests that wait and when the first of them ends by itself at the latest. */
async function requireRoom(context: Context): Promise<void> {
  const waiting = await listOwnPending(context);
  const [first] = waiting;
  if (!first || waiting.length < pendingCap) return;
  const seconds = Math.ceil((Date.parse(first.expires_at) - context.now.epochMilliseconds) / 1000);
  throw new DeskhandError(
    'TOO_MANY_PENDING',
    `${waiting.length} requests of this agent already wait for the owner.`,
    {
      hint: `Ask again when the owner has decided some, or after ${localTime(first.expires_at, context.organization.time_zone)}, when the first of them ends. Take back what is not needed any more with authorization.cancel_request; read authorization_requests with filter=pending for all of them.`,
      retry_after_seconds: Math.max(60, seconds),
      retry_at: first.expires_at,
      waiting: waiting.slice(0, mostNamed).map(({ reference, action, expires_at }) => ({
        request: reference,
        action,
        expires_at,
      })),
    },
  );
}

/**
 * Answers the identical request that waits, or writes a new one on the grounds it then asks for and tells the owner. The
 * caller holds the window (`lockWindow`).
 */
export async function storeAsked(context: Context, asked: Asked, groundsFor: () => Promise<Grounds>) {
  const asked_hash = askedHashOf(asked);
  const known = await findPending(context, asked.agent_id, asked_hash);
  if (known) return known;
  const { preview, targets, amount_cents, ...why } = await groundsFor();
  const { changes, outgoing, affected_rows } = preview;
  await tellOwner(context);
  const id = newId();
  context.reindex('authorization_request', id);
  return insertRequest(context, {
    id,
    reference: await nextReference(context, requestNumbering),
    ...asked,
    ...why,
    asked_hash,
    denied_before: (await findDeniedAlike(context, asked)) ?? null,
    digest: digestOf(context.organization.id, { id, ...asked }),
    preview: {
      changes,
      outgoing,
      targets,
      ...readBefore(context, outgoing),
      ...(amount_cents === undefined ? {} : { amount_cents }),
      at: context.now.toString(),
    },
    affected_rows,
    expires_hours: expiryHours(context, asked.action, outgoing.length > 0),
  });
}

/** A preview as it is kept with a call that waits: with the names of its records and the moment it was looked at. */
export const keptPreview = async (
  context: ReadContext,
  { changes, outgoing }: Preview,
  targets: PendingCall['targets'],
) => ({
  changes,
  outgoing,
  targets: await readTargets(context, targets),
  ...readBefore(context, outgoing),
  at: context.now.toString(),
});

/** What the asking agent had read, beside what goes out: whoever decides sees what a mail may hold. */
function readBefore({ organization, actor, now }: ReadContext, outgoing: readonly unknown[]) {
  if (outgoing.length === 0 || actor.kind !== 'agent' || actor.id === null) return {};
  return { read_before: listLooks({ organization_id: organization.id, agent_id: actor.id }, now) };
}

/** The records a call points to, as people call them at that time. */
export interface TargetName {
  record: string;
  id: string;
  reference: string | null;
  label: string;
}

export async function readTargets(
  context: ReadContext,
  targets: PendingCall['targets'],
): Promise<TargetName[]> {
  const names: TargetName[] = [];
  for (const { record, id } of targets) {
    const row = await findRow(context, record, id, { deleted: true });
    if (!row) continue;
    const reference = typeof row.reference === 'string' ? row.reference : null;
    names.push({ record: record.name, id, reference, label: record.label(row) });
  }
  return names;
}

export async function readVersions(
  context: ReadContext,
  targets: PendingCall['targets'],
  hold = false,
): Promise<Record<string, number | null>> {
  const versions: Record<string, number | null> = {};
  for (const { record, id } of targets) {
    versions[`${record.name}:${id}`] = await findVersion(context, record, id, hold);
  }
  return versions;
}

/** What goes out or moves money is decided soon, or not at all. */
export function expiryHours(context: ReadContext, action: string, goesOut: boolean): number {
  const movesMoney = context.registry.actions.get(action)?.spec.effect === 'money';
  return settingOf(context, goesOut || movesMoney ? outboundExpiryHours : requestExpiryHours);
}
