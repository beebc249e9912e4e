import { z } from 'zod';
import { asCode } from '../kernel/words/text-schemas.ts';

/** A passkey as its person sees it: never the credential or its key. */
export const passkeyRow = z.object({
  id: z.string(),
  name: z.string(),
  last_used_at: z.string().nullable(),
  created_at: z.string(),
});

/** What the browser answered (`credential.toJSON()`), as JSON text: a hidden field of a form carries it whole. */
export const passkeyAnswer = z.string().min(2).max(30_000).meta(asCode);

/** What a browser is handed (`PublicKeyCredential.parse…OptionsFromJSON`). */
export const browserOptions = z.object({ options: z.record(z.string(), z.unknown()) });

/** Everybody has passkeys of their own; no agent has any (MAQ-22). */
export const forThemselves = {
  permission: { level: 'requires_authorization' },
  human_only: true,
  roles: ['owner', 'admin', 'member', 'technician'],
} as const;

/** How long a device may take to answer. */
export const challengeMinutes = 5;
