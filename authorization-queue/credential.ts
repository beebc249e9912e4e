import type { ReadContext } from '../core/kernel/pipeline/context.ts';
import { type CredentialState, holdCredential } from './credential-queries.ts';

/**
 * Why what was asked for is not done although nothing else has changed, by what became of the agent or the key it was
 * asked with (security.md, "the credential belongs to the request"). A stolen key must not finish what it began.
 */
const reasons: Readonly<Record<Exclude<CredentialState, 'living'>, string>> = {
  agent_removed: 'The agent was removed meanwhile.',
  key_revoked: 'The key it was asked with was revoked meanwhile.',
  key_expired: 'The key it was asked with has expired.',
  key_gone: 'The key it was asked with is gone.',
  connection_ended: 'The connection it was asked by has ended meanwhile.',
};

/** As a request that is not done keeps it, and as its agent and the owner read it; undefined while all is well. */
export const describeCredential = (state: CredentialState): { code: string; message: string } | undefined =>
  state === 'living' ? undefined : { code: 'UNAUTHENTICATED', message: reasons[state] };

/** What ends a request that is being decided, because of who asked for it; undefined when nothing does. */
export const findCredentialTrouble = async (
  context: ReadContext,
  asked: { agent_id: string; key_id: string | null },
): Promise<{ code: string; message: string } | undefined> =>
  describeCredential(await holdCredential(context, asked));
