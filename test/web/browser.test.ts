import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { openFolds, overflow, sizes, type Tab, type TabOptions, useBrowser } from '../support/browser.ts';
import { as } from '../support/office.ts';
import { tellStory, usePages } from '../support/pages.ts';

const pages = usePages();
const openTab = useBrowser();
const olivia = 'olivia@brightpanes.example';

beforeAll(async () => {
  await tellStory(pages());
  const { done, bright } = pages();
  await done(as(bright, 'Dana'), 'lead.create', {
    source: 'phone_call',
    raw_notes:
      'Mary Collins, 256-555-0177, mary@example.com, 14 Oak Lane, Huntsville AL 35801: 20+ screens, dog named Rex.',
    reminder_at: '2026-11-19T09:00',
  });
  await done(bright.agent, 'lead.create', { full_name: 'Jane Smith', phone: '256-555-0142' });
  await done(bright.agent, 'lead.disqualify', { lead_id: 'L-1002', reason: 'budget' });
  const message = { subject: 'Bright Panes: would you like us to come again?', send_at: '2027-05-18T09:00' };
  for (const contact_id of ['C-1001', 'C-1002'])
    await done(bright.owner, 'message.schedule', { contact_id, body: 'Hello.', ...message });
  await done(bright.agent, 'company.create', {
    name: `${'Riverbend'.repeat(9)} & Sons`,
    website: `https://riverbend.example/${'deep/'.repeat(40)}`,
    tags: ['net 30', 'x'.repeat(50)],
    notes: 'Bills go to Huntsville. '.repeat(80),
    custom_fields: { account_number: 'R'.repeat(200) },
  });
  await done(bright.agent, 'attribute.set', { contact_id: 'C-1001', key: 'pet', value: 'dog' });
});

async function openAs(email: string, options: TabOptions = {}): Promise<Tab> {
  const tab = await openTab(options);
  const { signIn, url } = pages();
  await tab.context.addCookies([{ name: 'deskhand_session', value: await signIn(email), url }]);
  return tab;
}

const focused = (page: Page) => page.locator(':focus');

const everyPage = [
  '/',
  '/?date=2026-11-20',
  '/calendar?view=week',
  '/calendar?view=month',
  '/contacts',
  '/contacts?search=hart',
  '/contacts/C-1001',
  '/contacts/C-1002',
  '/tickets/T-2001',
  '/contacts/C-1001/timeline',
  '/tickets/T-2003',
  '/leads',
  '/leads/new',
  '/leads/L-1001',
  '/leads/L-1001/timeline',
  '/leads/L-1002',
  '/follow-ups',
  '/facts',
  '/search',
  '/search?q=jane',
  '/search?q=zzzz',
  '/capabilities',
  '/capabilities/ticket',
  '/messages',
  '/messages?state=all&customer=C-1001',
  '/outbox',
  '/records',
  '/records/companies',
  '/records/companies/CO-101',
  '/records/companies/CO-101/edit',
  '/records/companies/new',
  '/records/services',
  '/records/services/S-1',
  '/records/addresses/A-1001',
  '/records/notes',
  '/records/notes/N-1001/edit',
  '/records/members',
  '/records/invoices',
  '/records/contacts?by_kind=person&sort=-created_at',
  '/records/contacts/C-1001',
  '/records/contacts/C-1001/edit',
  '/records/tickets/T-2001',
  '/records/interactions/new',
];

describe('every page', () => {
  test.each(sizes)('fits $width × $height, by day and at night, and leaves the console quiet', async size => {
    const { page, complaints } = await openAs(olivia, { size });
    for (const path of everyPage) {
      const response = await page.goto(pages().url + path);
      expect(response?.status(), path).toBe(200);
      await openFolds(page);
      expect(await overflow(page), path).toBe(0);
    }
    const paper = () =>
      page
        .locator('body')
        .evaluate(body => body.ownerDocument.defaultView.getComputedStyle(body).backgroundColor);
    expect(await paper()).toBe('rgb(246, 246, 243)');
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await paper()).toBe('rgb(17, 19, 21)');
    expect(await overflow(page)).toBe(0);
    expect(complaints).toEqual([]);
  });

  test('of whoever is not signed in fits too', async () => {
    const { page, complaints } = await openTab();
    for (const path of ['/sign-in', await pages().linkFor(olivia)]) {
      await page.goto(pages().url + path);
      expect(await overflow(page), path).toBe(0);
    }
    expect(complaints).toEqual([]);
    for (const path of ['/sign-in/used', '/nope']) {
      await page.goto(pages().url + path);
      expect(await overflow(page), path).toBe(0);
    }
  });

  test('has one heading, a language, and fields and buttons a finger can hit', async () => {
    const { page } = await openAs(olivia);
    for (const path of everyPage) {
      await page.goto(pages().url + path);
      expect(await page.locator('h1').count(), path).toBe(1);
      expect(await page.locator('html').getAttribute('lang')).toBe('en');
      expect(await tooSmall(page), path).toEqual([]);
    }
  });
});

