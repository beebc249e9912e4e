import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { overflow, sizes, type Tab, type TabOptions, useBrowser } from '../support/browser.ts';
import { tellStory, usePages } from '../support/pages.ts';

const pages = usePages();
const openTab = useBrowser();
const script = '<script>window.hit = 1</script><img src=x onerror="window.hit = 1">';

beforeAll(async () => {
  await tellStory(pages());
  const { done, bright } = pages();
  await done(bright.agent, 'contact.create', { full_name: `Hostile ${script}` });
});

async function openAsDana(path: string, options: TabOptions = {}): Promise<Tab> {
  const tab = await openTab(options);
  const value = await pages().signIn('dana@brightpanes.example');
  await tab.context.addCookies([{ name: 'deskhand_session', value, url: pages().url }]);
  await tab.page.goto(pages().url + path);
  return tab;
}

const bar = (page: Page) => page.getByRole('dialog', { name: 'Search everything' });
const field = (page: Page) => page.getByRole('combobox', { name: 'Search everything' });
const option = (page: Page, name: string | RegExp) => page.getByRole('option', { name });
const chosen = (page: Page) => page.locator('[role=option][aria-selected=true]');

describe('the command bar', () => {
  test.each(sizes)('fits $width × $height, with results and without', async size => {
    const { page, complaints } = await openAsDana('/leads', { size });
    await page.keyboard.press('Control+k');
    await bar(page).waitFor();
    expect(await overflow(page)).toBe(0);
    await page.keyboard.type('jane');
    await option(page, /Jane Smith C-1001/).waitFor();
    expect(await overflow(page)).toBe(0);
    const box = await bar(page).boundingBox();
    expect(box && box.x >= 0 && box.x + box.width <= size.width && box.y + box.height <= size.height).toBe(
      true,
    );
    const small = await page
      .locator('dialog :is(a, button, input)')
      .evaluateAll(all => all.filter(each => Math.round(each.getBoundingClientRect().height) < 44).length);
    expect(small).toBe(0);
    expect(complaints).toEqual([]);
  });

  test('opens with Ctrl+K, ⌘K, / and a touch of the field, and gives the focus back when it closes', async () => {
    const { page } = await openAsDana('/contacts');
    const link = page.getByRole('link', { name: 'Jane Smith' });
    await link.focus();
    for (const key of ['Control+k', 'Meta+k', '/']) {
      await page.keyboard.press(key);
      await bar(page).waitFor();
      expect(await field(page).evaluate(each => each === each.ownerDocument.activeElement)).toBe(true);
      await page.keyboard.press('Escape');
      await bar(page).waitFor({ state: 'hidden' });
      expect(await link.evaluate(each => each === each.ownerDocument.activeElement)).toBe(true);
    }
    await page.keyboard.press('Control+k');
    await bar(page).waitFor();
    await page.keyboard.press('Control+k');
    await bar(page).waitFor({ state: 'hidden' });
    // A phone has no room for the field, only for its button.
    await page.locator('header').getByRole('button', { name: 'Find' }).click();
    await bar(page).waitFor();
    await bar(page).getByRole('button', { name: 'Close' }).click();
    await bar(page).waitFor({ state: 'hidden' });
  });

  test('leaves a / that is typed into a field alone', async () => {
    const { page } = await openAsDana('/contacts/C-1001');
    const note = page.getByLabel('New note');
    await note.focus();
    await page.keyboard.type('1/2 day');
    expect(await note.inputValue()).toBe('1/2 day');
    expect(await page.locator('dialog[open]').count()).toBe(0);
  });

  test('shows the places whose words fit before the server has answered', async () => {
    const { page, context } = await openAsDana('/contacts');
    await context.route('**/search/results*', () => {
      // Never answered: what is shown comes from the page itself.
    });
    await page.keyboard.press('Control+k');
    await bar(page).waitFor();
    expect(await option(page, 'Today').count()).toBe(1);
    await page.keyboard.type('reschedule');
    await option(page, 'Customers').waitFor({ state: 'detached' });
    expect(await page.getByRole('option').allInnerTexts()).toEqual(['Calendar']);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL(`${pages().url}/calendar`);
  });

  test('is used with the arrow keys; the field says which option they are on', async () => {
    const { page, complaints } = await openAsDana('/leads');
    await page.keyboard.press('Control+k');
    await bar(page).waitFor();
    await page.keyboard.type('jane smith');
    await option(page, /Jane Smith C-1001/).waitFor();
    expect(await bar(page).getByRole('status').innerText()).toMatch(/^\d+ results?\.$/);
    expect(await field(page).getAttribute('aria-expanded')).toBe('true');
    expect(await chosen(page).count()).toBe(0);
    await page.keyboard.press('ArrowDown');
    expect(await chosen(page).count()).toBe(1);
    expect(await field(page).getAttribute('aria-activedescendant')).toBe(
      await chosen(page).getAttribute('id'),
    );
    const first = await chosen(page).innerText();
    await page.keyboard.press('ArrowUp');
    expect(await chosen(page).count()).toBe(0);
    await page.keyboard.press('ArrowUp');
    expect(await chosen(page).innerText()).not.toBe(first);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/contacts/C-1001');
    expect(complaints).toEqual([]);
  });

  test('goes to the search page with Enter when nothing is chosen', async () => {
    const { page } = await openAsDana('/contacts');
    await page.keyboard.press('Control+k');
    await bar(page).waitFor();
    await page.keyboard.type('mrs hart');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/search?q=mrs+hart');
    await page.getByRole('heading', { name: 'Customers' }).waitFor();
  });

  test('gives up what was asked before when something else is asked', async () => {
    const { page, context } = await openAsDana('/contacts');
    await context.route('**/search/results?q=jane', () => {
      // Held back until the browser gives it up.
    });
    await page.keyboard.press('Control+k');
    await bar(page).waitFor();
    const asked = page.waitForRequest('**/search/results?q=jane');
    await page.keyboard.type('jane');
    await asked;
    const given = page.waitForEvent('requestfailed', request => request.url().endsWith('q=jane'));
    await field(page).fill('hart');
    expect((await given).failure()?.errorText).toBe('net::ERR_ABORTED');
    await option(page, /Mrs Hart C-1002/).waitFor();
  });

  test('says so when the server does not answer, and Enter still tries the page', async () => {
    const { page, context } = await openAsDana('/contacts');
    await context.route('**/search/results*', route => route.abort());
    await page.keyboard.press('Control+k');
    await bar(page).waitFor();
    await page.keyboard.type('jane');
    await page.getByText('The search does not answer.').waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL('**/search?q=jane');
  });

  test('shows what strangers wrote as text', async () => {
    const { page, complaints } = await openAsDana('/contacts');
    await page.keyboard.press('Control+k');
    await bar(page).waitFor();
    await page.keyboard.type('hostile');
    await option(page, /Hostile/)
      .first()
      .waitFor();
    expect(
      await option(page, /Hostile/)
        .first()
        .innerText(),
    ).toContain(script);
    expect(await page.evaluate('window.hit')).toBeUndefined();
    expect(complaints).toEqual([]);
  });

  test('leads from a command to where one says with which visit, and from there to its form', async () => {
    const { page } = await openAsDana('/capabilities/ticket');
    await page.keyboard.press('Control+k');
    await bar(page).waitFor();
    await page.keyboard.type('cancel visit');
    await option(page, /Cancel ticket/).click();
    await page.getByRole('heading', { name: 'Which visit is cancelled?' }).waitFor();
    await page.getByRole('link', { name: 'Jane Smith' }).first().click();
    await page.getByRole('heading', { name: 'Cancel the visit' }).waitFor();
  });
});

describe('without JavaScript', () => {
  test('the form of the header finds the same', async () => {
    const { page } = await openAsDana('/contacts', { javaScript: false, size: sizes[1] });
    const form = page.locator('header').getByRole('search', { name: 'Everything' });
    await form.getByRole('searchbox', { name: 'Search everything' }).fill('jane smith');
    await form.getByRole('button', { name: 'Find' }).click();
    await page.getByRole('heading', { name: 'Search', exact: true }).waitFor();
    expect(await form.getByRole('searchbox').inputValue()).toBe('jane smith');
    await page.setViewportSize({ ...sizes[0] });
    await page.goto(`${pages().url}/contacts`);
    await form.getByRole('button', { name: 'Find' }).click();
    await page.getByRole('main').getByRole('searchbox', { name: 'Search everything' }).fill('jane smith');
    await page.getByRole('main').getByRole('button', { name: 'Search' }).click();
    await page.getByRole('main').getByRole('link', { name: 'Jane Smith' }).first().click();
    await page.waitForURL('**/contacts/C-1001');
  });
});
