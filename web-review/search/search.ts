import { z } from 'zod';
import { wishOf } from '../../core/kernel/registry/deed.ts';
import { capital } from '../../core/kernel/words/capital.ts';
import { capabilityHref, levelBadge } from '../capabilities/capabilities.ts';
import { momentWords, shortDay, shorten, words } from '../format.ts';
import { asTyped, type Content, html, type Markup } from '../html.ts';
import { domainsOf } from '../keywords.ts';
import { mayOpen } from '../navigation.ts';
import { places } from '../places.ts';
import { headingOf } from '../records/kind.ts';
import { type Fragment, mayRead, type Page, type PageRequest, readList, textOf } from '../site.ts';
import { formOf } from './forms.ts';
import { recordHref } from './open.ts';

const foundRow = z.object({
  id: z.string(),
  kind: z.string(),
  group: z.string(),
  reference: z.string().nullable(),
  title: z.string(),
  text: z.string(),
  about: z.string().nullable(),
});
type Found = z.infer<typeof foundRow>;

/** One thing that was found: where it opens, and for something to do at what level. */
interface Hit extends Found {
  href: string | undefined;
  /** Where one does it. */
  where: string | undefined;
  level: string | undefined;
}

interface Group {
  name: string;
  hits: Hit[];
}

/** Everything found by words, by kind, on a page of its own: what the command bar shows without JavaScript (UNI-08). */
export async function showSearch(request: PageRequest): Promise<Page> {
  const text = askedFor(request);
  if (text === '') return { title: 'Search', body: nothingAsked(request) };
  const groups = await find(request, text, 10);
  const count = groups.reduce((sum, { hits }) => sum + hits.length, 0);
  return {
    title: `Search: ${shorten(text, 60)}`,
    body: html`<h1>Search</h1>
${searchField(text)}
<p class="hint">${count === 0 ? 'Nothing found' : `${count} found`} for “<bdi>${text}</bdi>”</p>
${count === 0 && whatToTry(request, text)}
${groups.map(
  (
    { name, hits },
    index,
  ) => html`<section aria-labelledby="group-${index}"><h2 id="group-${index}">${name}</h2>
<ul class="plain rows">${hits.map(hitItem)}</ul></section>\n`,
)}`,
  };
}

/** The same for the command bar: a list of options, the best few of each kind. */
export async function showResults(request: PageRequest): Promise<Fragment> {
  const text = askedFor(request);
  const groups = text === '' ? [] : await find(request, text, 4);
  return {
    fragment: html`${groups
      .filter(({ hits }) => hits.some(({ kind }) => kind !== 'view' && kind !== 'domain'))
      .map(
        (
          { name, hits },
          index,
        ) => html`<div role="group" aria-labelledby="group-${index}"><h2 id="group-${index}" role="presentation">${name}</h2>
${hits.map(hitOption)}</div>\n`,
      )}`,
  };
}

const askedFor = (request: PageRequest): string =>
  textOf(request.http.query, 'q')
    .trim()
    .slice(0, 200)
    .replace(/[\ud800-\udbff]$/, '');

/** The groups in the order of their best match, the lists and areas of the installation last. */
async function find(request: PageRequest, search: string, per_kind: number): Promise<Group[]> {
  const { rows } = await readList(request, 'search', foundRow, {
    search,
    params: { per_kind },
    fields: Object.keys(foundRow.shape),
    limit: 100,
  });
  const isLast = (group: string) => Number(group === 'views' || group === 'domains');
  const names = [...new Set(rows.map(row => row.group))].sort((a, b) => isLast(a) - isLast(b));
  return names.map(group => ({
    name: headingOfGroup(request, group),
    hits: rows.filter(row => row.group === group).map(row => hitOf(request, row)),
  }));
}

/** Records are called as everywhere else. */
function headingOfGroup({ site }: PageRequest, group: string): string {
  const record = [...site.app.registry.records.values()].find(({ plural }) => plural === group);
  return record ? headingOf(record) : (headings[group] ?? words(group));
}

const headings: Readonly<Record<string, string>> = {
  authorization_requests: 'Asked for by agents',
  actions: 'What can be done',
  workflows: 'What an agent does in one go',
  views: 'Lists',
  domains: 'Areas',
};

