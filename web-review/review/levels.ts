import { z } from 'zod';
import { generalWish } from '../../core/audit/deed-words.ts';
import { type Level, levels } from '../../core/kernel/pipeline/context.ts';
import { capital } from '../../core/kernel/words/capital.ts';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { asTyped, type Content, html, type Markup } from '../html.ts';
import { tokenField } from '../layout.ts';
import { type Answer, type Page, type PageRequest, readList, textOf } from '../site.ts';
import { plain } from '../words.ts';
import { readAgents } from './agents.ts';
import { foreign } from './foreign.ts';
import { grantItem, readGrants } from './grant-list.ts';
import { levelWords } from './level-words.ts';
import { reviewPlaces } from './places.ts';
import { mayDecide } from './request.ts';

const permissionRow = z.object({
  action: z.string(),
  summary: z.string().transform(plain),
  level: z.enum(levels),
  default_level: z.enum(levels),
  human_only: z.boolean(),
  conditions: z.array(
    z.object({ rule: z.string(), level: z.enum(levels), summary: z.string().transform(plain) }),
  ),
});
type Permission = z.infer<typeof permissionRow>;
const fields = Object.keys(permissionRow.shape);

/** The areas an owner thinks in; what belongs to none stands with the settings. */
const areas = ['visits', 'customers', 'money', 'messages', 'settings'];

/** Every action with what agents may do about it and what makes that stricter (MAQ-21); one of them with the form that sets it. */
export async function showLevels(pageRequest: PageRequest, problem?: string): Promise<Page> {
  const action = textOf(pageRequest.http.query, 'action') || textOf(pageRequest.http.body, 'action');
  if (action !== '') return showLevel(pageRequest, action.slice(0, 80), problem);
  const [all, grants] = await Promise.all([readAll(pageRequest), readGrants(pageRequest, {})]);
  const rows = all.filter(row => !row.human_only);
  const { domains } = pageRequest.site.app.registry;
  const areaOf = (row: Permission) => domains.find(({ name }) => name === domainOf(row))?.area ?? 'settings';
  return {
    title: 'What the assistant may do',
    body: html`<h1>What the assistant may do</h1>
${reviewPlaces(pageRequest)}
<p class="hint">Choose one to change it. What is not listed here is for people only. Where something is set for every assistant and something else for one of them, the stricter of the two holds, whichever was set last.</p>
${grants.rows.length > 0 && html`<section aria-labelledby="standing"><h2 id="standing">Standing permissions</h2><ul class="plain">${grants.rows.map(grant => grantItem(pageRequest, grant))}</ul></section>`}
${areas.map(area =>
  areaSection(
    pageRequest,
    area,
    rows.filter(row => areaOf(row) === area),
  ),
)}`,
  };
}

function areaSection(pageRequest: PageRequest, area: string, rows: readonly Permission[]): Content {
  if (rows.length === 0) return '';
  return html`<section class="card" aria-labelledby="${area}"><h2 id="${area}">${capital(area)}</h2>
${levels.map(level =>
  levelGroup(
    pageRequest,
    level,
    rows.filter(row => row.level === level),
  ),
)}</section>\n`;
}

function levelGroup(pageRequest: PageRequest, level: Level, rows: readonly Permission[]): Content {
  return (
    rows.length > 0 &&
    html`<details class="fold"${level === 'requires_authorization' && html` open`}><summary>${levelBadge(level)} <small>${rows.length}</small></summary><ul class="plain rows">${rows.map(row => levelItem(pageRequest, row))}</ul></details>`
  );
}

/** Sets a level (MAQ-07). */
export async function setLevel(pageRequest: PageRequest): Promise<Answer> {
  const { body } = pageRequest.http;
  const [action, rule, level, agent_id, reason] = ['action', 'rule', 'level', 'agent', 'content'].map(name =>
    textOf(body, name).trim(),
  );
  try {
    const { warnings } = await pageRequest.site.app.execute(
      pageRequest.caller,
      {
        action: 'authorization.set_level',
        data: {
          action,
          level,
          ...(rule && { rule }),
          ...(agent_id && { agent_id }),
          ...(reason && { reason }),
        },
      },
      pageRequest.facts,
    );
    return {
      redirect: `/review/levels?${new URLSearchParams({ action: action ?? '' })}`,
      said: { done: 'That is set. It holds from now on.', warnings },
    };
  } catch (error) {
    if (!(error instanceof DeskhandError) || !sayable.includes(error.code)) throw error;
    return showLevels(pageRequest, error.message);
  }
}

/** What the page of the level can say better than a page about an error. */
const sayable: readonly string[] = ['VALIDATION_ERROR', 'INVALID_STATE'];

