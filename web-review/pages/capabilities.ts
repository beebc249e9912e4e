import type { ActionCapability, Capabilities } from '../../core/kernel/capabilities.ts';
import type { Level } from '../../core/kernel/context.ts';
import { words } from '../format.ts';
import { html, type Markup } from '../html.ts';
import type { Page, Visit } from '../site.ts';

/** Everything that is registered, with what agents may do alone (REG-01). Generated, never written. */
export async function showCapabilities(visit: Visit): Promise<Page> {
  const capabilities = await visit.site.app.capabilities(visit.caller, visit.facts);
  return { title: 'Capabilities', body: capabilitiesPage(capabilities) };
}

const meanings: Readonly<Record<Level, string>> = {
  unrestricted: 'an agent does it alone',
  soft_limit: 'an agent does it and must say why',
  requires_authorization: 'waits until the owner allows it',
  forbidden: 'no agent may do it',
};

function capabilitiesPage({ you, domains, workflows }: Capabilities): Markup {
  return html`<h1>Capabilities</h1>
<p class="lead">Everything this installation can do, and what agents may do of it.</p>
${you.paused && html`<p class="said warning">Agents are paused: whatever they ask for waits.</p>`}
<ul class="legend">${Object.entries(meanings).map(
    ([level, meaning]) => html`<li>${levelBadge(level)} ${meaning}</li>\n`,
  )}<li>${levelBadge('people only')} agents never can</li></ul>
${domains.map(
  domain => html`<details class="fold" id="${domain.name}"><summary><b>${words(domain.name)}</b> <span class="hint">${domain.summary}</span></summary>
<ul class="plain rows">${domain.actions.map(action => actionItem(domain.name, action))}
${domain.data_types.map(type => readItem(type.type, type.summary))}</ul></details>\n`,
)}
${
  workflows.length > 0 &&
  html`<details class="fold"><summary><b>workflows</b> <span class="hint">Several steps in one call, done as a whole or not at all.</span></summary>
<ul class="plain rows">${workflows.map(flow =>
    flow.read_only
      ? readItem(flow.name, flow.summary)
      : html`<li id="${flow.name}"><p><code>${flow.name}</code></p><p>${flow.summary}</p>
<p class="hint">As strict as the strictest of: ${flow.uses.join(', ')}.</p></li>\n`,
  )}</ul></details>`
}`;
}

const readItem = (name: string, summary: string): Markup =>
  html`<li id="${name}"><p><code>${name}</code> <span class="badge">read</span></p><p>${summary}</p></li>\n`;

function actionItem(domain: string, action: ActionCapability): Markup {
  return html`<li id="${domain}.${action.name}"><p><code>${domain}.${action.name}</code> ${levelBadge(action.human_only ? 'people only' : action.level)}</p>
<p>${action.summary}</p>
${action.conditions.map(condition => html`<p class="hint">${levelBadge(condition.level)} ${condition.summary}</p>`)}</li>\n`;
}

/** The level of an action for agents as a small label. */
export const levelBadge = (level: string): Markup =>
  html`<span class="badge ${level.replace(/\W/g, '_')}">${words(level)}</span>`;
