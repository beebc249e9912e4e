import type { Context } from '../kernel/pipeline/context.ts';
import { DeskhandError } from '../kernel/words/errors.ts';

/** How long after the sign-in somebody may do what cannot be taken back; the database counts it. */
export const freshHours = 12;

/**
 * Goes on only when whoever is acting signed in not long ago: a browser that was left open, or a secret taken from it, must
 * not be enough for what cannot be taken back. Throws FORBIDDEN at `sign_in`; then nothing was done.
 */
export function requireFreshSignIn({ is_fresh }: Pick<Context, 'is_fresh'>): void {
  if (is_fresh) return;
  throw new DeskhandError(
    'FORBIDDEN',
    `You signed in more than ${freshHours} hours ago, and this cannot be taken back; nothing was done.`,
    { field: 'sign_in', hint: 'Sign in again on the page /sign-in/again, then do this once more.' },
  );
}
