import { type AskedFor, isIrreversible } from '../../core/passkeys/irreversible.ts';
import { takesPasskey } from '../../core/passkeys/verify.ts';
import { html, type Markup } from '../html.ts';
import type { PageRequest } from '../site.ts';

/**
 * How a form asks for a passkey before it is sent. Its page loads `passkey.js`, and it looks like this:
 *
 *     <form method="post" … ${asksPasskey('R-1')}>${tokenField(csrf_token)}${passkeyField} … </form>
 *
 * The script gets the options from `POST /passkeys/check` with the form's `csrf_token`, its `digest` if it has one, and
 * the purpose named here (the reference of a request, `passkeys` or `settings`); the browser asks the person; the answer
 * lies in the hidden field `passkey` when the form is sent. The route hands that text to the action as `passkey`. A button
 * with `data-without-passkey` sends its form at once.
 */
export const asksPasskey = (purpose: string): Markup => html` data-passkey-request="${purpose}"`;

export const passkeyField: Markup = html`<input type="hidden" name="passkey">`;

/** Whether allowing this request takes a passkey; the action decides it once more. */
export const needsPasskey = (
  { site, identity }: Pick<PageRequest, 'site' | 'identity'>,
  request: AskedFor,
): boolean => takesPasskey(identity) && isIrreversible(site.app.registry, request);

/** Whether allowing this request takes a fresh sign-in first; the action decides it once more. */
export const needsFreshSignIn = (
  { site, identity }: Pick<PageRequest, 'site' | 'identity'>,
  request: AskedFor,
): boolean =>
  identity.is_fresh === false && !takesPasskey(identity) && isIrreversible(site.app.registry, request);
