import { z } from 'zod';
import type { SecretSpec } from '../../core/kernel/outside/seal.ts';
import { capital } from '../../core/kernel/words/capital.ts';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { timeTag, words } from '../format.ts';
import { formFields, submit, typedTexts } from '../forms.ts';
import { html, type Markup } from '../html.ts';
import { type Answer, mayDo, mayRead, type Page, type PageRequest, readList, textOf } from '../site.ts';
import { enableStripeInvoices, stripeInvoices, stripeInvoicesPath } from './stripe-invoices.ts';

const secretRow = z.object({ name: z.string(), set_at: z.string(), set_by: z.string().nullable() });
type Kept = z.infer<typeof secretRow>;

/** Why a secret could not be set. What was typed is gone: no page ever shows a secret. */
interface Refusal {
  name: string;
  problem: string;
  status: number;
}

/** Where the secrets are, for whoever may see which there are. */
export const secretsPath = '/settings/secrets';

/** `/settings/secrets`: which secrets the business can have, which are set, since when and by whom; never what they are. */
export async function showSecrets(request: PageRequest, refusal?: Refusal): Promise<Page> {
  if (!mayRead(request, 'secrets')) throw new DeskhandError('NOT_FOUND', 'There is nothing at this address.');
  const { rows } = await readList(request, 'secrets', secretRow, { fields: Object.keys(secretRow.shape) });
  const known = [...request.site.app.registry.secrets.values()];
  return {
    title: 'Connected services',
    status: refusal?.status ?? 200,
    body: html`<h1>Connected services</h1>
<p class="hint">What the business shares with services outside, such as what signs their messages to us.</p>
<p>A secret is sealed the moment it is set: no page, list, log or agent ever shows it again, and no agent can set or remove one. Who needs it once more looks it up at the service.</p>
<p class="links"><a href="/settings">Settings</a></p>
${known.length === 0 && html`<p class="empty">Nothing here takes a secret.</p>`}
${known.map(spec =>
  secretSection(
    request,
    spec,
    rows.find(({ name }) => name === spec.name),
    refusal?.name === spec.name ? refusal.problem : undefined,
  ),
)}
${await stripeInvoices(request, refusal?.name === stripeInvoicesPath ? refusal.problem : undefined)}`,
  };
}

function secretSection(
  request: PageRequest,
  { name, summary }: SecretSpec,
  kept: Kept | undefined,
  problem: string | undefined,
): Markup {
  const { time_zone } = request.identity.organization;
  const state = kept
    ? html`<span class="badge confirmed">set</span> ${timeTag(kept.set_at, time_zone)}${kept.set_by !== null && html` by <bdi>${kept.set_by}</bdi>`}`
    : html`<span class="badge">not set</span> <span class="hint">Where the installation has one of its own, that one counts.</span>`;
  return html`<section aria-labelledby="${name}"><h2 id="${name}">${capital(words(name))}</h2>
<p class="hint">${summary}</p>
<dl class="facts"><div><dt>State</dt><dd>${state}</dd></div>
<div><dt>Used by</dt><dd>${usesOf(request, name)}</dd></div></dl>
${mayDo(request, 'secret.set') && setForm(request, name, { isSet: kept !== undefined, problem })}
${kept !== undefined && mayDo(request, 'secret.remove') && removeForm(request, name)}</section>\n`;
}

/** What needs a secret: services that tell us of events, with the address they are told. */
function usesOf({ site, identity }: PageRequest, name: string): Markup {
  const users = [...site.app.registry.webhooks.values()].filter(({ secret }) => secret === name);
  if (users.length === 0) return html`nothing yet`;
  return html`${users.map(
    ({ provider, summary }) =>
      html`<p>${capital(provider)}: ${summary}. It has to know this address: <code>${site.baseUrl}/api/webhooks/${provider}/${identity.organization.slug}</code></p>`,
  )}`;
}

const setForm = (
  request: PageRequest,
  name: string,
  { isSet, problem }: { isSet: boolean; problem: string | undefined },
): Markup => html`<form method="post" action="${secretsPath}/set" class="card narrow">${formFields(request)}<input type="hidden" name="name" value="${name}">
<label for="${name}-value">${isSet ? 'New value' : 'Value'}</label>
<input id="${name}-value" name="value" type="password" required maxlength="500" autocomplete="off" spellcheck="false"${problem !== undefined && html` aria-invalid="true" aria-describedby="${name}-problem"`}>
${problem !== undefined && html`<p class="problem" id="${name}-problem" role="alert">${problem}</p>`}
<button>${isSet ? 'Replace' : 'Set'}</button></form>`;

const removeForm = (request: PageRequest, name: string): Markup =>
  html`<details class="fold"><summary>Remove it</summary>
<form method="post" action="${secretsPath}/remove">${formFields(request)}<input type="hidden" name="name" value="${name}"><p class="hint">What is signed with it is refused from then on, unless the installation has one of its own.</p>
<button class="stop">Remove ${words(name)}</button></form></details>`;

/**
 * Seals what was typed. Without a key for repetition: that would keep a fingerprint of the secret, and setting it twice is
 * setting it once.
 */
export async function setSecret(request: PageRequest): Promise<Answer> {
  const { name = '' } = typedTexts(request);
  const value = textOf(request.http.body, 'value').trim();
  const { app } = request.site;
  return orSay(request, name, async () => {
    await app.execute(request.caller, { action: 'secret.set', data: { name, value } }, request.facts);
    return `${capital(words(name))} is set. Nobody sees it again.`;
  });
}

/** Has Stripe ask for new bills. */
export const pressStripeInvoices = (request: PageRequest): Promise<Answer> =>
  enableStripeInvoices(request, (problem, status) =>
    showSecrets(request, { name: stripeInvoicesPath, problem, status }),
  );

/** Forgets a secret. */
export async function removeSecret(request: PageRequest): Promise<Answer> {
  const { name = '' } = typedTexts(request);
  return orSay(request, name, async () => {
    await submit(request, 'secret.remove', { name });
    return `${capital(words(name))} is removed.`;
  });
}

async function orSay(request: PageRequest, name: string, work: () => Promise<string>): Promise<Answer> {
  try {
    return { redirect: secretsPath, said: { done: await work(), warnings: [] } };
  } catch (error) {
    const isSayable =
      error instanceof DeskhandError &&
      ['VALIDATION_ERROR', 'NOT_FOUND', 'INVALID_STATE'].includes(error.code) &&
      request.site.app.registry.secrets.has(name) &&
      mayRead(request, 'secrets');
    if (!isSayable) throw error;
    const { message, status, details } = error;
    return showSecrets(request, {
      name,
      status,
      problem: [message, details.hint].filter(Boolean).join(' '),
    });
  }
}
