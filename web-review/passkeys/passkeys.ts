import { z } from 'zod';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { relyingParty } from '../../core/passkeys/relying-party.ts';
import { takesPasskey } from '../../core/passkeys/verify.ts';
import { timeTag } from '../format.ts';
import { html, type Markup } from '../html.ts';
import { tokenField } from '../layout.ts';
import { againNotice } from '../sign-in/again.ts';
import { type Answer, type Page, type PageRequest, readList, textOf } from '../site.ts';
import { asksPasskey, passkeyField } from './passkey.ts';

const passkeyRow = z.object({
  id: z.string(),
  name: z.string(),
  last_used_at: z.string().nullable(),
  created_at: z.string(),
});
type Passkey = z.infer<typeof passkeyRow>;

const most = 50;

/** One's own passkeys, the way to another one, and (for who may) whether the business asks for them. */
export async function showPasskeys(request: PageRequest): Promise<Page> {
  const { rows } = await readList(request, 'passkeys', passkeyRow, { limit: most });
  return {
    title: 'Passkeys',
    scripts: ['passkey.js'],
    body: html`<h1>Passkeys</h1>
<p class="hint">A passkey is your fingerprint, your face or the PIN of a device. With it you confirm what cannot be taken back.</p>
<noscript><p class="problem">Passkeys need JavaScript, which is off in this browser.</p></noscript>
<ul class="plain rows">${rows.map(row => passkeyItem(request, row))}</ul>
${rows.length === 0 && html`<p class="empty">You have no passkey yet. Add one on the device you hold.</p>`}
${addSection(request, rows.length > 0)}
${requirementSection(request, rows.length > 0)}`,
  };
}

function passkeyItem({ identity }: PageRequest, { id, name, created_at, last_used_at }: Passkey): Markup {
  const { time_zone } = identity.organization;
  return html`<li><p class="who"><bdi>${name}</bdi></p>
<p class="when">Added ${timeTag(created_at, time_zone)}, ${last_used_at === null ? 'not used yet' : html`used last ${timeTag(last_used_at, time_zone)}`}</p>
<details><summary>Remove</summary><form method="post" action="/passkeys/remove"${asksPasskey('passkeys')}>${tokenField(identity.csrf_token)}${passkeyField}<input type="hidden" name="id" value="${id}">
<p>You confirm it with a passkey, this one or another.</p><button class="stop">Remove this passkey</button></form></details></li>\n`;
}

function addSection({ site, identity }: PageRequest, hasSome: boolean): Markup {
  const problem = whyNone(site.baseUrl);
  const isStale = !hasSome && identity.is_fresh === false;
  if (problem === undefined && isStale)
    return html`<section aria-labelledby="add"><h2 id="add">Add a passkey</h2>${againNotice('/passkeys')}</section>`;
  return html`<section aria-labelledby="add"><h2 id="add">Add a passkey</h2>
${
  problem === undefined
    ? html`<form method="post" action="/passkeys" class="card narrow" data-passkey-register${hasSome && asksPasskey('passkeys')}>${tokenField(identity.csrf_token)}${passkeyField}<input type="hidden" name="response">
  <label for="name">Name of this device</label>
  <input id="name" name="name" required maxlength="200" autocomplete="off" placeholder="My phone">
  ${hasSome && html`<p class="hint">You confirm with a passkey you have, then make the new one.</p>`}
  <button>Add a passkey</button>
</form>`
    : html`<p class="problem">${problem}</p>`
}</section>`;
}

/** Why browsers make no passkeys at this address, and what to do about it. */
function whyNone(baseUrl: string): string | undefined {
  try {
    relyingParty({ base_url: baseUrl });
    return undefined;
  } catch (error) {
    if (error instanceof DeskhandError) return `${error.message} ${error.details.hint ?? ''}`;
    throw error;
  }
}

function requirementSection({ site, identity }: PageRequest, hasSome: boolean): Markup | false {
  const { actor, csrf_token } = identity;
  const roles = site.app.registry.action('organization.update_settings').spec.roles ?? [];
  if (!actor.role || !roles.includes(actor.role)) return false;
  const isOn = takesPasskey(identity);
  const form = html`<form method="post" action="/passkeys/requirement"${asksPasskey('settings')}>${tokenField(csrf_token)}${passkeyField}<input type="hidden" name="required" value="${isOn ? 'no' : 'yes'}">
<button class="quiet">${isOn ? 'Ask for no passkey any more' : 'Ask for a passkey'}</button></form>`;
  return html`<section aria-labelledby="asked"><h2 id="asked">What cannot be taken back</h2>
<p>${isOn ? 'Allowing an agent to delete, to pay, to send mail or to change many records takes a passkey.' : 'Whoever is signed in as owner or admin allows everything without a passkey.'}</p>
${hasSome ? form : html`<p class="hint">To ${isOn ? 'allow such things' : 'change that'}, add a passkey first.</p>`}</section>`;
}

/** Keeps the passkey the browser has made. */
export async function addPasskey(request: PageRequest): Promise<Answer> {
  const { body } = request.http;
  await run(request, 'passkey.register', {
    name: textOf(body, 'name'),
    response: textOf(body, 'response'),
    ...proofOf(body),
  });
  return { redirect: '/passkeys', said: { done: 'Your passkey is added.', warnings: [] } };
}

export async function removePasskey(request: PageRequest): Promise<Answer> {
  const { body } = request.http;
  await run(request, 'passkey.remove', { id: textOf(body, 'id'), ...proofOf(body) });
  return { redirect: '/passkeys', said: { done: 'The passkey is removed.', warnings: [] } };
}

/** Turns the requirement on or off for the whole business. */
export async function changeRequirement(request: PageRequest): Promise<Answer> {
  const { body } = request.http;
  const passkey_for_irreversible = textOf(body, 'required') === 'yes';
  await run(request, 'organization.update_settings', {
    settings: { passkey_for_irreversible },
    ...proofOf(body),
  });
  const done = passkey_for_irreversible
    ? 'From now on, allowing what cannot be taken back takes a passkey.'
    : 'A passkey is not asked for any more.';
  return { redirect: '/passkeys', said: { done, warnings: [] } };
}

/** What the script needs to make a passkey. */
export const registrationOptions = (request: PageRequest): Promise<Record<string, unknown>> =>
  run(request, 'passkey.begin_registration', {});

/** What the script needs to have the person confirm something. */
export function checkOptions(request: PageRequest): Promise<Record<string, unknown>> {
  const { body } = request.http;
  const digest = textOf(body, 'digest');
  return run(request, 'passkey.begin_check', {
    purpose: textOf(body, 'purpose'),
    ...(digest === '' ? {} : { digest }),
  });
}

/** The answer of the browser, when there is one; without it the action says what to do. */
function proofOf(body: unknown): { passkey?: string } {
  const passkey = textOf(body, 'passkey');
  return passkey === '' ? {} : { passkey };
}

async function run({ site, caller, facts }: PageRequest, action: string, data: Record<string, unknown>) {
  return (await site.app.execute(caller, { action, data }, facts)).data;
}
