import { z } from 'zod';
import type { Settings } from '../../core/kernel/registry/settings.ts';
import { capital } from '../../core/kernel/words/capital.ts';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { words } from '../format.ts';
import { formFields } from '../forms.ts';
import { html, type Markup } from '../html.ts';
import { asksPasskey, passkeyField } from '../passkeys/passkey.ts';
import { mayDo, mayRead, type Page, type PageRequest, readList } from '../site.ts';
import { plain } from '../words.ts';
import { type Draft, explained, field, schemaOf, settingField, shown, textControl } from './fields.ts';
import { logoForm, logoSection } from './logo.ts';
import { settingWays } from './overview.ts';
import { secretsPath } from './secrets.ts';
import { setupList, setupSteps } from './set-up.ts';

const settingRow = z.object({
  domain: z.string(),
  name: z.string(),
  label: z.string(),
  summary: z.string(),
  value: z.json(),
  usual: z.json(),
  is_decided: z.boolean(),
  is_yours: z.boolean(),
  takes_passkey: z.boolean(),
});
type Setting = z.infer<typeof settingRow>;

/** `/settings`: everything an owner sets up, and what the business decides for itself. */
export async function showSettings(request: PageRequest, draft?: Draft): Promise<Page> {
  const [groups, steps, logo] = await Promise.all([
    readGroups(request, false),
    setupSteps(request),
    logoSection(request, ownOf(draft, logoForm)?.problems.get('file')),
  ]);
  return {
    title: 'Settings',
    status: draft?.status ?? 200,
    body: html`<h1>Settings</h1>
${setupList(steps)}
${settingWays(request)}
${mayDo(request, 'organization.update_settings') && businessForm(request, ownOf(draft, ''))}
${logo}
${groups.map(group => groupSection(request, group, draft))}
<p class="hint">Owners and admins change these. What is left empty goes by what is usual. An assistant may ask for a change; it waits until somebody agrees.</p>
<p class="links"><a href="/records">All lists</a> <a href="/capabilities">What can be done</a></p>`,
  };
}

/** `/settings/security`: what guards the business and bounds the assistants. No assistant changes it or asks for it. */
export async function showSecurity(request: PageRequest, draft?: Draft): Promise<Page> {
  if (!mayRead(request, 'settings'))
    throw new DeskhandError('NOT_FOUND', 'There is nothing at this address.');
  const groups = await readGroups(request, true);
  return {
    title: 'Security settings',
    status: draft?.status ?? 200,
    scripts: ['passkey.js'],
    body: html`<p class="links"><a href="/settings">Settings</a></p>
<h1>Security settings</h1>
<p class="hint">What guards the business and bounds the assistants. Only people change it; no assistant can, or can ask for it.</p>
<p class="links"><a href="/passkeys">Your passkeys</a> <a href="/sessions">Where people are signed in</a>${mayRead(request, 'secrets') && html` <a href="${secretsPath}">Connected services</a>`}</p>
${groups.map(group => groupSection(request, group, draft))}`,
  };
}

interface Group {
  name: string;
  summary: string;
  settings: readonly Setting[];
}

/** The settings by domain: those for people alone, or the others. */
async function readGroups(request: PageRequest, forPeople: boolean): Promise<Group[]> {
  const { rows } = await readList(request, 'settings', settingRow, { limit: 100 });
  const { domains, settings: known } = request.site.app.registry;
  return domains.flatMap(({ name, summary }) => {
    const settings = rows.filter(({ domain }) => domain === name);
    return settings.length > 0 && isForPeople(known, name) === forPeople ? [{ name, summary, settings }] : [];
  });
}

/** Whether all settings of a domain are for people alone. */
export function isForPeople(settings: Settings, domain: string): boolean {
  const own = [...settings.values()].filter(setting => setting.domain === domain);
  return own.length > 0 && own.every(({ open_to }) => open_to === 'people');
}

const groupSection = (
  request: PageRequest,
  { name, summary, settings }: Group,
  draft: Draft | undefined,
): Markup => html`<section aria-labelledby="${name}"><h2 id="${name}">${headingFor(request, name)}</h2>
<p class="hint">${plain(summary)}</p>
${domainForms(request, name, settings, ownOf(draft, name))}</section>\n`;

/** What the owner calls the things a domain is about. */
const headingFor = ({ site }: PageRequest, domain: string): string =>
  headings[domain] ??
  capital(
    site.app.registry.domains.find(({ name }) => name === domain)?.label ??
      site.app.registry.records.get(domain)?.nouns ??
      words(domain),
  );

const headings: Readonly<Record<string, string>> = {
  scheduling: 'Planning visits',
  invoice: 'Bills',
  authorization: 'What assistants ask for',
  passkey: 'Passkeys',
};

const ownOf = (draft: Draft | undefined, form: string) => (draft?.form === form ? draft : undefined);

function businessForm(request: PageRequest, draft: Draft | undefined): Markup {
  const { name, time_zone } = request.identity.organization;
  const typed = (member: string, stored: string) => draft?.typed[member] ?? stored;
  const problem = (member: string) => draft?.problems.get(member);
  return html`<section aria-labelledby="business"><h2 id="business">The business</h2>
<form method="post" action="/settings" class="card narrow">${formFields(request)}${general(draft)}
${field({ name: 'name', label: 'Name', hint: '', problem: problem('name') }, textControl(typed('name', name)))}
${field({ name: 'time_zone', label: 'Time zone', hint: 'Such as America/Chicago.', problem: problem('time_zone') }, textControl(typed('time_zone', time_zone)))}
<button>Save</button></form></section>`;
}

/** What takes a passkey has a form of its own, so that nothing else asks for one. */
function domainForms(
  request: PageRequest,
  domain: string,
  settings: readonly Setting[],
  draft: Draft | undefined,
): Markup {
  const isMine = ({ is_yours }: Setting) => is_yours && mayDo(request, 'organization.update_settings');
  const others = settings.filter(setting => !isMine(setting));
  const open = settings.filter(setting => isMine(setting) && !setting.takes_passkey);
  const guarded = settings.filter(setting => isMine(setting) && setting.takes_passkey);
  return html`${others.length > 0 && html`<dl class="facts">${others.map(setting => settingFact(explained(request.site.app.registry.settings, setting)))}</dl>`}
${open.length > 0 && domainForm(request, domain, open, draft)}
${guarded.length > 0 && domainForm(request, domain, guarded, draft)}`;
}

function domainForm(
  request: PageRequest,
  domain: string,
  settings: readonly Setting[],
  draft: Draft | undefined,
): Markup {
  const isGuarded = settings.some(({ takes_passkey }) => takes_passkey);
  const { registry } = request.site.app;
  return html`<form method="post" action="/settings/${domain}" class="card narrow"${isGuarded && asksPasskey('settings')}>${formFields(request)}${isGuarded && passkeyField}${general(draft)}
${settings.map(setting => settingField(schemaOf(registry.settings, setting.name), explained(registry.settings, setting), draft))}
${isGuarded && html`<p class="hint">You confirm it with a <a href="/passkeys">passkey</a>.</p>`}
<button>Save</button></form>`;
}

const general = (draft: Draft | undefined): Markup | false => {
  const problem = draft?.problems.get('');
  return problem !== undefined && html`<p class="problem" role="alert">${problem}</p>`;
};

const settingFact = (setting: Setting): Markup =>
  html`<div><dt>${setting.label}</dt><dd>${shown(setting.value)} <span class="hint">${setting.summary} Usual: ${shown(setting.usual)}.</span></dd></div>\n`;
