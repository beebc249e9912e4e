import { z } from 'zod';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { timeTag } from '../format.ts';
import { type Content, html, type Markup } from '../html.ts';
import { tokenField } from '../layout.ts';
import { type Answer, mayRead, type Page, type PageRequest, readList, textOf } from '../site.ts';
import { foreign } from './foreign.ts';
import { reviewPlaces } from './places.ts';
import { mayDecide } from './request.ts';

const agentRow = z.object({ id: z.string(), name: z.string(), paused_at: z.string().nullable() });
type Agent = z.infer<typeof agentRow>;

const keyRow = z.object({
  id: z.string(),
  agent_id: z.string(),
  prefix: z.string(),
  expires_at: z.string().nullable(),
  revoked_at: z.string().nullable(),
  created_at: z.string(),
});
type Key = z.infer<typeof keyRow>;

export async function readAgents(visit: PageRequest): Promise<Agent[]> {
  const fields = Object.keys(agentRow.shape);
  return (await readList(visit, 'agents', agentRow, { fields, sort: 'name', limit: 100 })).rows;
}

/** The agents, the switch that stops them, and their keys by the beginning; never a key itself. */
export async function listAgents(visit: PageRequest): Promise<Page> {
  const agents = await readAgents(visit);
  const keys = mayRead(visit, 'agent_keys')
    ? (await readList(visit, 'agent_keys', keyRow, { limit: 100 })).rows
    : undefined;
  return {
    title: 'Agents',
    body: html`<h1>Agents</h1>
${reviewPlaces(visit)}
${agents.length === 0 && html`<p class="empty">No agent works here yet.</p>`}
${agents.map(agent =>
  agentSection(
    visit,
    agent,
    keys?.filter(key => key.agent_id === agent.id),
  ),
)}`,
  };
}

function agentSection(visit: PageRequest, agent: Agent, keys: readonly Key[] | undefined): Markup {
  const { time_zone } = visit.identity.organization;
  const paused = agent.paused_at !== null;
  const living = keys?.filter(key => key.revoked_at === null) ?? [];
  const revoked = (keys?.length ?? 0) - living.length;
  return html`<section class="card" aria-labelledby="a-${agent.id}"><h2 id="a-${agent.id}">${foreign(agent.name)}</h2>
<p>${agent.paused_at === null ? 'Works as far as its levels go.' : html`<span class="warning">Paused</span> since ${timeTag(agent.paused_at, time_zone)}: it reads and changes nothing.`}</p>
${mayDecide(visit) && button(visit, { action: `/review/agents/${paused ? 'resume' : 'pause'}`, id: agent.id, label: paused ? 'Resume' : 'Pause', kind: paused ? '' : 'stop' })}
${
  keys &&
  html`<h3>Keys</h3><ul class="plain rows">${living.map(key => keyItem(visit, key))}</ul>
${living.length === 0 && html`<p class="empty">No key; it cannot sign in.</p>`}${revoked > 0 && html`<p class="hint">${revoked} revoked before.</p>`}
${mayDecide(visit) && html`<details><summary>Make a key</summary><p>It is shown once, and only here.</p>${button(visit, { action: '/review/agents/key', id: agent.id, label: 'Make a key', kind: 'quiet' })}</details>`}`
}</section>`;
}

function keyItem(visit: PageRequest, { id, prefix, created_at, expires_at }: Key): Markup {
  const { time_zone } = visit.identity.organization;
  return html`<li><p><code>${prefix}…</code> made ${timeTag(created_at, time_zone)}${expires_at !== null && html`, ends ${timeTag(expires_at, time_zone)}`}</p>
${mayDecide(visit) && html`<details><summary>Revoke ${prefix}…</summary><p>The next call with it is refused. This cannot be undone.</p>${button(visit, { action: '/review/agents/revoke-key', id, label: 'Revoke this key', kind: 'stop' })}</details>`}</li>\n`;
}

const button = (
  visit: PageRequest,
  { action, id, label, kind }: { action: string; id: string; label: string; kind: string },
): Content =>
  html`<form method="post" action="${action}">${tokenField(visit.identity.csrf_token)}<input type="hidden" name="id" value="${id}"><button${kind && html` class="${kind}"`}>${label}</button></form>`;

/** The switch (security.md, "The queue", 9). Pressing it twice is no error: the agent is as the button said. */
export async function pauseAgent(visit: PageRequest, verb: 'pause' | 'resume'): Promise<Answer> {
  const done = verb === 'pause' ? 'Paused. It changes nothing until you resume it.' : 'It works again.';
  try {
    await run(visit, `authorization.${verb}_agent`, { agent_id: textOf(visit.request.body, 'id') });
  } catch (error) {
    if (!(error instanceof DeskhandError) || error.code !== 'INVALID_STATE') throw error;
  }
  return { redirect: '/review/agents', said: { done, warnings: [] } };
}

export async function revokeKey(visit: PageRequest): Promise<Answer> {
  const { prefix } = keyRow.parse(
    await run(visit, 'agent.revoke_key', { key: textOf(visit.request.body, 'id') }),
  );
  return { redirect: '/review/agents', said: { done: `The key ${prefix}… is revoked.`, warnings: [] } };
}

const madeKey = z.object({ key: z.string() });

/** The one answer to a form that is a page itself: the key stands in no address, cookie or second page. */
export async function makeKey(visit: PageRequest): Promise<Answer> {
  const { key } = madeKey.parse(
    await run(visit, 'agent.create_key', { agent_id: textOf(visit.request.body, 'id') }),
  );
  return {
    title: 'A new key',
    body: html`<h1>A new key</h1>
<p>Copy it now; it is not shown again.</p>
<label for="key">Key</label><input id="key" value="${key}" readonly>
<p><a class="button" href="/review/agents">I have it</a></p>`,
  };
}

const run = async (
  { site, caller, facts }: PageRequest,
  action: string,
  data: object,
): Promise<Record<string, unknown>> => (await site.app.execute(caller, { action, data }, facts)).data;
