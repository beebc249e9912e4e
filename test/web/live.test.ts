import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, test } from 'vitest';
import { type Tab, useBrowser } from '../support/browser.ts';
import { as } from '../support/office.ts';
import { usePages } from '../support/pages.ts';
import { useReview } from './review-people.ts';
import { askFor, owner, theo } from './review-story.ts';

// Two people at once, in a real browser: what one of them does, the other is told of without loading the page again.

const pages = usePages();
const openTab = useBrowser();
const { session } = useReview(pages);
const tess = 'tess@brightpanes.example';
let at = 0;

/** A time of the day of the story that no visit of it has. */
beforeEach(() => {
  at += 1;
});

async function openAs(email: string): Promise<Tab> {
  const tab = await openTab();
  const { signIn, url } = pages();
  await tab.context.addCookies([{ name: 'deskhand_session', value: await signIn(email), url }]);
  return tab;
}

/** Opens a page and waits until it has asked for the first time, so that what comes after is news. */
async function openPage(page: Page, path: string): Promise<void> {
  const asked = page.waitForResponse(/\/live\?/);
  await page.goto(pages().url + path);
  await asked;
}

const dana = () => as(pages().bright, 'Dana');
const move = (ticket: string, to: string) =>
  pages().done(dana(), 'ticket.reschedule', { ticket_id: ticket, scheduled_at: to });

describe('an open page', () => {
  test('tells the owner that a visit of the day was moved, from when to when, and leads to it', async () => {
    const { page, complaints } = await openAs(owner);
    await openPage(page, '/');
    await move('T-2001', '2026-11-18T15:30');
    const told = page.getByRole('status').filter({ hasText: 'Theo’s 2:00 PM moved to 3:30 PM' });
    await told.waitFor();
    await told.getByRole('link', { name: 'Show' }).click();
    await page.getByText('3:30 PM').first().waitFor();
    expect(complaints).toEqual([]);
    await move('T-2001', '2026-11-18T14:00');
  });

  test('counts what waits without being loaded again, and leaves what somebody types alone', async () => {
    const { page } = await openAs(owner);
    await openPage(page, '/contacts/C-1001');
    await page.locator('#content').first().fill('Half a sent');
    await page.locator('#content').first().focus();
    const before = await countOf(page);
    const request = await askFor(pages(), 'contact.update', {
      contact_id: 'C-1002',
      nickname: `Count ${at}`,
    });
    await expect.poll(() => countOf(page)).toBe(before + 1);
    expect(await page.locator('#content').first().inputValue()).toBe('Half a sent');
    expect(await page.evaluate('document.activeElement.id')).toBe('content');
    const [row] = await pages().read(pages().bright.owner, 'authorization_requests', { id: request });
    await pages().done(pages().bright.owner, 'authorization.deny', { request, digest: row?.digest });
    await expect.poll(() => countOf(page)).toBe(before);
  });

  const countOf = async (page: Page): Promise<number> => {
    const count = page.locator('.tabs a[href="/inbox"] .count');
    return (await count.count()) === 0 ? 0 : Number.parseInt(await count.innerText(), 10);
  };

  test('tells a technician of their own visits and of nobody else’s', async () => {
    const [mine, other] = [await openAs(theo), await openAs(tess)];
    await openPage(mine.page, '/');
    await openPage(other.page, '/');
    await move('T-2001', '2026-11-18T16:00');
    await mine.page.getByText('Theo’s 2:00 PM moved to 4:00 PM').waitFor();
    // Tess is told of hers, and of nothing before it.
    await move('T-2002', '2026-11-18T10:00');
    const told = other.page.locator('.news');
    await told.filter({ hasText: 'moved' }).waitFor();
    expect(await told.innerText()).toContain('Tess’s 9:30 AM moved to 10:00 AM');
    await move('T-2001', '2026-11-18T14:00');
    await move('T-2002', '2026-11-18T09:30');
  });

  test('that cannot reach the server asks less and less often', async () => {
    const { page } = await openAs(owner);
    await page.clock.install();
    await openPageAt(page, '/');
    let asked = 0;
    await page.route(/\/live\?/, route => {
      asked += 1;
      return route.abort();
    });
    for (let seconds = 0; seconds < 60; seconds += 1) await page.clock.runFor(1000);
    expect(asked).toBeGreaterThan(0);
    expect(asked).toBeLessThan(5);
  });

  test('on which entries wait for signal asks nothing before they are sent', async () => {
    const { page } = await openAs(owner);
    await page.clock.install();
    await openPageAt(page, '/contacts');
    // As the page of a technician shows what it could not send.
    await page.evaluate(
      "document.body.insertAdjacentHTML('beforeend', '<div id=queue><p>Not sent yet</p></div>')",
    );
    let asked = 0;
    page.on('request', request => {
      if (request.url().includes('/live')) asked += 1;
    });
    for (let seconds = 0; seconds < 20; seconds += 1) await page.clock.runFor(1000);
    expect(asked).toBe(0);
    await page.evaluate("document.querySelector('#queue').remove()");
    const again = page.waitForRequest(/\/live\?/);
    for (let seconds = 0; seconds < 6; seconds += 1) await page.clock.runFor(1000);
    await again;
  });

  test('whose form is on its way asks nothing meanwhile: who signs out is not refused', async () => {
    const { page } = await openAs(tess);
    await page.clock.install();
    await page.goto(pages().url);
    // On a slow line it stays for as long as the answer takes.
    await page.evaluate("document.addEventListener('submit', event => event.preventDefault())");
    let asked = 0;
    page.on('request', request => {
      if (request.url().includes('/live')) asked += 1;
    });
    await page.getByRole('button', { name: 'Sign out', exact: true }).click();
    // Long enough for its first question.
    await page.clock.runFor(1000);
    expect(asked).toBe(0);
    const again = page.waitForRequest(/\/live\?/);
    await page.clock.runFor(5000);
    await again;
  });

  /** As `openPage`, for a page whose clock only goes when the test says so. */
  async function openPageAt(page: Page, path: string): Promise<void> {
    const asked = page.waitForResponse(/\/live\?/);
    await page.goto(pages().url + path);
    await page.clock.runFor(1000);
    await asked;
  }
});

