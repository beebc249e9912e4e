import { timeTag } from '../format.ts';
import { formFields, submit, typedTexts } from '../forms.ts';
import { html, type Markup } from '../html.ts';
import { foreign } from '../review/foreign.ts';
import { type Answer, type PageRequest, recordOf } from '../site.ts';
import type { Fact } from './facts.ts';

interface Reached {
  reference: string;
  email: string | null;
  email_status: string;
  email_status_at: string | null;
  unconfirmed_emails?: readonly string[] | null | undefined;
  attributes: readonly Fact[];
}

/**
 * The addresses nobody of the business has confirmed, with whom they came, and a button for each: until a person presses
 * it, mails of agents to them wait, and what an inquiry said of a known customer stands with them as a fact only.
 */
export function emailSection(request: PageRequest, contact: Reached): Markup {
  const typed = contact.unconfirmed_emails ?? [];
  const said = contact.attributes.flatMap(({ key, value, is_confirmed }) =>
    key === 'email' && !is_confirmed && typeof value === 'string' ? [value] : [],
  );
  const item = (email: string, from: string): Markup =>
    html`<li><p><b>${foreign(email)}</b> not confirmed <span class="hint">${from}</span></p>
<form method="post" action="/contacts/${contact.reference}/emails/confirm">${formFields(request)}<input type="hidden" name="email" value="${email}"><button class="quiet">It is theirs: confirm</button></form></li>\n`;
  const all = typed.length + said.length > 0;
  return html`<section aria-labelledby="emails"><h2 id="emails">Addresses of mail</h2>
${troubleWords(request, contact)}
${
  all &&
  html`<p class="hint">Agents may not write to these by themselves until a person confirms them.</p>
<ul class="plain rows">${typed.map(email => item(email, 'typed by an agent'))}${said.map(email => item(email, 'from an inquiry'))}</ul>`
}
<details class="fold"><summary>Confirm an address</summary>
<form method="post" action="/contacts/${contact.reference}/emails/confirm">${formFields(request)}
<label for="confirm-email">E-mail address</label>
<input id="confirm-email" name="email" type="email" required maxlength="254" autocomplete="off">
<p class="hint">You know that it is this customer’s own. It is added if they do not have it yet.</p>
<button>Confirm address</button></form></details></section>`;
}

/** That mail does not reach the customer, since when, and a button for who knows better. */
function troubleWords(request: PageRequest, contact: Reached): Markup | false {
  const { reference, email, email_status, email_status_at: since } = contact;
  if (email === null || email_status === 'ok') return false;
  const what = email_status === 'complained' ? 'was called spam' : 'came back';
  const day = since === null ? '' : html` ${timeTag(since, request.identity.organization.time_zone)}`;
  return html`<p class="problem">Mail to ${foreign(email)} ${what}${day}. Nothing is written to it: call instead, or give another address.</p>
<form method="post" action="/contacts/${reference}/emails/write-again">${formFields(request)}<button class="quiet">Write to it again</button></form>`;
}

/** Says that mail arrives after all. */
export async function writeAgain(request: PageRequest): Promise<Answer> {
  const contact_id = recordOf(request);
  const { warnings } = await submit(request, 'contact.write_again', { contact_id });
  return {
    redirect: `/contacts/${contact_id}`,
    said: { done: 'Mail goes to this address again.', warnings },
  };
}

/** Says that an address is the customer's own. */
export async function confirmEmail(request: PageRequest): Promise<Answer> {
  const contact_id = recordOf(request);
  const { email = '' } = typedTexts(request);
  const { warnings } = await submit(request, 'contact.confirm_email', { contact_id, email });
  return { redirect: `/contacts/${contact_id}`, said: { done: 'The address is confirmed.', warnings } };
}
