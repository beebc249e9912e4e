import { z } from 'zod';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { timeTag } from '../format.ts';
import { formFields } from '../forms.ts';
import { html, type Markup } from '../html.ts';
import { field } from '../settings/fields.ts';
import { mayDo, type Page, type PageRequest, readList } from '../site.ts';
import { connectLines } from './connect.ts';

const keyRow = z.object({
  id: z.string(),
  prefix: z.string(),
  expires_at: z.string().nullable(),
  revoked_at: z.string().nullable(),
  created_at: z.string(),
  last_used_at: z.string().nullable(),
});
type Key = z.infer<typeof keyRow>;

/** The keys of an assistant by their beginnings, the living ones first. */
export async function readKeys(request: PageRequest, agent_id: string): Promise<Key[]> {
  const { rows } = await readList(request, 'agent_keys', keyRow, { params: { agent_id }, limit: 100 });
  return rows;
}

/** The keys that work, with a button that ends each, and the form that makes another. */
export function keySection(
  request: PageRequest,
  agentId: string,
  keys: readonly Key[],
  connected: boolean,
): Markup {
  const now = request.site.clock().toString();
  const living = keys.filter(key => key.revoked_at === null && (key.expires_at ?? now) >= now);
  const over = keys.length - living.length;
  return html`<section aria-labelledby="keys"><h2 id="keys">Keys</h2>
${living.length > 0 && html`<ul class="list">${living.map(key => keyItem(request, agentId, key))}</ul>`}
${living.length === 0 && html`<p class="empty">${connected ? 'It has no key, and needs none for what is connected.' : 'It has no key, so it cannot do anything.'}</p>`}${over > 0 && html`<p class="hint">${over} ended before.</p>`}
${mayDo(request, 'agent.create_key') && makeForm(request, agentId, living.length)}</section>`;
}

function keyItem(
  request: PageRequest,
  agentId: string,
  { prefix, created_at, expires_at, last_used_at }: Key,
): Markup {
  const { time_zone } = request.identity.organization;
  return html`<li><p><code>${prefix}…</code> made ${timeTag(created_at, time_zone)}${expires_at !== null && html`, ends ${timeTag(expires_at, time_zone)}`}${last_used_at !== null && html`, used last ${timeTag(last_used_at, time_zone)}`}</p>
${
  mayDo(request, 'agent.revoke_key') &&
  html`<details class="fold"><summary>Revoke ${prefix}…</summary>
<form method="post" action="/assistants/${agentId}/revoke-key">${formFields(request)}<input type="hidden" name="key" value="${prefix}"><p class="hint">Whoever uses it is refused from the next call on. This cannot be undone.</p><button class="danger stop">Revoke this key</button></form></details>`
}</li>\n`;
}

/** How many days a key may live, as the form offers it; without end when nothing is said. */
const lives: readonly (readonly [days: string, label: string])[] = [
  ['', 'until it is revoked'],
  ['30', '30 days'],
  ['90', '90 days'],
  ['365', 'a year'],
];

const makeForm = (request: PageRequest, agentId: string, living: number): Markup =>
  html`<form method="post" action="/assistants/${agentId}/key" class="card narrow">${formFields(request)}<input type="hidden" name="living" value="${living}">
${field(
  {
    name: 'days',
    label: 'A new key works',
    hint: 'It is shown once, on the next page, and nowhere else ever.',
    problem: undefined,
  },
  attributes =>
    html`<select${attributes}>${lives.map(([days, label]) => html`<option value="${days}">${label}</option>`)}</select>`,
)}
<button>Make a key</button></form>`;

/** A new key, which is answered this once. Never kept for a repeated call: it would lie there in the open. */
export async function makeKeyFor(request: PageRequest, agent_id: string, days = ''): Promise<string> {
  const { site, caller, facts, identity } = request;
  const last = site.clock().toZonedDateTimeISO(identity.organization.time_zone).toPlainDate();
  const expires = lives.some(([known]) => known !== '' && known === days)
    ? { expires_on: last.add({ days: Number(days) }).toString() }
    : {};
  const call = { action: 'agent.create_key', data: { agent_id, ...expires } };
  const { data } = await site.app.execute(caller, call, facts);
  return String(data.key);
}

/** Throws CONFLICT when a key was made since the page with the form: pressed twice, or by somebody else. */
export async function requireUnmade(request: PageRequest, agentId: string, living: string): Promise<void> {
  const now = request.site.clock().toString();
  const keys = (await readKeys(request, agentId)).filter(
    key => key.revoked_at === null && (key.expires_at ?? now) >= now,
  );
  if (living === String(keys.length)) return;
  throw new DeskhandError('CONFLICT', 'The keys are others than when you opened the page.', {
    hint: 'Look at them below. Was a new one made and lost? Revoke it, and make another.',
  });
}

/** The one page a key stands on. It is in no address, no cookie and no second answer. */
export const keyPage = (
  request: PageRequest,
  { id, name }: { id: string; name: string },
  key: string,
): Page => ({
  title: 'A new key',
  body: html`<h1>A new key for <bdi>${name}</bdi></h1>
<p class="warning">Copy it now. It is not shown again: whoever loses it makes another one.</p>
<section class="card" aria-label="The key and how it is used">${connectLines(request, key)}</section>
<p class="buttons"><a class="button" href="/assistants/${id}">I have it</a></p>`,
});
