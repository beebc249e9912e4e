import type { Tx } from '../database/db.ts';
import { connectorsFor } from '../outside/connectors.ts';
import { withheldModel } from '../outside/language-model.ts';
import { linkAddress } from '../outside/links.ts';
import { resolveRefs } from '../records/references.ts';
import type { Prepared } from '../registry/define.ts';
import { isReadOnly, usedActions } from '../registry/registry.ts';
import { DeskhandError } from '../words/errors.ts';
import { authenticate } from './authenticate.ts';
import type { Identity, ReadContext } from './context.ts';
import { isAnswered } from './idempotency.ts';
import type { Incoming, Kernel } from './invocation.ts';
import { read } from './read.ts';
import { readContext } from './read-context.ts';
import { requireRole } from './roles.ts';

/**
 * Runs the `prepare` step of a call, if it has one, between two transactions. Nothing is asked for strangers, for roles
 * that may not, for a paused agent (who is refused later) and for a call that has its answer already. A language model,
 * which costs and is told what customers said, is not asked for a preview, nor for what is refused or waits for the owner:
 * rules take its place, and what they found is kept with a request and not asked for again.
 */
export async function runPrepareStep(kernel: Kernel, incoming: Incoming): Promise<Prepared> {
  const { caller, call, found, input, request } = incoming;
  const step = found.spec.prepare;
  if (!step) return undefined;
  const foreseen = await findOut(kernel, incoming);
  if (!foreseen) return undefined;
  const { identity, asksModel, seen } = foreseen;
  const { organization, actor } = identity;
  const { model } = kernel.connectors;
  const given = asksModel || !model ? kernel.connectors : { ...kernel.connectors, model: withheldModel };
  return step.call(
    found.spec,
    {
      organization,
      actor,
      now: kernel.clock(),
      seen,
      is_preview: call.preview === true,
      linkAddress: (purpose, id) => linkAddress(kernel, organization.id, purpose, id),
      base_url: kernel.baseUrl(),
      connectors: connectorsFor({ name: found.id, wants: found.spec.connectors }, given, organization.id),
      read: async (type, query) => (await read(kernel, caller, { type, query }, request)).rows,
    },
    input,
  );
}

interface Foreseen {
  identity: Identity;
  asksModel: boolean;
  /** What the action's `sees` has found. */
  seen: unknown;
}

/** Who calls; undefined when nothing need be prepared. Throws UNAUTHENTICATED, FORBIDDEN and HUMAN_ONLY. */
function findOut(kernel: Kernel, incoming: Incoming): Promise<Foreseen | undefined> {
  const { caller, call, found, request } = incoming;
  return kernel.db.transaction('read only', async tx => {
    const identity = await authenticate(tx, caller, request, {
      actions: usedActions(found),
      action: found.id,
    });
    requireRole(identity.actor, found);
    if (identity.paused) return undefined;
    const key = call.preview || isReadOnly(found) ? undefined : call.idempotency_key;
    const { organization, actor } = identity;
    const known =
      key !== undefined && (await isAnswered(tx, { organizationId: organization.id, actor, key }));
    if (known) return undefined;
    const asksModel = !call.preview && (await isFree(kernel, tx, identity, incoming));
    const { sees } = found.spec.kind === 'action' ? found.spec : {};
    if (!sees) return { identity, asksModel, seen: undefined };
    const context = { link: identity.link, ...readContext(kernel, tx, { identity, request }) };
    return { identity, asksModel, seen: await sees(context, await resolve(context, incoming)) };
  });
}

/** Whether the call would be done at once, as far as its levels say. */
async function isFree(kernel: Kernel, tx: Tx, identity: Identity, incoming: Incoming): Promise<boolean> {
  const { found, request } = incoming;
  if (identity.actor.kind !== 'agent' || !found.spec.connectors?.includes('model') || isReadOnly(found))
    return true;
  const context = readContext(kernel, tx, { identity, request });
  try {
    return await kernel.gate.isFree(context, identity, found, await resolve(context, incoming));
  } catch (error) {
    // It is refused later, and then in its own words.
    if (error instanceof DeskhandError) return false;
    throw error;
  }
}

/** The input with what its references name. */
const resolve = async (context: ReadContext, { found, input }: Incoming) =>
  found.refs.length > 0 ? resolveRefs(context, found.refs, input) : input;
