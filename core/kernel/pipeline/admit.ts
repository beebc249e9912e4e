import type { Tx } from '../database/db.ts';
import { useLink } from '../outside/links.ts';
import { claimEvent } from '../outside/webhook-fates.ts';
import { DeskhandError } from '../words/errors.ts';
import type { Caller, Identity, RequestFacts } from './context.ts';
import type { Kernel } from './invocation.ts';
import { readContext } from './read-context.ts';

interface Arrival {
  kernel: Kernel;
  tx: Tx;
  caller: Caller;
  identity: Identity;
  request: RequestFacts;
  action: string;
}

/**
 * Holds whoever comes by a link or an event to the one action it was registered for, and to once. True when an event was
 * carried out before; a link that was used is refused with UNAUTHENTICATED.
 */
export async function isDoneAlready(arrival: Arrival): Promise<boolean> {
  const { kernel, tx, caller, identity, request, action } = arrival;
  if (caller.via === 'link') {
    const context = readContext(kernel, tx, { identity, request });
    await useLink({ kernel, context }, identity.link, action);
  }
  if (caller.via !== 'webhook') return false;
  if (kernel.registry.webhooks.get(caller.provider)?.action !== action) {
    throw new DeskhandError('FORBIDDEN', `${action} is not for events of this kind.`);
  }
  return !(await claimEvent(tx, caller));
}
