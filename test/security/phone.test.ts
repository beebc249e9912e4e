import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { useBrowser } from '../support/browser.ts';
import { csrfOf } from '../support/pages.ts';
import { isAllSent, isAt, keptIn, pass, usePhone } from '../web/close-out-phone.ts';

// A phone in somebody's hand keeps customers for times without signal. It forgets them at the first word that its session is
// over, in every cache it has, and Back brings none of them.

const { line, pages, openPhone, today, open, effects } = usePhone();
const openTab = useBrowser();

/** What would tell of the customer of the visit. */
const customer = /Jane Smith|123 Main|555-0142/;

/** Everything the browser keeps of us, its databases included. */
async function everything(page: Page): Promise<string> {
  const bases = await page.evaluate(`indexedDB.databases().then(all => JSON.stringify(all))`);
  return (await keptIn(page)) + z.string().parse(bases);
}

const endAll = () => pages().database.owner.query('delete from sessions');

/** A phone that has read the calendar, a visit and the first step of its close-out. */
async function readingPhone() {
  const reference = await today();
  const tab = await openPhone();
  await tab.page.goto(line().url);
  await tab.page.goto(`${line().url}/tickets/${reference}`);
  await open(tab.page, reference);
  await isAt(tab.page, 'work');
  expect(await everything(tab.page)).toMatch(customer);
  return { reference, ...tab };
}

const shown = (page: Page) => page.locator('body').innerText();

/** Nothing of the customer is kept, nor shown by Back, with signal or without. */
async function expectForgotten(page: Page, reference: string): Promise<void> {
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await expect.poll(() => everything(page)).not.toMatch(customer);
  expect(await everything(page)).not.toContain(reference);
  for (let back = 0; back < 4; back++) {
    await page.goBack().catch(() => undefined);
    expect(await shown(page)).not.toMatch(customer);
  }
  line().cut();
  for (const path of ['/', '/calendar', '/close-out', `/close-out/${reference}`, `/tickets/${reference}`]) {
    await page.goto(line().url + path).catch(() => undefined);
    expect(await shown(page)).not.toMatch(customer);
  }
  line().mend();
}

describe('a phone forgets its customers', () => {
  test('when its session is ended elsewhere', async () => {
    const { page, reference } = await readingPhone();
    await endAll();
    await page.goto(`${line().url}/calendar`).catch(() => undefined);
    await expectForgotten(page, reference);
  });

  test('when its person is removed from the business', async () => {
    const { page, reference } = await readingPhone();
    const { done, bright } = pages();
    const theo = bright.people.Theo?.id;
    await done(bright.owner, 'member.delete', { member_id: theo });
    try {
      await page.goto(`${line().url}/tickets/${reference}`);
      await expectForgotten(page, reference);
    } finally {
      await done(bright.owner, 'member.restore', { member_id: theo });
    }
  });

  test('when they sign out and go back', async () => {
    const { page, reference } = await readingPhone();
    await page.goto(line().url);
    await page.getByRole('button', { name: 'Sign out', exact: true }).click();
    await page.getByText('You are signed out.').waitFor();
    await expectForgotten(page, reference);
  });

  test('while an open page waits: the page goes by itself', async () => {
    const { page, reference } = await readingPhone();
    await endAll();
    // What a page does every half a minute, and when there is signal again.
    await page.evaluate(`(async () => {
      await navigator.locks.request('queue', async () => {
        const state = await (await caches.match('/queue')).json();
        delete state.asked;
        await (await caches.open('queue')).put('/queue', new Response(JSON.stringify(state)));
      });
      (await navigator.serviceWorker.ready).active.postMessage(0);
    })()`);
    await expectForgotten(page, reference);
  });

  test('also when a page that was asked for before comes after they have signed out', async () => {
    const { page, reference } = await readingPhone();
    const late = line().hold(`/tickets/${reference}`);
    // The line is slow: the phone shows what it has, and the real page is still on its way.
    await page.goto(`${line().url}/tickets/${reference}`);
    await page.locator('#queue').getByText('No signal: as of').waitFor();
    await late.came;
    await page.getByRole('button', { name: 'Sign out', exact: true }).click();
    await page.getByText('You are signed out.').waitFor();
    line().passed.length = 0;
    late.letGo();
    await expect.poll(() => line().passed.map(({ path }) => path)).toContain(`/tickets/${reference}`);
    await expectForgotten(page, reference);
  });

  test('and somebody else who signs in on the phone finds nothing of the week ahead', async () => {
    const { page, context, reference } = await readingPhone();
    expect(await everything(page)).toContain(`visit-${reference}`);
    await context.clearCookies();
    await page.goto(line().url + (await pages().linkFor('tess@brightpanes.example')));
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: /^Today/ }).waitFor();
    await expect.poll(() => everything(page)).not.toMatch(customer);
    expect(await everything(page)).not.toContain(reference);
  });

  test('and one whose session lives keeps them, also without signal', async () => {
    const { page, reference } = await readingPhone();
    line().cut();
    await page.goto(`${line().url}/tickets/${reference}`);
    expect(await shown(page)).toMatch(customer);
    line().mend();
  });
});

