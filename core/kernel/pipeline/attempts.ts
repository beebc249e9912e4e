import { DeskhandError } from '../words/errors.ts';
import { authenticate } from './authenticate.ts';
import type { Caller, RequestFacts } from './context.ts';
import type { Kernel } from './invocation.ts';

/** Whether a refusal says that only people may do this: deciding, levels, grants, keys, what bounds an agent. */
export const isForPeople = (error: unknown): error is DeskhandError =>
  error instanceof DeskhandError && (error.code === 'HUMAN_ONLY' || error.details.people_only === true);

/**
 * Hands an agent's attempt at what is for people to the gate, to be written down. The call has been rolled back by then,
 * so this is a transaction of its own; when it fails the refusal still stands.
 */
export async function noteAttempt(
  { db, gate, clock }: Kernel,
  { caller, request, action }: { caller: Caller; request: RequestFacts; action: string },
  error: unknown,
): Promise<void> {
  if (!isForPeople(error) || caller.via !== 'key') return;
  try {
    await db.transaction('read write', async tx => {
      const identity = await authenticate(tx, caller, request, { action });
      if (identity.actor.kind !== 'agent') return;
      await gate.noteAttempt(tx, identity, { request, action, error, now: clock() });
    });
  } catch {
    // A key that ended at this moment, or a database that is gone: the agent is refused all the same.
  }
}
