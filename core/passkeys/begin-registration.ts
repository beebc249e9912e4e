import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Context } from '../kernel/pipeline/context.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { line } from '../kernel/words/text-schemas.ts';
import { insertChallenge, listCredentials } from './queries.ts';
import { browserOptions, challengeMinutes, forThemselves } from './record.ts';
import { algorithms, makeOne } from './register.ts';
import { relyingParty } from './relying-party.ts';

/** Hands out what the person's device needs to make a passkey. */
export const beginRegistration = defineAction({
  domain: 'passkey',
  name: 'begin_registration',
  summary: 'Get what the browser needs to make a passkey.',
  input: z.strictObject({
    /** How the device shows whose passkey it is; your name when left out. */
    display_name: line.optional(),
  }),
  output: browserOptions,
  ...forThemselves,
  effect: 'create',
  undo: 'none',
  past: 'began',
  example: {},
  keywords: ['webauthn', 'second factor'],
  async run(context, { display_name }) {
    const { organization, actor } = context;
    const { generateRegistrationOptions } = await import('@simplewebauthn/server');
    const options = await generateRegistrationOptions({
      rpID: relyingParty(context).id,
      rpName: organization.name,
      userID: userHandle(context),
      userName: display_name ?? actor.name,
      userDisplayName: display_name ?? actor.name,
      excludeCredentials: await listCredentials(context),
      // Who made the device is none of our business; a certificate would also make us fetch addresses it names.
      attestationType: 'none',
      authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
      supportedAlgorithmIDs: algorithms,
      timeout: challengeMinutes * 60_000,
    });
    await insertChallenge(context, options.challenge, makeOne);
    return { options: { ...options } };
  },
});

/** One person of one business to a device: without it, the passkey for one business would replace that for another. */
const userHandle = ({ organization, actor }: Pick<Context, 'organization' | 'actor'>) =>
  new Uint8Array(createHash('sha256').update(`${organization.id} ${actor.id}`).digest());
