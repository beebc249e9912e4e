import { beforeAll, expect, test } from 'vitest';
import { axeViolations } from '../support/axe.ts';
import { sizes, useBrowser } from '../support/browser.ts';
import { usePages } from '../support/pages.ts';
import { type Address, addressesOf, wrongOn } from './page-addresses.ts';
import { tellMore } from './whole-site.ts';

// Every page there is, as a phone and a laptop show it, by day and at night: nobody is kept out by how it is made.

const pages = usePages({}, { host: 'localhost' });
const openTab = useBrowser();

let chosen: readonly Address[];

beforeAll(async () => {
  await tellMore(pages());
  ({ chosen } = await addressesOf(pages(), 1));
});

test.each(sizes)(
  'axe finds nothing wrong with any page at $width × $height, by day and at night',
  async size => {
    expect(chosen.length).toBeGreaterThan(40);
    const tab = await openTab({ size });
    expect(await wrongOn(pages(), tab, chosen, axeViolations)).toEqual([]);
  },
  400_000,
);

test('what is wrong with a page would be found', async () => {
  const { page } = await openTab();
  await page.setContent(
    '<!doctype html><html><title>t</title><main><h1>t</h1><input><p style="color:#999">faint</p></main>',
  );
  const found = (await axeViolations(page)).join('\n');
  for (const rule of ['html-has-lang', 'label', 'color-contrast']) expect(found).toContain(`${rule} (`);
});

test('with the keyboard alone every page is left as it is entered, and shows where one is', async () => {
  const { page, context } = await openTab({ size: sizes[1] });
  const value = await pages().signIn('olivia@brightpanes.example');
  await context.addCookies([{ name: 'deskhand_session', value, url: pages().url }]);
  for (const path of ['/', '/inbox', '/more', '/contacts', '/calendar', '/invoices']) {
    await page.goto(pages().url + path);
    await page.keyboard.press('Tab');
    const first = page.locator(':focus');
    expect(await first.innerText(), path).toBe('Skip to the content');
    expect((await first.boundingBox())?.x ?? -1, path).toBeGreaterThanOrEqual(0);
    await page.keyboard.press('Enter');
    await expect.poll(() => page.url()).toContain('#main');
    const reached = await page.evaluate(
      `(() => { const all = [...document.querySelectorAll('a[href], button, input, select, textarea, summary')]
        .filter(each => each.checkVisibility({ visibilityProperty: true }) && each.tabIndex >= 0); return all.length; })()`,
    );
    const seen = new Set<string>();
    const faint: string[] = [];
    await page.goto(pages().url + path);
    for (let presses = 0; presses < Number(reached) + 5; presses += 1) {
      await page.keyboard.press('Tab');
      const focus = await page.evaluate(
        `(() => { const at = document.activeElement; const style = getComputedStyle(at);
          return [at.outerHTML.slice(0, 90) + at.getBoundingClientRect().top, at === document.body ? 'end' : style.outlineStyle + style.outlineWidth]; })()`,
      );
      const [what = '', outline = ''] = Array.isArray(focus) ? focus.map(String) : [];
      if (outline === 'end') break;
      seen.add(what);
      if (!/solid|auto/.test(outline) || outline.endsWith('none0px')) faint.push(`${path}: ${what}`);
    }
    expect(faint).toEqual([]);
    // The links of one row look alike: most are enough to know that nothing holds the focus.
    expect(seen.size, path).toBeGreaterThan(Number(reached) * 0.6);
  }
});
