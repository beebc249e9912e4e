import type { Tx } from '../database/db.ts';
import { hasSecret } from '../outside/secrets.ts';
import { sessionOf } from './authenticate.ts';
import type { Identity, ReadContext, RequestFacts } from './context.ts';
import type { Kernel } from './invocation.ts';

/** What a read of somebody who is known may use, in an open transaction; remarks for the caller go nowhere. */
export const readContext = (
  { registry, clock, secrets }: Pick<Kernel, 'registry' | 'clock' | 'secrets'>,
  tx: Tx,
  identity: Identity,
  request: RequestFacts,
): ReadContext => ({
  tx,
  registry,
  organization: identity.organization,
  actor: identity.actor,
  request,
  now: clock(),
  session: sessionOf(identity),
  warn: () => undefined,
  hasSecret: name => hasSecret({ secrets }, tx, identity.organization.id, name),
});
