import { z } from 'zod';
import { weekdays } from '../../core/kernel/words/time.ts';
import { words } from '../format.ts';
import { formFields } from '../forms.ts';
import { html, type Markup } from '../html.ts';
import { asksPasskey, passkeyField } from '../passkeys/passkey.ts';
import { capital } from '../review/sentence.ts';
import { mayDo, mayRead, type Page, type PageRequest, readList } from '../site.ts';
import { type Draft, explained, field, schemaOf, settingField, shown, textControl } from './fields.ts';
import { secretsPath } from './secrets.ts';

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

/** Everything the business decides for itself, by domain: what holds now, what is usual, and how to change it. */
export async function showSettings(visit: PageRequest, draft?: Draft): Promise<Page> {
  const { rows } = await readList(visit, 'settings', settingRow);
  const groups = visit.site.app.registry.domains.flatMap(({ name, summary }) => {
    const settings = rows.filter(({ domain }) => domain === name);
    return settings.length > 0 ? [{ name, summary, settings }] : [];
  });
  return {
    title: 'Settings',
    status: draft?.status ?? 200,
    scripts: ['passkey.js'],
    body: html`<h1>Settings</h1>
<p class="lead">What the business decides for itself. What is left empty goes by what is usual.</p>
<p>Owners and admins change these. An agent may ask for a change; it waits in <a href="/review">Review</a> until somebody agrees. Where it is otherwise, the setting says so.</p>
${mayRead(visit, 'secrets') && html`<p class="links"><a href="${secretsPath}">Secrets</a></p>`}
${mayDo(visit, 'organization.update_settings') && businessForm(visit, ownOf(draft, ''))}
${groups.map(
  ({
    name,
    summary,
    settings,
  }) => html`<section aria-labelledby="${name}"><h2 id="${name}">${headingFor(visit, name)}</h2>
<p class="hint">${summary}</p>
${domainForms(visit, name, settings, ownOf(draft, name))}</section>\n`,
)}`,
  };
}

/** What the owner calls the things a domain is about. */
const headingFor = ({ site }: PageRequest, domain: string): string =>
  capital(
    site.app.registry.domains.find(({ name }) => name === domain)?.label ??
      site.app.registry.records.get(domain)?.nouns ??
      words(domain),
  );

const ownOf = (draft: Draft | undefined, form: string) => (draft?.form === form ? draft : undefined);

const days = weekdays.map(day => ({ day, key: day.toLowerCase() }));

/** The name of a day's field and of its part of the input. */
export const hourFields: readonly string[] = days.map(({ key }) => key);

function businessForm(visit: PageRequest, draft: Draft | undefined): Markup {
  const { name, time_zone, business_hours } = visit.identity.organization;
  const hours: Readonly<Record<string, [string, string][]>> = business_hours;
  const typed = (member: string, stored: string) => draft?.typed[member] ?? stored;
  const problem = (member: string) => draft?.problems.get(member);
  return html`<section aria-labelledby="business"><h2 id="business">The business</h2>
<form method="post" action="/settings" class="card narrow">${formFields(visit)}${general(draft)}
${field({ name: 'name', label: 'Name', hint: '', problem: problem('name') }, textControl(typed('name', name)))}
${field({ name: 'time_zone', label: 'Time zone', hint: 'Such as America/Chicago.', problem: problem('time_zone') }, textControl(typed('time_zone', time_zone)))}
<fieldset><legend>Opening hours</legend>
<p class="hint">Such as 08:00-12:00, 13:00-17:00; nothing when it is closed.</p>
${days.map(({ day, key }) => field({ name: key, label: day, hint: '', problem: problem(key) }, textControl(typed(key, hoursText(hours[key] ?? [])))))}</fieldset>
<button>Save</button></form></section>`;
}

/** `08:00-12:00, 13:00-17:00` */
export const hoursText = (spans: readonly (readonly [string, string])[]): string =>
  spans.map(span => span.join('-')).join(', ');

/** What takes a passkey has a form of its own, so that nothing else asks for one. */
function domainForms(
  visit: PageRequest,
  domain: string,
  settings: readonly Setting[],
  draft: Draft | undefined,
): Markup {
  const isMine = ({ is_yours }: Setting) => is_yours && mayDo(visit, 'organization.update_settings');
  const others = settings.filter(setting => !isMine(setting));
  const plain = settings.filter(setting => isMine(setting) && !setting.takes_passkey);
  const guarded = settings.filter(setting => isMine(setting) && setting.takes_passkey);
  return html`${others.length > 0 && html`<dl class="facts">${others.map(setting => settingFact(explained(visit.site.app.registry.settings, setting)))}</dl>`}
${plain.length > 0 && domainForm(visit, domain, plain, draft)}
${guarded.length > 0 && domainForm(visit, domain, guarded, draft)}`;
}

function domainForm(
  visit: PageRequest,
  domain: string,
  settings: readonly Setting[],
  draft: Draft | undefined,
): Markup {
  const isGuarded = settings.some(({ takes_passkey }) => takes_passkey);
  const { registry } = visit.site.app;
  return html`<form method="post" action="/settings/${domain}" class="card narrow"${isGuarded && asksPasskey('settings')}>${formFields(visit)}${isGuarded && passkeyField}${general(draft)}
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
