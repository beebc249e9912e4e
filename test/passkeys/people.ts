import type { Caller } from '../../core/kernel/pipeline/context.ts';
import { createSignInToken, redeemSignInToken } from '../../core/sign-in/sign-in.ts';
import type { Office } from '../support/office.ts';
import { type Authenticator, createAuthenticator, type Says } from './authenticator.ts';

/** A new browser session of a person. */
export async function signIn({ db }: Office, email: string): Promise<Caller> {
  const link = await createSignInToken(db, email);
  const token = link && (await redeemSignInToken(db, link));
  if (!token) throw new Error(`${email} cannot sign in`);
  return { via: 'session', token };
}

/** Adds a first passkey. */
export async function enrol(
  office: Office,
  person: Caller,
  device: Authenticator = createAuthenticator(),
  name = 'My phone',
): Promise<Authenticator> {
  await office.done(person, 'passkey.register', {
    name,
    response: await madeBy(office, person, device),
  });
  return device;
}

/** What a device answers when it is asked to make a passkey. */
export async function madeBy(
  { done }: Office,
  person: Caller,
  device: Authenticator,
  says: Says = {},
): Promise<string> {
  const { options } = await done(person, 'passkey.begin_registration');
  return device.make(options, says);
}

/** What a device answers when it is asked to confirm something. */
export async function confirmedBy(
  { done }: Office,
  person: Caller,
  device: Authenticator,
  asked: { purpose: string; digest?: string },
  says: Says = {},
): Promise<string> {
  const { options } = await done(person, 'passkey.begin_check', asked);
  return device.confirm(options, says);
}
