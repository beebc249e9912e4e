import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { callWords } from '../../core/audit/deed-words.ts';
import { packageRoot } from '../../core/kernel/database/package-root.ts';
import { axeViolations, colourRules } from '../support/axe.ts';
import { overflow, sizes, useBrowser } from '../support/browser.ts';
import { usePages } from '../support/pages.ts';
import { elsewhere, neverShown } from './forms-taken.ts';
import { addressesOf, type Wrong, wrongOn } from './page-addresses.ts';
import { tooFaint } from './too-faint.ts';
import { type Crawled, crawl, tellMore } from './whole-site.ts';
import { foundOn } from './words-of-ours.ts';

// Every page there is, found by its links, without anyone remembering to list it. Each is fetched once by everybody who is
// led to it, and opened once on a phone and once on a laptop; the tests below look at what was found there.

// Browsers make passkeys at a name, not at a number.
const pages = usePages({}, { host: 'localhost' });
const openTab = useBrowser();
const long = 'Bartholomew Maximilian Featherstonehaugh-Cholmondeley von und zu Hohenzollern-Sigmaringen';
const patience = 400_000;

/** What everybody is led to; nobody is led on from the page that signs in. */
const crawled = new Map<string | undefined, readonly Crawled[]>();
let addresses: Awaited<ReturnType<typeof addressesOf>>;

beforeAll(async () => {
  await tellMore(pages());
  const { done, bright } = pages();
  const contact = await done(bright.owner, 'contact.create', {
    full_name: long,
    email: `${'bartholomew.'.repeat(4)}b@extraordinarilylongdomainname.example`,
    notes: 'A'.repeat(300),
    custom_fields: { some_very_long_name_of_a_custom_field: 'with'.repeat(40) },
  });
  await done(bright.owner, 'ticket.create', { contact_id: contact.id, scheduled_at: '2026-11-18T16:00' });
  for (const who of ['olivia', 'dana', 'theo', 'tess']) {
    // Signed in twice, so that one can be ended from the other.
    await pages().signIn(`${who}@brightpanes.example`);
    const session = await pages().signIn(`${who}@brightpanes.example`);
    crawled.set(who, await crawl(pages(), '/', session));
  }
  crawled.set(undefined, await crawl(pages(), '/sign-in'));
  addresses = await addressesOf(pages(), crawled);
}, patience);

const looks = new Map<number, Promise<Wrong>>();

/** What is wrong with the pages in a window: they are opened when the first test asks. A phone is shown two of each route. */
function wrongAt(size: (typeof sizes)[number]): Promise<Wrong> {
  const look = async () => {
    const isPhone = size === sizes[0];
    const chosen = addresses.chosen.filter(one => isPhone || !one.isAnother);
    return wrongOn(pages(), await openTab({ size }), chosen, isPhone);
  };
  const known = looks.get(size.width) ?? look();
  looks.set(size.width, known);
  return known;
}

