import type { Tx } from '../database/db.ts';
import { hasSecret } from '../outside/secrets.ts';
import { sessionOf } from './authenticate.ts';
import type { Context, Identity, ReadContext, RequestFacts } from './context.ts';
import type { Kernel } from './invocation.ts';

interface Reader {
  identity: Identity;
  request: RequestFacts;
  /** Is told the remarks for the caller; nobody when left out. */
  warn?: ReadContext['warn'];
}

/** What a read of somebody who is known may use, in an open transaction. */
export const readContext = (
  { registry, clock, secrets }: Pick<Kernel, 'registry' | 'clock' | 'secrets'>,
  tx: Tx,
  { identity, request, warn = () => undefined }: Reader,
): ReadContext & Pick<Context, 'session'> => ({
  tx,
  registry,
  organization: identity.organization,
  actor: identity.actor,
  request,
  now: clock(),
  session: sessionOf(identity),
  warn,
  hasSecret: name => hasSecret({ secrets }, tx, identity.organization.id, name),
});
