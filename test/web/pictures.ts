import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { findChromium, sizes } from '../support/chromium.ts';

// Pictures of every page, to be looked at: node .tools/test/web/pictures.js <folder> <sign-in link> [<sign-in link> …]
// Each link signs a person in at a running server; two pages of every kind that links lead to are taken, on a phone and on
// a laptop, by day and at night: T--tickets-T-2001--phone-dark.png.

const [folder, ...links] = process.argv.slice(2);
if (folder === undefined || links.length === 0) {
  console.error('Say where the pictures go and who looks: pictures <folder> <sign-in link> …');
  process.exit(1);
}
await mkdir(folder, { recursive: true });
const browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] });
for (const [number, link] of links.entries()) await takeAll(`${number + 1}`, link, folder);
await browser.close();

/** Signs somebody in and takes every page they are led to. */
async function takeAll(who: string, link: string, into: string): Promise<void> {
  const context = await browser.newContext({ viewport: { ...sizes[0] } });
  const page = await context.newPage();
  await page.goto(link);
  const confirm = page.locator('main form button').first();
  if ((await confirm.count()) > 0 && new URL(page.url()).pathname.startsWith('/sign-in')) {
    await Promise.all([page.waitForURL('**/'), confirm.click()]);
  }
  const { origin } = new URL(page.url());
  for (const address of await addressesFrom(page, origin)) {
    await page.goto(origin + address);
    for (const [name, size] of [
      ['phone', sizes[0]],
      ['laptop', sizes[1]],
    ] as const) {
      await page.setViewportSize({ ...size });
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        const file = `${who}-${address.replace(/[^\w-]+/g, '-')}--${name}-${colorScheme}.png`;
        await page.screenshot({ path: path.join(into, file) });
      }
    }
  }
  await context.close();
}

/** The addresses links lead to from the first page on: two of each kind. */
async function addressesFrom(page: Page, origin: string): Promise<string[]> {
  const found = ['/'];
  const pages: string[] = [];
  const kinds = new Map<string, number>();
  for (const address of found) {
    // A file is saved instead of shown, which is no navigation.
    const response = await page.goto(origin + address).catch(() => null);
    if (!response?.headers()['content-type']?.includes('html')) continue;
    pages.push(address);
    const hrefs = await page.locator('a[href^="/"]').evaluateAll(all => all.map(a => a.getAttribute('href')));
    for (const href of hrefs) {
      const next = (href ?? '').replace(/#.*$/, '');
      const kind = next.replace(/[?].*$/, '').replace(/[A-Z]+-[\w-]+|[\da-f-]{36}/g, ':ref');
      if (next === '' || found.includes(next) || /^\/static|cursor=|\.ics$/.test(next)) continue;
      if ((kinds.get(kind) ?? 0) >= 2 || found.length > 150) continue;
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
      found.push(next);
    }
  }
  return pages;
}
