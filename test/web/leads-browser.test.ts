import { beforeAll, describe, expect, test } from 'vitest';
import { type Tab, type TabOptions, useBrowser } from '../support/browser.ts';
import { tellStory, usePages } from '../support/pages.ts';

const pages = usePages();
const openTab = useBrowser();

beforeAll(() => tellStory(pages()));

async function openAsDana(options: TabOptions = {}): Promise<Tab> {
  const tab = await openTab(options);
  const value = await pages().signIn('dana@brightpanes.example');
  await tab.context.addCookies([{ name: 'deskhand_session', value, url: pages().url }]);
  return tab;
}

const newest = async (type: string) =>
  (await pages().read(pages().bright.owner, type, { sort: '-created_at', limit: 1 }))[0] ?? {};

describe('somebody on the telephone', () => {
  test('without JavaScript takes an inquiry down, corrects what was understood, and makes a customer of it', async () => {
    const { page } = await openAsDana({ javaScript: false });
    await page.goto(pages().url);
    await page.getByRole('link', { name: /^Inbox/ }).click();
    await page.getByRole('link', { name: 'Inquiries', exact: true }).click();
    await page.getByRole('main').getByRole('link', { name: 'New inquiry' }).click();
    await page
      .getByLabel('What is said')
      .fill('Mary Collins called, 256-555-0177, 14 Oak Lane, Huntsville AL 35801. 20+ screens.');
    await page.getByRole('button', { name: 'Save inquiry' }).click();
    await page.getByRole('status').getByText('is saved.').waitFor();

    const name = page.getByLabel('Name', { exact: true });
    expect(await name.inputValue()).toBe('Mary Collins');
    expect(await name.getAttribute('aria-describedby')).toBe('full_name-by');
    expect(await page.locator('#full_name-by').innerText()).toBe('by rules');
    await name.fill('Marie Collins');
    await page.getByLabel('Urgency').selectOption('high');
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.getByText('Confirmed.').waitFor();
    expect(await newest('leads')).toMatchObject({ full_name: 'Marie Collins' });

    await page.getByRole('button', { name: 'Convert to customer' }).click();
    await page.getByText('The lead is a customer now.').waitFor();
    await page.getByRole('link', { name: 'Marie Collins' }).click();
    await page.getByRole('heading', { name: 'Marie Collins' }).waitFor();
    await page.getByText('property screen count: 20+').waitFor();
    expect(await page.locator('#facts ~ ul .confirmed').count()).toBe(1);
  });

  test('is warned of a card number as soon as the field is left, and it is never sent', async () => {
    const { page, complaints } = await openAsDana();
    await page.goto(`${pages().url}/leads/new`);
    const notes = page.getByLabel('What is said');
    expect(await notes.evaluate(field => field === field.ownerDocument.activeElement)).toBe(true);
    await notes.fill('Otto Zwick, card 4242 4242 4242 4242');
    await page.keyboard.press('Tab');
    expect(await page.locator('.redaction-warning').innerText()).toContain('A card number was removed.');
    expect(await notes.inputValue()).toBe('Otto Zwick, card [REDACTED CARD ..4242]');
    const [sent] = await Promise.all([
      page.waitForRequest(request => request.method() === 'POST'),
      page.getByRole('button', { name: 'Save inquiry' }).click(),
    ]);
    expect(sent.postData()).not.toMatch(/4242\D+4242/);
    await page.getByText('is saved.').waitFor();
    expect(complaints).toEqual([]);
  });

  test('with the keyboard alone writes down the call back and ticks it off', async () => {
    const { done, bright } = pages();
    const lead = await done(bright.owner, 'lead.create', {
      full_name: 'Kay Board',
      raw_notes: 'Gutters',
      follow_up: false,
    });
    const { page, complaints } = await openAsDana();
    const { keyboard } = page;
    await page.goto(`${pages().url}/leads/${String(lead.reference)}`);
    await page.getByLabel('What was said').focus();
    await keyboard.type('Asked for a quote by Friday.');
    await keyboard.press('Tab');
    await keyboard.type('11202026');
    await keyboard.press('ArrowRight');
    await keyboard.type('0930AM');
    await page.getByRole('button', { name: 'Save entry' }).focus();
    await keyboard.press('Enter');
    await page.getByText('The entry is saved.').waitFor();
    await page.getByText('Call back Fri, Nov 20, 2026, 9:30 AM').waitFor();
    await page.getByRole('button', { name: 'Called back' }).focus();
    await keyboard.press('Enter');
    await page.getByText('Called back: noted.').waitFor();
    expect(await newest('interactions')).toMatchObject({
      follow_up_status: 'completed',
      body: 'Asked for a quote by Friday.',
    });
    expect(complaints).toEqual([]);
  });

  test('pressing the button twice at once takes one inquiry down', async () => {
    const { page } = await openAsDana();
    await page.goto(`${pages().url}/leads/new`);
    await page.getByLabel('What is said').fill('Pressed twice in a hurry');
    const count = async () =>
      (await pages().read(pages().bright.owner, 'leads', { search: 'hurry', limit: 100 })).length;
    expect(await count()).toBe(0);
    await page.getByRole('button', { name: 'Save inquiry' }).dblclick();
    await page.getByText('is saved.').waitFor();
    expect(await count()).toBe(1);
  });
});
