import type { Call, Kernel } from './call.ts';
import type { Caller, Entered, RequestFacts } from './context.ts';
import type { Prepared } from './define.ts';
import { enter } from './enter.ts';
import { isAnswered } from './idempotency.ts';
import { read } from './read.ts';
import { type AnyCall, isReadOnly } from './registry.ts';
import { requireRole } from './roles.ts';

/**
 * Runs the `prepare` step of a call, if it has one, between two transactions. Nothing is asked for strangers, for roles
 * that may not, for a paused agent (who is refused later) and for a call that has its answer already.
 */
export async function prepare(
  kernel: Kernel,
  caller: Caller,
  found: AnyCall,
  input: Record<string, unknown>,
  call: Call,
  request: RequestFacts,
): Promise<Prepared> {
  const step = found.spec.prepare;
  if (!step) return undefined;
  const entered = await findOut(kernel, caller, found, call, request);
  if (!entered) return undefined;
  const { organization, actor } = entered;
  return step.call(
    found.spec,
    {
      organization,
      actor,
      now: kernel.clock(),
      model: kernel.model,
      read: async (type, query) => (await read(kernel, caller, type, query, request)).rows,
    },
    input,
  );
}

/** Who calls; undefined when nothing need be prepared. Throws UNAUTHENTICATED, FORBIDDEN and HUMAN_ONLY. */
function findOut(
  kernel: Kernel,
  caller: Caller,
  found: AnyCall,
  call: Call,
  request: RequestFacts,
): Promise<Entered | undefined> {
  return kernel.db.transaction('read only', async tx => {
    const entered = await enter(tx, caller, request, [], found.id);
    requireRole(entered.actor, found);
    if (entered.paused) return undefined;
    const key = call.preview || isReadOnly(found) ? undefined : call.idempotency_key;
    const known = key !== undefined && (await isAnswered(tx, entered.organization.id, entered.actor, key));
    return known ? undefined : entered;
  });
}