async function readAll(pageRequest: PageRequest): Promise<Permission[]> {
  const all: Permission[] = [];
  let cursor: string | undefined;
  do {
    const page = await readList(pageRequest, 'permissions', permissionRow, {
      fields,
      limit: 100,
      ...(cursor === undefined ? {} : { cursor }),
    });
    all.push(...page.rows);
    cursor = page.next_cursor;
  } while (cursor !== undefined);
  return all;
}

const domainOf = ({ action }: Permission): string => action.split('.')[0] ?? '';

const levelBadge = (level: Level): Markup => html`<span class="badge ${level}">${levelWords[level]}</span>`;

function levelItem(
  pageRequest: PageRequest,
  { action, level, default_level, conditions }: Permission,
): Markup {
  return html`<li><p><a class="main" href="/review/levels?${new URLSearchParams({ action }).toString()}">${capital(generalWish(pageRequest.site.app.registry, action))}</a>${level !== default_level && html` <small>set by you; it was “${levelWords[default_level]}”</small>`}</p>
${ruleList(conditions)}</li>\n`;
}

const ruleList = (conditions: Permission['conditions']): Content =>
  conditions.map(({ level, summary }) => html`<p class="hint">${levelBadge(level)} ${summary}</p>`);

async function showLevel(
  pageRequest: PageRequest,
  action: string,
  problem: string | undefined,
): Promise<Page> {
  const { rows } = await readList(pageRequest, 'permissions', permissionRow, { fields, params: { action } });
  const row = rows[0];
  if (!row) throw new DeskhandError('NOT_FOUND', 'There is no such action.');
  const grants = await readGrants(pageRequest, { action });
  return {
    title: `The assistant: ${generalWish(pageRequest.site.app.registry, action)}`,
    status: problem === undefined ? 200 : 400,
    body: html`<h1>${capital(generalWish(pageRequest.site.app.registry, action))}</h1>
${problem !== undefined && html`<p class="said problem" role="alert">${problem}</p>`}
<p>${row.summary}</p>
<p>${row.human_only ? 'For people only; no assistant does it.' : html`The assistant does it: ${levelBadge(row.level)}`}</p>
${ruleList(row.conditions)}
${!row.human_only && (await levelsOfAgents(pageRequest, row))}
${mayDecide(pageRequest) && !row.human_only && (await levelForm(pageRequest, row))}
${grants.rows.length > 0 && html`<section aria-labelledby="set"><h2 id="set">What you have set</h2><ul class="plain">${grants.rows.map(grant => grantItem(pageRequest, grant))}</ul></section>`}
${reviewPlaces(pageRequest)}`,
  };
}

const mostAgents = 20;

/** What the levels together mean for each agent for whom it is not the same as for all. */
async function levelsOfAgents(
  pageRequest: PageRequest,
  { action, level, conditions }: Permission,
): Promise<Markup> {
  const agents = (await readAgents(pageRequest)).slice(0, mostAgents);
  const rows = await Promise.all(
    agents.map(async agent => {
      const params = { action, agent_id: agent.id };
      const [own] = (await readList(pageRequest, 'permissions', permissionRow, { fields, params })).rows;
      return own ? [{ name: agent.name, own }] : [];
    }),
  );
  const others = rows
    .flat()
    .filter(
      ({ own }) => own.level !== level || JSON.stringify(own.conditions) !== JSON.stringify(conditions),
    );
  return html`<p class="hint">The strictest that applies wins: what is set for one assistant outlives something looser for all, and the other way round.</p>
${others.map(({ name, own }) => html`<p>${foreign(name, 80)}: ${levelBadge(own.level)}</p>${ruleList(own.conditions)}`)}`;
}

async function levelForm(
  pageRequest: PageRequest,
  { action, level, conditions }: Permission,
): Promise<Markup> {
  const agents = await readAgents(pageRequest);
  const typed = textOf(pageRequest.http.body, 'content');
  return html`<form method="post" action="/review/levels" class="card narrow">${tokenField(pageRequest.identity.csrf_token)}<input type="hidden" name="action" value="${action}">
${conditions.length > 0 && html`<label for="rule">When</label><select id="rule" name="rule"><option value="">always</option>${conditions.map(({ rule, summary }) => html`<option value="${rule}">${summary}</option>`)}</select>`}
<label for="level">The assistant does it</label><select id="level" name="level">${levels.map(name => html`<option value="${name}"${name === level && html` selected`}>${levelWords[name]}</option>`)}</select>
<label for="agent">For</label><select id="agent" name="agent"><option value="">every assistant</option>${agents.map(({ id, name }) => html`<option value="${id}">${name}</option>`)}</select>
<label for="content">Why (optional)</label><input id="content" name="content" maxlength="500" value="${asTyped(typed)}">
<button>Save</button></form>`;
}
