import type { Preview } from '../core/kernel/pipeline/audit-entry.ts';
import type { Context, DecisionContext } from '../core/kernel/pipeline/context.ts';
import type { PendingCall } from '../core/kernel/pipeline/gate.ts';
import { hintOfSuccessor } from '../core/kernel/records/successor.ts';
import { meantCall, type Registry } from '../core/kernel/registry/registry.ts';
import { DeskhandError, describeError, notFound } from '../core/kernel/words/errors.ts';
import { findCredentialTrouble } from './credential.ts';
import { claimRequest, type Decided, findStanding, finishRequest } from './decision-queries.ts';
import { isSameEffect } from './fingerprint.ts';
import { finishItem, type Item, listItems } from './item-queries.ts';
import { lockWindow } from './queries.ts';
import { requireReadWhole } from './read-whole.ts';
import { digestOf, grownDigest, readTargets, readVersions, storeAsked } from './store.ts';

/** What a person sends with a decision: which request, and the digest of what was shown. */
export interface Decision {
  request: string;
  digest: string;
  note: string | null;
  /** The digest again, when all of what goes out was before them. */
  seen: string | null;
}

/** How a decision ended. */
export interface DecisionOutcome {
  request: string;
  status: 'succeeded' | 'failed' | 'stale' | 'denied';
  result: Record<string, unknown> | null;
  error: Record<string, unknown> | null;
  /** The request that asks again with what would happen now, when this one is stale. */
  replaced_by: string | null;
  warnings: string[];
}

type Ended = Omit<DecisionOutcome, 'request'>;

/**
 * Runs what was asked for, exactly as it was shown, and marks it in the same transaction (security.md, "The queue", 2–5).
 * Whatever has changed since makes it stale: nothing is done, and what would happen now waits as a new request.
 */
export async function allow(
  context: DecisionContext,
  decision: Decision,
  kind: 'allow_once' | 'allow_always',
): Promise<{ claimed: Decided; ended: DecisionOutcome }> {
  const claimed = await claim(context, decision, 'executing', kind);
  const ended = await run(context, claimed, decision.seen);
  return { claimed, ended: { request: claimed.reference, ...ended } };
}

/** Refuses what was asked for; the note reaches the agent as data (MCP-15). */
export async function deny(context: Context, decision: Decision): Promise<DecisionOutcome> {
  const claimed = await claim(context, decision, 'denied', 'deny');
  return { request: claimed.reference, ...nothing, status: 'denied' };
}

const nothing = { result: null, error: null, replaced_by: null, warnings: [] };

async function claim(
  context: Context,
  { request, digest, note }: Decision,
  status: 'executing' | 'denied',
  decision: 'allow_once' | 'allow_always' | 'deny',
): Promise<Decided> {
  const claimed = await claimRequest(context, { request, digest, note, status, decision });
  if (claimed) {
    context.reindex('authorization_request', claimed.id);
    return claimed;
  }
  const standing = await findStanding(context, request);
  if (!standing) throw notFound('authorization request', request, { field: 'request' });
  if (standing.status === 'pending' && standing.digest !== digest) {
    throw new DeskhandError('CONFLICT', `${standing.reference} is not what was shown.`, {
      field: 'digest',
      hint: 'Load the page again and decide about what it shows then.',
    });
  }
  throw new DeskhandError('INVALID_STATE', `${standing.reference} does not wait any more.`, {
    state: standing.status,
    ...(standing.decided_by === null ? {} : { decided_by: standing.decided_by }),
  });
}

