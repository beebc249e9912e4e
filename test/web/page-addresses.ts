import type { BrowserContext, Page } from 'playwright-core';
import { openFolds, overflow } from '../support/browser.ts';
import type { Pages } from '../support/pages.ts';
import { crawl, patternOf, routesOf } from './whole-site.ts';

// Addresses of every page there is: those that links lead to, and those that somebody must know of.

/** Routes that are no pages of their own: they answer a file, a piece of a page, or the way to another one. */
const noPages = [
  ...['/static/:name', '/service-worker.js', '/search/results', '/live', '/open/:kind/:ref'],
  ...['/templates/:kind/mail', '/templates/:kind/away'],
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
  { who: 'olivia', path: '/leads?list=nonsense' },
  { who: 'theo', path: '/close-out' },
  { who: 'theo', path: '/close-out/offline' },
];

/** A page, and who opens it. */
export interface Address {
  who: string | undefined;
  path: string;
}

/** So many addresses for each route, of those that links lead to, and the routes that none was found for. */
export async function addressesOf(
  pages: Pages,
  each: number,
): Promise<{ chosen: Address[]; missing: string[] }> {
  const chosen = new Map<string, Address[]>();
  const routes = routesOf(pages, 'get').filter(route => !noPages.includes(route));
  const routeFor = (path: string) => routes.find(route => patternOf(route).test(path.replace(/\?.*$/, '')));
  const redirects = new Set<string>();
  for (const who of ['olivia', 'theo', 'tess', undefined]) {
    const session = who && (await pages.signIn(`${who}@brightpanes.example`));
    const first = who ? '/' : '/sign-in';
    for (const { path, status, text } of await crawl(pages, first, session)) {
      const route = routeFor(path) ?? 'not found';
      const known = chosen.get(route) ?? [];
      if (status >= 300 && status < 400) redirects.add(route);
      if (text.includes('<html') && known.length < each) chosen.set(route, [...known, { who, path }]);
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

/** What a tab finds wrong with pages, each opened by whoever opens it, unfolded, by day and at night; too wide is wrong anyway. */
export async function wrongOn(
  pages: Pages,
  { page, context }: { page: Page; context: BrowserContext },
  chosen: readonly Address[],
  look: (page: Page) => Promise<readonly string[]>,
): Promise<string[]> {
  const bad: string[] = [];
  let signedInAs: string | undefined;
  for (const { who, path } of chosen) {
    if (who !== signedInAs) {
      await context.clearCookies();
      const value = who && (await pages.signIn(`${who}@brightpanes.example`));
      if (value) await context.addCookies([{ name: 'deskhand_session', value, url: pages.url }]);
      signedInAs = who;
    }
    await page.emulateMedia({ colorScheme: 'light' });
    await page.goto(pages.url + path);
    await openFolds(page);
    if ((await overflow(page)) !== 0) bad.push(`${path} is wider than the window`);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      for (const words of await look(page)) bad.push(`${path} (${colorScheme}): ${words}`);
    }
  }
  return bad;
}
