import { createSignInToken } from '../../core/sign-in/sign-in.ts';
import { withInstallation } from '../compose.ts';
import type { Config } from '../config.ts';
import { ensureDemo } from './demo.ts';

/** `deskhand signin-link EMAIL`: prints the link and nothing else. */
export function signinLink(config: Config, email: string): Promise<void> {
  return withInstallation(config, async installation => {
    await ensureDemo(installation);
    const token = await createSignInToken(installation.db, email);
    if (token === undefined)
      throw new Error(`Nobody signs in with ${email}. Add the person with member.create first.`);
    console.log(`${config.baseUrl}/sign-in/${token}`);
  });
}