function hitOf(request: PageRequest, found: Found): Hit {
  const { registry } = request.site.app;
  const told = momentWords(found.text, request.identity.organization.time_zone);
  // `due 2026-12-18`
  const row = { ...found, text: told.replace(/(?<=\bdue )\d{4}-\d\d-\d\d\b/, shortDay) };
  const { id, kind } = row;
  const hit = { ...row, where: undefined, level: undefined };
  if (kind === 'page') return { ...hit, href: id };
  const spec = kind === 'action' ? registry.actions.get(id)?.spec : undefined;
  const domain = { action: spec?.domain, view: registry.views.get(id)?.spec.domain, domain: id }[kind];
  if (domain === undefined && kind !== 'workflow')
    return { ...hit, ...titleOf(row), href: recordHref(request, row) };
  const place = places
    .filter(place => place.group !== 'add' && mayOpen(request, place))
    .find(each => each.view === id || (domain !== undefined && domainsOf(registry, each).includes(domain)));
  return {
    ...hit,
    title: spec ? capital(wishOf(registry, id)) : row.title,
    href:
      kind === 'action' || kind === 'workflow' || !place
        ? (formOf(request, id) ?? capabilityHref(domain, kind === 'domain' ? undefined : id))
        : place.path,
    where: place?.label,
    level: spec?.human_only ? 'people_only' : spec?.permission.level,
  };
}

/** A visit is called by whose it is and when; what is done there stands beside it. */
function titleOf({ kind, title, text, about }: Found): Partial<Found> {
  if (kind !== 'ticket' || about === null || !text.startsWith(`${about}, `)) return {};
  const rest = text.slice(about.length + 2);
  const [, when = rest, status = ''] = /^(.*), ([a-z ]+)$/.exec(rest) ?? [];
  return {
    title: `${shorten(about, 60)}, ${when}`,
    text: [title === 'Visit' ? '' : title, status].filter(Boolean).join(', '),
  };
}

function hitItem({ href, title, reference, text, where, level }: Hit): Markup {
  const shown = html`<bdi>${shorten(title, 120)}</bdi>`;
  return html`<li><p>${href === undefined ? html`<b>${shown}</b>` : html`<a class="main" href="${href}">${shown}</a>`} ${code(reference)}</p>
${text !== '' && html`<p dir="auto">${text}</p>`}
${(level ?? where) !== undefined && html`<p class="hint">${where !== undefined && `On the page ${where}. `}${level !== undefined && html`Agents: ${levelBadge(level)}`}</p>`}</li>\n`;
}

function hitOption({ href, title, reference, text, where }: Hit): Markup {
  const shown = html`<bdi>${shorten(title, 120)}</bdi> ${code(reference)} <small dir="auto">${[text, where && `On the page ${where}.`].filter(Boolean).join(' ')}</small>`;
  return href === undefined
    ? html`<div role="option" aria-disabled="true">${shown}</div>\n`
    : html`<a role="option" tabindex="-1" href="${href}">${shown}</a>\n`;
}

const code = (reference: string | null): Content => reference !== null && html`<code>${reference}</code>`;

const placesOf = (request: PageRequest): Markup =>
  html`<ul class="plain rows">${places
    .filter(place => mayOpen(request, place))
    .map(
      ({ path, label, summary }) =>
        html`<li><p><a class="main" href="${path}">${label}</a></p><p>${summary}</p></li>\n`,
    )}</ul>`;

/** The field of the page itself: on a phone there is none in the header. */
const searchField = (
  text: string,
): Markup => html`<form method="get" action="/search" role="search" aria-label="Search" class="search">
<label for="look">Search everything</label>
<div class="row"><input id="look" name="q" type="search" maxlength="200" value="${asTyped(text)}"><button>Search</button></div></form>`;

const nothingAsked = (request: PageRequest): Markup => html`<h1>Search</h1>
${searchField('')}
<p>Names, telephone numbers, addresses, notes, facts, visits, and everything that can be done: “dog Biscuit”, “256 555 0142”, “screens last spring”, “reschedule”.</p>
${placesOf(request)}`;

const whatToTry = (
  request: PageRequest,
  text: string,
): Markup => html`<p>Try fewer words, a part of the name, the telephone number or the street, or a word for what you want to do.</p>
${mayRead(request, 'leads') && html`<p class="buttons"><a class="button" href="/leads/new">New inquiry</a> <a class="button" href="/contacts?${new URLSearchParams({ search: text }).toString()}">Search customers only</a></p>`}
${placesOf(request)}`;
