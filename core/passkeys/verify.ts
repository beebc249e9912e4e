import { z } from 'zod';
import type { Context } from '../kernel/pipeline/context.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { settingOf } from '../kernel/registry/settings.ts';
import { DeskhandError, invalid } from '../kernel/words/errors.ts';
import { countUse, insertChallenge, listCredentials, lockCredential, takeChallenge } from './queries.ts';
import { askedOf, readAnswer, requireSound } from './read-answer.ts';
import { browserOptions, challengeMinutes, forThemselves } from './record.ts';
import { relyingParty } from './relying-party.ts';
import { passkeyForIrreversible } from './settings.ts';

/** What a confirmation is for besides the decision about a request, and stored with the challenge. */
export const changePasskeys = 'passkeys';
export const changeSettings = 'settings';
/** The decision about one request as it was shown (security.md, "The queue", 2). */
export const decideOn = (reference: string, digest: string): string => `${reference} ${digest}`;

/** Hands out what the person's device has to sign, once, within five minutes, in this session, for this purpose. */
export const beginCheck = defineAction({
  domain: 'passkey',
  name: 'begin_check',
  summary: 'Get what the browser needs to confirm something with a passkey.',
  input: z.strictObject({
    /** The reference of a request, `passkeys` (to add or remove one) or `settings`. */
    purpose: z
      .string()
      .trim()
      .regex(/^(passkeys|settings|[Rr]-\d{1,12})$/),
    /** Of the request as it was shown. */
    digest: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .optional(),
  }),
  output: browserOptions,
  ...forThemselves,
  effect: 'create',
  undo: 'none',
  past: 'began',
  example: { purpose: 'passkeys' },
  keywords: ['webauthn', 'second factor', 'confirm'],
  async run(context, { purpose, digest }) {
    const asked = readPurpose(purpose, digest);
    const credentials = await listCredentials(context);
    if (credentials.length === 0) throw havingNone();
    const { generateAuthenticationOptions } = await import('@simplewebauthn/server');
    const options = await generateAuthenticationOptions({
      rpID: relyingParty(context).id,
      allowCredentials: credentials,
      userVerification: 'required',
      timeout: challengeMinutes * 60_000,
    });
    await insertChallenge(context, options.challenge, asked);
    return { options: { ...options } };
  },
});

function readPurpose(purpose: string, digest: string | undefined): string {
  if (purpose === changePasskeys || purpose === changeSettings) return purpose;
  if (digest !== undefined) return decideOn(purpose.toUpperCase(), digest);
  throw invalid('digest', 'A request is confirmed as it was shown.', {
    hint: 'Give the digest that authorization_requests shows for it.',
  });
}

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

const havingNone = () =>
  new DeskhandError('FORBIDDEN', 'This has to be confirmed with a passkey, and you have none.', {
    field: 'passkey',
    hint: 'Add one on the page /passkeys, then do this again.',
  });

const notGood = () =>
  new DeskhandError('FORBIDDEN', 'This passkey does not confirm this; nothing was done.', {
    field: 'passkey',
    hint: 'It was used already, is too old, or was for something else. Load the page again and confirm once more.',
  });