/** What a finger misses: less than 44 pixels high, or a field whose small letters make a phone zoom in. */
function tooSmall(page: Page): Promise<string[]> {
  const targets = page.locator(
    'button, .button, input:not([type=hidden]), select, textarea, summary, header a, .tabs a, .links a, .main, .days a, .week a, .month a',
  );
  return targets.evaluateAll(elements =>
    elements
      .filter(element => {
        // A finger may hit the words beside a tick as well.
        const { height } = (element.closest('label') ?? element).getBoundingClientRect();
        const { fontSize } = element.ownerDocument.defaultView.getComputedStyle(element);
        const isField = ['INPUT', 'SELECT', 'TEXTAREA'].includes(element.tagName);
        // What lies in a closed fold has no height.
        return (height > 0 && Math.round(height) < 44) || (isField && Number.parseFloat(fontSize) < 16);
      })
      .map(element => element.outerHTML.slice(0, 100)),
  );
}

describe('with the keyboard alone', () => {
  test('somebody signs in, reads, writes a note, and signs out', async () => {
    const { page, complaints } = await openTab();
    const { url, newestMail, read, bright } = pages();
    const { keyboard } = page;
    const ready = () => page.locator('main :focus').waitFor();
    await page.goto(`${url}/contacts/C-1002`);
    await ready();
    await keyboard.type('dana@brightpanes.example');
    await keyboard.press('Enter');
    await page.waitForURL('**/sign-in');
    await page.getByRole('heading', { name: 'Look into your mail' }).waitFor();
    const link = /http:\S+/.exec((await newestMail('dana@brightpanes.example')) ?? '')?.[0] ?? '';
    await page.goto(link);
    await ready();
    await keyboard.press('Enter');
    await page.waitForURL('**/contacts/C-1002');

    await keyboard.press('Tab');
    expect(await focused(page).innerText()).toBe('Skip to the content');
    expect((await focused(page).boundingBox())?.x).toBeGreaterThanOrEqual(0);
    await keyboard.press('Enter');
    expect(await focused(page).getAttribute('id')).toBe('main');
    await tabTo(page, '#content');
    expect(
      await focused(page).evaluate(
        field => field.ownerDocument.defaultView.getComputedStyle(field).outlineStyle,
      ),
    ).toBe('solid');
    await keyboard.type('Side door.');
    await tabTo(page, 'button');
    await keyboard.press('Enter');
    await page.getByText('The note is saved.').waitFor();
    const [note] = await read(bright.owner, 'notes', { sort: '-created_at', limit: 1 });
    expect(note?.content).toBe('Side door.');

    await tabTo(page, 'footer button');
    await keyboard.press('Enter');
    await page.getByText('You are signed out.').waitFor();
    await page.goto(url);
    expect(new URL(page.url()).pathname).toBe('/sign-in');
    expect(complaints).toEqual([]);
  });
});