describe('what was typed and not sent', () => {
  const secret = 'Key under the third pot';

  /** Enters notes without signal; then the session is over. */
  async function leftOver() {
    const { page, context, reference } = await readingPhone();
    await pass(page, 'work');
    await isAt(page, 'notes');
    line().cut();
    await page.getByLabel('Notes about the customer').fill(secret);
    await page.getByRole('button', { name: 'Go on' }).click();
    await isAt(page, 'next');
    expect(await everything(page)).toContain('third');
    await endAll();
    line().mend();
    // The page may have noticed by itself, and gone already.
    await page.goto(`${line().url}/calendar`).catch(() => undefined);
    await page.getByText('not sent yet is kept').waitFor();
    return { page, context, reference };
  }

  const enter = async (page: Page, name: string) => {
    await page.goto(line().url + (await pages().linkFor(`${name}@brightpanes.example`)));
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: /^Today/ }).waitFor();
  };

  test('is locked up, so that nobody else reads it on this phone, signed in or not', async () => {
    const { page, reference } = await leftOver();
    expect(await everything(page)).not.toMatch(/third|Key.under/);
    await enter(page, 'tess');
    await page.goto(`${line().url}/close-out`);
    expect(await shown(page)).not.toContain('third');
    expect(await everything(page)).not.toMatch(/third|Key.under/);
    expect(await effects(reference)).toMatchObject({ notes: [], steps: { confirm_work: 1 } });
  });

  test('is sent when whoever typed it signs in again', async () => {
    const { page, reference } = await leftOver();
    await enter(page, 'theo');
    await isAllSent(page);
    await expect.poll(() => effects(reference)).toMatchObject({ steps: { confirm_work: 1, set_notes: 1 } });
  });
});

describe('the memory of the browser', () => {
  test('holds no page: each is no-store but the answers of steps, and those go with the session', async () => {
    const reference = await today();
    const session = await pages().signIn('theo@brightpanes.example');
    const { send, signIn } = pages();
    const olivia = await signIn('olivia@brightpanes.example');
    for (const path of ['/', '/calendar', '/contacts', '/contacts/C-1001', '/search?q=jane', '/sessions']) {
      const answer = await send(path, { session: olivia });
      expect({ path, kept: answer.headers.get('cache-control') }).toEqual({ path, kept: 'no-store' });
    }
    for (const path of ['/', `/tickets/${reference}`, '/close-out', `/close-out/${reference}`]) {
      const answer = await send(path, { session });
      expect({ path, kept: answer.headers.get('cache-control') }).toEqual({ path, kept: 'no-store' });
      // Whoever reads on is not made to fetch everything again.
      expect(answer.headers.get('clear-site-data')).toBeNull();
    }
    const csrf_token = await csrfOf(pages(), session);
    const out = await send('/sign-out', { session, form: { csrf_token } });
    const refused = await send('/tickets/T-2001', { session });
    const form = await send(`/close-out/${reference}/work`, { session, form: { csrf_token } });
    for (const answer of [out, refused, form]) expect(answer.headers.get('clear-site-data')).toBe('"cache"');
    expect([refused.status, form.status]).toEqual([303, 401]);
  });

  test('of a phone without JavaScript has no answer of a step left after the session', async () => {
    const reference = await today();
    const session = await pages().signIn('theo@brightpanes.example');
    const { page, context } = await openTab({ javaScript: false });
    await context.addCookies([{ name: 'deskhand_session', value: session, url: line().url }]);
    await page.goto(`${line().url}/close-out/${reference}`);
    await page.getByLabel('These are the final prices').check();
    await page.getByLabel('Final price', { exact: true }).fill('562');
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByRole('heading', { name: 'What did you notice?' }).waitFor();
    expect(await shown(page)).toMatch(/Jane/);
    await endAll();
    await page.goto(`${line().url}/calendar`);
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    for (let back = 0; back < 3; back++) {
      await page.goBack().catch(() => undefined);
      expect(await shown(page)).not.toMatch(/Jane/);
    }
  });
});
