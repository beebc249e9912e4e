import type { Context } from '../core/kernel/pipeline/context.ts';
import { notFound } from '../core/kernel/words/errors.ts';
import { isIrreversible } from '../core/passkeys/irreversible.ts';
import { confirmWithPasskey, decideOn, takesPasskey } from '../core/passkeys/verify.ts';
import { requireFreshSignIn } from '../core/sign-in/fresh.ts';
import { findAsked } from './passkey-queries.ts';

/**
 * Allowing what cannot be taken back takes a passkey, where the business wants it: one confirmation for this request as
 * it was shown, given in this session within five minutes. Elsewhere it takes a sign-in that is not long ago. Throws
 * FORBIDDEN; then nothing has been decided.
 */
export async function requirePasskey(
  context: Context,
  { request, digest }: { request: string; digest: string },
  passkey: string | undefined,
): Promise<void> {
  if (!takesPasskey(context) && context.is_fresh) return;
  const asked = await findAsked(context, request.trim());
  if (!asked) throw notFound('authorization request', request, { field: 'request' });
  // What does not wait any more never will again; deciding it is refused with who did.
  if (asked.status !== 'pending' || !isIrreversible(context.registry, asked)) return;
  if (takesPasskey(context)) await confirmWithPasskey(context, decideOn(asked.reference, digest), passkey);
  else requireFreshSignIn(context);
}