/** Presses Tab until the focus is on the element. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press('Tab');
    if (await page.locator(`${selector}:focus`).count()) return;
  }
  throw new Error(`the keyboard does not reach ${selector}`);
}

describe('a card number in a note', () => {
  test('is gone and the writer warned as soon as the field is left', async () => {
    const { page, complaints } = await openAs(olivia);
    await page.goto(`${pages().url}/contacts/C-1001`);
    const field = page.getByLabel('New note');
    await field.fill('Phone (256) 555-0142');
    await field.blur();
    expect(await field.inputValue()).toBe('Phone (256) 555-0142');
    expect(await page.locator('.redaction-warning').count()).toBe(0);

    await field.fill('She pays with 4242 4242 4242 4242 on Friday');
    await field.blur();
    const warning = page.locator('.redaction-warning');
    await warning.waitFor();
    expect(await field.inputValue()).toBe('She pays with [REDACTED CARD ..4242] on Friday');
    expect(await warning.innerText()).toContain('A card number was removed.');
    expect(await warning.getAttribute('role')).toBe('status');

    await page.getByRole('button', { name: 'Save note' }).click();
    await page.getByText('The note is saved.').waitFor();
    await page.locator('.prose', { hasText: 'She pays with [REDACTED CARD ..4242] on Friday' }).waitFor();
    expect(complaints).toEqual([]);
  });

  test('never leaves the browser, even when the form is sent from inside the field', async () => {
    const { page } = await openAs(olivia);
    await page.goto(`${pages().url}/contacts/C-1001`);
    await page.getByLabel('New note').fill('ssn 123-45-6789');
    const [sent] = await Promise.all([
      page.waitForRequest(request => request.method() === 'POST'),
      page.locator('form', { has: page.locator('#content') }).evaluate(form => form.requestSubmit()),
    ]);
    expect(sent.postData()).toContain(encodeURIComponent('[REDACTED SSN]').replaceAll('%20', '+'));
    expect(sent.postData()).not.toContain('6789');
  });

  test('is stored as a mark when the browser cannot fetch the rule, and nothing of the note is lost', async () => {
    const { page, context } = await openAs(olivia);
    await context.route('**/static/redaction.js*', route => route.abort());
    await page.goto(`${pages().url}/contacts/C-1001`);
    await page.getByLabel('New note').fill('No rule: 4242-4242-4242-4242');
    await page.getByRole('button', { name: 'Save note' }).click();
    await page.getByText('The note is saved.').waitFor();
    const { read, bright } = pages();
    const [note] = await read(bright.owner, 'notes', { sort: '-created_at', limit: 1 });
    expect(note?.content).toBe('No rule: [REDACTED CARD ..4242]');
  });

  test('is stored as a mark without JavaScript too, and the next page says so', async () => {
    const { page } = await openAs(olivia, { javaScript: false });
    await page.goto(`${pages().url}/contacts/C-1001`);
    await page.getByLabel('New note').fill('No script: 4242-4242-4242-4242');
    await page.getByRole('button', { name: 'Save note' }).click();
    expect(await page.locator('.said').innerText()).toContain('A card number was removed');
    const { read, bright } = pages();
    const [note] = await read(bright.owner, 'notes', { sort: '-created_at', limit: 1 });
    expect(note?.content).toBe('No script: [REDACTED CARD ..4242]');
  });
});

describe('without JavaScript', () => {
  test('somebody signs in, searches, opens a visit and signs out', async () => {
    const { page } = await openTab({ javaScript: false });
    const { url, newestMail } = pages();
    await page.goto(url);
    await page.getByLabel('E-mail address').fill(olivia);
    await page.getByRole('button', { name: 'Send me a link' }).click();
    await page.getByRole('heading', { name: 'Look into your mail' }).waitFor();
    await page.goto(/http:\S+/.exec((await newestMail(olivia)) ?? '')?.[0] ?? '');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('link', { name: 'Customers' }).click();
    const main = page.getByRole('main');
    await main.getByRole('searchbox').fill('jane smth');
    await main.getByRole('button', { name: 'Search' }).click();
    await page.getByRole('link', { name: 'Jane Smith' }).click();
    await page.getByRole('link', { name: 'Wed, Nov 18, 2026, 2:00 PM' }).click();
    await page.getByRole('heading', { name: 'Visit T-2001' }).waitFor();
    await page.getByRole('button', { name: 'Sign out', exact: true }).click();
    await page.getByText('You are signed out.').waitFor();
  });
});

test('under the no-referrer rule of the server the browser still tells us that our own forms are ours', async () => {
  const { page } = await openAs(olivia);
  const { url } = pages();
  await page.goto(`${url}/contacts/C-1001`);
  await page.getByLabel('New note').fill('From our page.');
  const [sent] = await Promise.all([
    page.waitForRequest(request => request.method() === 'POST'),
    page.getByRole('button', { name: 'Save note' }).click(),
  ]);
  const headers = await sent.allHeaders();
  expect(headers.origin).toBe(url);
  expect(headers['sec-fetch-site']).toBe('same-origin');
  await page.getByText('The note is saved.').waitFor();
});