describe('nobody is kept out by how a page is made', () => {
  test.each(sizes)(
    'axe finds nothing wrong with any page at $width × $height, by day and at night',
    async size => {
      expect(addresses.chosen.filter(one => !one.isAnother).length).toBeGreaterThan(40);
      const { tooWide, axe } = await wrongAt(size);
      expect([...tooWide, ...axe]).toEqual([]);
    },
    patience,
  );

  test(
    'every page fits the smallest phone and can be read, by day and at night',
    async () => {
      expect(addresses.missing).toEqual([]);
      expect(addresses.chosen.length).toBeGreaterThan(40);
      const { tooWide, tooFaint } = await wrongAt(sizes[0]);
      expect([...tooWide, ...tooFaint]).toEqual([]);
    },
    patience,
  );

  test('what is wrong with a page would be found', async () => {
    const { page } = await openTab();
    await page.setContent(
      '<!doctype html><html><title>t</title><main><h1>t</h1><input><p style="color:#999">faint</p></main>',
    );
    const found = (await axeViolations(page)).join('\n');
    for (const rule of ['html-has-lang', 'label', 'color-contrast']) expect(found).toContain(`${rule} (`);
    const ofColours = await axeViolations(page, colourRules);
    expect(ofColours.map(words => words.split(' ')[0])).toEqual(['color-contrast']);
  });

  test('what is too faint, or too wide, would be found', async () => {
    const { page } = await openTab({ size: sizes[0] });
    await page.setContent(
      '<body style="background: #fff"><p style="color: #777">Grey</p><p>Black</p></body>',
    );
    expect(await tooFaint(page)).toEqual(['“Grey” 4.48']);
    await page.setContent('<input placeholder="Faint" style="color: #000; background: #888">');
    expect(await tooFaint(page)).toHaveLength(1);
    await page.setContent('<p style="width: 400px">Wide</p>');
    expect(await overflow(page)).toBeGreaterThan(0);
  });

  test('night changes colours and nothing else, so that colours alone are looked at again', () => {
    const folder = path.join(packageRoot, 'web-review', 'static');
    const sheets = readdirSync(folder).filter(name => name.endsWith('.css'));
    const atNight = sheets.flatMap(name =>
      [
        ...readFileSync(path.join(folder, name), 'utf8').matchAll(
          /@media[^{]*prefers-color-scheme[^{]*[{]([^{]*)[{]([^{}]*)[}]\s*[}]?/g,
        ),
      ].map(([, what = '', rules = '']) => ({ what: what.trim(), rules })),
    );
    expect(atNight.length).toBeGreaterThan(1);
    for (const { what, rules } of atNight) {
      expect(what).toBe(':root');
      expect(rules.split(';').filter(rule => !/^\s*(--|$)/.test(rule))).toEqual([]);
    }
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
});

describe('every page', () => {
  test.each(['olivia', 'dana', 'theo'])('speaks the words of its readers to %s', who => {
    const found = new Map<string, string>();
    const seen = crawled.get(who) ?? [];
    // No link leads where nothing is.
    expect(seen.filter(({ status }) => status >= 400).map(({ path }) => path)).toEqual([]);
    expect(seen.length).toBeGreaterThan(who === 'theo' ? 5 : 60);
    for (const { path, text } of seen) {
      for (const word of foundOn(text, path)) if (!found.has(word)) found.set(word, path);
    }
    expect([...found].map(([word, path]) => `${path}: ${word}`)).toEqual([]);
  });
});

test('no action is told in words of ours, whatever was done', () => {
  const { registry } = pages().app;
  expect(registry.actions.size).toBeGreaterThan(100);
  const found = [...registry.actions.keys(), ...registry.workflows.keys()].flatMap(id => {
    const { verb, past, object, says = '' } = callWords(registry, id);
    const said = `<p>${verb} ${object}</p><p>${past} ${object}</p><p>${says.replace(/[{][^}]*[}]/g, '~')}</p>`;
    const wrong = /\b(?:seted|(?:an?|the) (?:set|confirm)\w*|of closeout)\b/.exec(said);
    return [...foundOn(said, '/'), ...(wrong ? [wrong[0]] : [])].map(word => `${id}: ${word}`);
  });
  expect(found).toEqual([]);
});

test('a word of ours would be found, in a text, a label and a title', () => {
  const page =
    '<title>Outbox</title><p>2 <b>rows</b> change</p><button aria-label="Delete contact">x</button><p>soft_limit</p>';
  expect(foundOn(page, '/').map(found => found.split(' ')[0])).toEqual([
    'contact',
    'Outbox',
    'rows',
    'soft_limit',
    'soft_limit',
  ]);
  const fine = '<p>The visit leads to a new customer; <bdi>Contact Lens Ltd</bdi> has a dog.</p>';
  expect(foundOn(fine, '/')).toEqual([]);
});

test('every form that is taken is shown on a page somebody can get to', async () => {
  const link = await crawl(pages(), await pages().linkFor('olivia@brightpanes.example'));
  const shown = ['olivia', 'theo', 'tess', undefined].flatMap(who => crawled.get(who) ?? []);
  // Nobody can press a button that stands in the code alone; the tests named there press what this story does not reach.
  expect(neverShown(pages(), [...shown, ...link])).toEqual(Object.keys(elsewhere));
});
