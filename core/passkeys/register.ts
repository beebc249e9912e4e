import { z } from 'zod';
import { newId } from '../kernel/database/ids.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import { line } from '../kernel/words/text-schemas.ts';
import { requireFreshSignIn } from '../sign-in/fresh.ts';
import { insertPasskey, takeChallenge } from './queries.ts';
import { askedOf, readAnswer, requireSound } from './read-answer.ts';
import { forThemselves, passkeyAnswer, passkeyRow } from './record.ts';
import { relyingParty } from './relying-party.ts';
import { changePasskeys, confirmWithPasskey, hasPasskey } from './verify.ts';

export const makeOne = 'register';

/** ES256 and RS256: every device signs with one of them. */
export const algorithms = [-7, -257];

/**
 * Keeps a new passkey. Whoever has one already confirms with it, whoever has none signed in not long ago: a stolen session
 * must not bring its own. Throws
 * FORBIDDEN for an answer that was not asked for, and CONFLICT for a device that is known already.
 */
export const registerPasskey = defineAction({
  domain: 'passkey',
  name: 'register',
  summary: 'Add a passkey for yourself.',
  input: z.strictObject({
    response: passkeyAnswer,
    name: line,
    /** The answer of one you have, to `begin_check` with the purpose `passkeys`. */
    passkey: passkeyAnswer.optional(),
  }),
  output: passkeyRow,
  ...forThemselves,
  effect: 'create',
  undo: 'passkey.remove',
  example: { response: '{}', name: 'My phone' },
  keywords: ['webauthn', 'second factor', 'add'],
  async run(context, { response, name, passkey }) {
    if (await hasPasskey(context)) await confirmWithPasskey(context, changePasskeys, passkey);
    else requireFreshSignIn(context);
    const made = await readNew(context, response);
    return insertPasskey(context, { id: newId(), name, ...made });
  },
});

const answerShape = z.object({
  id: z.string().max(1400),
  response: z.object({
    clientDataJSON: z.string(),
    attestationObject: z.string(),
    transports: z.array(z.string().max(30)).max(10).default([]),
  }),
});

async function readNew(context: Context, answer: string) {
  const { id, response } = readAnswer(answer, answerShape, 'response');
  const challenge = askedOf(response.clientDataJSON, 'response');
  if (!(await takeChallenge(context, challenge, makeOne))) {
    throw new DeskhandError('FORBIDDEN', 'This passkey was not asked for, or too long ago.', {
      field: 'response',
      hint: 'Load the page /passkeys again and add it once more.',
    });
  }
  const { origin, id: rpId } = relyingParty(context);
  const { verifyRegistrationResponse } = await import('@simplewebauthn/server');
  const { verified, registrationInfo } = await requireSound('response', async () => {
    await requireNoCertificate(response.attestationObject);
    return verifyRegistrationResponse({
      response: { id, rawId: id, type: 'public-key', response, clientExtensionResults: {} },
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: rpId,
      supportedAlgorithmIDs: algorithms,
      requireUserVerification: true,
    });
  });
  if (!verified) throw new DeskhandError('FORBIDDEN', 'The passkey could not be verified.');
  const { credential } = registrationInfo;
  return {
    credential_id: credential.id,
    public_key: Buffer.from(credential.publicKey).toString('base64'),
    counter: credential.counter,
    transports: response.transports,
  };
}

/**
 * A certificate names the address of its revocation list, which the library would fetch: with one of their own making,
 * anybody could have this server call addresses inside its network. We ask for none, so none is looked at.
 */
async function requireNoCertificate(attestationObject: string): Promise<void> {
  const { decodeAttestationObject, isoBase64URL } = await import('@simplewebauthn/server/helpers');
  const attestation = decodeAttestationObject(isoBase64URL.toBuffer(attestationObject));
  const format = attestation.get('fmt');
  const isOwn = format === 'packed' && attestation.get('attStmt').get('x5c') === undefined;
  if (format === 'none' || isOwn) return;
  throw new DeskhandError(
    'FORBIDDEN',
    'The device says who made it, which it was not asked; nothing was done.',
    {
      field: 'response',
      hint: 'Use another device or browser.',
    },
  );
}