async function run(context: DecisionContext, claimed: Decided, seen: string | null): Promise<Ended> {
  const items = (await listItems(context, [claimed.id])).map(item => itemOf(claimed, item));
  requireReadWhole(context, claimed, [claimed, ...items], seen);
  const first = digestOf(context.organization.id, claimed);
  const tampered = items.reduce(grownDigest, first) !== claimed.digest;
  if (tampered) {
    return end(context, claimed, 'failed', {
      code: 'CONFLICT',
      message: 'What is stored is not what was asked for; nothing was done.',
    });
  }
  const trouble = await findCredentialTrouble(context, claimed);
  if (trouble) return end(context, claimed, 'stale', trouble);
  if (items.length > 0) return runTogether(context, claimed, items);
  const outdated = findNewShape(context.registry, claimed);
  if (outdated) return end(context, claimed, 'stale', { code: 'CONFLICT', message: outdated });
  const changed = await findChange(context, claimed);
  if (changed) return askAgain(context, claimed, changed);
  try {
    const { data, preview, warnings, stays } = await context.runAllowed({
      ...callOf(claimed),
      accepts: outcome => isSameEffect(claimed.preview, { ...outcome.preview, at: context.now.toString() }),
    });
    if (!stays) return askAgain(context, claimed, 'It would not do what was shown any more.', preview);
    await finishRequest(context, claimed.id, { status: 'succeeded', result: data });
    return { ...nothing, status: 'succeeded', result: data, warnings };
  } catch (error) {
    if (!(error instanceof DeskhandError)) throw error;
    return end(context, claimed, isAboutAgent(error) ? 'stale' : 'failed', describe(error));
  }
}

/** A call that joined a bulk, as a request of its own would be; its id is its own. */
const itemOf = (claimed: Decided, item: Item): Decided => ({ ...claimed, ...item });

interface ItemEnd {
  status: 'succeeded' | 'failed' | 'stale';
  result: Record<string, unknown> | null;
  error: Record<string, unknown> | null;
}

/**
 * Runs every call of a bulk as it was shown, in the order in which they were asked. One that has changed since, or that
 * fails, is not done and says so; the others are. All of it is one decision in one transaction.
 */
async function runTogether(
  context: DecisionContext,
  claimed: Decided,
  items: readonly Decided[],
): Promise<Ended> {
  const all = [claimed, ...items];
  // Before any of them runs: what one of them changes is no reason not to do the next.
  const troubles: (string | undefined)[] = [];
  for (const one of all) {
    troubles.push(findNewShape(context.registry, one) ?? (await findChange(context, one)));
  }
  const ends: ItemEnd[] = [];
  const warnings = new Set<string>();
  for (const [index, one] of all.entries()) {
    const trouble = troubles[index];
    ends.push(trouble === undefined ? await runItem(context, one, warnings) : changed(trouble));
  }
  for (const [index, one] of items.entries()) {
    const ended = ends[index + 1];
    if (ended) await finishItem(context, one.id, ended);
  }
  const status = endOfAll(ends);
  const done = ends.filter(one => one.status === 'succeeded').length;
  const result = {
    done,
    not_done: ends.length - done,
    items: ends.map((one, index) => ({ action: all[index]?.action, ...one })),
  };
  const error =
    done === 0 ? { code: 'CONFLICT', message: 'None of it could be done; each item says why.' } : null;
  await finishRequest(context, claimed.id, { status, result, ...(error ? { error } : {}) });
  return { ...nothing, status, result, error, warnings: [...warnings] };
}

async function runItem(context: DecisionContext, one: Decided, warnings: Set<string>): Promise<ItemEnd> {
  try {
    const { data, stays, ...more } = await context.runAllowed({
      ...callOf(one),
      accepts: outcome => isSameEffect(one.preview, { ...outcome.preview, at: context.now.toString() }),
    });
    if (!stays) return changed('It would not do what was shown any more.');
    for (const warning of more.warnings) warnings.add(warning);
    return { status: 'succeeded', result: data, error: null };
  } catch (error) {
    if (!(error instanceof DeskhandError)) throw error;
    return { status: isAboutAgent(error) ? 'stale' : 'failed', result: null, error: describe(error) };
  }
}

const changed = (message: string): ItemEnd => ({
  status: 'stale',
  result: null,
  error: { code: 'CONFLICT', message },
});