describe('the question of an open page', () => {
  const ask = (path: string, email = owner, headers: Record<string, string> = {}) =>
    pages().send(path, { session: session[email] ?? '', headers });

  test('is answered without a body while nothing happens, in two hundred bytes else', async () => {
    const first = await ask('/live');
    const tag = first.headers.get('etag') ?? '';
    expect((await first.text()).length).toBeLessThan(200);
    const again = await ask('/live', owner, { 'If-None-Match': tag });
    expect([again.status, await again.text()]).toEqual([304, '']);
    await move('T-2001', '2026-11-18T15:00');
    const news = await ask('/live', owner, { 'If-None-Match': tag });
    const text = await news.text();
    expect(text.length).toBeLessThan(200);
    expect(JSON.parse(text)).toMatchObject({
      told: 'Theo’s 2:00 PM moved to 3:00 PM',
      to: '/tickets/T-2001',
    });
    await move('T-2001', '2026-11-18T14:00');
  });

  test('of another business hears nothing of ours, and who is signed out hears nothing at all', async () => {
    const { signIn, send } = pages();
    const carla = await signIn('carla@clearview.example');
    const before = (await send('/live', { session: carla })).headers.get('etag') ?? '';
    const ours = (await ask('/live')).headers.get('etag') ?? '';
    await move('T-2001', '2026-11-18T17:00');
    const heard = await send('/live', { session: carla, headers: { 'If-None-Match': before } });
    expect([heard.status, await heard.text()]).toEqual([304, '']);
    expect((await ask('/live', owner, { 'If-None-Match': ours })).status).toBe(200);
    expect((await send('/live')).status).toBe(401);
    await move('T-2001', '2026-11-18T14:00');
  });
});
