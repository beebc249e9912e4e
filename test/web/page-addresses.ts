import type { BrowserContext, Page } from 'playwright-core';
import { axeViolations, colourRules } from '../support/axe.ts';
import { openFolds, overflow } from '../support/browser.ts';
import type { Pages } from '../support/pages.ts';
import { tooFaint } from './too-faint.ts';
import { type Crawled, patternOf, routesOf } from './whole-site.ts';

// Addresses of every page there is: those that links lead to, and those that somebody must know of.

/** Routes that are no pages of their own: they answer a file, a piece of a page, or the way to another one. */
const noPages = [
  ...['/static/:name', '/service-worker.js', '/search/results', '/live', '/open/:kind/:ref'],
  ...['/templates/:kind/mail', '/templates/:kind/away', '/invoices/:ref/pdf'],
  ...['/contacts/:ref/statement/pdf', '/analytics/:part/file', '/settings/logo/picture'],
  ...['/records/:plural/file', '/exports/:ref/file', '/imports/:ref/not-taken.csv'],
  ...['/records/companies/:ref/statement/pdf'],
  ...['/connect/called', '/connect/deskhand.mcpb', '/connect/deskhand-mcp.mjs'],
];

/** Pages that the links of the others are not followed to. */
const besides: readonly Address[] = [
  { who: 'olivia', path: '/calendar?view=week' },
  { who: 'olivia', path: '/calendar?view=month' },
  { who: 'olivia', path: '/follow-ups' },
  { who: 'olivia', path: '/sign-in/again' },
  { who: 'olivia', path: '/sign-in/business' },
  { who: 'olivia', path: '/tickets?for=cancel' },
  { who: 'olivia', path: '/tickets/T-2003/rebook' },
  { who: 'olivia', path: '/search?q=jane' },
  { who: 'olivia', path: '/search?q=zzqqxx' },
  { who: 'olivia', path: '/capabilities/ticket' },
  { who: 'olivia', path: '/review/R-2/whole' },
  { who: 'olivia', path: '/records/companies?by_colour=red' },
  { who: 'olivia', path: '/records/companies/CO-101/statement' },
  { who: 'olivia', path: '/leads?list=nonsense' },
  { who: 'theo', path: '/close-out' },
  { who: 'theo', path: '/close-out/offline' },
];

/** A page, and who opens it. */
export interface Address {
  who: string | undefined;
  path: string;
  /** Whether another page of the same route is among them: the first of each is looked at more closely. */
  isAnother?: boolean;
}

/** Two addresses for each route, of those that links lead to somebody, and the routes that none was found for. */
export async function addressesOf(
  pages: Pages,
  crawled: ReadonlyMap<string | undefined, readonly Crawled[]>,
): Promise<{ chosen: Address[]; missing: string[] }> {
  const chosen = new Map<string, Address[]>();
  const routes = routesOf(pages, 'get').filter(route => !noPages.includes(route));
  const routeFor = (path: string) => routes.find(route => patternOf(route).test(path.replace(/\?.*$/, '')));
  const redirects = new Set<string>();
  for (const who of ['olivia', 'theo', 'tess', undefined]) {
    for (const { path, status, text } of crawled.get(who) ?? []) {
      const route = routeFor(path) ?? 'not found';
      const known = chosen.get(route) ?? [];
      if (status >= 300 && status < 400) redirects.add(route);
      const address = { who, path, ...(known.length > 0 ? { isAnother: true } : {}) };
      if (text.includes('<html') && known.length < 2) chosen.set(route, [...known, address]);
    }
  }
  const link = { who: undefined, path: await pages.linkFor('dana@brightpanes.example') };
  for (const { who, path } of [...besides, link, { who: undefined, path: '/nope' }]) {
    const route = routeFor(path) ?? 'not found';
    chosen.set(route, [...(chosen.get(route) ?? []), { who, path }]);
  }
  for (const route of routes) {
    if (chosen.has(route) || redirects.has(route)) continue;
    const session = await pages.signIn('olivia@brightpanes.example');
    const { status } = await pages.send(route.replace(/:\w+/g, 'T-2001'), { session });
    if (status >= 300 && status < 400) redirects.add(route);
  }
  return {
    chosen: [...chosen.values()].flat().sort((a, b) => (a.who ?? '').localeCompare(b.who ?? '')),
    missing: routes.filter(route => !chosen.has(route) && !redirects.has(route)),
  };
}

/** What is wrong with pages, by what found it. */
export interface Wrong {
  tooWide: string[];
  axe: string[];
  tooFaint: string[];
}

/**
 * What is wrong with pages in the window of a tab, each opened once by whoever opens it, unfolded. What axe says of colours
 * and how faint a text is are looked at by day and at night; night changes nothing else.
 */
export async function wrongOn(
  pages: Pages,
  { page, context }: { page: Page; context: BrowserContext },
  chosen: readonly Address[],
  looksForFaint: boolean,
): Promise<Wrong> {
  const wrong: Wrong = { tooWide: [], axe: [], tooFaint: [] };
  let signedInAs: string | undefined;
  for (const { who, path, isAnother } of chosen) {
    if (who !== signedInAs) {
      await context.clearCookies();
      const value = who && (await pages.signIn(`${who}@brightpanes.example`));
      if (value) await context.addCookies([{ name: 'deskhand_session', value, url: pages.url }]);
      signedInAs = who;
    }
    await page.emulateMedia({ colorScheme: 'light' });
    await page.goto(pages.url + path);
    await openFolds(page);
    if ((await overflow(page)) !== 0) wrong.tooWide.push(`${path} is wider than the window`);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      const tell = (words: string) => `${path} (${colorScheme}): ${words}`;
      // The same colours on every window; on the phone two pages of each route are looked at, with the longest of names.
      if (looksForFaint) wrong.tooFaint.push(...(await tooFaint(page)).map(tell));
      const rules = colorScheme === 'dark' ? colourRules : undefined;
      if (!isAnother) wrong.axe.push(...(await axeViolations(page, rules)).map(tell));
    }
  }
  return wrong;
}
