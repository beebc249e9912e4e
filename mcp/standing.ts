import { z } from 'zod';
import type { ToolAnswer } from './tool.ts';

/** What a call has found out about the token it came with, for the transport that answers it. */
export interface TokenStanding {
  /** It was valid when it was last looked at, and is not any more. */
  has_ended?: boolean;
  /** The scope it would take. */
  needs_scope?: string;
  message?: string;
  hint?: string | undefined;
}

interface Authorized {
  extra?: Record<string, unknown>;
}

/** Undefined where nobody waits for it: on stdio. */
export function standingOf(authInfo: Authorized | undefined): TokenStanding | undefined {
  const standing = authInfo?.extra?.standing;
  return typeof standing === 'object' && standing !== null ? standing : undefined;
}

const refused = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    hint: z.string().optional(),
    needs_scope: z.string().optional(),
  }),
});

/** Notes what an answer says about the token: a refusal. The facts of others are not looked at, which may have to be made for it. */
export function noteStanding(authInfo: Authorized | undefined, answer: ToolAnswer): void {
  const standing = answer.isError ? standingOf(authInfo) : undefined;
  const said = standing && refused.safeParse(answer.structured).data?.error;
  if (!standing || !said) return;
  if (said.code === 'UNAUTHENTICATED') standing.has_ended = true;
  if (said.needs_scope === undefined) return;
  const { needs_scope, message, hint } = said;
  // Marked as text of others, like every text in an answer.
  Object.assign(standing, { needs_scope: needs_scope.replace(/[«»]/g, ''), message, hint });
}
