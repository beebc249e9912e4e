import { beforeAll, expect, test } from 'vitest';
import { axeByDayAndNight } from '../support/axe.ts';
import { openFolds, overflow, sizes, useBrowser } from '../support/browser.ts';
import { usePages } from '../support/pages.ts';
import { tellMore } from './whole-site.ts';

// What an owner sets up, as it looks: on a phone and a laptop, by day and at night.

const pages = usePages();
const openTab = useBrowser();
const hostile = `<img src=x onerror="window.hit = 1">${'W'.repeat(120)}`;

beforeAll(async () => {
  await tellMore(pages());
  const { done, bright } = pages();
  await done(bright.owner, 'service.create', { name: hostile, pricing: 'flexible', unit: hostile });
  await done(bright.owner, 'lead_form.create', { name: hostile });
  await done(bright.owner, 'agent.create', { name: hostile });
  await done(bright.owner, 'member.create', { name: hostile, email: 'w@example.com', role: 'technician' });
});

const paths = [
  ['/settings', 'Settings'],
  ['/settings/security', 'Security settings'],
  ['/people', 'People'],
  ['/people/new', 'Add a person'],
  ['/assistants', 'Assistants'],
  ['/assistants/new', 'Add an assistant'],
  ['/website-form', 'Website form'],
  ['/website-form/LF-101', undefined],
  ['/website-form/LF-101/try', 'Try it'],
  ['/imports', 'Import'],
  ['/imports/I-1', 'customers.csv'],
  ['/hours', 'Business hours'],
  ['/prices', 'Price list'],
  ['/prices/S-1', undefined],
  ['/prices/new', 'Add a service'],
] as const;

test.each(sizes)(
  'the pages fit $width × $height, offend nobody by day and at night, and run nothing of strangers',
  async size => {
    const value = await pages().signIn('olivia@brightpanes.example');
    const { page, context, complaints } = await openTab({ size });
    await context.addCookies([{ name: 'deskhand_session', value, url: pages().url }]);
    const look = async (path: string) => {
      await openFolds(page);
      expect(await overflow(page), path).toBe(0);
      expect(await axeByDayAndNight(page), path).toEqual([]);
      expect(await page.evaluate('window.hit'), path).toBeUndefined();
      const small = await page
        .locator(
          'main :is(button, .button, .links a, select, summary, input:not([type=radio], [type=checkbox], [type=hidden]))',
        )
        .evaluateAll(all =>
          all
            .filter(each => each.checkVisibility() && Math.round(each.getBoundingClientRect().height) < 44)
            .map(each => each.outerHTML),
        );
      expect(small, path).toEqual([]);
    };
    for (const [path, heading] of paths) {
      expect((await page.goto(pages().url + path))?.status(), path).toBe(200);
      if (heading) expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe(heading);
      await look(path);
    }
    for (const list of ['/people', '/assistants']) {
      await page.goto(pages().url + list);
      await page.locator('main .list a').first().click();
      await look(page.url());
    }
    expect(complaints).toEqual([]);
  },
);

test('by the keyboard alone a person is added', async () => {
  const value = await pages().signIn('olivia@brightpanes.example');
  const { page, context } = await openTab({ size: sizes[1] });
  await context.addCookies([{ name: 'deskhand_session', value, url: pages().url }]);
  await page.goto(`${pages().url}/people`);
  const until = async (name: RegExp) => {
    for (let steps = 0; steps < 60; steps++) {
      await page.keyboard.press('Tab');
      const here = await page.evaluate(
        "document.activeElement.labels?.[0]?.textContent ?? document.activeElement.textContent ?? ''",
      );
      if (name.test(String(here))) return;
    }
    throw new Error(`nothing called ${String(name)} is reached with Tab`);
  };
  await until(/^Add a person$/);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Add a person' }).waitFor();
  await until(/^Name$/);
  await page.keyboard.type('Kay');
  await until(/^E-mail$/);
  await page.keyboard.type('kay@brightpanes.example');
  await until(/Technician/);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByRole('status').getByText('Kay is added').waitFor();
  expect(await page.locator('main dl').innerText()).toContain('Office');
});
