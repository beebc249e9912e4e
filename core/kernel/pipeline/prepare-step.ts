import { connectorsFor } from '../outside/connectors.ts';
import type { Prepared } from '../registry/define.ts';
import { isReadOnly } from '../registry/registry.ts';
import { authenticate } from './authenticate.ts';
import type { Identity } from './context.ts';
import { isAnswered } from './idempotency.ts';
import type { Incoming, Kernel } from './invocation.ts';
import { read } from './read.ts';
import { requireRole } from './roles.ts';

/**
 * Runs the `prepare` step of a call, if it has one, between two transactions. Nothing is asked for strangers, for roles
 * that may not, for a paused agent (who is refused later) and for a call that has its answer already.
 */
export async function runPrepareStep(kernel: Kernel, incoming: Incoming): Promise<Prepared> {
  const { caller, found, input, request } = incoming;
  const step = found.spec.prepare;
  if (!step) return undefined;
  const identity = await findOut(kernel, incoming);
  if (!identity) return undefined;
  const { organization, actor } = identity;
  return step.call(
    found.spec,
    {
      organization,
      actor,
      now: kernel.clock(),
      connectors: connectorsFor({ name: found.id, wants: found.spec.connectors }, kernel.connectors),
      read: async (type, query) => (await read(kernel, caller, { type, query }, request)).rows,
    },
    input,
  );
}

/** Who calls; undefined when nothing need be prepared. Throws UNAUTHENTICATED, FORBIDDEN and HUMAN_ONLY. */
function findOut(kernel: Kernel, { caller, call, found, request }: Incoming): Promise<Identity | undefined> {
  return kernel.db.transaction('read only', async tx => {
    const identity = await authenticate(tx, caller, request, { action: found.id });
    requireRole(identity.actor, found);
    if (identity.paused) return undefined;
    const key = call.preview || isReadOnly(found) ? undefined : call.idempotency_key;
    const { organization, actor } = identity;
    const known =
      key !== undefined && (await isAnswered(tx, { organizationId: organization.id, actor, key }));
    return known ? undefined : identity;
  });
}
