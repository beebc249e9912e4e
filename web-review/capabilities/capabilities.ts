import type { Level } from '../../core/kernel/pipeline/context.ts';
import type { ActionCapability, Capabilities } from '../../core/kernel/registry/capabilities.ts';
import { capital } from '../../core/kernel/words/capital.ts';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { words } from '../format.ts';
import { html, type Markup } from '../html.ts';
import type { Page, PageRequest } from '../site.ts';

/** Everything that is registered, by domain (REG-01). Generated, never written. */
export async function showCapabilities(request: PageRequest): Promise<Page> {
  return { title: 'Capabilities', body: overview(await read(request)) };
}

/** What one domain can do, with what agents may do of it alone; `workflows` for what takes several steps. */
export async function showDomain(request: PageRequest): Promise<Page> {
  const { domains, workflows } = await read(request);
  const name = String(request.http.params.domain);
  const domain = domains.find(each => each.name === name);
  if (!domain && name !== allWorkflows) throw new DeskhandError('NOT_FOUND', 'There is no such domain here.');
  const title = words(name);
  return {
    title: capital(title),
    body: html`<p class="links"><a href="/capabilities">All capabilities</a></p>
<h1>${capital(title)}</h1>
<p class="hint">${domain?.summary ?? severalSteps}</p>
<ul class="plain rows">${domain ? domainItems(domain) : workflows.map(workflowItem)}</ul>
${legend}`,
  };
}

/** Where something that is registered is described. */
export const capabilityHref = (domain: string | undefined, id?: string): string =>
  `/capabilities/${domain ?? allWorkflows}${id === undefined ? '' : `#${id}`}`;

const allWorkflows = 'workflows';
const severalSteps = 'Several steps in one call, done as a whole or not at all.';

const read = (request: PageRequest): Promise<Capabilities> =>
  request.site.app.capabilities(request.caller, request.facts);

const meanings: Readonly<Record<Level, string>> = {
  unrestricted: 'an agent does it alone',
  soft_limit: 'an agent does it and must say why',
  requires_authorization: 'waits until the owner allows it',
  forbidden: 'no agent may do it',
};

const legend: Markup = html`<ul class="legend">${Object.entries(meanings).map(
  ([level, meaning]) => html`<li>${levelBadge(level)} ${meaning}</li>\n`,
)}<li>${levelBadge('people only')} agents never can</li></ul>`;

function overview({ you, domains, workflows }: Capabilities): Markup {
  const groups = domains.map(({ name, summary, actions, data_types }) => ({
    name,
    summary,
    names: [...actions.map(action => action.name), ...data_types.map(({ type }) => type)],
  }));
  const flows = { name: allWorkflows, summary: severalSteps, names: workflows.map(({ name }) => name) };
  return html`<h1>Capabilities</h1>
<p class="hint">Everything this installation can do, and what agents may do of it.</p>
${you.paused && html`<p class="said warning">Agents are paused: whatever they ask for waits.</p>`}
<ul class="plain rows">${[...groups, ...(workflows.length > 0 ? [flows] : [])].map(
    ({
      name,
      summary,
      names,
    }) => html`<li><p><a href="${capabilityHref(name)}"><b>${words(name)}</b></a> ${summary}</p>
<p class="hint">${names.map(words).join(', ')}</p></li>\n`,
  )}</ul>`;
}

const domainItems = ({
  name,
  actions,
  data_types,
  events = [],
  automations = [],
  timers = [],
}: Capabilities['domains'][number]): Markup[] => [
  ...actions.map(action => actionItem(name, action)),
  ...data_types.map(({ type, summary }) => readItem(type, summary)),
  ...events.map(event => happeningItem(event.name, 'event', event.summary)),
  ...automations.map(each => happeningItem(each.name, `by itself, on ${each.on}`, each.summary)),
  ...timers.map(timer => happeningItem(timer.name, timer.schedule, timer.summary)),
];

const workflowItem = (flow: Capabilities['workflows'][number]): Markup =>
  flow.read_only
    ? readItem(flow.name, flow.summary)
    : html`<li id="${flow.name}"><p><code>${flow.name}</code></p><p>${flow.summary}</p>
<p class="hint">As strict as the strictest of: ${flow.uses.join(', ')}.</p></li>\n`;

const readItem = (name: string, summary: string): Markup =>
  html`<li id="${name}"><p><code>${name}</code> <span class="badge">read</span></p><p>${summary}</p></li>\n`;

const happeningItem = (name: string, when: string, summary: string): Markup =>
  html`<li id="${name}"><p><code>${name}</code> <span class="badge">${when}</span></p><p>${summary}</p></li>\n`;

function actionItem(domain: string, action: ActionCapability): Markup {
  return html`<li id="${domain}.${action.name}"><p><code>${domain}.${action.name}</code> ${levelBadge(action.human_only ? 'people only' : action.level)}</p>
<p>${action.summary}</p>
${action.conditions.map(condition => html`<p class="hint">${levelBadge(condition.level)} ${condition.summary}</p>`)}</li>\n`;
}

/** The level of an action for agents as a small label. */
export function levelBadge(level: string): Markup {
  return html`<span class="badge ${level.replace(/\W/g, '_')}">${words(level)}</span>`;
}