/** What a bulk is when each of its items has ended. */
function endOfAll(ends: readonly ItemEnd[]): ItemEnd['status'] {
  if (ends.some(({ status }) => status === 'succeeded')) return 'succeeded';
  return ends.every(({ status }) => status === 'stale') ? 'stale' : 'failed';
}

const callOf = ({ action, agent_id, input, reasoning }: Decided) => ({ action, agent_id, input, reasoning });

/** Its pause or its permissions: the agent may not do this now, whoever allowed it. */
const isAboutAgent = ({ code }: DeskhandError) =>
  code === 'UNAUTHENTICATED' || code === 'FORBIDDEN' || code === 'HUMAN_ONLY';

function describe(error: DeskhandError): Record<string, unknown> {
  const { type: _type, title: _title, status: _status, detail: _detail, ...facts } = describeError(error);
  return facts;
}

async function end(
  context: Context,
  claimed: Decided,
  status: 'failed' | 'stale',
  error: Record<string, unknown>,
): Promise<Ended> {
  await finishRequest(context, claimed.id, { status, error });
  return { ...nothing, status, error };
}

/** What was asked for cannot be asked any more: the software is another. */
function findNewShape(registry: Registry, claimed: Decided): string | undefined {
  if (!registry.actions.has(claimed.action) && !registry.workflows.has(claimed.action)) {
    return `There is no ${claimed.action} any more.`;
  }
  if (meantCall(registry, claimed.action, claimed.input).found.schemaHash !== claimed.schema_hash) {
    return `${claimed.action} takes other input now.`;
  }
  return undefined;
}

/** Why the records are not what they were, in words; undefined when nothing has changed. */
async function findChange(context: Context, claimed: Decided): Promise<string | undefined> {
  const now = await readVersions(context, targetsOf(context.registry, claimed), true);
  const moved = Object.entries(claimed.target_versions).find(([target, version]) => now[target] !== version);
  if (!moved) return undefined;
  const [target, version] = moved;
  const [record = 'record', id = ''] = target.split(':');
  const noun = context.registry.records.get(record)?.noun ?? record;
  const { hint } = await hintOfSuccessor(context, record, id);
  if (hint !== undefined) return `The ${noun} is gone. ${hint}`;
  return now[target] === null || version === null
    ? `The ${noun} is gone.`
    : `The ${noun} was changed after this was asked.`;
}

export const targetsOf = (
  registry: Registry,
  { target_versions }: Pick<Decided, 'target_versions'>,
): PendingCall['targets'] =>
  Object.keys(target_versions).flatMap(target => {
    const [name = '', id = ''] = target.split(':');
    const record = registry.records.get(name);
    return record ? [{ record, id }] : [];
  });

/** Marks it stale and stores what would happen now, if it still can happen. */
async function askAgain(
  context: DecisionContext,
  claimed: Decided,
  reason: string,
  seen?: Preview,
): Promise<Ended> {
  const error = { code: 'CONFLICT', message: reason };
  const preview = seen ?? (await look(context, claimed));
  if (!preview) return end(context, claimed, 'stale', error);
  const targets = targetsOf(context.registry, claimed);
  const { agent_id, key_id, action, input, schema_hash, rule_action, rule, rule_reason, reasoning } = claimed;
  const target_versions = await readVersions(context, targets);
  // The same may be asked for at this moment; then that request is the fresh one.
  await lockWindow(context);
  const fresh = await storeAsked(
    context,
    { agent_id, key_id, action, input, schema_hash, target_versions },
    async () => ({
      rule_action,
      rule,
      rule_reason,
      reasoning,
      preview,
      targets: await readTargets(context, targets),
    }),
  );
  await finishRequest(context, claimed.id, { status: 'stale', error, replaced_by: fresh.id });
  return { ...nothing, status: 'stale', error, replaced_by: fresh.reference };
}

async function look(context: DecisionContext, claimed: Decided): Promise<Preview | undefined> {
  try {
    const { preview } = await context.runAllowed({ ...callOf(claimed), accepts: () => false });
    return preview;
  } catch (error) {
    if (error instanceof DeskhandError) return undefined;
    throw error;
  }
}
