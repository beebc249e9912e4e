import type { Context } from '../kernel/pipeline/context.ts';
import { DeskhandError } from '../kernel/words/errors.ts';

/** Whose passkeys these are, as WebAuthn calls it: the name browsers bind a passkey to, and the origin they sign. */
export interface RelyingParty {
  id: string;
  origin: string;
}

/**
 * Where this installation's passkeys belong: the address it was started with, never one that a caller names. Throws
 * INVALID_STATE where no browser makes passkeys: for a bare number, and without https beyond this machine.
 */
export function relyingParty({ base_url }: Pick<Context, 'base_url'>): RelyingParty {
  const { hostname, origin, protocol, port } = new URL(base_url);
  const isNumber = /^[\d.]+$|^\[/.test(hostname);
  if (!isNumber && (protocol === 'https:' || hostname === 'localhost')) return { id: hostname, origin };
  throw new DeskhandError('INVALID_STATE', `Browsers make no passkeys for ${origin}.`, {
    hint: isNumber
      ? `They want a name: start with BASE_URL=http://localhost${port && `:${port}`}, or the https address people use.`
      : 'They want https: start with BASE_URL set to the https address people use.',
  });
}
