import { z } from 'zod';
import { mayCall } from '../core/kernel/pipeline/roles.ts';
import type { PageGroup, PageSpec } from '../core/kernel/registry/page.ts';
import { html, type Markup } from './html.ts';
import { type IconName, icon } from './icons.ts';
import { keywordsOf } from './keywords.ts';
import { places } from './places.ts';
import { quickAction } from './quick-action.ts';
import { mayDecide } from './review/request.ts';
import { mayRead, type PageRequest, readList } from './site.ts';

/** Whether a page is one for this person: decides what is shown, never what is allowed. */
export const mayOpen = (request: PageRequest, place: PageSpec): boolean =>
  (place.roles?.some(role => role === request.identity.actor.role) ?? true) &&
  (place.decides ? mayDecide(request) : mayRead(request, place.view)) &&
  (place.adds === undefined || mayAdd(request, place.adds));

function mayAdd({ site, identity }: PageRequest, action: string): boolean {
  const found = site.app.registry.actions.get(action);
  return found !== undefined && mayCall(identity.actor, found);
}

/** The pages of a group that are this person's. */
export const placesIn = (request: PageRequest, group: PageGroup): PageSpec[] =>
  places.filter(place => groupOf(request, place) === group && mayOpen(request, place));

function groupOf({ identity }: PageRequest, { group, tab_for = [] }: PageSpec): PageGroup | undefined {
  return tab_for.some(role => role === identity.actor.role) ? 'tab' : group;
}

/** The page that shows a data type, if it is this person's. */
export const placeOf = (request: PageRequest, view: string): PageSpec | undefined =>
  places.find(place => place.view === view && place.group !== 'add' && mayOpen(request, place));

const waitingRow = z.object({
  kind: z.string(),
  label: z.string(),
  words: z.string(),
  count: z.number(),
  oldest_at: z.string().nullable(),
  list: z.string(),
});

/** Something that waits for this person, by kind. */
export type Waiting = z.infer<typeof waitingRow>;

const known = new WeakMap<PageRequest, Promise<Waiting[]>>();

/** What waits for whoever looks at the page, counted; asked for once for a page. */
export function waitingFor(request: PageRequest): Promise<Waiting[]> {
  const asked = known.get(request) ?? readWaiting(request);
  known.set(request, asked);
  return asked;
}

async function readWaiting(request: PageRequest): Promise<Waiting[]> {
  const { rows } = await readList(request, 'inbox', waitingRow, { fields: Object.keys(waitingRow.shape) });
  return rows;
}

/** What stands around a page because of how things are now. */
export async function aroundOf(request: PageRequest): Promise<{ quick?: Markup; waiting: Waiting[] }> {
  const [quick, waiting] = await Promise.all([quickAction(request), waitingFor(request)]);
  return { ...(quick ? { quick } : {}), waiting };
}

/** Icons by the address of a page; what has none is led to by its words. */
const icons: Readonly<Record<string, IconName>> = {
  '/': 'today',
  '/calendar': 'calendar',
  '/contacts': 'customers',
  '/invoices': 'money',
  '/inbox': 'inbox',
  '/follow-ups': 'tasks',
  '/close-out': 'check',
  '/settings': 'settings',
  '/more': 'more',
};

/** The address of a page without what it is asked for. */
type At = string;

/** The tabs every page has: on a phone at the bottom, else at the side. The count says what waits in all. */
export function tabs(request: PageRequest, at: At, waiting: readonly Waiting[]): Markup {
  const total = waiting.reduce((sum, { count }) => sum + count, 0);
  const places = placesIn(request, 'tab');
  const current = places.find(place => isHere(place, at));
  return html`<nav class="tabs" aria-label="Main"><ul>
${places.map(
  place => html`<li data-keywords="${keywordsOf(request.site.app.registry, place)}"><a href="${place.path}"${place === current && html` aria-current="${at === place.path ? 'page' : 'true'}"`}>${iconOf(place)}<span>${labelFor(request, place)}</span>${place.view === 'inbox' && countOf(total)}</a></li>
`,
)}</ul></nav>`;
}

/** A technician's own day is called by what it is to them. */
const labelFor = (request: PageRequest, { path, label }: PageSpec): string =>
  path === '/' && request.identity.actor.role === 'technician' ? 'My visits' : label;

const iconOf = ({ path }: PageSpec): Markup | false => {
  const name = icons[path];
  return name !== undefined && icon(name);
};

/** How many wait, for the eye and for whoever listens; nothing when nothing does. */
export const countOf = (count: number): Markup | false =>
  count > 0 && html` <b class="count">${count > 99 ? '99+' : count}<span class="unseen"> waiting</span></b>`;

/** A tab is the current one on its own page, on those below it, and on those that open from it. */
function isHere(place: PageSpec, at: At): boolean {
  const below = [place.path, ...(place.covers ?? [])];
  return below.some(path => (path === '/' ? at === '/' : at === path || at.startsWith(`${path}/`)));
}

/** The one plus: whatever this person may add. It opens without a script. */
export function adding(request: PageRequest): Markup | false {
  const places = placesIn(request, 'add');
  return (
    places.length > 0 &&
    html`<details class="menu"><summary class="button" aria-label="Add something">${icon('plus')}</summary>
<ul>${places.map(({ path, label, keywords }) => html`<li data-keywords="${keywords.join(' ')}"><a href="${path}"><span>${label}</span></a></li>\n`)}</ul></details>`
  );
}
