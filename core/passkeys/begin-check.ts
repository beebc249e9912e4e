import { z } from 'zod';
import { defineAction } from '../kernel/registry/define.ts';
import { invalid } from '../kernel/words/errors.ts';
import { digestText } from '../kernel/words/text-schemas.ts';
import { insertChallenge, listCredentials } from './queries.ts';
import { browserOptions, challengeMinutes, forThemselves } from './record.ts';
import { relyingParty } from './relying-party.ts';
import { changePasskeys, changeSettings, decideOn, deleteBusiness, havingNone } from './verify.ts';

/** Hands out what the person's device has to sign, once, within five minutes, in this session, for this purpose. */
export const beginCheck = defineAction({
  domain: 'passkey',
  name: 'begin_check',
  summary: 'Get what the browser needs to confirm something with a passkey.',
  input: z.strictObject({
    /** The reference of a request, `passkeys` (to add or remove one), `settings` or `business` (to delete it). */
    purpose: z
      .string()
      .trim()
      .regex(/^(passkeys|settings|business|[Rr]-\d{1,12})$/),
    /** Of the request as it was shown. */
    digest: digestText.optional(),
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
  if ([changePasskeys, changeSettings, deleteBusiness].includes(purpose)) return purpose;
  if (digest !== undefined) return decideOn(purpose.toUpperCase(), digest);
  throw invalid('digest', 'A request is confirmed as it was shown.', {
    hint: 'Give the digest that authorization_requests shows for it.',
  });
}
