import { newId } from '../database/ids.ts';
import { sql } from '../database/sql.ts';
import { type AnyCall, meantCall, usedActions } from '../registry/registry.ts';
import { logEntry } from './audit-entry.ts';
import { authenticate } from './authenticate.ts';
import type { AllowedCall, AllowedOutcome, Caller, Context } from './context.ts';
import { explain, type Kernel } from './invocation.ts';
import type { OpenCall, Opened } from './open-call.ts';
import { allowed } from './preview.ts';

/** The call by which a person decides, and how the one that waited is opened inside its transaction. */
interface Deciding {
  kernel: Kernel;
  context: Context;
  caller: Caller;
  decides: AnyCall;
  open(opened: Opened): OpenCall;
}

/**
 * Runs what a person allowed, as the agent that asked for it, inside the person's transaction: the effect and the mark
 * that it happened are committed together (security.md, "The queue", 4). A refusal leaves nothing of it.
 */
export async function runAllowed(
  { kernel, context, caller, decides, open }: Deciding,
  call: AllowedCall,
): Promise<AllowedOutcome> {
  const { tx, organization, request, actor } = context;
  if (actor.kind !== 'user') throw new Error(`${decides.id} may not run what waits`);
  const { found } = meantCall(kernel.registry, call.action, call.input);
  const agent = { via: 'agent', organization_id: organization.id, agent_id: call.agent_id } as const;
  const { reasoning: _reasoning, ...facts } = { ...request, request_id: newId() };
  const asked = call.reasoning === null ? facts : { ...facts, reasoning: call.reasoning };
  const takenBefore = tx.numbers.so_far;
  const undone = async () => {
    await tx.run(sql`rollback to savepoint allowed`);
    await tx.numbers.giveBack(takenBefore);
  };
  await tx.run(sql`savepoint allowed`);
  try {
    const identity = await authenticate(tx, agent, asked, {
      actions: usedActions(found),
      action: found.id,
    });
    const run = open({ caller: agent, identity, request: asked, found, isAllowed: true });
    const outcome = await run.performAllowed(call.input);
    const stays = call.accepts(outcome);
    // Rolling back brings the person's context back too; otherwise it is set again.
    if (stays) {
      await authenticate(tx, caller, request, { action: decides.id });
      await logEntry(context, { type: 'call', id: asked.request_id, verb: allowed });
    } else {
      await undone();
    }
    return { ...outcome, stays };
  } catch (error) {
    await undone();
    throw explain(kernel.registry, error);
  }
}
