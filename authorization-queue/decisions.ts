import { z } from 'zod';
import { digestText, freeText } from '../core/kernel/words/text-schemas.ts';
import { passkeyAnswer } from '../core/passkeys/record.ts';
import type { Decision } from './decide.ts';

/** Which request, and what was shown of it. */
export const decision = z.strictObject({
  /** Reference or id. */
  request: z.string().min(1).max(60),
  /** Of what was shown: nobody decides about something else. */
  digest: digestText,
});

/**
 * Allowing also takes the browser's answer to `passkey.begin_check`, where the business wants a passkey for it, and for a
 * long text that goes out, that it was seen whole.
 */
export const allowing = decision.extend({
  note: freeText.optional(),
  passkey: passkeyAnswer.optional(),
  /** The digest once more, from where all of what goes out stood. */
  seen: decision.shape.digest.optional(),
});

/** What a decision answers. */
export const decisionOutcome = z.object({
  request: z.string(),
  status: z.enum(['succeeded', 'failed', 'stale', 'denied']),
  result: z.record(z.string(), z.unknown()).nullable(),
  error: z.record(z.string(), z.unknown()).nullable(),
  replaced_by: z.string().nullable(),
  grant: z.string().nullable(),
  warnings: z.array(z.string()),
});

/** A decision as it is carried out. */
export const readDecision = (
  { request, digest, seen }: z.output<typeof decision> & { seen?: string | undefined },
  note: string | undefined,
): Decision => ({
  request: request.trim(),
  digest,
  note: note ?? null,
  seen: seen ?? null,
});
