import { z } from 'zod';
import type { Context } from '../kernel/pipeline/context.ts';
import { settingOf } from '../kernel/registry/settings.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import { countUse, listCredentials, lockCredential, takeChallenge } from './queries.ts';
import { askedOf, readAnswer, requireSound } from './read-answer.ts';
import { relyingParty } from './relying-party.ts';
import { passkeyForIrreversible } from './settings.ts';

/** What a confirmation is for besides the decision about a request, and stored with the challenge. */
export const changePasskeys = 'passkeys';

export const changeSettings = 'settings';

/** That the business is to be deleted. */
export const deleteBusiness = 'business';

/** The decision about one request as it was shown (security.md, "The queue", 2). */
export const decideOn = (reference: string, digest: string): string => `${reference} ${digest}`;

/** Whether the business wants a passkey for what cannot be taken back. */
export const takesPasskey = (of: Parameters<typeof settingOf>[0]): boolean =>
  settingOf(of, passkeyForIrreversible);

/** Whether whoever is acting has a passkey. */
export const hasPasskey = async (context: Context): Promise<boolean> =>
  (await listCredentials(context)).length > 0;

const answerShape = z.object({
  id: z.string(),
  response: z.object({ clientDataJSON: z.string(), authenticatorData: z.string(), signature: z.string() }),
});

/**
 * Goes on only when the person has just confirmed exactly this with a passkey of their own. Throws FORBIDDEN, with what
 * to do, when they have none or sent no answer, and when the answer is another person's, another session's, for
 * something else, too old, used already, or not signed by the device.
 */
export async function confirmWithPasskey(
  context: Context,
  purpose: string,
  passkey: string | undefined,
): Promise<void> {
  if (context.actor.kind !== 'user') {
    throw new DeskhandError('FORBIDDEN', 'Only a person can do this, with a passkey.');
  }
  if (passkey === undefined) {
    if (!(await hasPasskey(context))) throw havingNone();
    throw new DeskhandError('FORBIDDEN', 'Confirm this with your passkey; nothing was done.', {
      field: 'passkey',
      hint: 'On the page the browser asks for it, which takes JavaScript; load the page again and decide there.',
    });
  }
  const { id, response } = readAnswer(passkey, answerShape, 'passkey');
  const challenge = askedOf(response.clientDataJSON, 'passkey');
  if (!(await takeChallenge(context, challenge, purpose))) throw notGood();
  const known = await lockCredential(context, id);
  if (!known) throw notGood();
  await countUse(context, known.id, await verify(context, { id, response, challenge, known }));
}

async function verify(
  context: Context,
  asked: z.output<typeof answerShape> & {
    challenge: string;
    known: { public_key: string; counter: number };
  },
): Promise<number> {
  const { id, response, challenge, known } = asked;
  const { origin, id: rpId } = relyingParty(context);
  const { verifyAuthenticationResponse } = await import('@simplewebauthn/server');
  const { verified, authenticationInfo } = await requireSound('passkey', () =>
    verifyAuthenticationResponse({
      response: { id, rawId: id, type: 'public-key', response, clientExtensionResults: {} },
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: rpId,
      credential: {
        id,
        publicKey: new Uint8Array(Buffer.from(known.public_key, 'base64')),
        counter: known.counter,
      },
      requireUserVerification: true,
    }),
  );
  if (!verified) throw notGood();
  return authenticationInfo.newCounter;
}

export const havingNone = () =>
  new DeskhandError('FORBIDDEN', 'This has to be confirmed with a passkey, and you have none.', {
    field: 'passkey',
    hint: 'Add one on the page /passkeys, then do this again.',
  });

const notGood = () =>
  new DeskhandError('FORBIDDEN', 'This passkey does not confirm this; nothing was done.', {
    field: 'passkey',
    hint: 'It was used already, is too old, or was for something else. Load the page again and confirm once more.',
  });
